"""Read WordPress's export format (WXR) as flat records, one story at a time.

It knows where the fields are and nothing of what they mean; ``wordpress.py`` decides that. Disqus
has a dialect of it for files that are brought to it, whose own fields are read as well. The XML is
read by ``safexml.py`` and forgotten as it is read: memory is bounded by the largest story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree.ElementTree import Element  # the type alone; defusedxml parses

from belowline.core.errors import InvalidInput
from belowline.transfer.safexml import SafeXml, put_answer

_EXPORT = re.compile(r"\{https?://wordpress\.org/export/[0-9.]+/\}")
_DISQUS = re.compile(r"\{https?://(?:www\.)?disqus\.com/?\}")
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
        "dsq:thread_identifier",
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
_REMOTE = (*_COMMENT, "dsq:remote")
_CONTAINERS = {_CHANNEL[:1], _CHANNEL, _ITEM, _COMMENT, _REMOTE}


@dataclass(slots=True)
class Item:
    """One entry of the export: mostly a story, but also pictures, menus and settings.

    A field that occurs twice with different values holds both, a line each, so that it equals
    neither: two values for a status must not mean the friendlier one.
    """

    fields: dict[str, str] = field(default_factory=dict)
    section: str | None = None
    comments: list[dict[str, str]] = field(default_factory=list)
    mended: bool = False
    """Whether any byte of the file so far was replaced, as it was no text."""


def read_items(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of an export as they are read.

    Raises:
        InvalidInput: it is not WXR, or ``safexml.SafeXml`` refuses it. As entries are yielded
            before the rest has been read, that may happen after some of them.
    """
    xml = SafeXml(stream)
    path: list[str] = []
    elements: list[Element] = []
    item = Item()
    comment: dict[str, str] = {}
    seen: set[tuple[str, ...]] = set()
    is_export = False
    for event, element in xml.events():
        if event == "start":
            path.append(_name(element))
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
            item.mended = xml.mended
            yield item
            item = Item()
        elif here == _COMMENT:
            item.comments.append(comment)
            comment = {}
        elif parent == _COMMENT and here[-1] in _COMMENT_FIELDS:
            _put(comment, name=here[-1], element=element)
        elif here == (*_REMOTE, "dsq:id"):
            _put(comment, name="dsq:remote_id", element=element)
        elif parent == _ITEM:
            _put_story_field(item, name=here[-1], element=element)
        if parent in _CONTAINERS:
            xml.forget(elements[-1])
    if _CHANNEL not in seen or not is_export:
        raise _not_an_export("This is not a WordPress export: nothing in it is WordPress's own.")


def _name(element: Element) -> str:
    return _DISQUS.sub("dsq:", _EXPORT.sub("wp:", str(element.tag)))


def _require_place(path: list[str]) -> None:
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
    put_answer(fields, name, "".join(element.itertext()).strip())
