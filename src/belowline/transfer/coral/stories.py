"""Coral's stories: their pages, and whether they still take comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from belowline.transfer import cleaning
from belowline.transfer.codes import RecordKind, Repair, Skip
from belowline.transfer.coral.values import id_of, instant_of, whole_of
from belowline.transfer.fields import inner, text_of, truth_of
from belowline.transfer.shape import Record, Repaired, Skipped, SourceStory

_MADE_UP = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
"""Ids of this form are mostly Coral's own. Any other was given by the publisher's page."""


def closing_of(tenant: object) -> timedelta | None:
    """Return after how long stories close by themselves, if they do.

    This is all that is ever read of a tenant: the rest of it is settings and secrets.
    """
    closing = inner(tenant, "closeCommenting")
    seconds = whole_of(closing, "timeout")
    if truth_of(closing, "auto") is not True or seconds is None or not 0 < seconds < 10**10:
        return None
    return timedelta(seconds=seconds)


def read_story(value: object, *, now: datetime, closing: timedelta | None) -> Iterator[Record]:
    """Yield a story, or why it is left out."""
    source_id = id_of(value, "id")
    url = cleaning.clean_url(text_of(value, "url"))
    if source_id is None or url is None:
        reason = Skip.NO_ID if source_id is None else Skip.NO_ADDRESS
        yield Skipped(RecordKind.STORY, source_id or "", reason)
        return
    about = inner(value, "metadata")
    created_at = instant_of(value, "createdAt")
    published_at = instant_of(about, "publishedAt") or created_at
    if published_at is not None and published_at > now:
        yield Repaired(RecordKind.STORY, source_id, Repair.DATE_IN_FUTURE)
        published_at = now
    yield SourceStory(
        source_id=source_id,
        url=url,
        title=cleaning.clean_line(text_of(about, "title")),
        section=cleaning.clean_line(text_of(about, "section")) or None,
        published_at=published_at,
        open=_is_open(value, now=now, created_at=created_at, closing=closing),
        visible=True,
        key=None if _MADE_UP.fullmatch(source_id) else cleaning.clean_key(source_id),
    )


def is_archived(value: object) -> bool:
    """Say whether a story's comments were moved to the archive, where nobody can answer them."""
    return truth_of(value, "isArchived") is True


def _is_open(
    value: object, *, now: datetime, created_at: datetime | None, closing: timedelta | None
) -> bool:
    if is_archived(value):
        return False
    closed_at = instant_of(value, "closedAt")
    if closed_at is not None:
        return closed_at > now
    written = value.get("closedAt") if isinstance(value, dict) else None
    if written is not None:
        # ``false`` keeps it open whatever the tenant says. What cannot be read keeps it closed.
        return written is False
    return closing is None or created_at is None or now - created_at < closing
