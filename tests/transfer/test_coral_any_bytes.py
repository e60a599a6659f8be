"""Whatever bytes a file holds: records or one clear error, and every line accounted for."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.transfer.coral.reading import read_coral
from belowline.transfer.coral.tables import read_coral_csv
from belowline.transfer.gathering import gather
from belowline.transfer.opening import ExportFile
from belowline.transfer.plain.reading import read_plain_csv, read_plain_json
from belowline.transfer.shape import (
    Record,
    Skipped,
    SourceAccount,
    SourceComment,
    SourceDecision,
    SourceReaction,
    SourceReport,
    SourceStory,
)
from tests.transfer.newsroom import (
    NOW,
    account,
    act,
    as_plain,
    comment,
    decision,
    everything,
    lines,
    put,
    story,
)
from tests.transfer.test_plain import ALL

Reader = Callable[[tuple[ExportFile, ...]], Iterator[Record]]
READERS: dict[str, Reader] = {
    "coral": lambda files: read_coral(files, now=NOW),
    "coral-csv": lambda files: read_coral_csv(files, now=NOW),
    "plain-csv": lambda files: read_plain_csv(files, zone=UTC, now=NOW),
    "plain-json": lambda files: read_plain_json(files, zone=UTC, now=NOW),
}
GOOD = {
    "coral": lines(them for named in everything().values() for them in named),
    "coral-csv": b"c1,1,s1,2021-05-01T09:30:00Z,Yes,,,4\nc2,1,s1,2021-05-01T09:30:00Z,No,c1,,\n",
    "plain-csv": b"comment_id,story_url,text,created_at,status\n"
    b"c1,https://a.example/1,Hello,2021-05-01T09:30:00Z,published\n",
    "plain-json": "".join(json.dumps(one) + "\n" for one in ALL).encode(),
}
ONE_EACH = (
    SourceStory,
    SourceAccount,
    SourceComment,
    SourceReaction,
    SourceReport,
    SourceDecision,
    Skipped,
)
NAMES = st.sampled_from(["$date", "$numberLong", "id", "active", "x"])
WEIRD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8) | st.sampled_from(["2021-05-01T09:30:00Z", "NONE", "true"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def refusal_of(name: str, folder: Path, data: bytes) -> InvalidInput | None:
    """Read a file to its end, and give what was wrong with it if anything was."""
    path = folder / "records"
    path.write_bytes(data)
    try:
        list(READERS[name](gather([path])))
    except InvalidInput as error:
        return error
    return None


def is_named(error: InvalidInput | None) -> bool:
    return error is None or (error.message.endswith(".") and error.code != "invalid_input")


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60)
@given(data=st.binary(max_size=200))
def test_any_bytes_give_records_or_a_named_error(name: str, folder: Path, data: bytes):
    assert is_named(refusal_of(name, folder, data))


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60)
@given(place=st.floats(0, 1), instead=st.binary(max_size=4), length=st.integers(0, 40))
def test_a_damaged_file_gives_records_or_a_named_error(
    name: str, folder: Path, place: float, instead: bytes, length: int
):
    good = GOOD[name]
    cut = int(place * len(good))
    assert is_named(refusal_of(name, folder, good[:cut] + instead + good[cut + length :]))


@settings(max_examples=150)
@given(
    made=st.sampled_from([story, comment, account, act, decision]),
    name=st.data(),
    value=WEIRD,
)
def test_no_record_of_coral_is_lost_whatever_one_of_its_values_is(
    folder: Path, made: Callable[[], object], name: st.DataObject, value: object
):
    record = {account: account, act: lambda: act(1), comment: lambda: comment(1), story: story,
              decision: lambda: decision(1, "REJECTED")}[made]()  # fmt: skip
    written = dict(as_plain(record))  # type: ignore[call-overload]
    written[name.draw(st.sampled_from(sorted(written)))] = value
    records = list(
        read_coral(put(folder / "one", records=lines([written], lambda one: one)), now=NOW)
    )
    assert len([one for one in records if isinstance(one, ONE_EACH)]) >= 1
    assert all(one.status != "published" for one in records if isinstance(one, SourceComment)) or (
        written.get("status") in ("NONE", "APPROVED")
    )
