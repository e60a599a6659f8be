"""One record of the plain form as ours, or why it is left out.

What is not said to be public is not: a status has to be given, and one that is not known hides.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from belowline.core.terms import Role, SanctionKind
from belowline.transfer import cleaning
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Skip
from belowline.transfer.drafts import LONGEST_BODY, Draft, Form, settle, to_source_text
from belowline.transfer.fields import listed, text_of
from belowline.transfer.plain.columns import WORDS
from belowline.transfer.plain.fields import Fields
from belowline.transfer.shape import (
    Record,
    Skipped,
    SourceAccount,
    SourceAuthor,
    SourceComment,
    SourceDecision,
    SourceNote,
    SourceOutcome,
    SourceReaction,
    SourceReport,
    SourceRevision,
    SourceSanction,
    SourceStory,
)

_REASONS = {
    ImportStatus.PUBLISHED: None,
    ImportStatus.HELD: Hide.PENDING,
    ImportStatus.HIDDEN: Hide.STORY_NOT_PUBLIC,
    ImportStatus.DELETED: Hide.DELETED,
    ImportStatus.REMOVED: Hide.TRASHED,
}
_FORMS = {"markdown": Form.MARKDOWN, "html": Form.HTML, "text": Form.LINES}


def read_story(fields: Fields) -> Iterator[Record]:
    """Yield a story."""
    source_id = fields.id("story_id")
    url = cleaning.clean_url(fields.text("url"))
    if source_id is None or url is None:
        reason = Skip.NO_ID if source_id is None else Skip.NO_ADDRESS
        yield Skipped(RecordKind.STORY, source_id or "", reason, fields.place)
        return
    aliases = map(cleaning.clean_url, fields.text("aliases").split())
    story = SourceStory(
        source_id=source_id,
        url=url,
        title=fields.line("title"),
        section=fields.line("section") or None,
        published_at=fields.time("published_at"),
        open=fields.truth("open", otherwise=True),
        visible=fields.truth("visible", otherwise=True),
        key=cleaning.clean_key(fields.text("key")),
        aliases=tuple(alias for alias in aliases if alias is not None),
    )
    yield from fields.repairs(RecordKind.STORY, source_id)
    yield story


def read_author(fields: Fields) -> Iterator[Record]:
    """Yield an account. Its address proves something only if it is said to have been verified."""
    source_id = fields.id("author_id")
    if source_id is None:
        yield Skipped(RecordKind.AUTHOR, "", Skip.NO_ID, fields.place)
        return
    pairs = [fields.written, *listed(fields.written, "identities")]
    identities = [
        (text_of(one, "issuer").strip(), text_of(one, "subject").strip()) for one in pairs
    ]
    email = fields.address("email")
    account = SourceAccount(
        source_id=source_id,
        name=fields.line("name"),
        email=email,
        email_verified=email is not None and fields.truth("email_verified", otherwise=False),
        identities=tuple(one for one in identities if all(one)),
        created_at=fields.time("joined_at"),
        role=fields.word("role", Role),
    )
    yield from fields.repairs(RecordKind.AUTHOR, source_id)
    yield account


def read_comment(fields: Fields) -> Iterator[Record]:
    """Yield a comment; its story is told of by whoever knows which ones were."""
    status = fields.word("status", ImportStatus)
    shown = status or ImportStatus.HIDDEN
    body, form = _body(fields.written)
    draft = Draft(
        source_id=fields.text("comment_id"),
        story_source_id=fields.id("story_id") or fields.text("story_url").strip(),
        parent_source_id=fields.text("parent_id").strip(),
        author=SourceAuthor(
            fields.id("author_id"), fields.line("author_name"), fields.address("author_email")
        ),
        body=body,
        form=form,
        created_at=fields.time("created_at"),
        status=shown,
        hidden_because=_REASONS[shown] if status else Hide.UNKNOWN_STATUS,
        edited_at=fields.time("edited_at"),
        respect=fields.number("respect"),
        lost_email=bool(fields.text("author_email").strip())
        and fields.address("author_email") is None,
        place=fields.place,
    )
    featured_at = fields.time("featured_at")
    for record in settle(draft, now=fields.now):
        if not isinstance(record, SourceComment):
            yield record
            continue
        yield from fields.repairs(RecordKind.COMMENT, record.source_id)
        if shown is ImportStatus.DELETED:
            yield record
            continue
        yield replace(
            record,
            html=body,
            earlier=_earlier(fields, record.created_at),
            featured_at=featured_at if shown is ImportStatus.PUBLISHED else None,
        )


def read_reaction(fields: Fields) -> Iterator[Record]:
    """Yield somebody's agreement."""
    comment_id, author_id = fields.id("comment_id"), fields.id("author_id")
    if comment_id is None or author_id is None:
        reason = Skip.COMMENT_MISSING if comment_id is None else Skip.AUTHOR_MISSING
        yield Skipped(RecordKind.REACTION, comment_id or "", reason, fields.place)
        return
    reaction = SourceReaction(comment_id, author_id, fields.time("created_at"))
    yield from fields.repairs(RecordKind.REACTION, comment_id)
    yield reaction


def read_report(fields: Fields) -> Iterator[Record]:
    """Yield a reader's report."""
    source_id, comment_id = fields.id("report_id"), fields.id("comment_id")
    at = fields.time("created_at")
    if source_id is None or comment_id is None or at is None:
        yield _left_out(RecordKind.REPORT, source_id, Skip.COMMENT_MISSING, comment_id, fields)
        return
    report = SourceReport(
        source_id, comment_id, fields.id("author_id"), fields.line("reason"),
        fields.text("note"), at,
    )  # fmt: skip
    yield from fields.repairs(RecordKind.REPORT, source_id)
    yield report


def read_decision(fields: Fields) -> Iterator[Record]:
    """Yield what was decided on a comment."""
    source_id, comment_id = fields.id("decision_id"), fields.id("comment_id")
    at = fields.time("created_at")
    if source_id is None or comment_id is None or at is None:
        yield _left_out(RecordKind.DECISION, source_id, Skip.COMMENT_MISSING, comment_id, fields)
        return
    outcome = fields.word("outcome", SourceOutcome)
    if outcome is None:
        detail = f"{fields.place}, outcome"
        yield Skipped(RecordKind.DECISION, source_id, Skip.OTHER_KIND, detail)
        return
    decision = SourceDecision(
        source_id, comment_id, fields.id("author_id"), outcome, fields.line("reason"),
        fields.text("note"), at,
    )  # fmt: skip
    yield from fields.repairs(RecordKind.DECISION, source_id)
    yield decision


def read_sanction(fields: Fields) -> Iterator[Record]:
    """Yield a limit on an account. One whose end cannot be read is left out: it has an end."""
    source_id, author_id = fields.id("sanction_id"), fields.id("author_id")
    at, ends_at = fields.time("starts_at"), fields.time("ends_at", may_come=True)
    end_is_lost = ends_at is None and bool(fields.text("ends_at").strip())
    if source_id is None or author_id is None or at is None or end_is_lost:
        yield _left_out(RecordKind.SANCTION, source_id, Skip.AUTHOR_MISSING, author_id, fields)
        return
    kind = fields.word("sanction", SanctionKind)
    if kind is None:
        detail = f"{fields.place}, sanction"
        yield Skipped(RecordKind.SANCTION, source_id, Skip.OTHER_KIND, detail)
        return
    sanction = SourceSanction(
        source_id, author_id, kind, at, max(at, ends_at) if ends_at else None,
        fields.text("note"), fields.id("by_author_id"),
    )  # fmt: skip
    yield from fields.repairs(RecordKind.SANCTION, source_id)
    yield sanction


def read_note(fields: Fields) -> Iterator[Record]:
    """Yield what staff noted about an account."""
    source_id, author_id = fields.id("note_id"), fields.id("author_id")
    at, text = fields.time("created_at"), fields.text("note").strip()
    if source_id is None or author_id is None or at is None:
        yield _left_out(RecordKind.NOTE, source_id, Skip.AUTHOR_MISSING, author_id, fields)
        return
    if not text:
        yield Skipped(RecordKind.NOTE, source_id, Skip.EMPTY, fields.place)
        return
    note = SourceNote(source_id, author_id, fields.id("by_author_id"), text, at)
    yield from fields.repairs(RecordKind.NOTE, source_id)
    yield note


READERS: dict[RecordKind, Callable[[Fields], Iterator[Record]]] = {
    RecordKind.STORY: read_story,
    RecordKind.AUTHOR: read_author,
    RecordKind.COMMENT: read_comment,
    RecordKind.REACTION: read_reaction,
    RecordKind.REPORT: read_report,
    RecordKind.DECISION: read_decision,
    RecordKind.SANCTION: read_sanction,
    RecordKind.NOTE: read_note,
}


def _left_out(
    kind: RecordKind, source_id: str | None, missing: Skip, about: str | None, fields: Fields
) -> Skipped:
    reason = missing if about is None else Skip.NO_DATE
    return Skipped(kind, source_id or "", reason if source_id else Skip.NO_ID, fields.place)


def _body(written: object) -> tuple[str, Form]:
    for name in WORDS:
        body = text_of(written, name)
        if body.strip():
            return (html.escape(body, quote=False) if name == "text" else body), _FORMS[name]
    return "", Form.LINES


def _earlier(fields: Fields, created_at: datetime) -> tuple[SourceRevision, ...]:
    found: list[SourceRevision] = []
    for one in listed(fields.written, "earlier"):
        body, form = _body(one)
        text = to_source_text(body, form) if len(body) <= LONGEST_BODY else ""
        if text and isinstance(one, dict):
            at = Fields(one, fields.place, fields.zone, fields.now).time("created_at")
            found.append(SourceRevision(body, text, at or created_at))
    return tuple(found)
