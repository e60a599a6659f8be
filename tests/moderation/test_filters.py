"""Filters survive being written into an address and being kept; nothing else is read as some."""

from __future__ import annotations

import re
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.moderation.filters import Filters, Round, from_plain, read_round, to_plain
from belowline.moderation.model import QueueView

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
FILTERS = st.builds(
    Filters,
    st.sampled_from(QueueView),
    st.lists(TEXTS, max_size=3).map(tuple),
    TEXTS,
    TEXTS,
    st.integers(0, 8760),
    TEXTS,
)


@given(FILTERS, st.booleans())
def test_an_address_holds_what_was_chosen(filters: Filters, everywhere: bool) -> None:  # noqa: FBT001
    chosen = Round(filters, everywhere)

    assert re.fullmatch(r"[A-Za-z0-9._-]+", str(chosen))
    assert read_round(str(chosen)) == chosen
    assert from_plain(to_plain(filters)) == filters


@given(st.text(max_size=60) | st.from_regex(r"(all|held)\.(desk\.)?[\w-]{0,30}", fullmatch=True))
def test_what_is_no_part_of_the_queue_is_refused_and_never_breaks(text: str) -> None:
    with suppress(InvalidInput):
        assert isinstance(read_round(text), Round)
