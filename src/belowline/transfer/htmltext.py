"""Turn untrusted comment HTML into source text in our own Markdown subset.

The result goes through ``core.markup`` like a new comment's text, so foreign HTML itself is never
shown. Words are kept and looks are not: what the subset does not know becomes plain text, scripts
and the like are dropped whole. What is escaped is what that subset would misread; the tree of
elements is built in ``htmltree.py``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from belowline.transfer.htmltree import BLOCKS, Node, parse

DEEPEST_NESTING = 4
"""Quotes and lists within each other; the renderer stops at twelve levels, and a list takes two."""

_URL = re.compile(r"https?://[^\s<>\[\]\"`*\\]+", re.IGNORECASE)
_NEVER_MISREAD = re.compile(r"[^\\`*_<&:]*")
_SPACES = re.compile(r"[^\S\n]+")
_PARAGRAPH = re.compile(r"\n[ \n]*\n")
_ENTITY = re.compile(r"&(?=#?\w+;|#?\w*\Z)", re.ASCII)
_LINE_MARK = re.compile(r"(?:[-+*](?=\s|\Z)|>)")
_NUMBER = re.compile(r"([0-9]{1,9})(?=[.)](?:\s|\Z))")
_DELIMITERS = {"em": "*", "i": "*", "strong": "**", "b": "**"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "dt"}
_CODE = {"code", "kbd", "samp", "tt"}
_SHORTENED = ("…", "...")


def to_text(html: str, *, newlines_matter: bool) -> str:
    """Return the words of a comment as source text, or an empty string if there are none to see.

    ``newlines_matter`` says that a newline in the source is a line break and an empty line a new
    paragraph, as WordPress has it; otherwise they are spaces, as in HTML. Never raises.
    """
    blocks = _blocks(parse(html).children, newlines=newlines_matter, nesting=0)
    text = "\n\n".join("\n".join(lines) for lines in blocks)
    visible = any(unicodedata.category(char)[0] not in "ZC" for char in text)
    return text if visible else ""


def _blocks(children: list[Node | str], *, newlines: bool, nesting: int) -> list[list[str]]:
    blocks: list[list[str]] = []
    run: list[Node | str] = []
    for child in children:
        if isinstance(child, str) or not (child.tag in BLOCKS or child.holds_block):
            run.append(child)
            continue
        blocks += _paragraphs(run, newlines=newlines)
        run = []
        blocks += _block(child, newlines=newlines, nesting=nesting)
    return blocks + _paragraphs(run, newlines=newlines)


def _block(node: Node, *, newlines: bool, nesting: int) -> list[list[str]]:
    nested = nesting < DEEPEST_NESTING
    if node.tag == "pre":
        lines = [_code(line) for line in node.text().split("\n") if line.strip()]
        return [lines] if lines else []
    if node.tag == "blockquote" and nested:
        inner = _blocks(node.children, newlines=newlines, nesting=nesting + 1)
        return [[f"> {line}".rstrip() for line in _spaced(inner)]] if inner else []
    if node.tag in {"ul", "ol"} and nested:
        return _list(node, newlines=newlines, nesting=nesting + 1)
    if node.tag in _HEADINGS and not node.holds_block:
        return _paragraphs([Node("strong", {}, node.children)], newlines=newlines)
    return _blocks(node.children, newlines=newlines, nesting=nesting)


def _list(node: Node, *, newlines: bool, nesting: int) -> list[list[str]]:
    lines: list[str] = []
    number = 0
    for child in node.children:
        inner = _blocks(
            child.children if isinstance(child, Node) and child.tag == "li" else [child],
            newlines=newlines,
            nesting=nesting,
        )
        if not inner:
            continue
        number += 1
        mark = f"{number}. " if node.tag == "ol" else "- "
        first, *rest = _spaced(inner)
        lines.append(mark + first)
        lines += [(" " * len(mark) + line).rstrip() for line in rest]
    return [lines] if lines else []


def _spaced(blocks: list[list[str]]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        lines += ["", *block] if lines else block
    return lines


def _paragraphs(run: list[Node | str], *, newlines: bool) -> list[list[str]]:
    paragraphs = []
    for text in _PARAGRAPH.split(_inline(run, newlines=newlines, inside=frozenset())):
        lines = [_escape_start(line.strip()) for line in text.split("\n") if line.strip()]
        if lines:
            paragraphs.append(lines)
    return paragraphs


@dataclass(slots=True)
class _Marked:
    """Text to be emphasised, if its neighbours allow the mark to be understood.

    ``plain`` is the same without any marks, those of what is inside included: they were fitted to
    neighbours that they would no longer have.
    """

    delimiter: str
    text: str
    plain: str


def _inline(children: list[Node | str], *, newlines: bool, inside: frozenset[str]) -> str:
    return _joined(_parts(children, newlines=newlines, inside=inside))


def _parts(
    children: list[Node | str], *, newlines: bool, inside: frozenset[str]
) -> list[str | _Marked]:
    """Return the pieces of a run unjoined: whether a mark fits shows only beside its neighbours."""
    parts: list[str | _Marked] = []
    for child in children:
        if isinstance(child, str):
            text = child if newlines else child.replace("\n", " ")
            parts.append(_escape(_SPACES.sub(" ", text)))
            continue
        delimiter = _DELIMITERS.get(child.tag)
        if child.tag == "br":
            parts.append("\n")
        elif child.tag in _CODE:
            parts.append("\n".join(_code(part) for part in child.text().split("\n")))
        elif child.tag == "img":
            parts.append(_escape(_SPACES.sub(" ", child.attributes.get("alt", ""))))
        elif delimiter is None or delimiter in inside:
            parts += _dressed(child, parts=_parts(child.children, newlines=newlines, inside=inside))
        else:
            inner = _parts(child.children, newlines=newlines, inside=inside | {delimiter})
            parts += _marked(inner, delimiter=delimiter)
    return [part for part in parts if part]


def _dressed(node: Node, *, parts: list[str | _Marked]) -> list[str | _Marked]:
    match node.tag:
        case "a":
            return _link(node, parts=parts)
        case "q":
            return ["“", *parts, "”"]
        case "td" | "th":
            return [*parts, " "]
        case "s" | "strike" | "del" if parts:
            # Struck out, they say the opposite of what they would say without.
            return ["~~", *parts, "~~"]
        case "span" if parts:
            return _span(node, parts=parts)
        case _:
            return parts


def _span(node: Node, *, parts: list[str | _Marked]) -> list[str | _Marked]:
    """Say in letters what Coral shows by a blur or a typeface: without it, words mean otherwise."""
    classes = node.attributes.get("class", "").split()
    if "coral-rte-spoiler" in classes:
        return ["(spoiler: ", *parts, ")"]
    return [*parts, " /s"] if "coral-rte-sarcasm" in classes else parts


def _marked(inner: list[str | _Marked], *, delimiter: str) -> list[str | _Marked]:
    """Mark each line by itself, with the spaces at its ends left outside the marks."""
    parts: list[str | _Marked] = []
    plain = "".join(part if isinstance(part, str) else part.plain for part in inner)
    for number, (line, bare) in enumerate(
        zip(_joined(inner).split("\n"), plain.split("\n"), strict=True)
    ):
        parts += ["\n"] if number else []
        words = line.strip()
        if not words:
            parts.append(line)
            continue
        before, after = line.split(words, 1)
        parts += [before, _Marked(delimiter, words, bare.strip()), after]
    return parts


def _joined(parts: list[str | _Marked]) -> str:
    last = ""
    pieces: list[str] = []
    for index, part in enumerate(parts):
        if isinstance(part, str):
            text = part
        else:
            following = parts[index + 1] if index + 1 < len(parts) else ""
            after = following[:1] if isinstance(following, str) else "*"
            fits = (
                _fits(last, part.text[0]) and _fits(after, part.text[-1]) and not _runs_into(part)
            )
            text = f"{part.delimiter}{part.text}{part.delimiter}" if fits else part.plain
        pieces.append(text)
        last = text[-1:] or last
    return "".join(pieces)


def _runs_into(part: _Marked) -> bool:
    """Whether the mark would run together with one inside, other than in all of ``***this***``."""
    stars = part.text[0] == "*" or part.text[-1] == "*"
    whole = part.text.strip("*") == part.plain and part.plain.replace(" ", "").isalnum()
    return stars and not whole


def _fits(outside: str, inside: str) -> bool:
    """Whether a mark between these two characters is understood as opening or closing."""
    if outside == "*":
        return False
    return not outside or outside.isspace() or _is_punctuation(outside) or inside.isalnum()


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def _code(text: str) -> str:
    words = _SPACES.sub(" ", text).strip()
    if not words:
        return ""
    # A mark longer than any run inside cannot be closed by what it holds.
    longest = max((len(run) for run in re.findall("`+", words)), default=0)
    mark = "`" * (longest + 1)
    gap = " " if words[0] == "`" or words[-1] == "`" else ""
    return f"{mark}{gap}{words}{gap}{mark}"


def _link(node: Node, *, parts: list[str | _Marked]) -> list[str | _Marked]:
    """Write a link as its address, after its words if they say anything else.

    Only web addresses are links; of ``javascript:`` and all others the words alone remain.
    """
    target = "".join(node.attributes.get("href", "").split())
    if target.startswith("//"):
        target = f"https:{target}"
    if not re.match(r"https?://[^/]", target, re.IGNORECASE):
        return parts
    # The plain words are compared, as the escaped ones differ from the address at every mark.
    shown = " ".join(node.text().split())
    bare = _bare(target)
    start = _bare(shown).rstrip(".…")
    shortened = shown.endswith(_SHORTENED) and "." in start and bare.startswith(start)
    if not shown or _bare(shown) == bare or shortened:
        return [_address(target)]
    return [*parts, f" ({_address(target)})"]


def _bare(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url, flags=re.IGNORECASE).rstrip("/")


def _address(url: str) -> str:
    """Write an address so that no mark in it can be taken for Markdown or for its end."""
    url = re.sub(r"[<>\[\]\"`*\\()]", lambda m: f"%{ord(m[0]):02X}", url)
    url = re.sub(r"(?<![^\W_])_|_(?![^\W_])", "%5F", url)
    return re.sub(r"&(?=#?\w+;)", "%26", url)


def _escape(text: str) -> str:
    """Escape, within a piece of plain text, what the subset would take for a mark.

    The edges of the piece count as the worst neighbours, because what follows is not known here.
    """
    if _NEVER_MISREAD.fullmatch(text):
        return text
    pieces: list[str] = []
    end = 0
    for url in _URL.finditer(text):
        pieces += [_escape_words(text[end : url.start()]), _address(url[0])]
        end = url.end()
    return "".join([*pieces, _escape_words(text[end:])])


def _escape_words(text: str) -> str:
    text = re.sub(r"\\(?=[!-/:-@\[-`{-~]|\s|\Z)", r"\\\\", text)
    text = text.replace("`", "\\`")
    # A star alone between words, as in "5 * 3", is safe; at an edge the spaces may yet be trimmed.
    text = re.sub(r"(?<!\S )\*|\*(?! \S)", r"\\*", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"<(?=[A-Za-z/!?]|\Z)", r"\\<", text)
    return _ENTITY.sub(r"\\&", text)


def _escape_start(line: str) -> str:
    """Escape what would begin a list or a quote at the start of a line."""
    if _LINE_MARK.match(line):
        return f"\\{line}"
    return _NUMBER.sub(r"\1\\", line, count=1) if _NUMBER.match(line) else line
