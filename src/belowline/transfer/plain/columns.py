"""The kinds of record in the plain form, and the columns that each has."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from belowline.transfer.codes import RecordKind

OWN = "x_"
"""What begins with this is the writer's own and is passed over."""
WORDS = ("markdown", "html", "text")
"""The ways in which a comment can be given; of several the first counts."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a record of one kind is made of. Of ``needed`` each group has to have one."""

    kind: RecordKind
    name: str
    needed: tuple[tuple[str, ...], ...]
    other: tuple[str, ...]

    @property
    def columns(self) -> frozenset[str]:
        """Return everything that can be given."""
        return frozenset(self.other).union(*self.needed)


STORY = Shape(
    RecordKind.STORY,
    "story",
    (("story_id",), ("url",)),
    ("title", "section", "published_at", "open", "visible", "key", "aliases"),
)
AUTHOR = Shape(
    RecordKind.AUTHOR,
    "author",
    (("author_id",), ("name", "email")),
    ("email_verified", "joined_at", "role", "issuer", "subject", "identities"),
)
COMMENT = Shape(
    RecordKind.COMMENT,
    "comment",
    (("comment_id",), ("story_id", "story_url"), WORDS, ("created_at",), ("status",)),
    (
        "story_title",
        "parent_id",
        "author_id",
        "author_name",
        "author_email",
        "edited_at",
        "respect",
        "featured_at",
        "earlier",
    ),
)
REACTION = Shape(
    RecordKind.REACTION,
    "reaction",
    (("comment_id",), ("author_id",)),
    ("created_at",),
)
REPORT = Shape(
    RecordKind.REPORT,
    "report",
    (("report_id",), ("comment_id",), ("created_at",)),
    ("author_id", "reason", "note"),
)
DECISION = Shape(
    RecordKind.DECISION,
    "decision",
    (("decision_id",), ("comment_id",), ("outcome",), ("created_at",)),
    ("author_id", "reason", "note"),
)
SANCTION = Shape(
    RecordKind.SANCTION,
    "sanction",
    (("sanction_id",), ("author_id",), ("sanction",), ("starts_at",)),
    ("ends_at", "note", "by_author_id"),
)
NOTE = Shape(
    RecordKind.NOTE,
    "note",
    (("note_id",), ("author_id",), ("note",), ("created_at",)),
    ("by_author_id",),
)

SHAPES = (STORY, AUTHOR, COMMENT, REACTION, REPORT, DECISION, SANCTION, NOTE)
"""In the order in which their files are read: a comment's story is told of before it."""
BY_NAME = {shape.name: shape for shape in SHAPES}

_OTHERS_WORDS = {
    "author": "author_name",
    "body": "text",
    "comment": "text",
    "content": "text",
    "created": "created_at",
    "date": "created_at",
    "email": "author_email",
    "id": "comment_id",
    "likes": "respect",
    "message": "text",
    "name": "author_name",
    "parent": "parent_id",
    "state": "status",
    "time": "created_at",
    "timestamp": "created_at",
    "title": "story_title",
    "url": "story_url",
    "user": "author_name",
    "user_id": "author_id",
    "username": "author_name",
}


def shape_of(columns: frozenset[str]) -> Shape:
    """Return of what kind a table with these columns is; a comment's if nothing tells."""
    for shape in (REPORT, DECISION, SANCTION, NOTE):
        if f"{shape.name}_id" in columns:
            return shape
    if "comment_id" not in columns:
        if "url" in columns and "story_id" in columns:
            return STORY
        if "author_id" in columns and not columns.intersection(WORDS):
            return AUTHOR
        return COMMENT
    ours = {name for name in columns if not name.startswith(OWN)}
    return REACTION if ours <= REACTION.columns else COMMENT


def missing_from(columns: frozenset[str], shape: Shape) -> tuple[str, ...]:
    """Return what a record cannot do without, each in words: "story_id or story_url"."""
    return tuple(" or ".join(group) for group in shape.needed if columns.isdisjoint(group))


MOST_NAMED = 10


def unknown_to(columns: frozenset[str], shape: Shape) -> tuple[str, ...]:
    """Return what is no column of this kind, ten at most, each with what may have been meant."""
    unknown = sorted(name for name in columns - shape.columns if not name.startswith(OWN))
    return tuple(_described(name, shape) for name in unknown[:MOST_NAMED])


def _described(name: str, shape: Shape) -> str:
    if not name:
        return "a column without a name"
    shown = name if len(name) <= 40 and name.isprintable() else f"{name[:40]!r}…"
    meant = _OTHERS_WORDS.get(name.lower())
    if meant is None or meant not in shape.columns:
        meant = next(iter(difflib.get_close_matches(name[:40], sorted(shape.columns), n=1)), None)
    return f"{shown} (perhaps {meant})" if meant else shown
