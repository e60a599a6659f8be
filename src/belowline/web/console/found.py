"""The passage of a text that fits a search, with what was looked for marked in it. Pure."""

from __future__ import annotations

import re

from markupsafe import Markup

from belowline.core.terms import Passage
from belowline.search.query import Phrase, Sought
from belowline.search.words import kept_words
from belowline.web.marking import marked

LENGTH = 320
BEFORE = 90
"""Letters of what stands before the first word that fits."""

_WORD = re.compile(r"\w+")
_BLOCK_END = re.compile(r"</(?:p|li|blockquote)>|<br ?/?>")


def plain_text(html: str) -> str:
    """Return a comment as plain text."""
    # Block ends become spaces first, so that two paragraphs do not run into one word.
    return Markup(_BLOCK_END.sub(" ", html)).striptags()  # noqa: S704


def shown_passage(text: str, sought: Sought) -> Markup:
    """Return the part of a text around the first word that fits, escaped, each such word marked."""
    hits = [
        Passage(word.start(), word.end())
        for word in _WORD.finditer(text)
        if _fits(word[0], sought.phrases)
    ]
    start = max(hits[0].start - BEFORE, 0) if hits and hits[0].end > LENGTH else 0
    if start:
        start = text.find(" ", start, hits[0].start) + 1 or start
    end = len(text)
    if end - start > LENGTH:
        end = text.rfind(" ", start, start + LENGTH)
        end = end if end > start else start + LENGTH
    inside = [
        Passage(one.start - start, one.end - start) for one in hits if start <= one.start < end
    ]
    shown = marked(text[start:end], inside)
    ellipses = (
        Markup("… ") if start else Markup(""),
        Markup(" …") if end < len(text) else Markup(""),
    )
    return ellipses[0] + shown + ellipses[1]


def _fits(word: str, phrases: tuple[Phrase, ...]) -> bool:
    for kept in kept_words(word):
        for phrase in phrases:
            if kept in phrase.words:
                return True
            if phrase.begins and kept.startswith(phrase.words[-1]):
                return True
    return False
