"""Stray bytes in XML cost a letter; too many mean that the file is not what it says it is."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.transfer.safexml import MAX_ELEMENTS, MAX_NAMES, MAX_STRAY, SafeXml


class Slowly(io.RawIOBase):
    """A file that gives a few bytes at a time, so that letters are cut everywhere."""

    def __init__(self, data: bytes, step: int) -> None:
        self._data = io.BytesIO(data)
        self._step = step

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, self._step) if size >= 0 else self._step)


def text_in(data: bytes, *, step: int = 1 << 16) -> tuple[str, bool]:
    xml = SafeXml(Slowly(data, step))  # type: ignore[arg-type]
    text = ""
    for event, element in xml.events():
        if event == "end" and element.tag == "a":
            text = element.text or ""
    return text, xml.mended


@given(st.text(alphabet="aé€😀\n", max_size=40), st.integers(1, 5))
def test_letters_are_whole_wherever_the_file_is_cut(text: str, step: int):
    assert text_in(f"<a>{text}</a>".encode(), step=step) == (text, False)


@pytest.mark.parametrize("step", [1, 2, 3, 1 << 16])
@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (b"Gr\xfc\xdfe", "Gr\ufffd\ufffde"),
        (b"a\0b\x0bc", "a\ufffdb\ufffdc"),
        (b"a\xe2\x82", "a\ufffd"),
        (b"a\xf0\x9f\x98b", "a\ufffdb"),
    ],
)
def test_stray_bytes_are_replaced_and_told(inner: bytes, text: str, step: int):
    assert text_in(b"<a>" + inner + b"</a>", step=step) == (text, True)


def test_too_many_stray_bytes_are_another_encoding_with_its_line():
    data = "<a>\n" + "ü\n" * (MAX_STRAY + 1) + "</a>"
    with pytest.raises(InvalidInput, match="line 22") as refused:
        text_in(data.encode("latin-1"))
    assert refused.value.code == "wrong_encoding"


def test_an_encoding_that_is_named_is_believed():
    data = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<a>' + "ü" * 50 + "</a>"
    assert text_in(data.encode("latin-1")) == ("ü" * 50, False)


def test_elements_without_end_are_refused():
    with pytest.raises(InvalidInput) as refused:
        text_in(b"<a>" + b"<b/>" * (MAX_ELEMENTS + 1) + b"</a>")
    assert refused.value.code == "element_too_large"


@pytest.mark.parametrize("one", ["<b{}/>", "<b x{}=''/>"])
def test_names_without_end_are_refused(one: str):
    data = "<a>" + "".join(one.format(number) for number in range(MAX_NAMES + 1)) + "</a>"
    with pytest.raises(InvalidInput) as refused:
        text_in(data.encode())
    assert refused.value.code == "too_many_names"


def test_what_is_forgotten_does_not_count():
    xml = SafeXml(io.BytesIO(b"<a>" + b"<b/>" * (MAX_ELEMENTS + 1) + b"</a>"))
    root = None
    for event, element in xml.events():
        root = element if root is None else root
        if event == "end":
            xml.forget(root)
