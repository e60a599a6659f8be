"""Who proposes, confirms, declines and reviews a withdrawal: two people, wherever there are two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import ReaderId, Refusal, Role
from belowline.sanctions.withdrawal import (
    REVIEW_AFTER,
    SENIOR,
    SLEEP_ON_IT,
    Proposed,
    may_confirm,
    may_decline,
    may_propose,
    may_review,
    may_take_back,
    review_due,
    who_may_confirm,
)

MODERATOR, EDITOR, OWNER = Role.MODERATOR, Role.EDITOR, Role.OWNER
DAY = timedelta(days=1)
READER = ReaderId(99)
ANN, BEN, CYD = ReaderId(1), ReaderId(2), ReaderId(3)

people = st.sampled_from([ANN, BEN, CYD, ReaderId(4), READER])
staffs = st.dictionaries(people, st.sampled_from(Role), max_size=5)
proposals = st.builds(
    Proposed,
    by=people,
    reader_id=st.just(READER),
    ago=st.integers(0, 200).map(lambda hours: timedelta(hours=hours)),
    waits=st.booleans(),
)


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal is not None else None


def proposed(*, by: ReaderId = ANN, ago: timedelta = DAY, waits: bool = True) -> Proposed:
    return Proposed(by, READER, ago, waits)


@pytest.mark.parametrize(
    ("staff", "by", "ago", "expected"),
    [
        # Another person confirms; one of the two is an editor or an owner.
        pytest.param({ANN: MODERATOR, BEN: EDITOR}, BEN, DAY, None, id="an editor confirms"),
        pytest.param({ANN: EDITOR, BEN: MODERATOR}, BEN, DAY, None, id="an editor had proposed"),
        pytest.param(
            {ANN: MODERATOR, BEN: MODERATOR}, BEN, DAY, "one_is_an_editor", id="two moderators"
        ),
        # Nobody confirms their own while anybody else could.
        pytest.param({ANN: OWNER, BEN: MODERATOR}, ANN, 3 * DAY, "second_person", id="not alone"),
        pytest.param({ANN: MODERATOR, BEN: EDITOR}, ANN, 3 * DAY, "second_person", id="an editor"),
        # Who is alone sleeps on it, and is an editor or an owner.
        pytest.param({ANN: EDITOR}, ANN, SLEEP_ON_IT, None, id="alone after a day"),
        pytest.param(
            {ANN: EDITOR}, ANN, SLEEP_ON_IT - timedelta(seconds=1), "sleep_on_it", id="too early"
        ),
        pytest.param({ANN: MODERATOR}, ANN, 3 * DAY, "one_is_an_editor", id="a lone moderator"),
        # Staff who could not confirm anyway do not keep a lone editor from it.
        pytest.param({ANN: EDITOR, READER: MODERATOR}, ANN, DAY, None, id="only the concerned"),
        # The concerned, and who ranks no higher than they do.
        pytest.param(
            {ANN: OWNER, READER: MODERATOR}, READER, DAY, "own_withdrawal", id="the concerned"
        ),
        pytest.param(
            {ANN: OWNER, BEN: MODERATOR, READER: EDITOR}, BEN, DAY, "withdrawal_of_rank", id="rank"
        ),
        pytest.param({ANN: OWNER}, BEN, DAY, "withdrawal_of_rank", id="no role"),
    ],
)
def test_who_confirms(
    staff: dict[ReaderId, Role], by: ReaderId, ago: timedelta, expected: str | None
):
    assert code(may_confirm(proposed(ago=ago), by=by, staff=staff)) == expected


@given(proposals, staffs, people)
def test_who_may_confirm_has_a_second_person_or_is_alone_and_has_slept_on_it(
    found: Proposed, staff: dict[ReaderId, Role], by: ReaderId
):
    if may_confirm(found, by=by, staff=staff) is not None:
        return
    assert found.waits
    assert by != READER
    assert staff[by] in SENIOR or staff.get(found.by) in SENIOR
    if by == found.by:
        others = who_may_confirm(staff, proposed_by=found.by, reader_id=READER)
        assert not others
        assert found.ago >= SLEEP_ON_IT


@given(proposals, staffs, people)
def test_whoever_may_confirm_as_a_second_person_may_also_decline(
    found: Proposed, staff: dict[ReaderId, Role], by: ReaderId
):
    if by != found.by and may_confirm(found, by=by, staff=staff) is None:
        assert may_decline(found, by=by) is None


@given(proposals, people)
def test_the_proposer_takes_back_and_nobody_else_does(found: Proposed, by: ReaderId):
    allowed = may_take_back(found, by=by) is None
    assert allowed is (found.waits and by == found.by)
    assert not (allowed and may_decline(found, by=by) is None)


def test_what_is_over_cannot_be_answered():
    over = proposed(waits=False)
    assert code(may_confirm(over, by=BEN, staff={ANN: OWNER, BEN: OWNER})) == "proposal_over"
    assert code(may_decline(over, by=BEN)) == "proposal_over"
    assert code(may_take_back(over, by=ANN)) == "proposal_over"


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({}, None),
        ({"own_reader": True}, "own_withdrawal"),
        ({"target_role": MODERATOR}, "withdrawal_of_rank"),
        ({"withdrawn": True}, "already_withdrawn"),
        ({"proposed": True}, "already_proposed"),
    ],
)
def test_any_moderator_proposes_once_about_readers(case: dict[str, object], expected: str | None):
    usual: dict[str, object] = {
        "role": MODERATOR,
        "own_reader": False,
        "target_role": None,
        "withdrawn": False,
        "proposed": False,
    }
    assert code(may_propose(**(usual | case))) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("staff", "by", "expected"),
    [
        # Ann proposed and Ben confirmed.
        pytest.param([ANN, BEN, CYD], CYD, None, id="who had no part"),
        pytest.param([ANN, BEN, CYD], ANN, "review_by_another", id="the proposer, with another"),
        pytest.param([ANN, BEN, CYD], BEN, "review_by_another", id="the confirmer, with another"),
        pytest.param([ANN, BEN], ANN, None, id="the proposer of two"),
        pytest.param([ANN, BEN], BEN, "review_not_alone", id="the confirmer of two"),
        pytest.param([BEN], BEN, None, id="the last one left"),
        pytest.param([ANN, BEN, READER], READER, "own_withdrawal", id="the concerned"),
    ],
)
def test_who_reviews(staff: list[ReaderId], by: ReaderId, expected: str | None):
    roles = dict.fromkeys(staff, EDITOR)
    refusal = may_review(by=by, staff=roles, proposed_by=ANN, confirmed_by=BEN, reader_id=READER)
    assert code(refusal) == expected


@given(staffs, st.none() | people, people)
def test_somebody_on_the_staff_can_always_review(
    staff: dict[ReaderId, Role], proposer: ReaderId | None, confirmer: ReaderId
):
    able = [
        one
        for one in staff
        if not may_review(
            by=one, staff=staff, proposed_by=proposer, confirmed_by=confirmer, reader_id=READER
        )
    ]
    assert bool(able) is bool(staff.keys() - {READER})


def test_a_review_is_due_six_months_after_the_withdrawal_and_after_each_review():
    at = datetime(2026, 3, 1, tzinfo=UTC)
    assert review_due(withdrawn_at=at) == at + REVIEW_AFTER
    assert review_due(withdrawn_at=at, reviewed_at=at + 200 * DAY) == at + 200 * DAY + REVIEW_AFTER
