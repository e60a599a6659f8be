"""What comes in from another system, and goes again: kinds of events that ``kinds`` passes on."""

from __future__ import annotations

from dataclasses import dataclass

from belowline.events.kind import Kind


@dataclass(frozen=True, slots=True)
class AuthorClaimed(Kind):
    """A reader proved that an imported author is theirs; so many comments are theirs since then."""

    past_id: int
    reader_id: int
    comments: int


@dataclass(frozen=True, slots=True)
class CommentsImported(Kind):
    """A batch of comments came in from another system, the first of them with ``first_id``."""

    source: str
    comments: int
    stories: int
    first_id: int = 0
    import_id: int = 0


@dataclass(frozen=True, slots=True)
class ImportUndone(Kind):
    """What an import had brought was taken back, in portions; this was one of them."""

    import_id: int
    comments: int
    stories: int
