from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.transfer.codes import Repair
from belowline.transfer.instants import from_seconds, not_after, read_instant

NOON = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-05-01T12:30:00Z", NOON),
        ("2024-05-01t12:30:00z", NOON),
        ("2024-05-01 12:30", NOON),
        (" 2024-05-01 12:30:00 UTC ", NOON),
        ("2024-05-01T14:30:00+02:00", NOON),
        ("2024-05-01 20:30:00 +0800", NOON),
        ("2024-05-01T12:30:00.5Z", NOON.replace(microsecond=500_000)),
        ("2024-05-01T12:30:00,123456789Z", NOON.replace(microsecond=123_456)),
    ],
)
def test_what_programs_write_is_read(written: str, read: datetime):
    assert read_instant(written, zone=UTC) == read


def test_a_zone_is_taken_only_where_none_is_named():
    berlin = ZoneInfo("Europe/Berlin")
    assert read_instant("2024-05-01 14:30:00", zone=berlin) == NOON
    assert read_instant("2024-05-01T12:30:00Z", zone=berlin) == NOON


@pytest.mark.parametrize(
    "written",
    [
        "", "soon", "0001-01-01T00:00:00Z", "0000-00-00 00:00:00", "1970-01-01T00:00:00Z",
        "2024-13-01T00:00:00Z", "2024-02-30 00:00:00", "2024-05-01", "2024-05-01T25:00:00Z",
        "2011-x09-30T22:48:43Z", "9999-12-31T23:59:59-23:59", "2024-05-01T12:30:00+99:99",
        "٢٠٢٤-05-01T12:30:00Z", None, 5, [], True,
    ],
)  # fmt: skip
def test_zeros_and_what_is_no_time_give_none(written: object):
    assert read_instant(written, zone=timezone(timedelta(hours=14))) is None


@given(st.text(max_size=40) | st.integers() | st.floats())
def test_anything_is_a_time_or_none(value: object):
    for read in (read_instant(value, zone=UTC), from_seconds(value)):
        assert read is None or (read.utcoffset() == timedelta(0) and read.year >= 1990)


def test_seconds_are_since_1970():
    assert from_seconds(1_714_566_600.0) == NOON
    assert from_seconds(1_714_566_600) == NOON
    assert from_seconds(0) is from_seconds("1714566600") is None


def test_what_has_not_come_is_now():
    now = NOON
    assert not_after(NOON + timedelta(1), now) == (now, Repair.DATE_IN_FUTURE)
    assert not_after(NOON, now) == (NOON, None)
    assert not_after(None, now) == (None, None)
