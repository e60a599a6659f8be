from __future__ import annotations

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.transfer.csvrows import rows

CELLS = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"))
CODES = {"read", "malformed_csv", "wrong_encoding", "value_too_large"}


def read(data: str | bytes, delimiter: str | None = None) -> list[list[str]]:
    raw = data if isinstance(data, bytes) else data.encode()
    return [row for _, row in rows(io.BytesIO(raw), delimiter=delimiter)]


def code_of(data: bytes) -> str:
    try:
        read(data)
    except InvalidInput as error:
        return error.code
    return "read"


def refused(data: str | bytes) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        read(data)
    return caught.value


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=5),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_writer_wrote_is_read(table: list[list[str]], delimiter: str, end: str):
    written = io.StringIO(newline="")
    heading = ["a", "b"]
    csv.writer(written, delimiter=delimiter, lineterminator=end).writerows([heading, *table])
    # Within a cell in quotes, line ends stay as they are.
    assert read(written.getvalue()) == [heading, *table]


def test_each_row_comes_with_the_line_on_which_it_begins():
    text = 'a,b\n\n"1\n2",3\n4,5'
    assert list(rows(io.BytesIO(text.encode()))) == [
        (1, ["a", "b"]), (3, ["1\n2", "3"]), (5, ["4", "5"]),
    ]  # fmt: skip


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_first_line_tells_what_parts_cells(mark: str):
    assert read(mark.join("ab") + "\n" + mark.join(["x", "y"])) == [["a", "b"], ["x", "y"]]


def test_a_byte_order_mark_is_passed_over():
    assert read(b"\xef\xbb\xbfa,b\n") == [["a", "b"]]


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_has_no_rows(text: str):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('a,b\n1,"2', "never closed", 2),
        ('a,b\n1,2\n3,"4" 5\n', "quotation mark", 3),
        ("a,b\r1,2\r", "line ends", 1),
    ],
)
def test_what_is_no_csv_is_refused_with_its_line(text: str, words: str, line: int):
    error = refused(text)
    assert error.code == "malformed_csv"
    assert words in error.message
    assert error.context["line"] == line


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("a,b\n".encode("utf-16"), 1),
        ("a,b\n".encode("utf-16-le"), 1),
        ("a,b\nGrüße,x\n".encode("cp1252"), 2),
    ],
)
def test_what_is_not_utf_8_says_so(data: bytes, line: int):
    error = refused(data)
    assert (error.code, error.context["line"]) == ("wrong_encoding", line)


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_a_named_error(data: bytes):
    assert code_of(data) in CODES


class Endless(io.RawIOBase):
    """A file of a gigabyte that exists only as it is read."""

    def __init__(self, start: bytes, again: bytes) -> None:
        self._start = start
        self._again = again
        self.left = 1024**3

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data, self._start = self._start, b""
        data += self._again * ((len(buffer) - len(data)) // len(self._again))
        buffer[: len(data)] = data
        self.left -= len(data)
        return len(data) if self.left > 0 else 0


@pytest.mark.parametrize(
    ("start", "again"),
    [
        pytest.param(b"", b"x", id="one line"),
        pytest.param(b"", b",", id="one row of empty cells"),
        pytest.param(b'a,"', b"x\n", id="one cell"),
        pytest.param(b"", b'"x\n",', id="one row of many lines"),
    ],
)
def test_a_row_of_a_gigabyte_is_refused_early_and_in_little_memory(start: bytes, again: bytes):
    endless = Endless(start, again)
    tracemalloc.start()
    with pytest.raises(InvalidInput) as caught:
        list(rows(io.BufferedReader(endless), delimiter=","))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code == "value_too_large"
    assert endless.left > 1000 * 1024**2
    assert peak < 200 * 1024**2
