"""Read a WordPress export: decide for each entry and comment what it is and whether it was public.

Two rules stand above all others. What the public could not read at the source never becomes public
here; and no reader's words are lost without a reason in the report. The XML is read in ``wxr.py``;
what stands under what is settled in the landing, when everything has been read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import BinaryIO
from urllib.parse import urlsplit

from belowline.transfer import cleaning
from belowline.transfer.codes import STRICTNESS, Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.drafts import Form, to_source_text
from belowline.transfer.safexml import REPLACED
from belowline.transfer.shape import (
    Record,
    Repaired,
    Skipped,
    SourceAuthor,
    SourceComment,
    SourceStory,
)
from belowline.transfer.wxr import Item, read_items

STORY_KINDS = frozenset({"post", "page"})
LONGEST_BODY = 100_000
"""WordPress itself keeps 65,535 bytes of a comment; more than this is not one."""

_SKIPPED_KINDS = {
    "pingback": Skip.PINGBACK,
    "trackback": Skip.TRACKBACK,
    "note": Skip.NOTE,
}


def read_wordpress(
    stream: BinaryIO,
    *,
    zone: tzinfo,
    now: datetime,
    story_kinds: frozenset[str] = STORY_KINDS,
) -> Iterator[Record]:
    """Yield the stories of an export, each followed by its comments in the file's order.

    ``zone`` is the site's, for comments that lack their universal time. Times after ``now`` become
    ``now``. ``story_kinds`` are the kinds of entry that are stories; a title with kinds of its own
    names them. Raises :class:`InvalidInput`, perhaps half-way, when the file cannot be read.
    """
    reading = _Reading(zone=zone, now=now, story_kinds=story_kinds)
    for item in read_items(stream):
        yield from reading.read_item(item)


@dataclass(slots=True)
class _Reading:
    """One run over a file, with the ids it has met: joined files repeat them."""

    zone: tzinfo
    now: datetime
    story_kinds: frozenset[str]
    stories: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """By source id: the address, and whether it was visible wherever it was met."""
    comments: dict[str, tuple[str, ImportStatus]] = field(default_factory=dict)
    """By source id: the story and the strictest status met."""

    def read_item(self, item: Item) -> Iterator[Record]:
        kind = _kind(item)
        raw_id = item.fields.get("wp:post_id", "")
        url = _address(item)
        if not item.comments and kind not in self.story_kinds:
            yield Skipped(RecordKind.STORY, raw_id, Skip.NOT_A_STORY, _code(kind))
            return
        if url is None:
            yield Skipped(RecordKind.STORY, raw_id, Skip.NO_ADDRESS)
            for fields in item.comments:
                raw_comment_id = fields.get("wp:comment_id", "")
                yield Skipped(RecordKind.COMMENT, raw_comment_id, Skip.STORY_SKIPPED)
            return
        hide = self._why_hidden(item)
        source_id = raw_id if _is_id(raw_id) else url
        if source_id in self.stories and not _same_page(self.stories[source_id][0], url):
            yield Repaired(RecordKind.STORY, url, Repair.ID_REUSED, source_id)
            source_id = url
        if source_id in self.stories:
            first_url, was_visible = self.stories[source_id]
            # A story met twice, once public and once not, is treated as not public from here on.
            self.stories[source_id] = (first_url, was_visible and hide is None)
            if hide is None and not was_visible:
                hide = Hide.STORY_NOT_PUBLIC
            yield Skipped(RecordKind.STORY, source_id, Skip.DUPLICATE)
        else:
            self.stories[source_id] = (url, hide is None)
            yield self._story(item, source_id=source_id, url=url, visible=hide is None)
        yield from self._read_comments(item, story_id=source_id, hide=hide)

    def _why_hidden(self, item: Item) -> Hide | None:
        if _kind(item) not in self.story_kinds:
            return Hide.NOT_A_STORY
        status = item.fields.get("wp:status", "publish" if _is_disqus(item) else "")
        if status != "publish" or item.fields.get("wp:post_password"):
            return Hide.STORY_NOT_PUBLIC
        return None

    def _story(self, item: Item, *, source_id: str, url: str, visible: bool) -> SourceStory:
        return SourceStory(
            source_id=source_id,
            url=url,
            title=cleaning.clean_line(item.fields.get("title", "")),
            section=cleaning.clean_line(item.section) if item.section else None,
            published_at=self._published_at(item),
            open=item.fields.get("wp:comment_status") == "open",
            visible=visible,
            key=cleaning.clean_key(item.fields.get("dsq:thread_identifier", "")),
        )

    def _published_at(self, item: Item) -> datetime | None:
        return cleaning.read_time(
            item.fields.get("wp:post_date_gmt", ""), zone=UTC
        ) or cleaning.read_time(item.fields.get("wp:post_date", ""), zone=self.zone)

    def _read_comments(self, item: Item, *, story_id: str, hide: Hide | None) -> Iterator[Record]:
        published_at = self._published_at(item)
        # A parent stands under the same story, so an id that was changed is changed there too.
        renamed = {
            raw_id: f"{story_id}/{raw_id}"
            for fields in item.comments
            if (raw_id := fields.get("wp:comment_id", "")) in self.comments
            and self.comments[raw_id][0] != story_id
        }
        for fields in item.comments:
            raw_id = fields.get("wp:comment_id", "")
            source_id = renamed.get(raw_id, raw_id)
            skip = _why_skipped(fields)
            if skip is not None:
                detail = _code(fields["wp:comment_type"]) if skip is Skip.OTHER_KIND else ""
                yield Skipped(RecordKind.COMMENT, source_id, skip, detail)
                continue
            status, reason = _standing(fields.get("wp:comment_approved", ""), hide=hide)
            known = self.comments.get(source_id)
            if known is not None and STRICTNESS[status] <= STRICTNESS[known[1]]:
                yield Skipped(RecordKind.COMMENT, source_id, Skip.DUPLICATE)
                continue
            text = to_source_text(fields["wp:comment_content"], Form.LINES)
            if not text:
                yield Skipped(RecordKind.COMMENT, source_id, Skip.EMPTY)
                continue
            created_at, repair = self._created_at(fields, published_at=published_at)
            if created_at is None:
                yield Skipped(RecordKind.COMMENT, source_id, Skip.NO_DATE)
                continue
            author = _author(fields)
            for put_right in _repairs(fields, author, repair, mended=item.mended):
                yield Repaired(RecordKind.COMMENT, source_id, put_right)
            if raw_id in renamed:
                yield Repaired(RecordKind.COMMENT, source_id, Repair.ID_REUSED, raw_id)
            self.comments[source_id] = (story_id, status)
            parent = fields.get("wp:comment_parent", "0")
            yield SourceComment(
                source_id=source_id,
                story_source_id=story_id,
                parent_source_id=renamed.get(parent, parent) if _is_id(parent) else None,
                author=author,
                html=fields["wp:comment_content"],
                text=text,
                created_at=created_at,
                status=status,
                hidden_because=reason,
            )

    def _created_at(
        self, fields: dict[str, str], *, published_at: datetime | None
    ) -> tuple[datetime | None, Repair | None]:
        time = cleaning.read_comment_time(fields.get("wp:comment_date_gmt", ""), zone=UTC)
        repair: Repair | None = None
        if time is None:
            time = cleaning.read_comment_time(fields.get("wp:comment_date", ""), zone=self.zone)
            repair = Repair.DATE_FROM_LOCAL
        if time is None:
            time = published_at
            repair = Repair.DATE_FROM_STORY
        if time is not None and time > self.now:
            return self.now, Repair.DATE_IN_FUTURE
        return time, repair


def _is_disqus(item: Item) -> bool:
    """Whether an entry is of Disqus's dialect, which says less of it than WordPress does."""
    return "dsq:thread_identifier" in item.fields


def _kind(item: Item) -> str:
    return item.fields.get("wp:post_type", "post" if _is_disqus(item) else "")


_LONGEST_ID = 20


def _is_id(text: str) -> bool:
    return len(text) <= _LONGEST_ID and text.isascii() and text.isdigit() and text.strip("0") != ""


def _code(kind: str) -> str:
    """Return a foreign kind's name for the report, short and without anything but a name."""
    return "".join(char for char in kind if char.isascii() and (char.isalnum() or char in "-_"))[
        :40
    ]


def _address(item: Item) -> str | None:
    return cleaning.clean_url(item.fields.get("link", "")) or cleaning.clean_url(
        item.fields.get("guid", "")
    )


def _same_page(one: str, other: str) -> bool:
    """Whether two addresses of one id are one story's: titles move to https and rename slugs."""
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other)]
    return hosts[0] == hosts[1]


def _why_skipped(fields: dict[str, str]) -> Skip | None:
    # The kind comes first: a newsroom's note is never looked at further.
    kind = fields.get("wp:comment_type", "").lower()
    if kind not in {"", "comment"}:
        return _SKIPPED_KINDS.get(kind, Skip.OTHER_KIND)
    if fields.get("wp:comment_approved") == "spam":
        return Skip.SPAM
    if not _is_id(fields.get("wp:comment_id", "")):
        return Skip.NO_ID
    body = fields.get("wp:comment_content", "")
    if len(body) > LONGEST_BODY:
        return Skip.TOO_LONG
    return None if body else Skip.EMPTY


def _standing(approved: str, *, hide: Hide | None) -> tuple[ImportStatus, Hide | None]:
    """Return the stricter of what the comment's own mark and its story say."""
    match approved:
        case "trash":
            return ImportStatus.REMOVED, Hide.TRASHED
        case "post-trashed":
            return ImportStatus.HIDDEN, Hide.STORY_NOT_PUBLIC
        case "1":
            return (ImportStatus.HIDDEN, hide) if hide else (ImportStatus.PUBLISHED, None)
        case "0":
            return (ImportStatus.HIDDEN, hide) if hide else (ImportStatus.HELD, Hide.PENDING)
        case _:
            return ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS


def _author(fields: dict[str, str]) -> SourceAuthor:
    account = fields.get("wp:comment_user_id", "")
    remote = cleaning.clean_id(fields.get("dsq:remote_id", ""))
    return SourceAuthor(
        source_id=account if _is_id(account) else remote,
        name=cleaning.clean_line(fields.get("wp:comment_author", "")),
        email=cleaning.clean_email(fields.get("wp:comment_author_email", "")),
    )


def _repairs(
    fields: dict[str, str], author: SourceAuthor, repair: Repair | None, *, mended: bool
) -> Iterator[Repair]:
    if fields.get("wp:comment_author_email") and author.email is None:
        yield Repair.EMAIL_DROPPED
    if repair is not None:
        yield repair
    if mended and any(REPLACED in value for value in fields.values()):
        yield Repair.WRONG_LETTERS
