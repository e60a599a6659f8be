"""Whatever a row holds, its line says, and nothing else reads as it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.transfer.whole.lines import Sort, make_reader, make_writer

SORTS = {
    "id": Sort.NUMBER,
    "text": Sort.TEXT,
    "weight": Sort.FLOAT,
    "shown": Sort.TRUTH,
    "at": Sort.TIME,
    "hash": Sort.BYTES,
    "facts": Sort.DOCUMENT,
}
COLUMNS = [(name, sort, name != "id") for name, sort in SORTS.items()]
WRITE = make_writer("things", [*SORTS], [*SORTS.values()])
READ = {sqlite: make_reader("things", COLUMNS, sqlite=sqlite) for sqlite in (False, True)}

INTEGERS = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
DOCUMENTS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | INTEGERS | FLOATS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
ROWS = st.fixed_dictionaries(
    {
        "id": INTEGERS,
        "text": st.none() | st.text(),
        "weight": st.none() | FLOATS,
        "shown": st.none() | st.booleans(),
        "at": st.none() | st.datetimes(timezones=st.just(UTC)),
        "hash": st.none() | st.binary(),
        "facts": st.none() | st.dictionaries(st.text(), DOCUMENTS, max_size=4),
    }
)


def from_the_database(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return a row as it is asked of SQLite: times and documents as text, truth as a number."""
    at, facts, shown = row["at"], row["facts"], row["shown"]
    told = row | {
        "at": at and f"{at.replace(tzinfo=None).isoformat(timespec='microseconds')}Z",
        "facts": None if facts is None else msgspec.json.encode(facts).decode(),
        "shown": None if shown is None else int(shown),
    }
    return tuple(told[name] for name in SORTS)


@given(ROWS)
def test_a_line_is_one_line_and_reads_as_the_row(row: dict[str, Any]) -> None:
    line = WRITE([from_the_database(row)])
    read = dict(zip(SORTS, READ[False](line), strict=True))

    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    told = read.pop("facts")
    assert read == {name: value for name, value in row.items() if name != "facts"}
    assert (None if told is None else msgspec.json.decode(told)) == row["facts"]


@given(ROWS)
def test_sqlite_gets_times_that_sort_as_they_are(row: dict[str, Any]) -> None:
    at = READ[True](WRITE([from_the_database(row)]))[4]

    if at is not None:
        assert len(at) == len("2026-03-02 09:00:00.000000")
        assert datetime.fromisoformat(f"{at}+00:00") == row["at"]


@given(ROWS)
def test_a_document_is_spelt_in_one_way(row: dict[str, Any]) -> None:
    """PostgreSQL keeps documents in an order of its own."""
    facts = row["facts"]
    turned = facts and dict(reversed([*facts.items()]))

    assert WRITE([from_the_database(row)]) == WRITE([from_the_database(row | {"facts": turned})])


WHOLE = {
    "id": 1,
    "text": "",
    "weight": 1.0,
    "shown": True,
    "at": None,
    "hash": None,
    "facts": None,
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "1"},
        {"id": None},
        {"text": 1},
        {"shown": 1},
        {"at": "2026-03-02"},
        {"at": "2026-03-02T09:00:00"},
        {"hash": "?"},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_row_is_refused(wrong: dict[str, Any]) -> None:
    for read in READ.values():
        assert len(read(msgspec.json.encode(WHOLE))) == len(SORTS)
        with pytest.raises(msgspec.DecodeError):
            read(msgspec.json.encode(WHOLE | wrong))
        for line in (b"[]", b"", b'{"id":1}', b"null"):
            with pytest.raises(msgspec.DecodeError):
                read(line)
