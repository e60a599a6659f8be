"""Readers' text to HTML: the only place where reader HTML is made.

A small Markdown subset (paragraphs, line breaks, emphasis, strong, quotes, lists, inline code and
links written out) is rendered by markdown-it with raw HTML off, and the result goes through nh3
with an allow-list; both are in ``markdown``. The HTML is stored with the comment and never made
again at read. A link shows where it goes: its text is its address.
"""

from __future__ import annotations

import re
import unicodedata

from belowline.core.errors import InvalidInput
from belowline.core.text import Text

RENDERER = 2
"""Goes up when the output for the same text changes, so that a job can render old text anew."""

LONGEST_RUN_OF_MARKS = 4
"""Marks that stack on one letter; a Hebrew word with all its points needs as many."""
LONGEST_RUN_OF_SIGNS = 8
"""With those that stand in a place of their own, as in Tibetan."""

# Bidirectional controls could make a comment rewrite the line around it; invisible characters other
# than the joiners that scripts need only serve to hide words, to fill an empty comment, or to part
# the marks of a tower.
INVISIBLE = dict.fromkeys(
    [
        *range(0x200E, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFFF9, 0xFFFC),
        0x00AD,
        0x034F,
        0x061C,
        0x115F,
        0x1160,
        0x17B4,
        0x17B5,
        0x180E,
        0x200B,
        0x3164,
        0xFEFF,
        0xFFA0,
    ]
)
# Tags spell out words that nobody sees. Three emblems are written with them, and their readers are
# many: those of England, Scotland and Wales.
_NATIONS = "|".join(
    "".join(chr(0xE0000 + ord(letter)) for letter in place) for place in ("gbeng", "gbsct", "gbwls")
)
_TAGS = re.compile(f"(\U0001f3f4(?:{_NATIONS})\U000e007f)|[\U000e0000-\U000e007f]")
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]+")
_CONTROL = dict.fromkeys(
    code for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
)

_SURROGATE = re.compile("[\ud800-\udfff]")

# Letters and signs that stand alone: none of them is invisible, a mark, or one that another form is
# preferred to, so a text of these is clean as it is. Most texts in most alphabets are.
_ALONE = (
    "\x20-\x7e\xa0-\xac\xae-\u02ff\u0388-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
)
CLEAN = re.compile(f"[\n\t{_ALONE}]*")

# What nearly everybody writes: letters and common signs, of which none means anything in Markdown
# where it stands. It is paragraphs and line breaks as it is, which ``render`` need not find out.
_PLAIN_SIGNS = re.compile(
    r"[A-Za-z0-9\u00c0-\u024f\u0388-\u0481\u048a-\u052f\u05d0-\u05ea "
    r",.;:?!'\"()/%$€£’‘“”–—…+=\-\n]*"
)
_PLAIN_LINES_BAR = re.compile(r"^(?:[ +-]|[0-9]{1,9}[.)])|[ ]$|://", re.MULTILINE)


def clean_text(raw: str, *, field: str, longest: int, lines: bool = True) -> str:
    """Return a reader's string in the one form in which it is kept.

    NFC, Unix line ends, without control characters, invisible characters or towers of combining
    marks, trimmed. Length is checked before anything is cut: nothing is ever truncated.

    Raises:
        InvalidInput: it holds lone surrogates, or is longer than ``longest`` code points.
    """
    if len(raw) > longest * 4:
        raise _too_long(field, longest)
    if not raw.isascii() and _SURROGATE.search(raw):
        raise InvalidInput("This text is not valid Unicode.", field=field, code="bad_unicode")
    text = (
        raw.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\x85", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    if not CLEAN.fullmatch(text):
        text = text.translate(_CONTROL)
        text = _TAGS.sub(r"\1", text.translate(INVISIBLE))
        text = _limit_marks(unicodedata.normalize("NFC", _JOINERS.sub(r"\1", text)))
    text = re.sub(r"\n{3,}", "\n\n", text).strip() if lines else " ".join(text.split())
    if len(text) > longest:
        raise _too_long(field, longest)
    return text


def _too_long(field: str, longest: int) -> InvalidInput:
    return InvalidInput(
        Text("This is longer than %(longest)s characters.", longest=longest),
        field=field,
        code="too_long",
        longest=longest,
    )


def _limit_marks(text: str) -> str:
    kept: list[str] = []
    marks = signs = 0
    for char in text:
        category = unicodedata.category(char)
        if category in {"Mn", "Me"}:
            # An enclosing mark stacks, too, although it has no class of its own.
            marks += bool(unicodedata.combining(char)) or category == "Me"
            signs += 1
        elif category != "Cf":
            marks = signs = 0
        # A joiner shows as nothing, so what follows it still stands on the same letter.
        if marks <= LONGEST_RUN_OF_MARKS and signs <= LONGEST_RUN_OF_SIGNS:
            kept.append(char)
    return "".join(kept)


def render(text: str) -> str:
    """Render a reader's text to safe HTML. Sanitising the result again changes nothing."""
    return render_plain(text) if is_plain(text) else render_markdown(text)


def is_plain(text: str) -> bool:
    """Say whether a text is paragraphs and line breaks as it is, so that rendering it is cheap."""
    return _PLAIN_SIGNS.fullmatch(text) is not None and not _PLAIN_LINES_BAR.search(text)


def render_plain(text: str) -> str:
    """Render a text of which ``is_plain`` has said that it is."""
    if "\n" not in text:
        return f"<p>{text}</p>" if text else ""
    parts = (part.strip("\n") for part in re.split(r"\n{2,}", text))
    return "\n".join("<p>" + part.replace("\n", "<br>\n") + "</p>" for part in parts if part)


def render_markdown(text: str) -> str:
    """Render any text by way of Markdown; ``render`` does so only where it makes a difference."""
    from belowline.core import markdown  # noqa: PLC0415 - see there

    return markdown.render_markdown(text)
