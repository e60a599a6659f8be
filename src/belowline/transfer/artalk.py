"""Read Artrans, the JSON that Artalk's Artransfer writes: a list of comments, each value a text.

Artransfer turns Typecho's, Valine's, Waline's, Twikoo's and others' comments into it, so that those
come over by way of it. A page is known by its key, which is an address or a path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import BinaryIO

from belowline.core.errors import InvalidInput
from belowline.transfer import cleaning
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Skip
from belowline.transfer.drafts import Draft, Form, settle
from belowline.transfer.fields import number_of, text_of, truth_of
from belowline.transfer.instants import read_instant
from belowline.transfer.jsonstream import values
from belowline.transfer.shape import Record, Skipped, SourceAuthor, SourceStory


def read_artalk(
    stream: BinaryIO,
    *,
    zone: tzinfo,
    now: datetime,
    base_url: str | None = None,
    only_site: str | None = None,
) -> Iterator[Record]:
    """Yield the comments of a file, each page before its first one.

    ``base_url`` is where the site was, for pages that are known by their path; if it is not given,
    the first of the addresses that Artalk has of the site is. ``zone`` is for times that name none.
    ``only_site`` names the site, if the file holds several; otherwise the first one met is taken,
    and what belongs to another is left out and counted. Times after ``now`` become ``now``.

    Raises:
        InvalidInput: perhaps half-way: it is no JSON that ``jsonstream.values`` reads, or there is
            no address for the site.
    """
    reading = _Reading(zone, now, base_url, only_site)
    for line, value in values(stream):
        yield from reading.read(value, f"line {line}")


@dataclass(slots=True)
class _Reading:
    """One run over a file, with the pages that were told of."""

    zone: tzinfo
    now: datetime
    base_url: str | None
    site: str | None
    told: set[str] = field(default_factory=set)

    def read(self, value: object, place: str) -> Iterator[Record]:
        """Yield a comment, and before it its page where that is new."""
        source_id = cleaning.clean_id(text_of(value, "id")) or ""
        if not isinstance(value, dict):
            yield Skipped(RecordKind.COMMENT, "", Skip.DAMAGED, place)
            return
        if self.site is None:
            self.site = text_of(value, "site_name")
        if text_of(value, "site_name") != self.site:
            yield Skipped(RecordKind.COMMENT, source_id, Skip.OTHER_SITE, place)
            return
        key = text_of(value, "page_key")
        url = cleaning.join_url(self._base(value, key), key)
        if url is None:
            yield Skipped(RecordKind.COMMENT, source_id, Skip.STORY_MISSING, place)
            return
        if url not in self.told:
            self.told.add(url)
            yield SourceStory(
                source_id=url,
                url=url,
                title=cleaning.clean_line(text_of(value, "page_title")),
                section=None,
                published_at=None,
                open=truth_of(value, "page_admin_only") is False,
                visible=True,
            )
        yield from settle(self._draft(value, url, place), now=self.now)

    def _draft(self, value: dict[str, object], url: str, place: str) -> Draft:
        email = text_of(value, "email").strip()
        known = cleaning.clean_email(email)
        status, reason = _standing(pending=truth_of(value, "is_pending"))
        return Draft(
            source_id=text_of(value, "id"),
            story_source_id=url,
            parent_source_id=text_of(value, "rid"),
            author=SourceAuthor(None, cleaning.clean_line(text_of(value, "nick")), known),
            body=text_of(value, "content"),
            form=Form.MARKDOWN,
            created_at=read_instant(value.get("created_at"), zone=self.zone),
            status=status,
            hidden_because=reason,
            edited_at=None,  # What it calls the update is also a vote or a pin.
            respect=number_of(value, "vote_up"),
            featured=truth_of(value, "is_pinned") is True,
            lost_email=bool(email) and known is None,
            place=place,
        )

    def _base(self, value: dict[str, object], key: str) -> str:
        if self.base_url is None and cleaning.clean_url(key) is None:
            first = text_of(value, "site_urls").split(",")[0]
            self.base_url = cleaning.clean_url(first)
            if self.base_url is None:
                raise InvalidInput(
                    "The file names pages without their site: say where the site was.",
                    field="file",
                    code="base_url_needed",
                )
        return self.base_url or ""


def _standing(*, pending: bool | None) -> tuple[ImportStatus, Hide | None]:
    if pending is None:
        return ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS
    return (ImportStatus.HELD, Hide.PENDING) if pending else (ImportStatus.PUBLISHED, None)
