"""A comment's HTML as plain text, for where no HTML can be shown."""

from __future__ import annotations

import re
from html import unescape

# Only ever given what core/markup.py made: a few tags, all closed, and nothing that looks like one.
_BREAK = re.compile(r"<br>\n?|</(?:p|li|blockquote)>\n?")
_LINES = re.compile(r"\n{2,}")
_TAG = re.compile(r"<[^>]*>")
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_plain(html: str) -> str:
    """Return what a reader would see, a line for each paragraph."""
    text = unescape(_TAG.sub("", _BREAK.sub("\n", html))).strip()
    return _LINES.sub("\n", text) if "\n\n" in text else text


def shorten(text: str, most: int) -> str:
    """Return the text on one line, cut at a word with an ellipsis if it is longer than ``most``."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    at = cut.rfind(" ")
    # A script without spaces, or one endless word, is cut where it is.
    return f"{(cut[:at] if at > most // 2 else cut).rstrip(' ,;:.–—-')}…"


def for_xml(text: str) -> str:
    """Return the text without the few characters that XML 1.0 cannot hold in any form."""
    return _NOT_IN_XML.sub("", text)
