"""Every address of Belowline in one table: method, path, view, and the privilege it asks for.

A view that is not here cannot be reached, and an entry without a privilege cannot be written.
``tests/house/test_routes.py`` walks this table with every role and every standing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from belowline.core.terms import Privilege
from belowline.followers.live import News
from belowline.web import console, embed
from belowline.web.answers import ThreadOut
from belowline.web.health import healthz
from belowline.web.outward import feeds, oembed, robots
from belowline.web.pages import (
    about_me,
    account,
    act,
    appeal,
    by,
    follows,
    legal_answer,
    legal_notice,
    log,
    mutes,
    notices,
    own,
    rules,
    sign_in,
    sites,
    standing,
    thread,
    transparency,
    why,
    window,
    write,
)
from belowline.web.pages.changes import NewsEvent

P = Privilege


@dataclass(frozen=True, slots=True)
class Route:
    """One address."""

    method: str
    path: str
    view: Callable[..., Any]
    privilege: Privilege
    status: int | None = None
    answer: type | None = None
    """What the API's description says of the body, where the view's own type does not."""
    media: str = "application/json"
    together: Callable[..., Any] | None = None
    """What answers several such requests at once, before the framework; see ``web/direct.py``."""


HEALTH = (Route("GET", "/healthz", healthz, P.READ),)

READ_STORY = "/s/{site:str}/{story:str}"
READ_COMMENT = READ_STORY + "/c/{comment:int}"
MINE = "/me/{site:str}"
REPORTS = "/sites/{site:str}/transparency"

THREADS = (
    Route("GET", "/", sites.start, P.READ),
    Route("GET", "/s/{site:str}", sites.site_page, P.READ),
    Route("GET", READ_STORY, thread.whole_page, P.READ),
    Route("GET", READ_COMMENT, thread.permalink, P.READ),
    Route("GET", READ_COMMENT + "/replies", thread.replies, P.READ),
    Route("GET", READ_COMMENT + "/why", why.why_page, P.READ),
    Route("GET", READ_COMMENT + "/by", by.by_author, P.READ),
    Route("GET", READ_COMMENT + "/report", act.report_form, P.GIVE_NOTICE),
    Route("GET", READ_COMMENT + "/report/illegal", legal_notice.notice_form, P.GIVE_NOTICE),
    Route("POST", READ_COMMENT + "/report/illegal", legal_notice.give, P.GIVE_NOTICE),
    Route("GET", "/notice/{site:str}/{token:str}", legal_notice.status, P.GIVE_NOTICE),
    Route("GET", "/c/{site:str}/{comment:int}", sites.find_comment, P.READ),
    Route("GET", "/rules/{site:str}", rules.current_rules, P.READ),
    Route("GET", "/rules/{site:str}/{version:int}", rules.rules_version, P.READ),
    Route("GET", "/rules/{site:str}/{version:int}/changes", rules.rules_changes, P.READ),
    Route("GET", "/log/{site:str}", log.moderation_log, P.READ),
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

# A form is shown to everybody who is signed in, so that it can say why it cannot be sent now.
READER_PAGES = (
    Route("GET", READ_STORY + "/write", write.write_form, P.READ_OWN),
    Route("POST", READ_STORY + "/write", write.write, P.POST),
    Route("GET", READ_COMMENT + "/edit", write.edit_form, P.READ_OWN),
    Route("POST", READ_COMMENT + "/edit", write.edit, P.EDIT),
    Route("GET", READ_COMMENT + "/withdraw", write.withdraw_form, P.READ_OWN),
    Route("POST", READ_COMMENT + "/withdraw", write.withdraw, P.WITHDRAW),
    Route("GET", READ_COMMENT + "/respect", act.respect_form, P.READ_OWN),
    Route("POST", READ_COMMENT + "/respect", act.respect, P.REACT),
    Route("POST", READ_COMMENT + "/report", act.report, P.REPORT),
    Route("GET", MINE, standing.standing, P.READ_OWN),
    Route(
        "POST", MINE + "/sanctions/{sanction:int}/acknowledge", standing.acknowledge, P.ACKNOWLEDGE
    ),
    Route("GET", MINE + "/comments", own.own_comments, P.READ_OWN),
    Route("GET", MINE + "/comments/{comment:int}", own.own_comment, P.READ_OWN),
    Route("GET", MINE + "/notices", notices.list_notices, P.READ_OWN),
    Route("POST", MINE + "/notices", notices.mark_read, P.ACKNOWLEDGE),
    Route("GET", MINE + "/appeal/{decision:int}", appeal.appeal_form, P.READ_OWN),
    Route("POST", MINE + "/appeal/{decision:int}", appeal.appeal, P.APPEAL),
    Route("GET", MINE + "/account", account.account, P.READ_OWN),
    Route("GET", MINE + "/muted", mutes.muted, P.READ_OWN),
    Route("POST", MINE + "/muted", mutes.undo, P.READ_OWN),
    Route("GET", READ_STORY + "/follow", follows.follow_form, P.READ_OWN),
    Route("POST", READ_STORY + "/follow", follows.follow, P.READ_OWN),
    Route("GET", MINE + "/following", follows.following, P.READ_OWN),
    Route("POST", MINE + "/following", follows.end, P.READ_OWN),
    Route("GET", MINE + "/name", account.name_form, P.READ_OWN),
    Route("POST", MINE + "/name", account.change_name, P.CHANGE_NAME),
    Route("POST", MINE + "/mail", account.change_mail, P.READ_OWN),
    Route("POST", MINE + "/public", account.change_public_page, P.READ_OWN),
    Route("GET", MINE + "/data", account.data_copy, P.EXPORT),
    Route("GET", MINE + "/erase", account.erase_form, P.READ_OWN),
    Route("POST", MINE + "/erase", account.erase, P.ERASE),
)

SIGN_IN = (
    Route("GET", "/sign-in/{site:str}", sign_in.sign_in_form, P.SIGN_IN),
    Route("POST", "/sign-in/{site:str}", sign_in.send_code, P.SIGN_IN),
    Route("GET", "/sign-in/{site:str}/code", sign_in.code_form, P.SIGN_IN),
    Route("POST", "/sign-in/{site:str}/code", sign_in.redeem, P.SIGN_IN),
    Route("POST", "/sign-out", sign_in.leave, P.SIGN_IN),
    Route("GET", "/window/{site:str}", window.window, P.SIGN_IN),
    Route("POST", "/window/{site:str}", window.hand_over, P.READ_OWN),
    Route("GET", "/unsubscribe/{token:str}", account.unsubscribe_form, P.SIGN_IN),
    Route("POST", "/unsubscribe/{token:str}", account.unsubscribe, P.SIGN_IN),
    Route("GET", "/unsubscribe/story/{token:str}", follows.unfollow_form, P.SIGN_IN),
    Route("POST", "/unsubscribe/story/{token:str}", follows.unfollow, P.SIGN_IN),
)

SITE = "/api/v1/sites/{site:str}"
STORY = SITE + "/stories/{story:str}"
COMMENT = SITE + "/comments/{comment:int}"

API = (
    Route("GET", STORY + "/thread", thread.thread_json, P.READ, answer=ThreadOut),
    Route(
        "GET", STORY + "/thread.html", thread.thread_fragment, P.READ, answer=str, media="text/html"
    ),
    Route(
        "GET",
        STORY + "/comments/{comment:int}/replies.html",
        thread.more_replies,
        P.READ,
        answer=str,
        media="text/html",
    ),
    Route("GET", STORY + "/changes", thread.changes, P.READ, answer=News),
    Route("GET", STORY + "/comments.html", thread.lines, P.READ, answer=str, media="text/html"),
    Route("GET", STORY + "/live", thread.live, P.READ, answer=NewsEvent, media="text/event-stream"),
    Route("GET", STORY + "/me", embed.overlay.me, P.READ),
    Route("POST", STORY + "/check", embed.checking.check, P.POST, 200),
    Route(
        "POST",
        STORY + "/comments",
        embed.comments.post_comment,
        P.POST,
        together=embed.comments.post_comments,
    ),
    Route("GET", COMMENT, embed.comments.own_comment, P.READ_OWN),
    Route("GET", COMMENT + "/why", why.why, P.READ, answer=why.WhyOut),
    Route("PATCH", COMMENT, embed.comments.edit_comment, P.EDIT),
    Route("DELETE", COMMENT, embed.comments.withdraw_comment, P.WITHDRAW, 200),
    Route("PUT", COMMENT + "/respect", embed.comments.respect, P.REACT),
    Route("DELETE", COMMENT + "/respect", embed.comments.unrespect, P.REACT, 200),
    Route("PUT", COMMENT + "/mute", embed.mutes.mute, P.READ_OWN),
    Route("DELETE", COMMENT + "/mute", embed.mutes.unmute, P.READ_OWN, 200),
    Route("PUT", STORY + "/follow", embed.follows.follow, P.READ_OWN),
    Route("DELETE", STORY + "/follow", embed.follows.unfollow, P.READ_OWN, 200),
    Route("PUT", COMMENT + "/report", embed.reports.put_report, P.REPORT),
    Route("GET", SITE + "/counts", embed.counts.counts, P.READ),
    Route("GET", SITE + "/rules", embed.rulebook.current_rulebook, P.READ),
    Route("GET", SITE + "/rules/{version:int}", embed.rulebook.rulebook, P.READ),
    Route("GET", SITE + "/rules/{version:int}/changes", embed.rulebook.rule_changes, P.READ),
    Route("GET", SITE + "/log", embed.log.moderation_log, P.READ),
    Route("GET", SITE + "/standing", embed.standing.my_standing, P.READ_OWN),
    Route("POST", SITE + "/decisions/{decision:int}/appeal", embed.appeals.file_appeal, P.APPEAL),
    Route(
        "POST",
        SITE + "/sanctions/{sanction:int}/acknowledge",
        embed.standing.acknowledge,
        P.ACKNOWLEDGE,
        204,
    ),
    Route("POST", SITE + "/sign-in/code", embed.sign_in.send_code, P.SIGN_IN, 200),
    Route("POST", SITE + "/sign-in/redeem", embed.sign_in.redeem_code, P.SIGN_IN, 200),
    Route("POST", SITE + "/sign-in/token", embed.sign_in.redeem_token, P.SIGN_IN, 200),
    Route("POST", SITE + "/sign-in/ticket", embed.sign_in.redeem_ticket, P.SIGN_IN, 200),
    Route("POST", SITE + "/sign-out", embed.sign_in.sign_out, P.SIGN_IN, 204),
)

# What other programs read: feed readers, and pages that quote a comment.
OUTWARD = (
    Route("GET", "/s/{site:str}/feed.atom", feeds.site_feed, P.READ),
    Route("GET", READ_STORY + "/feed.atom", feeds.story_feed, P.READ),
    Route("GET", "/oembed", oembed.quote_comment, P.READ),
    Route("GET", "/robots.txt", robots.robots, P.READ),
)

DESK = "/console/{site:str}"

CONSOLE = (
    Route("GET", "/console", console.desk.console, P.READ_OWN),
    Route("GET", DESK, console.queue.queue, P.MODERATE),
    Route("GET", DESK + "/help", console.desk.keys, P.MODERATE),
    Route("GET", DESK + "/cases/{comment:int}", console.cases.case, P.MODERATE),
    Route("POST", DESK + "/cases/{comment:int}/decide", console.cases.decide, P.MODERATE),
    Route("POST", DESK + "/cases/{comment:int}/hand-on", console.cases.hand_on, P.MODERATE),
    Route("POST", DESK + "/decisions/{decision:int}/undo", console.cases.undo, P.MODERATE),
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

ROUTES: tuple[Route, ...] = (
    *HEALTH,
    *THREADS,
    *LEGAL,
    *READER_PAGES,
    *SIGN_IN,
    *OUTWARD,
    *API,
    *CONSOLE,
    *BY_LAW,
    *EVERYWHERE,
)
