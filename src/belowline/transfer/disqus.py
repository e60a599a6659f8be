"""Read an export of Disqus's own format: lists of categories, threads and comments.

Old exports hold e-mail addresses and modern ones do not; neither says who deleted a comment. One
that was emptied was taken back by its author, as that is what Disqus does then; one that still has
its words was taken down by somebody else. The other dialect that Disqus reads, an extension of
WordPress's format, is read by ``wordpress.py``.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import BinaryIO, TextIO, cast
from xml.etree.ElementTree import Element  # the type alone; defusedxml parses

from belowline.core.errors import InvalidInput
from belowline.transfer import cleaning
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.drafts import Draft, Form, settle
from belowline.transfer.instants import not_after, read_instant
from belowline.transfer.safexml import REPLACED, SafeXml, put_answer
from belowline.transfer.shape import Record, Repaired, Skipped, SourceAuthor, SourceStory

KEPT_IN_MEMORY = 8 * 1024**2

_OURS = re.compile(r"\{https?://(?:www\.)?disqus\.com/?\}")
_ID = re.compile(r"\{https?://(?:www\.)?disqus\.com/disqus-internals/?\}id")
_LINES = re.compile(r"<(?:p|br|div|ul|ol|blockquote)\b", re.IGNORECASE)


def read_disqus(stream: BinaryIO, *, now: datetime) -> Iterator[Record]:
    """Yield the stories and comments of an export, in the file's order where that is possible.

    Times after ``now`` become ``now``.

    Raises:
        InvalidInput: perhaps half-way: it is not Disqus's, or ``safexml.SafeXml`` refuses it.
    """
    xml = SafeXml(stream)
    reading = _Reading(now)
    open_elements: list[Element] = []
    try:
        for event, element in xml.events():
            if event == "start":
                open_elements.append(element)
                if len(open_elements) == 1:
                    _require_disqus(element)
                continue
            open_elements.pop()
            if len(open_elements) != 1:
                continue
            yield from reading.read(_name(element), _fields(element), mended=xml.mended)
            xml.forget(open_elements[0])
        yield from reading.read_waiting()
    finally:
        reading.close()


def _require_disqus(root: Element) -> None:
    if _name(root) != "disqus":
        raise InvalidInput(
            "This is not a Disqus export: its first element is not <disqus>.",
            field="file",
            code="not_disqus",
        )


def _name(element: Element) -> str:
    return _bare(str(element.tag))


@lru_cache(256)
def _bare(tag: str) -> str:
    """Return a name without Disqus's namespace; a file has a dozen, a million times."""
    return _OURS.sub("", tag)


def _fields(element: Element) -> dict[str, str]:
    """Return what an entry says, by name; two different answers give both, which equal neither."""
    fields = {"@id": _identity(element) or ""}
    for child in element:
        is_author = _name(child) == "author"
        prefix = "author/" if is_author else ""
        for part in child if is_author else (child,):
            name = prefix + _name(part)
            # References are written as an attribute, and as text in Disqus's own description.
            written = "".join(part.itertext()) if len(part) else part.text or ""
            value = (part.attrib and _identity(part)) or written.strip()
            put_answer(fields, name, value)
    return fields


def _identity(element: Element) -> str | None:
    return next((value.strip() for key, value in element.items() if _ID.fullmatch(key)), None)


@dataclass(frozen=True, slots=True)
class _Story:
    """What comments need to know of their story; ``None`` in its place if it was left out."""

    visible: bool
    created_at: datetime | None


@dataclass(slots=True)
class _Reading:
    """One run over a file, with the stories that it has met."""

    now: datetime
    stories: dict[str, _Story | None] = field(default_factory=dict)
    waiting: TextIO | None = None
    """Comments that came before their story. They are many only in broken files, so they may go
    to the disk, to a file without a name that only this process can read."""

    def read(self, name: str, fields: dict[str, str], *, mended: bool) -> Iterator[Record]:
        """Yield what an entry holds; of categories and what is unknown, nothing."""
        source_id = cleaning.clean_id(fields["@id"])
        kind = {"thread": RecordKind.STORY, "post": RecordKind.COMMENT}.get(name)
        if kind is None:
            return
        if source_id and mended and any(REPLACED in value for value in fields.values()):
            yield Repaired(kind, source_id, Repair.WRONG_LETTERS)
        if kind is RecordKind.STORY:
            yield from self._read_story(fields, source_id)
        elif fields.get("thread", "") in self.stories:
            yield from self._read_comment(fields)
        else:
            self._wait(fields)

    def read_waiting(self) -> Iterator[Record]:
        """Yield what waited for its story, now that all have been read."""
        if self.waiting is None:
            return
        self.waiting.seek(0)
        for line in self.waiting:
            fields = json.loads(line)
            if fields.get("thread", "") in self.stories:
                yield from self._read_comment(fields)
            else:
                source_id = cleaning.clean_id(fields["@id"]) or ""
                yield Skipped(RecordKind.COMMENT, source_id, Skip.STORY_MISSING)

    def close(self) -> None:
        """Let go of what waited."""
        if self.waiting is not None:
            self.waiting.close()

    def _wait(self, fields: dict[str, str]) -> None:
        if self.waiting is None:
            made = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - ``close`` does
                KEPT_IN_MEMORY, "w+", encoding="utf-8"
            )
            self.waiting = cast("TextIO", made)
        self.waiting.write(json.dumps(fields) + "\n")

    def _read_story(self, fields: dict[str, str], source_id: str | None) -> Iterator[Record]:
        if source_id is None:
            yield Skipped(RecordKind.STORY, "", Skip.NO_ID)
            return
        visible = fields.get("isDeleted", "false") == "false"
        if source_id in self.stories:
            known = self.stories[source_id]
            if known is not None:
                self.stories[source_id] = _Story(known.visible and visible, known.created_at)
            yield Skipped(RecordKind.STORY, source_id, Skip.DUPLICATE)
            return
        identifier = fields.get("id", "")
        addresses = [cleaning.clean_url(fields.get("link", "")), cleaning.clean_url(identifier)]
        found = list(dict.fromkeys(address for address in addresses if address))
        if not found:
            # Disqus keeps empty entries, nobody knows what for; most have no comments either.
            self.stories[source_id] = None
            yield Skipped(RecordKind.STORY, source_id, Skip.NO_ADDRESS)
            return
        created_at, repair = not_after(
            read_instant(fields.get("createdAt", ""), zone=UTC), self.now
        )
        if repair:
            yield Repaired(RecordKind.STORY, source_id, repair)
        self.stories[source_id] = _Story(visible, created_at)
        yield SourceStory(
            source_id=source_id,
            url=found[0],
            title=cleaning.clean_line(fields.get("title", "")),
            section=None,
            published_at=created_at,
            open=fields.get("isClosed", "false") == "false",
            visible=visible,
            key=cleaning.clean_key(identifier),
            aliases=tuple(found[1:]),
        )

    def _read_comment(self, fields: dict[str, str]) -> Iterator[Record]:
        story_id = fields["thread"]
        story = self.stories[story_id]
        source_id = fields["@id"]
        spam = fields.get("isSpam") == "true"
        if story is None or spam:
            reason = Skip.SPAM if spam else Skip.STORY_SKIPPED
            yield Skipped(RecordKind.COMMENT, cleaning.clean_id(source_id) or "", reason)
            return
        body = fields.get("message", "")
        status, hide = _standing(fields, body=body, visible=story.visible)
        author, lost = _author(fields)
        yield from settle(
            Draft(
                source_id=source_id,
                story_source_id=story_id,
                parent_source_id=fields.get("parent", ""),
                author=author,
                body=body,
                form=Form.HTML if _LINES.search(body) else Form.LINES,
                created_at=read_instant(fields.get("createdAt", ""), zone=UTC),
                status=status,
                hidden_because=hide,
                lost_email=lost,
            ),
            now=self.now,
            story_date=story.created_at,
        )


def _standing(
    fields: dict[str, str], *, body: str, visible: bool
) -> tuple[ImportStatus, Hide | None]:
    """Return where a comment stood; what is not said as Disqus says it is never public."""
    if fields.get("isDeleted") == "true":
        if body:
            return ImportStatus.REMOVED, Hide.TRASHED
        return ImportStatus.DELETED, Hide.DELETED
    if fields.get("isDeleted") != "false" or fields.get("isSpam") != "false":
        return ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS
    if not visible:
        return ImportStatus.HIDDEN, Hide.STORY_NOT_PUBLIC
    match fields.get("isApproved", "true"):
        case "true":
            return ImportStatus.PUBLISHED, None
        case "false":
            return ImportStatus.HELD, Hide.PENDING
        case _:
            return ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS


def _author(fields: dict[str, str]) -> tuple[SourceAuthor, bool]:
    """Return who wrote it, and whether an address was lost: only a name with an account is one."""
    typed = fields.get("author/email", "")
    email = cleaning.clean_email(typed)
    anonymous = fields.get("author/isAnonymous", "false") != "false"
    account = None if anonymous else cleaning.clean_id(fields.get("author/username", ""))
    name = cleaning.clean_line(fields.get("author/name", ""))
    return SourceAuthor(account, name, email), bool(typed) and email is None
