"""Turn comments that were written in other systems' Markdown into our own subset.

Those systems know more of Markdown than we do, and HTML in it. So it is rendered here with all of
that, and the result goes the way of foreign HTML: through ``htmltext.py`` into source text, which
``core.markup`` renders and cleans like a new comment's. Nothing that is made here is ever shown.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from belowline.transfer.htmltext import to_text


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_HTML = _tags(
    "a abbr acronym address applet area article aside audio b base bdi bdo big blockquote body br "
    "button canvas caption center cite code col colgroup data datalist dd del details dfn dialog "
    "dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 "
    "h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main map mark "
    "math menu meta meter nav noembed noframes noscript object ol optgroup option output p param "
    "picture plaintext pre progress q rp rt ruby s samp script section select slot small source "
    "span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead "
    "time title tr track tt u ul var video wbr xmp"
)
_TAG = re.compile(r"<(?=/?([A-Za-z][^\s/<>]*))")

_markdown = MarkdownIt("commonmark", {"breaks": True, "html": True}).enable("table")


def from_markdown(source: str) -> str:
    """Return the words of a comment as source text, or an empty string if there are none to see.

    A newline is a line break, as those who typed it saw it or meant it. What only looks like a tag,
    as in ``List<String>``, stays as words; HTML's own tags are read as HTML. Never raises.
    """
    return to_text(_TAG.sub(_known, _markdown.render(source)), newlines_matter=False)


def _known(tag: re.Match[str]) -> str:
    return tag[0] if tag[1].lower() in _HTML else "&lt;"
