"""Coral's comments: every wording, where they stood, and what else hung on them.

Pictures and films come as the addresses they were at, ratings as stars before the words. Counts are
never read: Coral's own are known to drift, and what they count comes by itself.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from belowline.transfer import cleaning
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.coral.values import id_of, instant_of, is_given, whole_of
from belowline.transfer.drafts import LONGEST_BODY, Draft, Form, settle, to_source_text
from belowline.transfer.fields import inner, listed, text_of
from belowline.transfer.shape import (
    Record,
    Repaired,
    Skipped,
    SourceAuthor,
    SourceComment,
    SourceRevision,
)

_MEDIA = ("url", "original", "video", "still")
_BEST = 5


def read_comment(value: object, *, now: datetime) -> Iterator[Record]:
    """Yield a comment with what was put right, or why it is left out.

    One whose account was deleted has no wordings any more, but is called ``APPROVED`` if it has
    replies: it is a place in the thread and nothing else, whatever its status.
    """
    written = listed(value, "revisions")
    wordings = [one for one in written if isinstance(one, dict)]
    is_deleted = is_given(value, "deletedAt")
    if not wordings and not is_deleted and not _is_empty_list(value, "revisions"):
        yield Skipped(RecordKind.COMMENT, id_of(value, "id") or "", Skip.DAMAGED)
        return
    status, reason = _standing(text_of(value, "status"))
    if is_deleted or not wordings:
        status, reason = ImportStatus.DELETED, Hide.DELETED
    current = wordings[-1] if wordings else {}
    created_at = instant_of(value, "createdAt")
    if created_at is None and wordings:
        created_at = instant_of(wordings[0], "createdAt")
    draft = Draft(
        source_id=text_of(value, "id"),
        story_source_id=id_of(value, "storyID") or "",
        parent_source_id=text_of(value, "parentID"),
        author=SourceAuthor(id_of(value, "authorID"), "", None),
        body=_stars(value) + _body(current),
        form=Form.HTML,
        created_at=created_at,
        status=status,
        hidden_because=reason,
        edited_at=instant_of(current, "createdAt") if len(wordings) > 1 else None,
    )
    for record in settle(draft, now=now):
        if not isinstance(record, SourceComment):
            yield record
            continue
        if record.status is ImportStatus.DELETED:
            yield record
            continue
        if _media(current) is not None:
            yield Repaired(RecordKind.COMMENT, record.source_id, Repair.PICTURE_DROPPED)
        yield replace(
            record,
            html=text_of(current, "body"),
            earlier=_earlier(wordings[:-1], record.created_at),
            featured_at=_featured_at(value, record, now),
        )


def _is_empty_list(value: object, name: str) -> bool:
    return isinstance(value, dict) and value.get(name) == []


def _standing(status: str) -> tuple[ImportStatus, Hide | None]:
    match status:
        case "NONE" | "APPROVED":
            # In Coral, "none" is what nobody had to look at: it was public at once.
            return ImportStatus.PUBLISHED, None
        case "PREMOD" | "SYSTEM_WITHHELD":
            return ImportStatus.HELD, Hide.PENDING
        case "REJECTED":
            return ImportStatus.REMOVED, Hide.TRASHED
        case _:
            return ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS


def _body(wording: dict[str, object]) -> str:
    """Return the HTML of a wording, with the address of what was shown beside it."""
    body = text_of(wording, "body")
    address = _media(wording)
    # A film or a message on another network is in the words already: that is how it got there.
    if address is None or address in body or html.escape(address) in body:
        return body
    return f"{body}<p>{html.escape(address)}</p>"


def _media(wording: dict[str, object]) -> str | None:
    media = inner(wording, "media")
    if not media:
        return None
    addresses = (cleaning.clean_url(text_of(media, name)) for name in _MEDIA)
    return next((address for address in addresses if address is not None), None)


def _stars(value: object) -> str:
    """Return a rating as a line of its own: "Two of five" is often half of what a review says."""
    rating = whole_of(value, "rating")
    if rating is None or not 1 <= rating <= _BEST:
        return ""
    return f"<p>{'★' * rating}{'☆' * (_BEST - rating)}</p>"


def _earlier(wordings: list[dict[str, object]], created_at: datetime) -> tuple[SourceRevision, ...]:
    """Return the wordings before the one that stands, oldest first, as they are in the file."""
    found: list[SourceRevision] = []
    for wording in wordings:
        body = _body(wording)
        text = to_source_text(body, Form.HTML) if len(body) <= LONGEST_BODY else ""
        if text:
            at = instant_of(wording, "createdAt") or created_at
            found.append(SourceRevision(text_of(wording, "body"), text, at))
    return tuple(found)


def _featured_at(value: object, comment: SourceComment, now: datetime) -> datetime | None:
    if comment.status is not ImportStatus.PUBLISHED:
        return None
    for tag in listed(value, "tags"):
        if text_of(tag, "type") == "FEATURED":
            return min(instant_of(tag, "createdAt") or comment.created_at, now)
    return None
