"""Read XML without trust, for all formats that are XML.

Document types, entities and references outside are refused; depth, and what is held at once, are
bounded. A few stray bytes are replaced, as a single one would otherwise keep ten years of comments
out; more of them mean that the file is not in the encoding it names, which is refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element  # the type alone; defusedxml parses

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from belowline.core.errors import InvalidInput

_AND = "\n\0"
"""Between two answers; no text in XML holds it."""

MAX_DEPTH = 60
MAX_ELEMENT_BYTES = 16 * 1024**2
"""A field longer than this is no comment and no article."""
MAX_ELEMENTS = 200_000
"""In one piece that is held together; millions of empty elements would fill the memory, too."""
MAX_NAMES = 5_000
"""Different names of elements and attributes: the parser keeps each to the end. Exports have some
dozens."""
MAX_STRAY = 20
"""Places with bytes that are no UTF-8. A cut-off letter is an accident, a hundred are Latin-1."""

REPLACED = "\N{REPLACEMENT CHARACTER}"
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_OTHER_ENCODING = re.compile(
    rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE
)
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class SafeXml:
    """One reading of an XML file, element by element."""

    def __init__(self, stream: BinaryIO) -> None:
        self._mended = _Mended(stream)
        self._elements = 0
        self._names: set[str] = set()

    @property
    def mended(self) -> bool:
        """Whether any byte had to be replaced so far."""
        return self._mended.places > 0

    def events(self) -> Iterator[tuple[str, Element]]:
        """Yield each start and end of an element; what was read is let go with :meth:`forget`.

        Raises:
            InvalidInput: with the line where the parser knows it, perhaps after some events: the
                file is not well-formed, declares a document type, is nested too deeply, names an
                encoding that it is not in, or holds a piece that is too large.
        """
        try:
            yield from self._events()
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
                "The file declares a document type or entities, which no export does.",
                field="file",
                code="forbidden_xml",
            ) from error
        except (LookupError, ValueError) as error:
            # Expat asks Python for encodings that it does not know itself; these are its answers.
            raise InvalidInput(
                "The file says it is in an encoding that cannot be read; export it as UTF-8.",
                field="file",
                code="unknown_encoding",
            ) from error

    def forget(self, element: Element) -> None:
        """Take off the tree what an element holds, or the whole file would stay in memory."""
        del element[:]
        self._elements = 0
        self._mended.since_forgotten = 0

    def _events(self) -> Iterator[tuple[str, Element]]:
        depth = 0
        for event, element in iterparse(self._mended, events=("start", "end"), forbid_dtd=True):
            self._mended.since_event = 0
            if event == "start":
                depth += 1
                self._elements += 1
                if depth > MAX_DEPTH:
                    raise InvalidInput(
                        "The file's elements are nested too deeply.",
                        field="file",
                        code="nested_too_deeply",
                    )
                if self._elements > MAX_ELEMENTS:
                    raise _too_large()
                self._note_names(element)
            else:
                depth -= 1
            yield event, element

    def _note_names(self, element: Element) -> None:
        if element.tag not in self._names or not self._names.issuperset(element.keys()):
            self._names.add(element.tag)
            self._names.update(element.keys())
            if len(self._names) > MAX_NAMES:
                raise InvalidInput(
                    "The file has too many different names of elements to be an export.",
                    field="file",
                    code="too_many_names",
                    limit=MAX_NAMES,
                )


def put_answer(answers: dict[str, str], name: str, value: str) -> None:
    """Keep what an entry says under a name; two different answers give both, which equal neither.

    A third is not kept, so that an entry which never stops answering is not copied each time.
    """
    known = answers.setdefault(name, value)
    if known != value and _AND not in known:
        answers[name] = f"{known}{_AND}{value}"


def _too_large() -> InvalidInput:
    return InvalidInput(
        "The file holds an element that is too large to be text.",
        field="file",
        code="element_too_large",
        limit=MAX_ELEMENT_BYTES,
    )


class _Mended:
    """A stream in which the parser meets no byte that may not stand in XML, and not too many."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._first = True
        self._is_utf8 = True
        self._held = b""
        self._lines = 1
        self.places = 0
        self.since_forgotten = 0
        self.since_event = 0

    def read(self, size: int) -> bytes:
        # Where a tag goes on and on, Expat begins it anew with each piece, which takes quadratic
        # time. With pieces that are twice as long each time, it does so only a few times.
        data = self._stream.read(max(size, self.since_event))
        self.since_event += len(data)
        self.since_forgotten += len(data)
        if self.since_forgotten > MAX_ELEMENT_BYTES:
            raise _too_large()
        if self._first:
            self._first = False
            self._is_utf8 = not (data.startswith(_WIDE) or _OTHER_ENCODING.match(data.lstrip()))
        return self._mend(data, final=not data) if self._is_utf8 else data

    def _mend(self, data: bytes, *, final: bool) -> bytes:
        if _CONTROL.search(data):
            data, count = _CONTROL.subn(REPLACED.encode(), data)
            self.places += count
        data, self._held = self._held + data, b""
        pieces: list[bytes] = []
        while data:
            try:
                data.decode()
                break
            except UnicodeDecodeError as error:
                pieces.append(data[: error.start])
                # A letter that the end of the piece cuts in two is whole with the next one.
                if not final and error.reason == "unexpected end of data":
                    self._held, data = data[error.start :], b""
                    break
                self._count(b"".join(pieces))
                pieces.append(REPLACED.encode())
                data = data[error.end :]
        mended = b"".join([*pieces, data])
        self._lines += mended.count(b"\n")
        # An empty answer would mean the end; that a single byte was held back does not.
        return mended if mended or final else self.read(1)

    def _count(self, before: bytes) -> None:
        self.places += 1
        if self.places > MAX_STRAY:
            line = self._lines + before.count(b"\n")
            raise InvalidInput(
                f"The file is not in the encoding it names: line {line} is not UTF-8.",
                field="file",
                code="wrong_encoding",
                line=line,
            )
