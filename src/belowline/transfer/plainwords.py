"""Bodies that are nothing but plain words, which most are: seen at a glance instead of parsed.

A parser takes several times as long over them as all the rest of an import. Whatever might mean
anything in HTML or Markdown goes the long way; where this module answers at all, a test holds it
to what the long way would say.
"""

from __future__ import annotations

import re

# Whatever is not a letter, a digit, a plain sign, a space or a newline.
_MEANS_SOMETHING = re.compile(r"[^\w ,.;:?!'\"()/%$€£’‘“”–—…=\n-]|_")
# A line that may be more than words, spaces that will not stay, or an address.
_LINE_MEANS_SOMETHING = re.compile(r"^[ =\-0-9]|  | $|\n\n\n|://", re.MULTILINE)
_PARAGRAPHS = re.compile(r"\s*(?:<p>[^<>&]*(?:<br ?/?>[^<>&]+)*</p>\s*)+")
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_BREAK = re.compile(r"<br ?/?>")


def plain_lines(body: str) -> str | None:
    """Return what is written in lines, or None if it may be more than words.

    This holds for Markdown and for HTML alike in which a newline is a line break.
    """
    words = body.rstrip(" \n").lstrip("\n")
    if _MEANS_SOMETHING.search(words) or _LINE_MEANS_SOMETHING.search(words):
        return None
    return words


def plain_paragraphs(body: str) -> str | None:
    """Return what is written in HTML's paragraphs, or without any tag; None if it may be more."""
    if "<" not in body:
        return _plain_line(body)
    if _PARAGRAPHS.fullmatch(body) is None:
        return None
    paragraphs: list[str] = []
    for inner in _PARAGRAPH.findall(body):
        lines = [_plain_line(line) for line in _BREAK.split(inner)]
        if not all(lines):
            return None
        paragraphs.append("\n".join(line for line in lines if line))
    return "\n\n".join(paragraphs)


def _plain_line(text: str) -> str | None:
    if _MEANS_SOMETHING.search(text):
        return None
    words = " ".join(text.split())
    return None if _LINE_MEANS_SOMETHING.search(words) else words
