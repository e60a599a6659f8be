"""The addresses that the law asks for, which an idle server does not hold; see ``app``."""

from __future__ import annotations

from belowline.core.terms import Privilege
from belowline.web.pages import about_me, legal_answer, legal_notice, reported, transparency
from belowline.web.route import Route
from belowline.web.routes import MINE, READ_COMMENT

P = Privilege
REPORTS = "/sites/{site:str}/transparency"

NOTICES = (
    Route("GET", READ_COMMENT + "/report/illegal", legal_notice.notice_form, P.GIVE_NOTICE),
    Route("POST", READ_COMMENT + "/report/illegal", legal_notice.give, P.GIVE_NOTICE),
    Route("GET", "/notice/{site:str}/{token:str}", legal_notice.status, P.GIVE_NOTICE),
    Route(
        "GET", "/notice/{site:str}/{token:str}/{report:int}", reported.notice_report, P.GIVE_NOTICE
    ),
    Route(
        "POST", "/notice/{site:str}/{token:str}/{report:int}", reported.notice_ask, P.GIVE_NOTICE
    ),
    Route("GET", MINE + "/reports/{report:int}", reported.report, P.READ_OWN),
    Route("POST", MINE + "/reports/{report:int}", reported.ask, P.APPEAL),
    Route("GET", REPORTS, transparency.reports, P.READ),
    Route("GET", REPORTS + "/{year:int}/{version:int}", transparency.report, P.READ),
    Route("GET", REPORTS + "/{year:int}/{version:int}/report.csv", transparency.report_csv, P.READ),
)

# Whoever a comment defames need not have an account; the page's address is the key to it. These
# pages are nobody's to cache, so they do not count as reading.
LEGAL = (
    Route("GET", READ_COMMENT + "/about-me", about_me.notice_form, P.SIGN_IN),
    Route("POST", READ_COMMENT + "/about-me", about_me.send_notice, P.SIGN_IN),
    Route("GET", "/legal/{site:str}/{token:str}", about_me.notice_page, P.SIGN_IN),
    Route("GET", MINE + "/legal/{notice:int}", legal_answer.answer_form, P.READ_OWN),
    Route("POST", MINE + "/legal/{notice:int}", legal_answer.answer, P.READ_OWN),
)

LAW_ROUTES: tuple[Route, ...] = (*NOTICES, *LEGAL)
