"""The closed sets of codes in which an import says what it did and why.

They are codes and not sentences, so that a dry run and the real one report the same thing in any
language. None of them, and no detail beside them, holds a reader's words, name or address.
"""

from __future__ import annotations

from enum import StrEnum


class ImportStatus(StrEnum):
    """Where a comment stood at the source. Only ``PUBLISHED`` may ever be shown to the public."""

    PUBLISHED = "published"
    HELD = "held"
    """Was waiting for a moderator there; may wait for one here."""
    HIDDEN = "hidden"
    """Not public for a reason that is not the comment's own, such as a draft story. Nobody decided
    against it, so it must never count against its author."""
    DELETED = "deleted"
    """Its author, or the end of their account, took it away; what remains is its place."""
    REMOVED = "removed"
    """The source's moderators took it down."""


STRICTNESS = {
    ImportStatus.PUBLISHED: 0,
    ImportStatus.HELD: 1,
    ImportStatus.HIDDEN: 2,
    ImportStatus.DELETED: 3,
    ImportStatus.REMOVED: 4,
}
"""When the same comment is met twice, the higher number wins: nothing hidden gets published."""


class Hide(StrEnum):
    """Why a comment that is imported does not go live."""

    PENDING = "pending"
    TRASHED = "trashed"
    """Its moderators took it down: rejected, in the bin, or called spam by a person."""
    DELETED = "deleted"
    """Its author took it back, or left; often nothing is left of its text."""
    STORY_NOT_PUBLIC = "story_not_public"
    """The story is a draft, private, scheduled, behind a password, in the bin, or says nothing."""
    NOT_A_STORY = "not_a_story"
    """It stands under something that is no story, such as a picture's own page."""
    UNKNOWN_STATUS = "unknown_status"
    """The source says something about it that we do not know; unknown is never public."""


class RecordKind(StrEnum):
    """What a record is."""

    STORY = "story"
    AUTHOR = "author"
    COMMENT = "comment"
    REACTION = "reaction"
    REPORT = "report"
    DECISION = "decision"
    SANCTION = "sanction"
    NOTE = "note"


class Skip(StrEnum):
    """Why a record is left out altogether."""

    NOT_A_STORY = "not_a_story"
    DUPLICATE = "duplicate"
    NO_ID = "no_id"
    NO_ADDRESS = "no_address"
    STORY_SKIPPED = "story_skipped"
    STORY_MISSING = "story_missing"
    """It names a story that the file does not have."""
    COMMENT_MISSING = "comment_missing"
    """It is about a comment that the file does not have, or that is left out."""
    AUTHOR_MISSING = "author_missing"
    """It is about, or by, an account that the file does not have."""
    NO_DATE = "no_date"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    SPAM = "spam"
    PINGBACK = "pingback"
    TRACKBACK = "trackback"
    NOTE = "note"
    """The newsroom's own talk about a story. It must never reach a reader."""
    OTHER_KIND = "other_kind"
    OTHER_SITE = "other_site"
    """It belongs to another site of the same file; ask for that one by itself."""
    DELETED = "deleted"
    """Its author took it back, and nothing hangs on it."""
    OTHER_COMMENT = "other_comment"
    """Its id is known here for a comment that was written on another day: another system of the
    same kind counted from one, too."""
    OWN_COMMENT = "own_comment"
    """Nobody agrees with themselves here."""
    DAMAGED = "damaged"
    """This one record cannot be read, while those around it can."""


class Repair(StrEnum):
    """What was put right in a record that is imported nevertheless."""

    DATE_FROM_LOCAL = "date_from_local"
    DATE_FROM_STORY = "date_from_story"
    DATE_IN_FUTURE = "date_in_future"
    EMAIL_DROPPED = "email_dropped"
    ID_REUSED = "id_reused"
    """Two different things bore one id (joined files); the later one got a longer id."""
    PARENT_MISSING = "parent_missing"
    PARENT_ELSEWHERE = "parent_elsewhere"
    PARENT_CYCLE = "parent_cycle"
    STATUS_TIGHTENED = "status_tightened"
    """Met twice with different standing; the stricter one counts."""
    STORY_JOINED = "story_joined"
    """Two stories of the source are one page; the later one's comments go under the first."""
    PICTURE_DROPPED = "picture_dropped"
    """A picture or a film stood in it; its address is kept as a link."""
    WRONG_LETTERS = "wrong_letters"
    """Some bytes were no UTF-8, or no characters that may stand in text; they are replaced."""
    VALUE_DROPPED = "value_dropped"
    """Something beside the words, such as when they were edited, could not be read."""
