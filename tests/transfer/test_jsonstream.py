from __future__ import annotations

import io
import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.transfer import jsonstream
from belowline.transfer.jsonstream import members, values

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text() | st.floats(-1e9, 1e9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
CLEAN = JSON.filter(lambda value: "\\ud" not in json.dumps(value, ensure_ascii=True).lower())
RECORDS = st.lists(st.dictionaries(st.text(max_size=5), CLEAN, max_size=4), max_size=6)


class Slowly(io.RawIOBase):
    """A file that gives a few bytes at a time, so that everything is cut everywhere."""

    def __init__(self, data: bytes, *, step: int) -> None:
        self._data = io.BytesIO(data)
        self._step = step

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, self._step) if size >= 0 else self._step)


def read(data: str | bytes, *, step: int | None = None) -> list[object]:
    raw = data if isinstance(data, bytes) else data.encode()
    stream = io.BytesIO(raw) if step is None else Slowly(raw, step=step)
    return [value for _, value in values(stream)]  # type: ignore[arg-type]


def refused(data: str | bytes) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        read(data)
    return caught.value


@given(RECORDS, st.integers(1, 7), st.sampled_from(["\n", "\r\n", " ", "\n\n\t"]))
def test_values_one_after_the_other_are_read_whole_wherever_the_file_is_cut(
    records: list[object], step: int, between: str
):
    text = between.join(json.dumps(one, ensure_ascii=False) for one in records)
    assert read(text, step=step) == records
    assert read(text + between) == records


@given(RECORDS, st.integers(1, 7), st.sampled_from([None, 1]))
def test_a_list_round_them_all_makes_no_difference(
    records: list[object], step: int, indent: int | None
):
    assert read(json.dumps(records, indent=indent), step=step) == records


@given(st.lists(CLEAN, max_size=6), st.integers(1, 5))
def test_the_elements_of_a_list_may_be_anything(elements: list[object], step: int):
    assert read(json.dumps(elements), step=step) == elements


@given(RECORDS, RECORDS, st.integers(1, 7))
def test_the_lists_in_an_object_are_read_an_element_at_a_time(
    comments: list[object], others: list[object], step: int
):
    whole = (
        {"version": 1, "comments": comments, "not": {"asked": [for_]}, "people": others}
        if (for_ := "x")
        else {}
    )
    stream = Slowly(json.dumps(whole).encode(), step=step)
    found = list(members(stream, frozenset({"version", "comments", "people"})))  # type: ignore[arg-type]
    assert found == [
        ("version", 1),
        *(("comments", one) for one in comments),
        *(("people", one) for one in others),
    ]


def test_each_value_comes_with_its_line():
    text = '\n{"a":\n1}\n\n[2]\n{"b": 3}'
    assert [line for line, _ in values(io.BytesIO(text.encode()))] == [2, 5, 6]


NAMED = {None, "malformed_json", "wrong_encoding", "duplicate_key"}


def code_of(stream: io.IOBase, names: frozenset[str] | None = None) -> str | None:
    """Read all of it, and give the code with which it was refused, or None if it was not."""
    try:
        list(values(stream) if names is None else members(stream, names))  # type: ignore[arg-type]
    except InvalidInput as error:
        return error.code
    return None


@given(st.binary(max_size=200))
def test_any_bytes_give_values_or_a_named_error(data: bytes):
    assert code_of(io.BytesIO(data)) in NAMED
    assert code_of(io.BytesIO(data), frozenset("a")) in NAMED


@given(RECORDS, st.integers(0, 400), st.binary(min_size=1, max_size=2))
def test_a_damaged_file_gives_values_or_a_named_error(
    records: list[object], place: int, instead: bytes
):
    data = "\n".join(json.dumps(one) for one in records).encode()
    place = min(place, len(data))
    assert code_of(Slowly(data[:place] + instead + data[place + 1 :], step=3)) in NAMED


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('{"a": 1}\n{"a": 2', "cut off", 2),
        ('{"a": 1}\n{"a": "b', "cut off", 2),
        ('[{"a": 1},\n', "cut off", 2),
        ('{"a": 1}\n{"a": }\n{"a": 3}', "well-formed", 2),
        ('{"a": 1}\n\n{a: 2}\n', "well-formed", 3),
        ('{"a": "b\nc"}\n', "well-formed", 1),
        ("[1, 2] ]", "well-formed", 1),
        ("[1,]", "well-formed", 1),
        ('{"a": NaN}', "NaN", 1),
        ('{"a": -Infinity}', "NaN", 1),
        ('{"a": 1e999}', "NaN", 1),
        ('{"a": ' + "1" * 5000 + "}", "too many digits", 1),
        ("[" * 100_000, "too deeply", 1),
        ('\n{"a":' * 100_000, "too deeply", 2),
        ("comment_id,text\n1,Hello\n", "well-formed", 1),
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_with_its_place(text: str, words: str, line: int):
    error = refused(text)
    assert error.code == "malformed_json"
    assert words in error.message
    assert error.context["line"] == line


def test_two_answers_to_one_question_are_none():
    assert refused('{"status": "NONE"}\n{"status": "REJECTED", "status": "NONE"}').code == (
        "duplicate_key"
    )
    with pytest.raises(InvalidInput) as caught:
        list(members(io.BytesIO(b'{"a": [1], "a": [2]}'), frozenset({"a"})))
    assert caught.value.code == "duplicate_key"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("{}".encode("utf-16"), "wrong_encoding"),
        ("{}".encode("utf-16-le"), "wrong_encoding"),
        ("{}".encode("utf-32"), "wrong_encoding"),
        ('{"a": "Grüße"}'.encode("cp1252"), "wrong_encoding"),
        (b'{"a": "x\xe2\x82', "wrong_encoding"),
    ],
)
def test_what_is_not_utf_8_says_so(data: bytes, code: str):
    assert refused(data).code == code


def test_the_place_of_a_wrong_byte_is_told():
    error = refused('{"a": "ok"}\n{"a": "Größe"}'.encode("cp1252"))
    assert error.message == "The file is not UTF-8, at line 2, character 10."


def test_a_byte_order_mark_is_passed_over():
    assert read(b"\xef\xbb\xbf{}") == [{}]


def test_half_a_character_is_replaced_and_a_whole_one_is_not():
    assert read(r'{"a": "x\ud83d", "b": "\ud83d\ude00", "c": "\\ud83d", "d": "\uDE00\ud83d"}') == [
        {"a": "x\ufffd", "b": "😀", "c": r"\ud83d", "d": "\ufffd\ufffd"}
    ]


class Endless(io.RawIOBase):
    """A file of a gigabyte that exists only as it is read."""

    def __init__(self, start: bytes, again: bytes, size: int = 1024**3) -> None:
        self._start = start
        self._again = again
        self.left = size

    def read(self, size: int = -1) -> bytes:
        data, self._start = self._start, b""
        data += self._again * ((size - len(data)) // len(self._again))
        self.left -= len(data)
        return data if self.left > 0 else b""


@pytest.mark.parametrize(
    ("start", "again"),
    [
        pytest.param(b'{"a": "', b"x", id="one text"),
        pytest.param(b'{"a": "', b"\xf0\x9f\x98\x80", id="one text of emoji"),
        pytest.param(b'{"a": [', b"{},", id="empty objects"),
        pytest.param(b'{"a": [', b"[],", id="empty lists"),
        pytest.param(b'{"a": [', b"1,", id="numbers"),
        pytest.param(b'{"a":1', b"0", id="one number"),
    ],
)
def test_a_value_of_a_gigabyte_is_refused_early_and_in_little_memory(start: bytes, again: bytes):
    endless = Endless(start, again)
    tracemalloc.start()
    with pytest.raises(InvalidInput) as caught:
        list(values(endless))  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # A number is refused for its digits before it is refused for its size.
    assert caught.value.code == ("malformed_json" if again == b"0" else "value_too_large")
    assert endless.left > 900 * 1024**2
    assert peak < 300 * 1024**2


def test_a_long_list_is_never_held():
    element = b'{"a": "' + b"x" * 1000 + b'"},'
    tracemalloc.start()
    with pytest.raises(InvalidInput):
        for _ in values(Endless(b"[", element, 64 * 1024**2)):  # type: ignore[arg-type]
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 1024**2


@settings(max_examples=20)
@given(st.integers(200, 4000))
def test_a_value_longer_than_a_chunk_is_read_whole(length: int):
    chunk = jsonstream.CHUNK
    long = "é" * (chunk + length)
    assert read(json.dumps([{"a": long}, {"b": 2}], ensure_ascii=False)) == [{"a": long}, {"b": 2}]


def test_white_space_without_end_fills_no_memory():
    tracemalloc.start()
    assert list(values(Endless(b"{}", b" \n", 32 * 1024**2))) == [(1, {})]  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 1024**2


@pytest.mark.parametrize("text", ["", " \n", "\ufeff"])
def test_an_empty_file_holds_no_value(text: str):
    assert read(text) == []


@pytest.mark.parametrize(
    "text", ["[]", '{"a": [1]} 2', '"a"', "", '{"a" 1}', '{"a": [1', '{"a": [1] ']
)
def test_what_holds_no_object_has_no_members(text: str):
    with pytest.raises(InvalidInput):
        list(members(io.BytesIO(text.encode()), frozenset({"a"})))


def test_an_empty_object_has_no_members():
    assert list(members(io.BytesIO(b" {} \n"), frozenset({"a"}))) == []


def test_names_that_differ_by_half_a_character_are_one_name_twice():
    assert refused(r'{"\ud800":1,"\ud801":2}').code == "duplicate_key"


def test_a_name_that_is_a_book_is_refused_and_not_remembered():
    book = io.BytesIO(json.dumps({"x" * 2000: 1}).encode())
    with pytest.raises(InvalidInput) as caught:
        list(members(book, {"comments"}))
    assert caught.value.code == "value_too_large"
