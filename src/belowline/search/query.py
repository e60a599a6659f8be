"""Reading what somebody typed into the search box. Pure, and nothing that can be typed is an error.

``words``, ``"words in this order"``, ``-without``, ``begin*``, and ``author:``, ``story:``,
``rule:``, ``status:``, ``after:`` and ``before:``. What cannot be used is told, and left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from belowline.core.terms import CommentStatus
from belowline.search.words import kept_words

LONGEST_QUERY = 400
MOST_PHRASES = 24
SHORTEST_BEGINNING = 3
"""Letters before a ``*``; fewer would find nearly everything."""
FIELDS = ("author", "story", "rule", "status", "after", "before")

_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟", '"'))
_PIECE = re.compile(
    rf'(?P<not>[-−]?)(?:(?P<field>{"|".join(FIELDS)}):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))',
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words, as they are kept, that follow each other; the last may be a word's beginning."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for. Nothing in it is somebody who looks for nothing."""

    phrases: tuple[Phrase, ...] = ()
    without: tuple[Phrase, ...] = ()
    authors: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    statuses: tuple[CommentStatus, ...] = ()
    after: datetime | None = None
    """From this moment on."""
    before: datetime | None = None
    """Until just before this moment."""
    unread: tuple[str, ...] = field(default=())
    """Pieces that cannot be used, as they were typed."""

    @property
    def is_empty(self) -> bool:
        """Say whether it asks for nothing at all."""
        return self == Sought(unread=self.unread)

    @property
    def words(self) -> tuple[str, ...]:
        """Return all words that are asked for, each once."""
        return tuple(dict.fromkeys(word for phrase in self.phrases for word in phrase.words))


def read_query(typed: str) -> Sought:
    """Return what a text asks for. Every text asks for something or for nothing; none fails."""
    text = typed[:LONGEST_QUERY].translate(_QUOTES)
    found = _Found()
    for piece in _PIECE.finditer(text):
        _take(piece, found)
    return Sought(
        tuple(found.phrases[:MOST_PHRASES]),
        tuple(found.without[:MOST_PHRASES]),
        tuple(found.named["author"]),
        tuple(found.named["story"]),
        tuple(found.named["rule"]),
        tuple(dict.fromkeys(found.statuses)),
        found.after,
        found.before,
        tuple(found.unread),
    )


@dataclass(slots=True)
class _Found:
    phrases: list[Phrase] = field(default_factory=list)
    without: list[Phrase] = field(default_factory=list)
    named: dict[str, list[str]] = field(
        default_factory=lambda: {"author": [], "story": [], "rule": []}
    )
    statuses: list[CommentStatus] = field(default_factory=list)
    after: datetime | None = None
    before: datetime | None = None
    unread: list[str] = field(default_factory=list)


def _take(piece: re.Match[str], found: _Found) -> None:
    value = piece["quoted"] if piece["quoted"] is not None else piece["plain"]
    name = (piece["field"] or "").lower()
    if not name:
        phrase = _phrase(value, is_quoted=piece["quoted"] is not None)
        if phrase is not None:
            (found.without if piece["not"] else found.phrases).append(phrase)
        return
    if piece["not"] or not _take_field(name, value.strip(), found):
        found.unread.append(piece[0])


def _take_field(name: str, value: str, found: _Found) -> bool:
    if not value:
        return False
    match name:
        case "status":
            if value.lower() not in set(CommentStatus):
                return False
            found.statuses.append(CommentStatus(value.lower()))
        case "after" | "before":
            day = _day(value)
            if day is None:
                return False
            if name == "after":
                found.after = day
            else:
                found.before = day
        case _:
            found.named[name].append(value)
    return True


def _phrase(text: str, *, is_quoted: bool) -> Phrase | None:
    words = tuple(kept_words(text))
    if not words:
        return None
    begins = not is_quoted and text.endswith("*") and len(words[-1]) > SHORTEST_BEGINNING
    return Phrase(words, begins)


def _day(value: str) -> datetime | None:
    """Return the first moment of a day, a month or a year, or None where there is none such."""
    found = _DAY.fullmatch(value)
    if found is None:
        return None
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
