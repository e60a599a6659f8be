"""Signed values and keyed hashes: one purpose each, and no second spelling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import NotAllowed
from belowline.core.keyed import keyed_hash, read_signed, sign

SECRET = "0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_parts_do_not_run_together() -> None:
    assert keyed_hash(SECRET, "x", "ab", "c") != keyed_hash(SECRET, "x", "a", "bc")


def test_a_hash_for_one_purpose_is_none_for_another() -> None:
    assert keyed_hash(SECRET, "session", "t") != keyed_hash(SECRET, "browser", "t")
    assert keyed_hash(SECRET, "session", "t") != keyed_hash("another" + SECRET, "session", "t")


def test_what_was_signed_is_read_until_it_ends() -> None:
    signed = sign(SECRET, "ticket", {"reader": 7, "o": None}, expires_at=NOW + timedelta(seconds=9))

    assert read_signed(SECRET, "ticket", signed, now=NOW) == {"reader": 7, "o": None}
    with pytest.raises(NotAllowed) as refused:
        read_signed(SECRET, "ticket", signed, now=NOW + timedelta(seconds=9))
    assert refused.value.context["reason"] == "expired"


def test_a_link_without_end_works_for_years() -> None:
    signed = sign(SECRET, "unsubscribe", {"reader": 7}, expires_at=None)

    assert read_signed(SECRET, "unsubscribe", signed, now=NOW.replace(year=2040)) == {"reader": 7}


def refuses(signed: str, *, secret: str = SECRET, purpose: str = "ticket") -> bool:
    try:
        read_signed(secret, purpose, signed, now=NOW)
    except NotAllowed as refused:
        return refused.context["reason"] == "forged"
    return False


def test_for_another_purpose_or_secret_it_is_worth_nothing() -> None:
    signed = sign(SECRET, "ticket", {"reader": 7}, expires_at=None)

    assert not refuses(signed)
    assert refuses(signed, purpose="unsubscribe")
    assert refuses(signed, secret="f" * 32)
    assert refuses("")
    assert refuses(".")
    assert refuses("é" + signed)
    assert refuses("a" * 5000)


@given(st.data())
def test_no_character_can_be_changed(data: st.DataObject) -> None:
    signed = sign(SECRET, "ticket", {"reader": 7}, expires_at=None)
    place = data.draw(st.integers(0, len(signed) - 1))
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    changed = signed[:place] + other + signed[place + 1 :]

    assert refuses(changed) is (changed != signed)
    assert refuses(signed[:place])
