"""What readers send: a comment, or a new text for one of theirs."""

from __future__ import annotations

from dataclasses import dataclass

from belowline.core.errors import InvalidInput
from belowline.core.markup import clean_text
from belowline.core.terms import CommentId, Privilege, ReaderId
from belowline.sites.model import Site
from belowline.stories.model import StoryDraft


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """A comment as a reader sends it."""

    site: Site
    story_key: str
    text: str
    parent_id: CommentId | None = None
    client_key: str | None = None
    accepts: int | None = None
    """The version of the rules that the reader accepts with it."""
    story: StoryDraft | None = None
    """What the embed says of a story that is not known yet."""

    @property
    def privilege(self) -> Privilege:
        """Return what sending it asks for."""
        return Privilege.POST if self.parent_id is None else Privilege.REPLY


@dataclass(frozen=True, slots=True)
class EditDraft:
    """A new text for an own comment."""

    site: Site
    comment_id: CommentId
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A comment and who sends it."""

    draft: CommentDraft
    by: ReaderId


def checked_text(raw: str, site: Site) -> str:
    """Return the text as it is kept. Raises InvalidInput if it is empty or too long."""
    text = clean_text(raw, field="text", longest=site.settings.longest)
    if not text:
        raise InvalidInput("Write something first.", field="text", code="empty")
    return text


def is_client_key(key: str) -> bool:
    """Say whether the key can be kept."""
    return 8 <= len(key) <= 64 and key.isascii() and key.isprintable()
