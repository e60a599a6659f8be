"""Parse untrusted HTML into a small tree, as forgivingly as a browser and within bounds.

What a reader was never meant to read (scripts, styles, frames) is dropped here with all it holds.
The depth is bounded: what is nested deeper joins the deepest element.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from belowline.transfer.cleaning import tame_references

DEEPEST = 40


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


BLOCKS = _tags(
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody "
    "tfoot thead tr ul"
)
_VOID = _tags("area base br col embed hr img input link meta source track wbr")
_DROPPED = _tags(
    "applet audio canvas frameset head iframe math noembed noframes noscript object plaintext "
    "script select style svg template textarea title video xmp"
)
_NONE = _tags("")
_PARAGRAPH = _tags("p")
_CLOSED_BY_NEXT = {
    "li": (_tags("li"), _tags("ul ol")),
    "dt": (_tags("dt dd"), _tags("dl")),
    "dd": (_tags("dt dd"), _tags("dl")),
    "tr": (_tags("tr td th"), _tags("table")),
    "td": (_tags("td th"), _tags("tr table")),
    "th": (_tags("td th"), _tags("tr table")),
}
"""An element that ends those open ones, looking no further up than to the second set."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# A "<" is an element's only if its ">" comes before the next "<". The rest are words; escaping them
# first also spares the parser the inputs on which it takes quadratic time or fails.
_NOT_A_TAG = re.compile(r"<(?!/?[A-Za-z][^<>]*>)")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(slots=True)
class Node:
    """An element. ``holds_block`` says whether one that makes paragraphs is anywhere inside."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    holds_block: bool = False

    def text(self) -> str:
        """Return the words inside, line breaks as newlines, marks and all."""
        return "".join(
            child if isinstance(child, str) else "\n" if child.tag == "br" else child.text()
            for child in self.children
        )


def parse(html: str) -> Node:
    """Return the root of the tree. Never raises on any string."""
    text = _NOT_TEXT.sub("", html.replace("\r\n", "\n").replace("\r", "\n"))
    builder = _Builder()
    builder.feed(_NOT_A_TAG.sub("&lt;", _COMMENT.sub("", tame_references(text))))
    builder.close()
    return builder.root


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]
        self._dropping: str | None = None
        self._dropping_depth = 0
        self._after_break = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._dropping is not None:
            self._dropping_depth += tag == self._dropping
            return
        if tag in _DROPPED:
            self._dropping, self._dropping_depth = tag, 1
            return
        self._close_implied(tag)
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag in BLOCKS:
            for ancestor in self._open:
                ancestor.holds_block = True
        if tag not in _VOID and len(self._open) < DEEPEST:
            self._open.append(node)
        self._after_break = tag == "br"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._dropping is not None:
            if tag == self._dropping:
                self._dropping_depth -= 1
                if self._dropping_depth == 0:
                    self._dropping = None
            return
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].tag == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        if self._dropping is not None:
            return
        if self._after_break:
            # Editors write the break and the newline; together they are one.
            data = re.sub(r"\A[ \t]*\n", "", data)
        self._after_break = False
        if data:
            self._open[-1].children.append(_NOT_TEXT.sub("", data))

    def _close_implied(self, tag: str) -> None:
        closes, up_to = _CLOSED_BY_NEXT.get(tag, (_NONE, _NONE))
        if not closes and tag in BLOCKS:
            closes, up_to = _PARAGRAPH, BLOCKS - _PARAGRAPH
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].tag in up_to:
                return
            if self._open[index].tag in closes:
                del self._open[index:]
                # A row also ends the cell it stands after, so the search goes on for rows alone.
                if tag != "tr":
                    return
