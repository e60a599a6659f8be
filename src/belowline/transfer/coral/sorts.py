"""Tell which of Coral's collections a record is of: by its fields, as files can be named anyhow."""

from __future__ import annotations

from enum import IntEnum
from typing import NoReturn

from belowline.core.errors import InvalidInput
from belowline.transfer.codes import RecordKind


class Sort(IntEnum):
    """What a record is, in the order in which they are read: what others lean on comes first."""

    TENANT = 1
    SITE = 2
    STORY = 3
    ACCOUNT = 4
    COMMENT = 5
    NOTICE = 6
    """A report of illegal content under the EU's Digital Services Act."""
    DECISION = 7
    ACT = 8
    """A reaction or a report."""
    NEWS = 9
    """What somebody was told, which is of no use here."""
    UNKNOWN = 10


KINDS = {
    Sort.STORY: RecordKind.STORY,
    Sort.ACCOUNT: RecordKind.AUTHOR,
    Sort.COMMENT: RecordKind.COMMENT,
    Sort.NOTICE: RecordKind.REPORT,
    Sort.DECISION: RecordKind.DECISION,
    Sort.ACT: RecordKind.REACTION,
}
"""What a record that cannot be read is counted as. Tenants and sites are no records of ours."""

UNREAD = frozenset({"invites", "migrations", "notifications", "queries", "seencomments"})
"""Collections of no use here, by the name that Coral's own tool gives their files."""

NAMED = {
    "tenants": Sort.TENANT,
    "sites": Sort.SITE,
    "stories": Sort.STORY,
    "users": Sort.ACCOUNT,
    "comments": Sort.COMMENT,
    "archivedcomments": Sort.COMMENT,
    "dsareports": Sort.NOTICE,
    "commentmoderationactions": Sort.DECISION,
    "archivedcommentmoderationactions": Sort.DECISION,
    "commentactions": Sort.ACT,
    "archivedcommentactions": Sort.ACT,
}
"""The others, for a file whose first record tells nothing."""

_TALK = frozenset({"asset_id", "body_history", "status_history", "action_counts"})

# The first of these that a record has tells what it is; the order settles what several have.
_TOLD_BY: tuple[tuple[str, Sort], ...] = (
    ("actionType", Sort.ACT),
    ("revisions", Sort.COMMENT),
    ("lawBrokenDescription", Sort.NOTICE),
    ("submissionID", Sort.NOTICE),
    ("ownerID", Sort.NEWS),
    ("commentRevisionID", Sort.DECISION),
    ("moderatorID", Sort.DECISION),
    ("organization", Sort.TENANT),
    ("allowedOrigins", Sort.SITE),
    ("storyID", Sort.COMMENT),
    ("profiles", Sort.ACCOUNT),
    ("moderatorNotes", Sort.ACCOUNT),
    ("username", Sort.ACCOUNT),
    ("url", Sort.STORY),
)


def sort_of(value: object) -> Sort:
    """Return what a record is, or ``UNKNOWN``.

    Raises:
        InvalidInput: it is of Talk, as Coral was called up to version 4, which is another format.
    """
    if not isinstance(value, dict):
        return Sort.UNKNOWN
    found = next((sort for name, sort in _TOLD_BY if name in value), Sort.UNKNOWN)
    if found is Sort.UNKNOWN and not _TALK.isdisjoint(value):
        _refuse_talk()
    return found


def _refuse_talk() -> NoReturn:
    raise InvalidInput(
        "This is a dump of Talk 4, from before Coral. Bring it to Coral 6 with Coral's own importer"
        " and export it from there.",
        field="file",
        code="unknown_format",
    )
