"""A small newsroom's Coral, made up: every kind of record that its database holds, and every state.

The records are as Coral keeps them. ``as_plain`` and ``as_extended`` write them the way its own
tool does and the two ways ``mongoexport`` does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from belowline.transfer.gathering import gather
from belowline.transfer.opening import ExportFile
from belowline.transfer.shape import (
    Record,
    Repaired,
    Skipped,
    SourceAccount,
    SourceComment,
    SourceSanction,
    SourceStory,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = datetime(2021, 5, 1, 9, 30, tzinfo=UTC)
TENANT = "11111111-0000-4000-8000-000000000000"
COURIER = "22222222-0000-4000-8000-000000000001"
HERALD = "22222222-0000-4000-8000-000000000002"
BRIDGE = "33333333-0000-4000-8000-000000000001"
ADA, BEN, CLEO, DORA, EVE = (f"44444444-0000-4000-8000-00000000000{n}" for n in range(1, 6))

SECRETS = (
    "$2a$10$uN1n7h1n5ecret",
    "signing-secret-of-the-tenant",
    "smtp-password-of-the-tenant",
    "token-of-a-moderator",
    "reset-code-of-a-reader",
)
"""What must never be found in any record."""

Made = dict[str, object]


def at(minutes: int = 0) -> datetime:
    """Give a time in the newsroom's first days."""
    return START + timedelta(minutes=minutes)


def story(number: int = 1, **fields: object) -> Made:
    """Make a story."""
    given: Made = {
        "_id": {"$oid": f"{number:024x}"},
        "id": f"33333333-0000-4000-8000-{number:012d}",
        "tenantID": TENANT,
        "siteID": COURIER,
        "url": f"https://courier.example/news/{number}",
        "metadata": {"title": f"Story {number} &amp; more", "section": "News", "publishedAt": at()},
        "scrapedAt": at(),
        "commentCounts": {"action": {}, "status": {"NONE": -3}},
        "settings": {},
        "createdAt": at(),
    }
    return given | fields


def wording(number: int, body: str, **fields: object) -> Made:
    """Make a revision of a comment."""
    given: Made = {
        "id": f"77777777-0000-4000-8000-{number:012d}",
        "body": body,
        "actionCounts": {},
        "metadata": {"linkCount": 0, "perspective": {"score": 0.1, "model": "TOXICITY"}},
        "createdAt": at(number),
    }
    return given | fields


def comment(number: int, **fields: object) -> Made:
    """Make a comment."""
    given: Made = {
        "_id": {"$oid": f"{number:024x}"},
        "id": cid(number),
        "tenantID": TENANT,
        "siteID": COURIER,
        "storyID": BRIDGE,
        "authorID": ADA,
        "parentID": None,
        "ancestorIDs": [],
        "childIDs": ["no-such-comment"],
        "childCount": 1,
        "revisions": [wording(number, f"<div>Words <b>{number}</b></div>")],
        "status": "NONE",
        "actionCounts": {"REACTION": 99},
        "tags": [],
        "createdAt": at(number),
    }
    return given | fields


def cid(number: int) -> str:
    """Give a comment's id."""
    return f"55555555-0000-4000-8000-{number:012d}"


def account(source_id: str = ADA, name: str = "Ada", **fields: object) -> Made:
    """Make a user, with all that Coral keeps in one and nobody else should."""
    given: Made = {
        "id": source_id,
        "tenantID": TENANT,
        "username": name,
        "email": f"{name.lower()}@reader.example",
        "emailVerified": True,
        "profiles": [
            {
                "type": "local",
                "id": f"{name.lower()}@reader.example",
                "password": SECRETS[0],
                "passwordID": "p",
                "resetID": SECRETS[4],
            }
        ],
        "tokens": [{"id": SECRETS[3], "name": "cli", "createdAt": at()}],
        "role": "COMMENTER",
        "bio": "Walks bridges.",
        "ignoredUsers": [],
        "moderatorNotes": [],
        "status": {
            "username": {"history": []},
            "suspension": {"history": []},
            "ban": {"active": False, "history": []},
            "premod": {"active": False, "history": []},
            "warning": {"active": False, "history": []},
        },
        "createdAt": at(-1000),
    }
    return given | fields


def limited(source_id: str = ADA, **status: object) -> Made:
    """Make a user with a status."""
    made = account(source_id)
    made["status"] = {**dict(made["status"]), **status}  # type: ignore[call-overload]
    return made


def act(number: int, kind: str = "REACTION", **fields: object) -> Made:
    """Make a comment action."""
    given: Made = {
        "id": f"66666666-0000-4000-8000-{number:012d}",
        "tenantID": TENANT,
        "siteID": COURIER,
        "storyID": BRIDGE,
        "actionType": kind,
        "commentID": cid(1),
        "commentRevisionID": "r1",
        "userID": BEN,
        "createdAt": at(number),
    }
    return given | fields


def decision(number: int, status: str, **fields: object) -> Made:
    """Make a comment moderation action."""
    given: Made = {
        "id": f"88888888-0000-4000-8000-{number:012d}",
        "tenantID": TENANT,
        "storyID": BRIDGE,
        "commentID": cid(1),
        "commentRevisionID": "r1",
        "status": status,
        "moderatorID": DORA,
        "createdAt": at(number),
    }
    return given | fields


def notice(number: int, **fields: object) -> Made:
    """Make a report under the Digital Services Act."""
    given: Made = {
        "id": f"99999999-0000-4000-8000-{number:012d}",
        "tenantID": TENANT,
        "userID": None,
        "createdAt": at(number),
        "lawBrokenDescription": "Section 185",
        "additionalInformation": "It names my neighbour.",
        "commentID": cid(1),
        "submissionID": "s",
        "referenceID": "abcd-abcd-abcd",
        "status": "AWAITING_REVIEW",
        "history": [],
    }
    return given | fields


def site(
    source_id: str = COURIER, name: str = "The Courier", host: str = "courier.example"
) -> Made:
    """Make a site."""
    return {
        "id": source_id,
        "tenantID": TENANT,
        "name": name,
        "allowedOrigins": [f"https://{host}"],
        "createdAt": at(-9000),
    }


def tenant(**fields: object) -> Made:
    """Make a tenant, with its secrets."""
    given: Made = {
        "id": TENANT,
        "organization": {"name": "The Press", "contactEmail": "desk@courier.example"},
        "closeCommenting": {"auto": False, "timeout": 1209600},
        "email": {"smtp": {"password": SECRETS[2]}},
        "auth": {"integrations": {"sso": {"signingSecrets": [{"secret": SECRETS[1]}]}}},
    }
    return given | fields


def everything() -> dict[str, list[Made]]:
    """Make a whole export, by its files' names: every kind and state, and every count stated."""
    hidden = {"type": "FEATURED", "createdBy": DORA, "createdAt": at(70)}
    return {
        "tenants": [tenant()],
        "sites": [site()],
        "stories": [story(), story(2, closedAt=at(500)), story(3, isArchived=True)],
        "users": [
            account(),
            account(BEN, "Ben", email="not an address"),
            account(CLEO, "Ada"),
            account(DORA, "Dora", role="MODERATOR"),
            account(EVE, "Eve", deletedAt=at(900), email=None, profiles=None),
        ],
        "comments": [
            comment(2, parentID=cid(1), authorID=BEN, status="APPROVED", tags=[hidden]),
            comment(1, revisions=[wording(1, "First"), wording(5, "<p>Second</p>")]),
            comment(3, status="REJECTED"),
            comment(4, status="PREMOD"),
            comment(5, status="SYSTEM_WITHHELD"),
            comment(6, status="APPROVED", authorID=None, revisions=[], deletedAt=at(900)),
            comment(7, parentID=cid(6), ancestorIDs=[cid(6)]),
            comment(8, status="SHADOWED"),
        ],
        "archivedComments": [
            comment(9, storyID=story(3)["id"]),
            comment(1, revisions=[wording(1, "A stale copy")]),
        ],
        "commentActions": [
            act(1),
            act(2, "DONT_AGREE"),
            act(3, "FLAG", reason="COMMENT_REPORTED_ABUSIVE", additionalDetails="Rude."),
            act(4, "FLAG", reason="COMMENT_DETECTED_TOXIC", userID=None),
            act(5, "ILLEGAL", userID=None, reportID=notice(1)["id"]),
        ],
        "archivedCommentActions": [act(6, commentID=cid(9))],
        "commentModerationActions": [
            decision(1, "APPROVED"),
            decision(2, "REJECTED", commentID=cid(3), rejectionReason={"code": "HATE_SPEECH"}),
            decision(3, "PREMOD", moderatorID=None),
        ],
        "archivedCommentModerationActions": [],
        "dsaReports": [notice(1)],
        "notifications": [{"id": "n", "tenantID": TENANT, "ownerID": ADA, "type": "REPLY"}],
        "invites": [],
    }


def as_plain(value: object) -> object:
    """Give a value as ``JSON.stringify`` has it."""
    return _written(
        value, lambda time: time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def as_relaxed(value: object) -> object:
    """Give a value as ``mongoexport`` has it."""
    return _written(
        value,
        lambda time: {"$date": time.isoformat(timespec="milliseconds").replace("+00:00", "Z")},
    )


def as_canonical(value: object) -> object:
    """Give a value as ``mongoexport --jsonFormat=canonical`` has it."""
    return _written(
        value,
        lambda time: {"$date": {"$numberLong": str(int(time.timestamp() * 1000))}},
        whole=lambda number: {"$numberInt": str(number)},
    )


def _written(
    value: object,
    time: Callable[[datetime], object],
    whole: Callable[[int], object] = lambda number: number,
) -> object:
    if isinstance(value, datetime):
        return time(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return whole(value)
    if isinstance(value, dict):
        return {name: _written(one, time, whole) for name, one in value.items()}
    if isinstance(value, list):
        return [_written(one, time, whole) for one in value]
    return value


def lines(records: Iterable[object], write: Callable[[object], object] = as_plain) -> bytes:
    """Write records one a line."""
    return b"".join(json.dumps(write(one)).encode() + b"\n" for one in records)


def put(folder: Path, **files: bytes) -> tuple[ExportFile, ...]:
    """Write files into a folder, each under its name and ``.json``, and give them as an export."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / f"{name}.json").write_bytes(data)
    return gather([folder])


def comments(records: Iterable[Record]) -> list[SourceComment]:
    """Give the comments among the records."""
    return [one for one in records if isinstance(one, SourceComment)]


def accounts(records: Iterable[Record]) -> list[SourceAccount]:
    """Give the accounts among the records."""
    return [one for one in records if isinstance(one, SourceAccount)]


def stories(records: Iterable[Record]) -> list[SourceStory]:
    """Give the stories among the records."""
    return [one for one in records if isinstance(one, SourceStory)]


def sanctions(records: Iterable[Record]) -> list[SourceSanction]:
    """Give the sanctions among the records."""
    return [one for one in records if isinstance(one, SourceSanction)]


def left_out(records: Iterable[Record]) -> list[tuple[str, str]]:
    """Give what was left out, each as its kind and why."""
    return [(one.kind.value, one.reason_code.value) for one in records if isinstance(one, Skipped)]


def put_right(records: Iterable[Record]) -> list[str]:
    """Give what was put right."""
    return [one.reason_code.value for one in records if isinstance(one, Repaired)]
