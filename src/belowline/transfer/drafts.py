"""What every importer does with a comment once it knows where its fields are.

A comment without an id, a date or any words is left out with its reason; a date that has not come
is put right; the body becomes text in our own subset. Which comment stood where, and what came
twice, is the landing's to find out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from belowline.transfer.cleaning import clean_id
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.htmltext import to_text
from belowline.transfer.instants import not_after
from belowline.transfer.markdowntext import from_markdown
from belowline.transfer.plainwords import plain_lines, plain_paragraphs
from belowline.transfer.shape import Record, Repaired, Skipped, SourceAuthor, SourceComment

LONGEST_BODY = 100_000
"""Characters. What is longer than this is no comment."""

NOBODY = SourceAuthor(None, "", None)
NO_PARENT = frozenset({"", "0", "root", "00000000-0000-0000-0000-000000000000"})
"""What systems write where a comment answers nobody."""


class Form(StrEnum):
    """How a body is written."""

    HTML = "html"
    LINES = "lines"
    """HTML in which a newline is a line break."""
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Draft:
    """A comment as a file has it, before anything is known to be right with it."""

    source_id: str
    story_source_id: str
    parent_source_id: str
    author: SourceAuthor
    body: str
    form: Form
    created_at: datetime | None
    status: ImportStatus = ImportStatus.PUBLISHED
    hidden_because: Hide | None = None
    edited_at: datetime | None = None
    respect: int = 0
    featured: bool = False
    lost_email: bool = False
    """Whether an address was given that cannot be one."""
    place: str = ""
    """Where in the file it stands, for the report."""


def settle(draft: Draft, *, now: datetime, story_date: datetime | None = None) -> Iterator[Record]:
    """Yield the comment with what had to be put right, or why it is left out."""
    source_id = clean_id(draft.source_id)
    if source_id is None:
        yield Skipped(RecordKind.COMMENT, "", Skip.NO_ID, draft.place)
        return
    deleted = draft.status is ImportStatus.DELETED
    if len(draft.body) > LONGEST_BODY:
        yield Skipped(RecordKind.COMMENT, source_id, Skip.TOO_LONG, draft.place)
        return
    # The words of who took them back are theirs: only the place is left of them.
    text = "" if deleted else to_source_text(draft.body, draft.form)
    if not text and not deleted:
        yield Skipped(RecordKind.COMMENT, source_id, Skip.EMPTY, draft.place)
        return
    created_at, repairs = _dated(draft, now=now, story_date=story_date)
    if created_at is None:
        yield Skipped(RecordKind.COMMENT, source_id, Skip.NO_DATE, draft.place)
        return
    parent = None
    if draft.parent_source_id not in NO_PARENT:
        parent = clean_id(draft.parent_source_id)
        repairs += [] if parent else [Repair.PARENT_MISSING]
    repairs += [Repair.EMAIL_DROPPED] if draft.lost_email else []
    for repair in repairs:
        yield Repaired(RecordKind.COMMENT, source_id, repair)
    yield SourceComment(
        source_id=source_id,
        story_source_id=draft.story_source_id,
        parent_source_id=parent,
        author=draft.author,
        html="" if deleted else draft.body,
        text=text,
        created_at=created_at,
        status=draft.status,
        hidden_because=draft.hidden_because,
        edited_at=_edited(draft.edited_at, created_at, now),
        respect=0 if deleted else draft.respect,
        featured_at=created_at if draft.featured and not deleted else None,
    )


def to_source_text(body: str, form: Form) -> str:
    """Return the words of a body in our own Markdown subset."""
    plain = plain_paragraphs(body) if form is Form.HTML else plain_lines(body)
    if plain is not None:
        return plain
    if form is Form.MARKDOWN:
        return from_markdown(body)
    return to_text(body, newlines_matter=form is Form.LINES)


def _dated(
    draft: Draft, *, now: datetime, story_date: datetime | None
) -> tuple[datetime | None, list[Repair]]:
    repairs = [Repair.DATE_FROM_STORY] if draft.created_at is None else []
    created_at, repair = not_after(draft.created_at or story_date, now)
    return created_at, [*repairs, repair] if repair else repairs


def _edited(edited_at: datetime | None, created_at: datetime, now: datetime) -> datetime | None:
    if edited_at is None or edited_at <= created_at:
        return None
    return min(edited_at, now)
