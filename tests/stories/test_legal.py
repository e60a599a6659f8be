"""What follows from a legal status, and that nothing opens a story by itself."""

from __future__ import annotations

from itertools import product

import pytest

from belowline.core.terms import StoryMode
from belowline.stories.legal import PRESETS, STRICTNESS, LegalStatus, may_loosen, mode_under

ALL = list(product(LegalStatus, StoryMode, StoryMode))


def test_every_status_has_a_preset_that_is_stricter_than_open() -> None:
    assert set(PRESETS) == set(LegalStatus) - {LegalStatus.NONE}
    assert all(preset.mode is not StoryMode.OPEN for preset in PRESETS.values())
    assert all(preset.banner and preset.review_after.days > 0 for preset in PRESETS.values())


def test_banners_say_nothing_of_whom_or_why() -> None:
    words = {word for preset in PRESETS.values() for word in preset.banner.lower().split()}

    assert not words & {"arrest", "trial", "victim", "accused", "court", "charged", "child"}


@pytest.mark.parametrize(("status", "before"), list(product(LegalStatus, StoryMode)))
def test_a_status_never_opens_what_was_stricter(status: LegalStatus, before: StoryMode) -> None:
    after = mode_under(status, before=before)

    assert STRICTNESS.index(after) >= STRICTNESS.index(before)
    if status is not LegalStatus.NONE:
        assert STRICTNESS.index(after) >= STRICTNESS.index(PRESETS[status].mode)


@pytest.mark.parametrize(("status", "before", "wanted"), ALL)
def test_a_story_with_a_status_only_ever_gets_stricter(
    status: LegalStatus, before: StoryMode, wanted: StoryMode
) -> None:
    looser = STRICTNESS.index(wanted) < STRICTNESS.index(before)

    refused = may_loosen(status, before=before, wanted=wanted) is not None

    assert refused == (looser and status is not LegalStatus.NONE)
