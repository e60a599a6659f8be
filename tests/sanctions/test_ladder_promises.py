"""The ladder of sanctions: the promises that hold for every record, however odd."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import DecisionId, Role, RuleKey, SanctionKind
from belowline.sanctions.ladder import (
    WARNING_LASTS,
    Breach,
    PastSanction,
    Record,
    explain,
    harshness,
    propose,
)
from belowline.sanctions.policy import may_impose
from belowline.sanctions.thresholds import (
    BOUNDS,
    USUAL,
    LadderSettings,
    check_thresholds,
    is_as_strict,
)
from belowline.sanctions.withdrawal import may_propose

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)

ages = st.integers(min_value=0, max_value=800 * 24).map(lambda hours: timedelta(hours=hours))
recent_ages = st.integers(min_value=0, max_value=35 * 24).map(lambda hours: timedelta(hours=hours))


@st.composite
def breaches(draw: st.DrawFn) -> Breach:
    decided_at = NOW - draw(st.one_of(recent_ages, ages))
    written = draw(st.one_of(st.none(), recent_ages))
    return Breach(
        DecisionId(draw(st.integers(1, 50))),
        RuleKey(draw(st.sampled_from(["hate", "spam", "off-topic"]))),
        draw(st.integers(1, 4)),
        decided_at,
        None if written is None else decided_at - written,
    )


@st.composite
def past_sanctions(draw: st.DrawFn) -> PastSanction:
    kind = draw(st.sampled_from(SanctionKind))
    starts_at = NOW - draw(ages)
    lasts = {
        SanctionKind.WARNING: WARNING_LASTS,
        SanctionKind.HOLD_FIRST: draw(st.integers(1, 90)) * DAY,
        SanctionKind.SUSPENSION: draw(st.sampled_from(USUAL.suspension_lengths)),
    }.get(kind)
    ends_at = None if lasts is None else starts_at + lasts
    return PastSanction(kind, starts_at, ends_at, draw(st.booleans()))


# Withdrawals that stand end every climb, so most of the drawn records have none.
records = st.builds(
    Record,
    st.lists(breaches(), max_size=6).map(tuple),
    st.lists(
        past_sanctions().filter(
            lambda past: past.kind is not SanctionKind.WITHDRAWAL or past.lifted
        ),
        max_size=5,
    ).map(tuple)
    | st.lists(past_sanctions(), max_size=5).map(tuple),
    st.integers(0, 20),
)


@st.composite
def thresholds(draw: st.DrawFn) -> LadderSettings:
    numbers = {name: draw(st.integers(bound.least, bound.most)) for name, bound in BOUNDS.items()}
    longest = 0
    for name in ("first_days", "second_days", "third_days", "further_days"):
        # Each of these may be as long as the one before it, so the series can always go on.
        longest = numbers[name] = max(longest, numbers[name])
    return LadderSettings(**numbers)


@given(thresholds())
def test_what_is_drawn_within_the_bounds_can_be_published(settings: LadderSettings):
    check_thresholds(settings)


# Much of one week removed and nothing answered yet: where the numbers decide.
bad_weeks = st.builds(
    Record,
    st.lists(
        st.builds(
            Breach,
            st.integers(1, 50).map(DecisionId),
            st.just(RuleKey("spam")),
            st.integers(1, 2),
            st.integers(0, 7 * 24).map(lambda hours: NOW - timedelta(hours=hours)),
        ),
        min_size=2,
        max_size=8,
    ).map(tuple),
    st.just(()),
    st.integers(3, 20),
)


@given(records | bad_weeks, thresholds(), thresholds())
def test_stricter_numbers_never_propose_a_milder_step(
    record: Record, one: LadderSettings, other: LadderSettings
):
    """Of any two ladders, the harder of each number makes a third that is as strict as both."""
    harder = LadderSettings(
        **{
            name: (max if bound.stricter_up else min)(getattr(one, name), getattr(other, name))
            for name, bound in BOUNDS.items()
        }
    )
    assert is_as_strict(harder, one)
    assert is_as_strict(harder, other)
    proposed = propose(record, now=NOW, settings=harder)
    for milder in (one, other):
        assert harshness(proposed) >= harshness(propose(record, now=NOW, settings=milder))


@given(records, breaches())
def test_a_further_breach_never_proposes_a_milder_step(record: Record, further: Breach):
    more = replace(record, breaches=(*record.breaches, further))
    assert harshness(propose(more, now=NOW)) >= harshness(propose(record, now=NOW))


@given(records, breaches())
def test_tidying_up_leads_to_no_step(record: Record, further: Breach):
    tidied = replace(further, rule=RuleKey("off-topic"))
    before = propose(record, now=NOW)
    after = propose(replace(record, breaches=(*record.breaches, tidied)), now=NOW)
    assert (after.kind, after.lasts_for, after.points) == (
        before.kind,
        before.lasts_for,
        before.points,
    )


@given(records, st.integers(1, 50))
def test_whoever_sent_more_is_never_proposed_a_harsher_step(record: Record, more: int):
    if record.sent_lately:
        busier = replace(record, sent_lately=record.sent_lately + more)
        assert harshness(propose(busier, now=NOW)) <= harshness(propose(record, now=NOW))


@given(records, breaches(), st.integers(1, 4))
def test_a_more_severe_breach_never_proposes_a_milder_step(
    record: Record, last: Breach, severity: int
):
    mild, severe = sorted((last.severity, severity))
    milder, harsher = (
        propose(
            replace(record, breaches=(*record.breaches, replace(last, severity=level))), now=NOW
        )
        for level in (mild, severe)
    )
    assert harshness(harsher) >= harshness(milder)


@given(records, ages)
def test_the_same_record_later_never_proposes_a_harsher_step(record: Record, waited: timedelta):
    today, later = propose(record, now=NOW), propose(record, now=NOW + waited)
    assert harshness(later) <= harshness(today)
    assert later.points <= today.points


@given(records, st.data())
def test_the_order_of_a_record_means_nothing(record: Record, data: st.DataObject):
    shuffled = Record(
        tuple(data.draw(st.permutations(record.breaches))),
        tuple(data.draw(st.permutations(record.sanctions))),
        record.sent_lately,
    )
    assert propose(shuffled, now=NOW) == propose(record, now=NOW)


@given(records, st.data())
def test_lifting_a_sanction_never_proposes_a_harsher_step(record: Record, data: st.DataObject):
    """A standing withdrawal is left out: lifting it opens the way to any step again."""
    climbing = tuple(
        past for past in record.sanctions if past.kind is not SanctionKind.WITHDRAWAL or past.lifted
    )
    lifted = tuple(
        replace(past, lifted=past.lifted or data.draw(st.booleans())) for past in climbing
    )
    before = propose(replace(record, sanctions=climbing), now=NOW)
    assert harshness(propose(replace(record, sanctions=lifted), now=NOW)) <= harshness(before)


@given(records)
def test_every_proposal_has_the_published_length_and_reasons_that_can_be_read(record: Record):
    proposal = propose(record, now=NOW)
    assert proposal == propose(record, now=NOW)
    lengths: dict[SanctionKind | None, tuple[timedelta | None, ...]] = {
        SanctionKind.SUSPENSION: USUAL.suspension_lengths,
        SanctionKind.HOLD_FIRST: (USUAL.hold_first_lasts,),
    }
    assert proposal.lasts_for in lengths.get(proposal.kind, (None,))
    assert proposal.reasons
    assert all("{" not in explain(reason) for reason in proposal.reasons)


@given(records)
def test_an_editor_may_impose_or_propose_whatever_the_ladder_offers(record: Record):
    proposal = propose(record, now=NOW)
    if proposal.kind is None:
        return
    if proposal.kind is SanctionKind.WITHDRAWAL:
        assert not may_propose(
            role=Role.MODERATOR, own_reader=False, target_role=None, withdrawn=False, proposed=False
        )
        return
    assert not may_impose(
        proposal.kind,
        lasts_for=proposal.lasts_for,
        role=Role.EDITOR,
        own_reader=False,
        target_role=None,
    )
