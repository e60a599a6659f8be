"""Read JSON of any length a value at a time, without trusting it.

``values`` reads what stands one after the other: JSON lines, values parted by white space, and the
elements of a list round them all. ``members`` reads one object that holds long lists. Only the
value in hand is held, and its size is bounded; what the values mean is their readers' business.

A value is decoded in one go as soon as the text in hand holds it whole, and not taken apart here:
that is several times as fast as any parser written in Python. Where it ends too early, more is
read, twice as much each time, so that no value is decoded much more than twice.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from belowline.core.errors import InvalidInput
from belowline.transfer.jsondecoding import DECODER, Refused, has_halves, without_halves

MAX_VALUE = 16 * 1024**2
"""Characters of one value. A comment with all its wordings is some thousands."""
LONGEST_NAME = 1000
"""Characters of a name; those of an object's members are remembered."""
MAX_PARTS = 1_000_000
"""Commas and brackets in a large value: millions of empty objects fill memory fast."""
MAX_MEMBERS = 10_000
"""Names in an object that ``members`` reads; exports have a dozen."""

CHUNK = 256 * 1024
_LARGE = 2 * 1024**2
_SPACE = re.compile(r"[ \t\r\n]*")
# A value that is cut off is noticed at its end, give or take a word or an escape.
_NEAR_END = 12


def values(stream: BinaryIO) -> Iterator[tuple[int, object]]:
    """Yield each value with the line on which it begins.

    If a list comes first, its elements are the values. Half characters become U+FFFD.

    Raises:
        InvalidInput: naming the line, perhaps after some values: it is no JSON, no UTF-8, ends too
            early, names something twice in one object, or holds a value larger than is read.
    """
    text = _Text(stream)
    while mark := text.peek():
        if mark == "[":
            text.step()
            yield from text.elements()
        else:
            yield text.line(), text.value()


def members(stream: BinaryIO, names: frozenset[str]) -> Iterator[tuple[str, object]]:
    """Yield what stands under these names of the one object in a file, in the file's order.

    Of a list its elements are yielded, one at a time; anything else as a whole. What stands under
    other names is passed over, each element of it being bounded likewise.

    Raises:
        InvalidInput: as for :func:`values`, and if the file does not hold one object.
    """
    text = _Text(stream)
    if text.peek() != "{":
        text.refuse("malformed_json", "is not the object that this format begins with")
    text.step()
    yield from text.members(names)
    if text.peek():
        text.refuse("malformed_json", "goes on after its end")


class _Text:
    """A file's text from the place that was reached, as far as it had to be read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8")("strict").decode
        self._text = ""
        self._at = 0
        self._ended = False
        self._line = 1
        self._line_start = 0
        """Where the line began; below 0 if that is no longer held."""
        self._counted = 0
        self._more(CHUNK, first=True)

    def peek(self) -> str:
        """Pass over white space and return the next character, or nothing at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._more(CHUNK)

    def step(self) -> None:
        """Pass over the character that was peeked at."""
        self._at += 1

    def line(self) -> int:
        """Return the number of the line that was reached."""
        lines = self._text.count("\n", self._counted, self._at)
        if lines:
            self._line += lines
            self._line_start = self._text.rfind("\n", self._counted, self._at) + 1
        self._counted = self._at
        return self._line

    def value(self) -> object:
        """Return the value that begins here."""
        self.peek()
        while True:
            try:
                found, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                self._require_unfinished(error)
            except RecursionError:
                self.refuse("malformed_json", "holds things within each other too deeply")
            except Refused as error:
                self.refuse(error.code, error.words)
            except ValueError:
                # Python reads no whole number of more than some thousand digits.
                self.refuse("malformed_json", "holds a number of too many digits")
            else:
                # Digits at the end of what is held may be the first half of a number.
                whole = self._text[end - 1] in '}]"' or end < len(self._text) - _NEAR_END
                if whole or self._ended:
                    return self._take(found, end)
            self._grow()

    def elements(self) -> Iterator[tuple[int, object]]:
        """Yield what is in the list whose bracket was just passed over."""
        if self.peek() == "]":
            self.step()
            return
        while True:
            self.peek()
            yield self.line(), self.value()
            if self._ends_with("]"):
                return

    def members(self, names: frozenset[str]) -> Iterator[tuple[str, object]]:
        """Yield what is under these names in the object whose brace was just passed over."""
        if self.peek() == "}":
            self.step()
            return
        met: set[str] = set()
        while True:
            name = self._name()
            if name in met:
                self.refuse("duplicate_key", "names something twice in one object")
            met.add(name)
            if len(met) > MAX_MEMBERS:
                self.refuse("value_too_large", "has too many names in one object")
            if self.peek() == "[":
                self.step()
                for _, value in self.elements():
                    if name in names:
                        yield name, value
            elif name in names:
                yield name, self.value()
            else:
                self._pass_over()
            if self._ends_with("}"):
                return

    def refuse(self, code: str, words: str, *, at: int | None = None) -> NoReturn:
        """Raise what is wrong with the file here, or at a place further on in what is held."""
        self._at = self._at if at is None else at
        line = self.line()
        character = self._at - self._line_start + 1
        raise InvalidInput(
            f"The file {words}, at line {line}, character {character}.",
            field="file",
            code=code,
            line=line,
        )

    def _name(self) -> str:
        if self.peek() != '"':
            self._refuse_here()
        name = self.value()
        if len(str(name)) > LONGEST_NAME:
            self.refuse("value_too_large", "holds a name that is far too long")
        if self.peek() != ":":
            self._refuse_here()
        self.step()
        return str(name)

    def _pass_over(self) -> None:
        if self.peek() != "{":
            self.value()
            return
        self.step()
        if self.peek() == "}":
            self.step()
            return
        while True:
            self._name()
            self.value()
            if self._ends_with("}"):
                return

    def _ends_with(self, bracket: str) -> bool:
        mark = self.peek()
        if mark not in {",", bracket}:
            self._refuse_here()
        self.step()
        return mark == bracket

    def _refuse_here(self) -> NoReturn:
        if not self.peek():
            self.refuse("malformed_json", "ends too early: it is cut off")
        self.refuse("malformed_json", "is not well-formed JSON")

    def _require_unfinished(self, error: json.JSONDecodeError) -> None:
        """Return if more text may mend it, and raise if the text is at fault."""
        open_string = error.msg.startswith("Unterminated")
        if not self._ended and (open_string or error.pos >= len(self._text) - _NEAR_END):
            return
        # Of a control character, the decoder names the place behind it.
        behind = error.msg.startswith("Invalid control")
        self._at = len(self._text) if open_string else error.pos - behind
        self._refuse_here()

    def _take(self, found: object, end: int) -> object:
        start, self._at = self._at, end
        if end - start > MAX_VALUE:
            self._refuse_size()
        raw = self._text[start:end]
        if not has_halves(raw):
            return found
        try:
            return DECODER.decode(without_halves(raw))
        except Refused as error:
            # Two names that differed by their halves.
            self.refuse(error.code, error.words)
        except RecursionError:
            self.refuse("malformed_json", "holds things within each other too deeply")

    def _grow(self) -> None:
        held = len(self._text) - self._at
        if held > MAX_VALUE:
            self._refuse_size()
        if held > _LARGE:
            parts = sum(self._text.count(mark, self._at) for mark in ",[{")
            if parts > MAX_PARTS:
                self._refuse_size()
        self._more(max(CHUNK, held))

    def _refuse_size(self) -> NoReturn:
        self.refuse("value_too_large", "holds a value that is too large to be a record")

    def _more(self, size: int, *, first: bool = False) -> None:
        self.line()
        self._line_start -= self._at
        self._text = self._text[self._at :]
        self._at = self._counted = 0
        data = self._stream.read(size)
        self._ended = not data
        if first and (data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in data[:4]):
            self.refuse("wrong_encoding", "is UTF-16 or UTF-32 and has to be UTF-8")
        try:
            more = self._decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            self._text += error.object[: error.start].decode("utf-8")
            self.refuse("wrong_encoding", "is not UTF-8", at=len(self._text))
        self._text += more.removeprefix("\ufeff") if first else more
