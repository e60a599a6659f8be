"""Read WordPress's export format (WXR) as flat records, one story at a time.

It knows where the fields are and nothing of what they mean; ``wordpress.py`` decides that. The XML
is parsed with document types, entities and references forbidden, and is forgotten as it is read:
memory is bounded by the largest story, not by the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree.ElementTree import Element  # the type alone; defusedxml parses

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from belowline.core.errors import InvalidInput

MAX_DEPTH = 60
MAX_ELEMENT_BYTES = 64 * 1024**2
"""A field longer than this is no comment and no article."""

_EXPORT = re.compile(r"\{https?://wordpress\.org/export/[0-9.]+/\}")
_STORY_FIELDS = frozenset(
    {
        "title",
        "link",
        "guid",
        "wp:post_id",
        "wp:post_date",
        "wp:post_date_gmt",
        "wp:comment_status",
        "wp:status",
        "wp:post_type",
        "wp:post_password",
    }
)
_COMMENT_FIELDS = frozenset(
    {
        "wp:comment_id",
        "wp:comment_author",
        "wp:comment_author_email",
        "wp:comment_date",
        "wp:comment_date_gmt",
        "wp:comment_content",
        "wp:comment_approved",
        "wp:comment_type",
        "wp:comment_parent",
        "wp:comment_user_id",
    }
)
"""What is read of a comment. Its network address and its metadata (which may hold serialized PHP
objects, not to be unserialized by anybody) are not."""

_CHANNEL = ("rss", "channel")
_ITEM = (*_CHANNEL, "item")
_COMMENT = (*_ITEM, "wp:comment")
_CONTAINERS = {_CHANNEL[:1], _CHANNEL, _ITEM, _COMMENT}


@dataclass(slots=True)
class Item:
    """One entry of the export: mostly a story, but also pictures, menus and settings.

    A field that occurs twice with different values holds both, a line each, so that it equals
    neither: two values for a status must not mean the friendlier one.
    """

    fields: dict[str, str] = field(default_factory=dict)
    section: str | None = None
    comments: list[dict[str, str]] = field(default_factory=list)


def read_items(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of an export as they are read.

    Raises :class:`InvalidInput`, with the line where the parser knows it, for what is not
    well-formed, not WXR, or declares a document type. As entries are yielded before the rest has
    been read, that may happen after some of them.
    """
    watched = _Watched(stream)
    try:
        yield from _items(watched)
    except ParseError as error:
        line, column = error.position
        raise InvalidInput(
            f"The file is not well-formed XML at line {line}, column {column + 1}.",
            field="file",
            code="malformed_xml",
            line=line,
        ) from error
    except DefusedXmlException as error:
        raise InvalidInput(
            "The file declares a document type or entities, which no WordPress export does.",
            field="file",
            code="forbidden_xml",
        ) from error
    except (LookupError, ValueError) as error:
        # Expat asks Python for encodings that it does not know itself, and these are its answers.
        raise InvalidInput(
            "The file says it is in an encoding that cannot be read; export it as UTF-8.",
            field="file",
            code="unknown_encoding",
        ) from error


class _Watched:
    """A stream that refuses to go on when a single element fills too much memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._since_event = 0

    def event(self) -> None:
        self._since_event = 0

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._since_event += len(data)
        if self._since_event > MAX_ELEMENT_BYTES:
            raise InvalidInput(
                "The file holds an element that is too large to be text.",
                field="file",
                code="element_too_large",
                limit=MAX_ELEMENT_BYTES,
            )
        return data


def _items(stream: _Watched) -> Iterator[Item]:
    path: list[str] = []
    elements: list[Element] = []
    item = Item()
    comment: dict[str, str] = {}
    seen: set[tuple[str, ...]] = set()
    is_export = False
    events: Iterator[tuple[str, Element]] = iterparse(
        stream, events=("start", "end"), forbid_dtd=True
    )
    for event, element in events:
        stream.event()
        if event == "start":
            path.append(_EXPORT.sub("wp:", str(element.tag)))
            elements.append(element)
            _require_place(path)
            is_export = is_export or path[-1].startswith("wp:")
            continue
        here = tuple(path)
        path.pop()
        elements.pop()
        parent = here[:-1]
        seen.add(here[:2])
        if here == _ITEM:
            yield item
            item = Item()
        elif here == _COMMENT:
            item.comments.append(comment)
            comment = {}
        elif parent == _COMMENT and here[-1] in _COMMENT_FIELDS:
            _put(comment, name=here[-1], element=element)
        elif parent == _ITEM:
            _put_story_field(item, name=here[-1], element=element)
        if parent in _CONTAINERS:
            # What has been read is taken off the tree, or the whole file would stay in memory.
            del elements[-1][:]
    if _CHANNEL not in seen or not is_export:
        raise _not_an_export("This is not a WordPress export: nothing in it is WordPress's own.")


def _require_place(path: list[str]) -> None:
    if len(path) > MAX_DEPTH:
        raise InvalidInput(
            "The file's elements are nested too deeply.", field="file", code="nested_too_deeply"
        )
    if len(path) == 1 and path[0] != "rss":
        if path[0].endswith("disqus"):
            raise _not_an_export("This is a Disqus export, not one from WordPress.")
        raise _not_an_export("This is not a WordPress export: its first element is not <rss>.")


def _not_an_export(message: str) -> InvalidInput:
    return InvalidInput(message, field="file", code="not_wordpress")


def _put_story_field(item: Item, *, name: str, element: Element) -> None:
    if name in _STORY_FIELDS:
        _put(item.fields, name=name, element=element)
    elif name == "category" and element.get("domain") == "category" and item.section is None:
        item.section = "".join(element.itertext()).strip() or None


def _put(fields: dict[str, str], *, name: str, element: Element) -> None:
    value = "".join(element.itertext()).strip()
    if name in fields and fields[name] != value:
        value = f"{fields[name]}\n{value}"
    fields[name] = value
