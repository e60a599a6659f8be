"""The addresses for readers, those who complain and other machines.

What is asked for seldom is in ``desk_routes`` and ``law_routes``; ``addresses`` has all together.
A view that is in neither cannot be reached, and an entry without a privilege cannot be written.
``tests/house/test_routes.py`` walks the table with every role and every standing.
"""

from __future__ import annotations

from belowline.core.terms import Privilege
from belowline.followers.live import News
from belowline.web import embed
from belowline.web.answers_thread import ThreadOut
from belowline.web.health import healthz
from belowline.web.outward import feeds, oembed, robots
from belowline.web.pages import (
    account,
    act,
    appeal,
    before,
    by,
    follows,
    log,
    mutes,
    my_data,
    notices,
    own,
    rules,
    sign_in,
    sites,
    standing,
    thread,
    was,
    why,
    window,
    write,
)
from belowline.web.pages.changes import NewsEvent
from belowline.web.route import Route

P = Privilege


HEALTH = (Route("GET", "/healthz", healthz, P.READ),)

READ_STORY = "/s/{site:str}/{story:str}"
READ_COMMENT = READ_STORY + "/c/{comment:int}"
MINE = "/me/{site:str}"

THREADS = (
    Route("GET", "/", sites.start, P.READ),
    Route("GET", "/s/{site:str}", sites.site_page, P.READ),
    Route("GET", READ_STORY, thread.whole_page, P.READ),
    Route("GET", READ_COMMENT, thread.permalink, P.READ),
    Route("GET", READ_COMMENT + "/replies", thread.replies, P.READ),
    Route("GET", READ_COMMENT + "/why", why.why_page, P.READ),
    Route("GET", READ_COMMENT + "/by", by.by_author, P.READ),
    Route("GET", READ_COMMENT + "/report", act.report_form, P.GIVE_NOTICE),
    Route("GET", "/c/{site:str}/{comment:int}", sites.find_comment, P.READ),
    Route("GET", "/was/{site:str}/{source:str}/{number:str}", was.was, P.READ),
    Route("GET", "/rules/{site:str}", rules.current_rules, P.READ),
    Route("GET", "/rules/{site:str}/{version:int}", rules.rules_version, P.READ),
    Route("GET", "/rules/{site:str}/{version:int}/changes", rules.rules_changes, P.READ),
    Route("GET", "/log/{site:str}", log.moderation_log, P.READ),
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
    Route("GET", MINE + "/before", before.before_form, P.READ_OWN),
    Route("POST", MINE + "/before", before.answer, P.CHANGE_NAME),
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
    Route("GET", MINE + "/data/page", my_data.data_page, P.EXPORT),
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
    Route("GET", STORY + "/was/{form:str}/{number:str}", was.was_here, P.READ),
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
    Route("POST", SITE + "/reports/{report:int}/appeal", embed.appeals.ask_again, P.APPEAL),
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


READER_ROUTES: tuple[Route, ...] = (
    *HEALTH,
    *THREADS,
    *READER_PAGES,
    *SIGN_IN,
    *OUTWARD,
    *API,
)
