"""Who may use which address, in plain words, written down apart from the code that decides it.

A new route needs a row here, and a row needs a route. ``{braces}`` in an address, a form or a body
stand for the ids of ``walk_world``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Who(StrEnum):
    """Who may, as the published rules have it."""

    ANYBODY = "anybody, signed in or not"
    SIGNED_IN = "whoever is signed in, whatever their standing"
    COMMENTING = "signed in, neither suspended nor withdrawn"
    WRITING = "commenting, and no warning waits to be acknowledged"
    MODERATORS = "moderators, editors and owners"
    EDITORS = "editors and owners"
    OWNERS = "owners"


@dataclass(frozen=True)
class Row:
    """One address: who may, what to send, and what to know of its answer."""

    who: Who
    form: dict[str, Any] | None = None
    json: dict[str, Any] | None = None
    use: dict[str, str] = field(default_factory=dict)
    """Which of the world's ids stands for a brace in the address."""
    query: str = ""
    takes: bool = False
    """Whether it adds to a thread, which only open and held-first stories take."""
    tries: bool = False
    """Whether what is sent is only an attempt (a wrong code), so that it may be refused as such."""


ANYBODY, SIGNED_IN, COMMENTING, WRITING = Who.ANYBODY, Who.SIGNED_IN, Who.COMMENTING, Who.WRITING
MODERATORS, EDITORS, OWNERS = Who.MODERATORS, Who.EDITORS, Who.OWNERS

READ_STORY = "/s/{site}/{story}"
READ_COMMENT = READ_STORY + "/c/{comment}"
MINE = "/me/{site}"
SITE = "/api/v1/sites/{site}"
STORY = SITE + "/stories/{story}"
COMMENT = SITE + "/comments/{comment}"
DESK = "/console/{site}"

REPORTS = "/sites/{site}/transparency"
REPORT = {"year": "year", "version": "one"}

THEIRS = {"comment": "theirs"}
OWN = {"comment": "own"}
MY_REPORT = {"report": "my_report"}
TOLD_NO = {"token": "told_no", "report": "told_no_report"}
SAID = "The bridge at the mill needs a footpath before anything else."
COMPLAINT = {
    "name": "Jo Bloggs",
    "email": "jo@mail.example",
    "words": "He stole it.",
    "why": "It is a crime.",
    "meaning": "That I am a thief.",
    "wrong": "I was away.",
    "cannot_sue": "yes",
    "consents": "no",
}
TOGETHER = {
    "chosen": "{choice}",
    "what": "remove",
    "rule": "spam",
    "reason": "It advertises.",
}
OVER_ALL = {"batch": "batch_over_all"}
RULES = {
    "key": ["be-kind"],
    "title": ["Be kind"],
    "text": ["Be kind to each other."],
    "severity": ["1"],
    "eu_category": ["OTHER_VIOLATION_TC"],
    "guidance": [""],
    "stays": [""],
    "goes": [""],
    "default_action": ["remove"],
}

LADDER = {
    "minor_breaches": "3",
    "answer_days": "30",
    "removed_percent": "30",
    "hold_first_days": "14",
    "approved_to_end": "5",
    "first_days": "1",
    "second_days": "3",
    "third_days": "7",
    "further_days": "30",
    "suspensions": "3",
    "withdrawal_days": "365",
}

SCREENS = {
    "shortest": "2",
    "longest": "4000",
    "max_links": "2",
    "repeat_hours": "24",
    "newcomer_holds": "0",
    "rate_burst": "3",
    "rate_seconds": "60",
    "rate_daily": "100",
    "classifier_hold": "0.9",
}

ORDER = {
    "kind": "act",
    "authority": "The county court",
    "legal_basis": "Section 5",
    "reasons": "It breaches the order.",
    "territory": "England",
    "redress": "An appeal within 14 days.",
    "language": "en",
    "received_at": "2026-03-01T10:00",
}

TABLE: dict[tuple[str, str], Row] = {
    ("GET", "/healthz"): Row(ANYBODY),
    ("GET", "/"): Row(ANYBODY),
    ("GET", "/s/{site}"): Row(ANYBODY),
    ("GET", READ_STORY): Row(ANYBODY),
    ("GET", READ_COMMENT): Row(ANYBODY, use=THEIRS, takes=False),
    ("GET", READ_COMMENT + "/replies"): Row(ANYBODY, use=THEIRS),
    ("GET", READ_COMMENT + "/why"): Row(ANYBODY, use=THEIRS),
    ("GET", READ_COMMENT + "/by"): Row(ANYBODY, use=THEIRS),
    ("GET", "/c/{site}/{comment}"): Row(ANYBODY, use=THEIRS),
    ("GET", "/was/{site}/{source}/{number}"): Row(ANYBODY, use={"number": "theirs"}),
    ("GET", "/rules/{site}"): Row(ANYBODY),
    ("GET", "/rules/{site}/{version}"): Row(ANYBODY, use={"version": "one"}),
    ("GET", "/rules/{site}/{version}/changes"): Row(ANYBODY, use={"version": "one"}, tries=True),
    ("GET", "/log/{site}"): Row(ANYBODY),
    ("GET", READ_COMMENT + "/about-me"): Row(ANYBODY, use=THEIRS),
    ("POST", READ_COMMENT + "/about-me"): Row(ANYBODY, form=COMPLAINT, use=THEIRS),
    ("GET", "/legal/{site}/{token}"): Row(ANYBODY, use={"token": "notice_token"}),
    ("GET", MINE + "/legal/{notice}"): Row(SIGNED_IN, use={"notice": "notice_of_mine"}),
    ("POST", MINE + "/legal/{notice}"): Row(
        SIGNED_IN, form={"answer": "agrees"}, use={"notice": "notice_of_mine"}
    ),
    ("GET", REPORTS): Row(ANYBODY),
    ("GET", REPORTS + "/{year}/{version}"): Row(ANYBODY, use=REPORT),
    ("GET", REPORTS + "/{year}/{version}/report.csv"): Row(ANYBODY, use=REPORT),
    ("GET", READ_STORY + "/write"): Row(SIGNED_IN),
    ("POST", READ_STORY + "/write"): Row(WRITING, form={"text": SAID}, takes=True),
    ("GET", READ_COMMENT + "/edit"): Row(SIGNED_IN, use=OWN),
    ("POST", READ_COMMENT + "/edit"): Row(WRITING, form={"text": SAID}, use=OWN, takes=True),
    ("GET", READ_COMMENT + "/withdraw"): Row(SIGNED_IN, use=OWN),
    ("POST", READ_COMMENT + "/withdraw"): Row(SIGNED_IN, form={}, use=OWN),
    ("GET", READ_COMMENT + "/respect"): Row(SIGNED_IN, use=THEIRS),
    ("POST", READ_COMMENT + "/respect"): Row(
        COMMENTING, form={"respects": "yes"}, use=THEIRS, takes=True
    ),
    ("GET", READ_COMMENT + "/report"): Row(ANYBODY, use=THEIRS),
    ("GET", READ_COMMENT + "/report/illegal"): Row(ANYBODY, use=THEIRS),
    ("POST", READ_COMMENT + "/report/illegal"): Row(
        ANYBODY,
        form={"kind": "hate", "why": "It calls for hatred of a people.", "good_faith": "yes"},
        use=THEIRS,
    ),
    ("GET", "/notice/{site}/{token}"): Row(ANYBODY, use={"token": "illegal_token"}),
    ("GET", "/notice/{site}/{token}/{report}"): Row(ANYBODY, use=TOLD_NO),
    ("POST", "/notice/{site}/{token}/{report}"): Row(
        ANYBODY, form={"text": "It does call for it."}, use=TOLD_NO
    ),
    ("POST", READ_COMMENT + "/report"): Row(
        COMMENTING, form={"rule": "spam", "note": "An advert."}, use=THEIRS
    ),
    ("GET", MINE): Row(SIGNED_IN),
    ("POST", MINE + "/sanctions/{sanction}/acknowledge"): Row(
        SIGNED_IN, form={}, use={"sanction": "warning"}
    ),
    ("GET", MINE + "/comments"): Row(SIGNED_IN),
    ("GET", MINE + "/comments/{comment}"): Row(SIGNED_IN, use=OWN),
    ("GET", MINE + "/notices"): Row(SIGNED_IN),
    ("POST", MINE + "/notices"): Row(SIGNED_IN, form={}),
    ("GET", MINE + "/appeal/{decision}"): Row(SIGNED_IN),
    ("POST", MINE + "/appeal/{decision}"): Row(SIGNED_IN, form={"text": "It was a quotation."}),
    ("GET", MINE + "/reports/{report}"): Row(SIGNED_IN, use=MY_REPORT),
    ("POST", MINE + "/reports/{report}"): Row(
        SIGNED_IN, form={"text": "It does insult."}, use=MY_REPORT
    ),
    ("GET", MINE + "/account"): Row(SIGNED_IN),
    ("GET", MINE + "/muted"): Row(SIGNED_IN),
    ("POST", MINE + "/muted"): Row(SIGNED_IN, form={"mute": "1"}),
    ("GET", READ_STORY + "/follow"): Row(SIGNED_IN),
    ("POST", READ_STORY + "/follow"): Row(SIGNED_IN, form={"follows": "yes"}),
    ("GET", MINE + "/following"): Row(SIGNED_IN),
    ("POST", MINE + "/following"): Row(SIGNED_IN, form={"story": "story-open"}),
    ("GET", MINE + "/before"): Row(SIGNED_IN),
    ("POST", MINE + "/before"): Row(COMMENTING, form={"author": "1", "answer": "no"}, tries=True),
    ("GET", MINE + "/name"): Row(SIGNED_IN),
    ("POST", MINE + "/name"): Row(COMMENTING, form={"name": "A new name"}),
    ("POST", MINE + "/mail"): Row(SIGNED_IN, form={"wanted": "yes"}),
    ("POST", MINE + "/public"): Row(SIGNED_IN, form={"wanted": "yes"}),
    ("GET", MINE + "/data"): Row(SIGNED_IN),
    ("GET", MINE + "/data/page"): Row(SIGNED_IN),
    ("GET", MINE + "/erase"): Row(SIGNED_IN),
    ("POST", MINE + "/erase"): Row(SIGNED_IN, form={"confirm": "erase"}, tries=True),
    ("GET", "/sign-in/{site}"): Row(ANYBODY),
    ("POST", "/sign-in/{site}"): Row(ANYBODY, form={"email": "new@paper.example", "next": ""}),
    ("GET", "/sign-in/{site}/code"): Row(ANYBODY),
    ("POST", "/sign-in/{site}/code"): Row(ANYBODY, form={"code": "000000", "next": ""}, tries=True),
    ("POST", "/sign-out"): Row(ANYBODY, form={}),
    ("GET", "/window/{site}"): Row(ANYBODY, query="?origin=https%3A%2F%2Fwww.echo.example"),
    ("POST", "/window/{site}"): Row(SIGNED_IN, form={"origin": "https://www.echo.example"}),
    ("GET", "/unsubscribe/{token}"): Row(ANYBODY),
    ("POST", "/unsubscribe/{token}"): Row(ANYBODY, form={}),
    ("GET", "/unsubscribe/story/{token}"): Row(ANYBODY, use={"token": "unfollow"}),
    ("POST", "/unsubscribe/story/{token}"): Row(ANYBODY, form={}, use={"token": "unfollow"}),
    ("GET", "/s/{site}/feed.atom"): Row(ANYBODY),
    ("GET", READ_STORY + "/feed.atom"): Row(ANYBODY),
    ("GET", "/oembed"): Row(ANYBODY, query="?url=https%3A%2F%2Felsewhere.example", tries=True),
    ("GET", "/robots.txt"): Row(ANYBODY),
    ("GET", STORY + "/thread"): Row(ANYBODY),
    ("GET", STORY + "/thread.html"): Row(ANYBODY),
    ("GET", STORY + "/comments/{comment}/replies.html"): Row(ANYBODY, use=THEIRS),
    ("GET", STORY + "/changes"): Row(ANYBODY),
    ("GET", STORY + "/comments.html"): Row(ANYBODY, query="?ids=1,2"),
    # Asked for once: a stream has no end to wait for.
    ("GET", STORY + "/was/{form}/{number}"): Row(ANYBODY, use={"number": "theirs"}),
    ("GET", STORY + "/live"): Row(ANYBODY, query="?once"),
    ("GET", STORY + "/me"): Row(ANYBODY),
    ("POST", STORY + "/check"): Row(WRITING, json={"text": SAID}, takes=True),
    ("POST", STORY + "/comments"): Row(WRITING, json={"text": SAID}, takes=True),
    ("GET", COMMENT): Row(SIGNED_IN, use=OWN),
    ("GET", COMMENT + "/why"): Row(ANYBODY, use=THEIRS),
    ("PATCH", COMMENT): Row(WRITING, json={"text": SAID}, use=OWN, takes=True),
    ("DELETE", COMMENT): Row(SIGNED_IN, use=OWN),
    ("PUT", COMMENT + "/respect"): Row(COMMENTING, use=THEIRS, takes=True),
    ("DELETE", COMMENT + "/respect"): Row(COMMENTING, use=THEIRS, takes=True),
    ("PUT", COMMENT + "/mute"): Row(SIGNED_IN, use=THEIRS),
    ("DELETE", COMMENT + "/mute"): Row(SIGNED_IN, use=THEIRS),
    ("PUT", STORY + "/follow"): Row(SIGNED_IN),
    ("DELETE", STORY + "/follow"): Row(SIGNED_IN),
    ("PUT", COMMENT + "/report"): Row(COMMENTING, json={"rule": "spam"}, use=THEIRS),
    ("GET", SITE + "/counts"): Row(ANYBODY, query="?story=story-open"),
    ("GET", SITE + "/rules"): Row(ANYBODY),
    ("GET", SITE + "/rules/{version}"): Row(ANYBODY, use={"version": "one"}),
    ("GET", SITE + "/rules/{version}/changes"): Row(ANYBODY, use={"version": "one"}, tries=True),
    ("GET", SITE + "/log"): Row(ANYBODY),
    ("GET", SITE + "/standing"): Row(SIGNED_IN),
    ("POST", SITE + "/decisions/{decision}/appeal"): Row(SIGNED_IN, json={"text": "No."}),
    ("POST", SITE + "/reports/{report}/appeal"): Row(
        SIGNED_IN, json={"text": "It does insult."}, use=MY_REPORT
    ),
    ("POST", SITE + "/sanctions/{sanction}/acknowledge"): Row(
        SIGNED_IN, use={"sanction": "warning"}
    ),
    ("POST", SITE + "/sign-in/code"): Row(ANYBODY, json={"email": "new@paper.example"}),
    ("POST", SITE + "/sign-in/redeem"): Row(
        ANYBODY, json={"code": "000000", "ticket": "x" * 43}, tries=True
    ),
    ("POST", SITE + "/sign-in/token"): Row(ANYBODY, json={"token": "a.b.c"}, tries=True),
    ("POST", SITE + "/sign-in/ticket"): Row(ANYBODY, json={"ticket": "a.b"}, tries=True),
    ("POST", SITE + "/sign-out"): Row(ANYBODY),
    ("GET", "/console"): Row(SIGNED_IN, tries=True),
    ("GET", DESK): Row(MODERATORS),
    ("GET", DESK + "/help"): Row(MODERATORS),
    ("GET", DESK + "/cases/{comment}"): Row(MODERATORS, use={"comment": "held"}),
    ("POST", DESK + "/cases/{comment}/decide"): Row(
        MODERATORS,
        form={"outcome": "publish", "seen_version": "{version}", "reason": ""},
        use={"comment": "held"},
    ),
    ("POST", DESK + "/cases/{comment}/hand-on"): Row(
        MODERATORS, form={"note": "Is this meant as a joke?"}, use={"comment": "held"}
    ),
    ("GET", DESK + "/cases/{comment}/here"): Row(MODERATORS, use={"comment": "held"}),
    ("POST", DESK + "/cases/{comment}/here"): Row(
        MODERATORS,
        form={"outcome": "publish", "seen_version": "{version}", "reason": ""},
        use={"comment": "held"},
    ),
    ("POST", DESK + "/cases/{comment}/leave"): Row(MODERATORS, form={}, use={"comment": "held"}),
    ("POST", DESK + "/decisions/{decision}/undo-here"): Row(
        MODERATORS, form={}, use={"decision": "undoable"}
    ),
    ("POST", DESK + "/decisions/{decision}/undo"): Row(
        MODERATORS, form={}, use={"decision": "undoable"}
    ),
    ("POST", DESK + "/comments/{comment}/feature"): Row(
        EDITORS, form={"reason": "Well put."}, use=THEIRS
    ),
    ("GET", DESK + "/readers"): Row(MODERATORS),
    ("GET", DESK + "/readers/{reader}"): Row(MODERATORS),
    ("POST", DESK + "/readers/{reader}/sanctions"): Row(
        MODERATORS, form={"kind": "warning", "rule": "spam", "reason": "Adverts, twice."}
    ),
    ("POST", DESK + "/sanctions/{sanction}/lift"): Row(
        MODERATORS, form={"reason": "It has done its work."}, use={"sanction": "lifted"}
    ),
    ("GET", DESK + "/withdrawals"): Row(MODERATORS),
    ("POST", DESK + "/withdrawals/{proposal}"): Row(
        MODERATORS, form={"answer": "decline", "reason": "It was a quotation."}
    ),
    ("POST", DESK + "/reviews/{review}"): Row(
        MODERATORS, form={"outcome": "kept", "reason": "It is too early."}
    ),
    ("GET", DESK + "/appeals"): Row(MODERATORS),
    ("GET", DESK + "/appeals/{appeal}"): Row(MODERATORS),
    ("POST", DESK + "/appeals/{appeal}/decide"): Row(
        MODERATORS, form={"ruling": "upheld", "reason": "It was fair comment."}
    ),
    ("GET", DESK + "/cases/{comment}/legal"): Row(MODERATORS, use={"comment": "notice_comment"}),
    ("POST", DESK + "/cases/{comment}/legal"): Row(
        MODERATORS,
        form=COMPLAINT | {"came_in": "2026-03-01T10:00"},
        use={"comment": "notice_comment"},
    ),
    ("GET", DESK + "/legal"): Row(MODERATORS),
    ("GET", DESK + "/legal/{notice}"): Row(MODERATORS),
    ("POST", DESK + "/legal/{notice}/letter"): Row(MODERATORS, form={"letter": "author"}),
    ("POST", DESK + "/legal/{notice}/remove"): Row(
        MODERATORS,
        form={"rule": "defamation", "reason": "A notice.", "seen_version": "{notice_version}"},
    ),
    ("POST", DESK + "/legal/{notice}/doubt"): Row(
        EDITORS, form={}, use={"notice": "notice_answered"}
    ),
    ("POST", DESK + "/legal/{notice}/close"): Row(EDITORS, form={}),
    ("POST", DESK + "/legal/{notice}/details"): Row(
        EDITORS, form={}, use={"notice": "notice_answered"}
    ),
    ("GET", DESK + "/stories"): Row(EDITORS),
    ("POST", DESK + "/stories"): Row(
        EDITORS,
        form={"key": "ferry", "title": "The ferry", "url": "https://www.echo.example/ferry"},
    ),
    ("POST", DESK + "/stories/{story}/mode"): Row(
        EDITORS, form={"mode": "closed", "reason": "Enough."}, use={"story": "managed"}
    ),
    ("POST", DESK + "/stories/{story}/question"): Row(
        EDITORS, form={"question": "What would you change?"}, use={"story": "managed"}
    ),
    ("POST", DESK + "/stories/{story}/authors"): Row(
        EDITORS, form={"drop": "{reader}"}, use={"story": "managed"}
    ),
    ("GET", DESK + "/stories/{story}/pace"): Row(MODERATORS, use={"story": "managed"}),
    ("POST", DESK + "/stories/{story}/pace"): Row(
        MODERATORS,
        form={"between": "180", "lasts": "2", "reason": "It goes round in circles."},
        use={"story": "managed"},
    ),
    ("GET", DESK + "/rules"): Row(EDITORS),
    ("POST", DESK + "/rules"): Row(EDITORS, form={"intro": "New", "do": "save", **RULES}),
    ("POST", DESK + "/rules/share"): Row(EDITORS, form={"base": "elsewhere"}),
    ("GET", DESK + "/rules/guide"): Row(MODERATORS),
    ("GET", DESK + "/rules/preview"): Row(EDITORS),
    ("POST", DESK + "/rules/publish"): Row(EDITORS, form={"version": "2", "confirm": "yes"}),
    ("GET", DESK + "/reasons"): Row(MODERATORS),
    ("POST", DESK + "/reasons"): Row(
        MODERATORS, form={"rule": "spam", "text": "This advertises something."}
    ),
    ("POST", DESK + "/reasons/{reason}/drop"): Row(MODERATORS, form={}),
    ("GET", DESK + "/screens"): Row(EDITORS),
    ("POST", DESK + "/screens"): Row(EDITORS, form={"do": "save", **SCREENS}),
    ("POST", DESK + "/screens/external"): Row(EDITORS, form={"do": "drop"}),
    ("GET", DESK + "/stories/{story}/comments"): Row(EDITORS, use={"story": "managed"}),
    ("GET", DESK + "/stories/{story}/screens"): Row(EDITORS, use={"story": "managed"}),
    ("POST", DESK + "/stories/{story}/screens"): Row(
        EDITORS, form={"do": "save", "max_links": "1"}, use={"story": "managed"}
    ),
    ("GET", DESK + "/court"): Row(EDITORS),
    ("POST", DESK + "/court"): Row(EDITORS, form={"story": "{managed}", "status": "charged"}),
    ("POST", DESK + "/court/names"): Row(EDITORS, form={"name": "Marta Quillfeather"}),
    ("GET", DESK + "/court/{story}"): Row(EDITORS, use={"story": "managed"}),
    ("POST", DESK + "/court/{story}"): Row(
        EDITORS, form={"status": "trial"}, use={"story": "managed"}
    ),
    ("POST", DESK + "/court/{story}/names"): Row(
        EDITORS, form={"name": "Marta Quillfeather"}, use={"story": "managed"}
    ),
    ("GET", DESK + "/comments/{comment}/hold"): Row(EDITORS, use=THEIRS),
    ("POST", DESK + "/comments/{comment}/hold"): Row(
        EDITORS,
        form={"reason": "A claim.", "owner": "{leaves}", "review": "2026-06-01"},
        use={"comment": "theirs"},
    ),
    ("GET", DESK + "/holds/{hold}"): Row(EDITORS),
    ("POST", DESK + "/holds/{hold}"): Row(
        EDITORS, form={"owner": "{leaves}", "review": "2026-07-01"}
    ),
    ("GET", DESK + "/second-look"): Row(MODERATORS),
    # Which case is drawn nobody can choose, so that most are none.
    ("GET", DESK + "/second-look/{decision}"): Row(MODERATORS, tries=True),
    ("POST", DESK + "/second-look/{decision}"): Row(
        MODERATORS, form={"outcome": "keep"}, tries=True
    ),
    # Nor which comment: most are none.
    ("GET", DESK + "/spot-checks/{comment}"): Row(MODERATORS, use=THEIRS, tries=True),
    ("POST", DESK + "/spot-checks/{comment}"): Row(
        MODERATORS, form={"outcome": "keep", "seen_revision": "1"}, use=THEIRS, tries=True
    ),
    ("GET", DESK + "/quality"): Row(EDITORS),
    ("GET", DESK + "/quality.csv"): Row(EDITORS),
    ("GET", DESK + "/transparency"): Row(EDITORS),
    ("POST", DESK + "/transparency"): Row(
        EDITORS, form={"year": "2025", "own_initiative": "So.", "automated": "And so."}
    ),
    ("GET", DESK + "/legal-profile"): Row(EDITORS),
    ("POST", DESK + "/legal-profile"): Row(EDITORS, form={"hosting_tier": "yes"}),
    ("GET", DESK + "/legal-profile/self-assessment"): Row(EDITORS),
    ("GET", DESK + "/statements"): Row(EDITORS),
    ("GET", DESK + "/ladder"): Row(EDITORS),
    ("POST", DESK + "/ladder"): Row(EDITORS, form={"do": "try", **LADDER}),
    ("GET", DESK + "/imports"): Row(OWNERS),
    ("GET", DESK + "/imports/{number}"): Row(OWNERS, use={"number": "import"}),
    ("GET", DESK + "/imports/{number}/redirects"): Row(OWNERS, use={"number": "import"}),
    ("GET", DESK + "/staff"): Row(OWNERS),
    ("POST", DESK + "/staff"): Row(OWNERS, form={"email": "jo@paper.example", "role": "editor"}),
    ("POST", DESK + "/staff/{reader}/dismiss"): Row(OWNERS, form={}, use={"reader": "leaves"}),
    ("GET", DESK + "/log"): Row(MODERATORS),
    ("POST", DESK + "/cases/{comment}/danger"): Row(MODERATORS, form={}, use={"comment": "held"}),
    ("GET", DESK + "/dangers/{danger}"): Row(MODERATORS),
    ("POST", DESK + "/dangers/{danger}/told"): Row(
        MODERATORS, form={"authority": "The police", "channel": "999"}
    ),
    ("POST", DESK + "/dangers/{danger}/close"): Row(MODERATORS, form={"outcome": "They came."}),
    ("POST", DESK + "/dangers/{danger}/evidence"): Row(MODERATORS, form={}),
    ("GET", DESK + "/trusted"): Row(EDITORS),
    ("POST", DESK + "/trusted"): Row(
        EDITORS, form={"email": "jo@paper.example", "field": "Hatred"}
    ),
    ("POST", DESK + "/trusted/{reader}/drop"): Row(EDITORS, form={}),
    ("GET", DESK + "/orders"): Row(EDITORS),
    ("POST", DESK + "/orders"): Row(EDITORS, form={**ORDER, "addresses": "{held}"}),
    ("GET", DESK + "/orders/{order}"): Row(EDITORS),
    ("POST", DESK + "/orders/{order}/remove"): Row(
        EDITORS,
        form={
            "comment": "{held}",
            "rule": "hate",
            "reason": "A court ordered it.",
            "seen_version": "{version}",
        },
    ),
    ("POST", DESK + "/orders/{order}/answer"): Row(EDITORS, form={"effect": "Removed, told."}),
    ("GET", DESK + "/search"): Row(MODERATORS, query="?q=bridge"),
    ("POST", DESK + "/views"): Row(
        MODERATORS, form={"view": "held", "story": "bridge", "name": "Bridge", "do": "save"}
    ),
    ("POST", DESK + "/views/{view}/delete"): Row(MODERATORS, form={}),
    ("POST", DESK + "/together"): Row(MODERATORS, form=TOGETHER),
    ("POST", DESK + "/together/decide"): Row(MODERATORS, form=TOGETHER | {"key": "one"}),
    ("GET", DESK + "/together/{batch}"): Row(MODERATORS),
    ("POST", DESK + "/together/{batch}/undo"): Row(MODERATORS, form={}),
    # Over all sites: who has no role anywhere is told so by the view.
    ("GET", "/desk"): Row(SIGNED_IN, tries=True),
    ("GET", "/desk/search"): Row(SIGNED_IN, query="?q=bridge", tries=True),
    ("POST", "/desk/views"): Row(
        SIGNED_IN, form={"view": "held", "name": "All held", "do": "save"}, tries=True
    ),
    ("POST", "/desk/views/{view}/delete"): Row(SIGNED_IN, form={}, tries=True),
    ("POST", "/desk/together"): Row(SIGNED_IN, form=TOGETHER, tries=True),
    ("POST", "/desk/together/decide"): Row(SIGNED_IN, form=TOGETHER | {"key": "one"}, tries=True),
    ("GET", "/desk/together/{batch}"): Row(SIGNED_IN, use=OVER_ALL, tries=True),
    ("POST", "/desk/together/{batch}/undo"): Row(SIGNED_IN, form={}, use=OVER_ALL, tries=True),
}
