"""The addresses of the console, which an idle server does not hold; see ``app``."""

from __future__ import annotations

from belowline.core.terms import Privilege
from belowline.web import console
from belowline.web.route import Route

P = Privilege
DESK = "/console/{site:str}"

CONSOLE = (
    Route("GET", "/console", console.desk.console, P.READ_OWN),
    Route("GET", DESK, console.queue.queue, P.MODERATE),
    Route("GET", DESK + "/help", console.desk.keys, P.MODERATE),
    Route("GET", DESK + "/cases/{comment:int}", console.cases.case, P.MODERATE),
    Route("POST", DESK + "/cases/{comment:int}/decide", console.cases.decide, P.MODERATE),
    Route("POST", DESK + "/cases/{comment:int}/hand-on", console.cases.hand_on, P.MODERATE),
    Route("GET", DESK + "/cases/{comment:int}/here", console.in_place.panel, P.MODERATE),
    Route("POST", DESK + "/cases/{comment:int}/here", console.in_place.decide, P.MODERATE, 200),
    Route("POST", DESK + "/cases/{comment:int}/leave", console.in_place.leave, P.MODERATE, 204),
    Route("POST", DESK + "/decisions/{decision:int}/undo", console.cases.undo, P.MODERATE),
    Route(
        "POST", DESK + "/decisions/{decision:int}/undo-here", console.in_place.undo, P.MODERATE, 200
    ),
    Route("POST", DESK + "/comments/{comment:int}/feature", console.cases.feature, P.FEATURE),
    Route("GET", DESK + "/readers", console.readers.find, P.MODERATE),
    Route("GET", DESK + "/readers/{reader:int}", console.readers.reader, P.MODERATE),
    Route("POST", DESK + "/readers/{reader:int}/sanctions", console.readers.impose, P.MODERATE),
    Route("POST", DESK + "/sanctions/{sanction:int}/lift", console.readers.lift, P.MODERATE),
    Route("GET", DESK + "/withdrawals", console.withdrawals.withdrawals, P.MODERATE),
    Route("POST", DESK + "/withdrawals/{proposal:int}", console.withdrawals.answer, P.MODERATE),
    Route("POST", DESK + "/reviews/{review:int}", console.withdrawals.review, P.MODERATE),
    Route("GET", DESK + "/appeals", console.appeals.appeals, P.DECIDE_APPEAL),
    Route("GET", DESK + "/appeals/{appeal:int}", console.appeals.appeal, P.DECIDE_APPEAL),
    Route("POST", DESK + "/appeals/{appeal:int}/decide", console.appeals.decide, P.DECIDE_APPEAL),
    Route("GET", DESK + "/legal", console.legal.legal, P.MODERATE),
    Route("GET", DESK + "/cases/{comment:int}/legal", console.record.record_form, P.MODERATE),
    Route("POST", DESK + "/cases/{comment:int}/legal", console.record.record, P.MODERATE),
    Route("GET", DESK + "/legal/{notice:int}", console.legal.notice, P.MODERATE),
    Route("POST", DESK + "/legal/{notice:int}/letter", console.legal.send, P.MODERATE),
    Route("POST", DESK + "/legal/{notice:int}/remove", console.legal.remove, P.MODERATE),
    Route("POST", DESK + "/legal/{notice:int}/doubt", console.legal.doubt, P.MANAGE_STORY),
    Route("POST", DESK + "/legal/{notice:int}/close", console.legal.close, P.MANAGE_STORY),
    Route("POST", DESK + "/legal/{notice:int}/details", console.legal.details, P.MANAGE_STORY),
    Route("GET", DESK + "/stories", console.stories.stories, P.MANAGE_STORY),
    Route("POST", DESK + "/stories", console.stories.add_story, P.MANAGE_STORY),
    Route("POST", DESK + "/stories/{story:int}/mode", console.stories.set_mode, P.MANAGE_STORY),
    Route(
        "POST", DESK + "/stories/{story:int}/question", console.stories.pin_question, P.MANAGE_STORY
    ),
    Route(
        "POST", DESK + "/stories/{story:int}/authors", console.stories.set_author, P.MANAGE_STORY
    ),
    Route(
        "GET", DESK + "/stories/{story:int}/comments", console.story_files.comments, P.MANAGE_STORY
    ),
    Route("GET", DESK + "/stories/{story:int}/pace", console.pace.pace, P.MODERATE),
    Route("POST", DESK + "/stories/{story:int}/pace", console.pace.set_pace, P.MODERATE),
    Route("GET", DESK + "/rules", console.rulebook.edit, P.WRITE_RULES),
    Route("POST", DESK + "/rules", console.rulebook.save, P.WRITE_RULES),
    Route("POST", DESK + "/rules/share", console.rulebook.share, P.WRITE_RULES),
    Route("GET", DESK + "/rules/guide", console.rulebook.guide, P.MODERATE),
    Route("GET", DESK + "/rules/preview", console.rulebook.preview, P.WRITE_RULES),
    Route("POST", DESK + "/rules/publish", console.rulebook.publish, P.WRITE_RULES),
    Route("GET", DESK + "/reasons", console.reasons.reasons, P.MODERATE),
    Route("POST", DESK + "/reasons", console.reasons.save_reason, P.MODERATE),
    Route("POST", DESK + "/reasons/{reason:int}/drop", console.reasons.drop_reason, P.MODERATE),
    Route("GET", DESK + "/screens", console.screens.show, P.WRITE_RULES),
    Route("POST", DESK + "/screens", console.screens.change, P.WRITE_RULES),
    Route("POST", DESK + "/screens/external", console.external.change, P.WRITE_RULES),
    Route("GET", DESK + "/stories/{story:int}/screens", console.screens.show_story, P.WRITE_RULES),
    Route(
        "POST", DESK + "/stories/{story:int}/screens", console.screens.change_story, P.WRITE_RULES
    ),
    Route("GET", DESK + "/court", console.court.overview, P.MANAGE_STORY),
    Route("POST", DESK + "/court", console.court.set_status, P.MANAGE_STORY),
    Route("POST", DESK + "/court/names", console.court.change_names, P.MANAGE_STORY),
    Route("GET", DESK + "/court/{story:int}", console.court.story, P.MANAGE_STORY),
    Route("POST", DESK + "/court/{story:int}", console.court.set_story_status, P.MANAGE_STORY),
    Route(
        "POST", DESK + "/court/{story:int}/names", console.court.change_story_names, P.MANAGE_STORY
    ),
    Route("GET", DESK + "/comments/{comment:int}/hold", console.holds.place_form, P.MANAGE_STORY),
    Route("POST", DESK + "/comments/{comment:int}/hold", console.holds.place, P.MANAGE_STORY),
    Route("GET", DESK + "/holds/{hold:int}", console.holds.hold, P.MANAGE_STORY),
    Route("POST", DESK + "/holds/{hold:int}", console.holds.change, P.MANAGE_STORY),
    Route("GET", DESK + "/second-look", console.second_look.second_looks, P.MODERATE),
    Route("GET", DESK + "/second-look/{decision:int}", console.second_look.second_look, P.MODERATE),
    Route("POST", DESK + "/second-look/{decision:int}", console.second_look.answer, P.MODERATE),
    Route("GET", DESK + "/spot-checks/{comment:int}", console.spot_check.spot_check, P.MODERATE),
    Route("POST", DESK + "/spot-checks/{comment:int}", console.spot_check.answer, P.MODERATE),
    Route("GET", DESK + "/quality", console.quality.quality, P.ANSWER_FOR_SITE),
    Route("GET", DESK + "/quality.csv", console.quality.quality_csv, P.ANSWER_FOR_SITE),
    Route("GET", DESK + "/transparency", console.transparency.preview, P.ANSWER_FOR_SITE),
    Route("POST", DESK + "/transparency", console.transparency.publish, P.ANSWER_FOR_SITE),
    Route("GET", DESK + "/legal-profile", console.legal_profile.legal_profile, P.ANSWER_FOR_SITE),
    Route("POST", DESK + "/legal-profile", console.legal_profile.set_profile, P.ANSWER_FOR_SITE),
    Route(
        "GET",
        DESK + "/legal-profile/self-assessment",
        console.legal_profile.write_self_assessment,
        P.ANSWER_FOR_SITE,
    ),
    Route("GET", DESK + "/statements", console.legal_profile.statements, P.ANSWER_FOR_SITE),
    Route("GET", DESK + "/ladder", console.ladder.ladder, P.WRITE_RULES),
    Route("POST", DESK + "/ladder", console.ladder.change, P.WRITE_RULES),
    Route("GET", DESK + "/imports", console.imports.imports, P.APPOINT),
    Route("GET", DESK + "/imports/{number:int}", console.imports.redirects, P.APPOINT),
    Route(
        "GET", DESK + "/imports/{number:int}/redirects", console.imports.redirects_file, P.APPOINT
    ),
    Route("GET", DESK + "/staff", console.staff.staff, P.APPOINT),
    Route("POST", DESK + "/staff", console.staff.appoint, P.APPOINT),
    Route("POST", DESK + "/staff/{reader:int}/dismiss", console.staff.dismiss, P.APPOINT),
    Route("GET", DESK + "/log", console.log.log, P.MODERATE),
    Route("GET", DESK + "/search", console.search.search, P.MODERATE),
    Route("POST", DESK + "/views", console.views.narrow, P.MODERATE),
    Route("POST", DESK + "/views/{view:int}/delete", console.views.drop, P.MODERATE),
)

# The desk over all sites. No site is named here, so each view asks for a role at every site.
EVERYWHERE = (
    Route("GET", "/desk", console.queue.queue_everywhere, P.READ_OWN),
    Route("GET", "/desk/search", console.search.search_everywhere, P.READ_OWN),
    Route("POST", "/desk/views", console.views.narrow_everywhere, P.READ_OWN),
    Route("POST", "/desk/views/{view:int}/delete", console.views.drop_everywhere, P.READ_OWN),
)

# Many cases at once, at a site and over all sites.
TOGETHER = (
    Route("POST", DESK + "/together", console.together.preview, P.MODERATE, 200),
    Route("POST", DESK + "/together/decide", console.together.decide, P.MODERATE),
    Route("GET", DESK + "/together/{batch:int}", console.together.done, P.MODERATE),
    Route("POST", DESK + "/together/{batch:int}/undo", console.together.undo, P.MODERATE),
    Route("POST", "/desk/together", console.together.preview_everywhere, P.READ_OWN, 200),
    Route("POST", "/desk/together/decide", console.together.decide_everywhere, P.READ_OWN),
    Route("GET", "/desk/together/{batch:int}", console.together.done_everywhere, P.READ_OWN),
    Route("POST", "/desk/together/{batch:int}/undo", console.together.undo_everywhere, P.READ_OWN),
)

# What the law asks for beside the plain case.
BY_LAW = (
    Route("POST", DESK + "/cases/{comment:int}/danger", console.dangers.open_one, P.MODERATE),
    Route("GET", DESK + "/dangers/{danger:int}", console.dangers.danger, P.MODERATE),
    Route("POST", DESK + "/dangers/{danger:int}/told", console.dangers.told, P.MODERATE),
    Route("POST", DESK + "/dangers/{danger:int}/close", console.dangers.close, P.MODERATE),
    Route(
        "POST", DESK + "/dangers/{danger:int}/evidence", console.dangers.evidence, P.MODERATE, 200
    ),
    Route("GET", DESK + "/trusted", console.trusted.trusted, P.WRITE_RULES),
    Route("POST", DESK + "/trusted", console.trusted.name, P.WRITE_RULES),
    Route("POST", DESK + "/trusted/{reader:int}/drop", console.trusted.drop, P.WRITE_RULES),
    Route("GET", DESK + "/orders", console.orders.orders, P.MANAGE_STORY),
    Route("POST", DESK + "/orders", console.orders.enter, P.MANAGE_STORY),
    Route("GET", DESK + "/orders/{order:int}", console.orders.order, P.MANAGE_STORY),
    Route("POST", DESK + "/orders/{order:int}/remove", console.orders.remove, P.MANAGE_STORY),
    Route("POST", DESK + "/orders/{order:int}/answer", console.orders.answer, P.MANAGE_STORY),
)

DESK_ROUTES: tuple[Route, ...] = (*CONSOLE, *EVERYWHERE, *TOGETHER, *BY_LAW)
