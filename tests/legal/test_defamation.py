"""The steps of section 5, in worked examples and as promises that hold whatever happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.legal.calendar import answer_by, due_after
from belowline.legal.defamation import (
    Act,
    Facts,
    Step,
    lacks_of,
    may_answer,
    may_doubt,
    may_send,
    position,
)
from belowline.legal.model import Answer, AnswerKind, ClosedAs, Grounds, Lack, LetterKind
from tests.legal.test_calendar import london, moments

RECEIVED = london("2026-03-03 10:15")
SENT = london("2026-03-04 09:00")
MIDNIGHT = london("2026-03-10 00:00")
MINUTE = timedelta(minutes=1)
FRESH = Facts(RECEIVED, is_complete=True, reachable=True)
TOLD = replace(FRESH, told={LetterKind.AUTHOR: SENT, LetterKind.ACKNOWLEDGED: SENT})
WHOLE = Grounds(
    words="He stole it.",
    why="It is a crime.",
    meaning="I am a thief.",
    wrong="I never was there.",
    cannot_sue=True,
    consents=False,
)


def answered(kind: AnswerKind, at: datetime) -> Facts:
    return replace(TOLD, answer=Answer(kind, at))


def owed(facts: Facts, now: datetime) -> dict[Act, datetime]:
    return {one.act: one.due_at for one in position(facts, now=now).duties}


def test_0_a_notice_that_lacks_something_is_answered_within_48_hours() -> None:
    lacking = replace(FRESH, is_complete=False)

    assert owed(lacking, RECEIVED) == {Act.DEFECTIVE: london("2026-03-05 10:15")}
    told = replace(lacking, told={LetterKind.DEFECTIVE: SENT})
    assert position(told, now=SENT).over is ClosedAs.DEFECTIVE


def test_1_an_author_who_can_be_reached_is_written_to_and_then_it_is_acknowledged() -> None:
    first = position(FRESH, now=RECEIVED)

    assert first.step is Step.TELL_AUTHOR
    assert owed(FRESH, RECEIVED) == dict.fromkeys(
        (Act.AUTHOR, Act.ACKNOWLEDGED), london("2026-03-05 10:15")
    )
    assert first.owes(Act.AUTHOR)
    assert not first.owes(Act.ACKNOWLEDGED), "it says that the author has been written to"
    after = replace(FRESH, told={LetterKind.AUTHOR: SENT})
    assert position(after, now=SENT).owes(Act.ACKNOWLEDGED)
    assert position(TOLD, now=SENT).step is Step.WAITING
    assert position(TOLD, now=SENT).answer_by == MIDNIGHT


def test_1b_a_comment_whose_author_cannot_be_reached_comes_down_and_that_is_acknowledged() -> None:
    nobody = replace(FRESH, reachable=False)

    assert position(nobody, now=RECEIVED).step is Step.UNREACHABLE
    assert position(nobody, now=RECEIVED).must_come_down
    down = replace(nobody, down_at=SENT)
    assert owed(down, SENT) == {Act.ACKNOWLEDGED: london("2026-03-05 10:15")}
    told = replace(down, told={LetterKind.ACKNOWLEDGED: SENT + MINUTE})
    assert position(told, now=SENT + MINUTE).over is ClosedAs.REMOVED


def test_3_silence_until_midnight_means_removal_within_48_hours_from_then() -> None:
    assert position(TOLD, now=MIDNIGHT).step is Step.WAITING
    silent = position(TOLD, now=MIDNIGHT + MINUTE)

    assert silent.step is Step.SILENT
    assert silent.must_come_down
    assert silent.due_at == london("2026-03-12 00:00")


@pytest.mark.parametrize(
    ("at", "step"),
    [
        pytest.param(MIDNIGHT - MINUTE, Step.STANDS_BY_IT, id="a minute before midnight"),
        pytest.param(MIDNIGHT, Step.STANDS_BY_IT, id="at midnight"),
        pytest.param(MIDNIGHT + MINUTE, Step.SILENT, id="a minute after"),
    ],
)
def test_an_answer_counts_until_midnight_and_not_a_minute_longer(at: datetime, step: Step) -> None:
    facts = answered(AnswerKind.REFUSES, at)

    assert position(facts, now=at + MINUTE).step is step


def test_4_an_answer_without_name_and_address_or_with_false_ones_means_removal() -> None:
    at = london("2026-03-06 17:00")
    incomplete = answered(AnswerKind.INCOMPLETE, at)
    doubted = replace(answered(AnswerKind.REFUSES, at), doubted=True)

    for facts in (incomplete, doubted):
        assert position(facts, now=at).step is Step.NOT_COMPLETE
        assert owed(facts, at)[Act.REMOVE] == london("2026-03-10 17:00")
    down = replace(incomplete, down_at=at + MINUTE)
    assert owed(down, at + MINUTE) == {Act.REMOVED: london("2026-03-10 17:00")}


def test_5_an_author_who_agrees_means_removal_48_hours_from_the_answer() -> None:
    at = london("2026-03-05 08:00")

    assert position(answered(AnswerKind.AGREES, at), now=at).step is Step.AGREED
    assert owed(answered(AnswerKind.AGREES, at), at)[Act.REMOVE] == london("2026-03-09 08:00")


def test_6_an_author_who_stands_by_it_keeps_it_up_and_the_complainant_is_told() -> None:
    at = london("2026-03-05 08:00")
    facts = answered(AnswerKind.REFUSES, at)

    assert owed(facts, at) == {Act.REFUSED: london("2026-03-09 08:00")}
    assert not position(facts, now=at).must_come_down
    told = replace(facts, told={**facts.told, LetterKind.REFUSED: at})
    assert position(told, now=at).over is ClosedAs.REFUSED


def test_7_the_third_time_it_is_removed_at_once_and_nobody_is_asked() -> None:
    again = replace(FRESH, is_repeat=True)

    assert position(again, now=RECEIVED).step is Step.AGAIN
    assert owed(again, RECEIVED)[Act.REMOVE] == london("2026-03-05 10:15")
    assert Act.AUTHOR not in owed(again, RECEIVED)


def test_whoever_removes_it_only_the_letter_is_left_by_the_deadline_that_there_was() -> None:
    late = MIDNIGHT + timedelta(hours=30)
    down = replace(TOLD, down_at=late)

    assert owed(down, late) == {Act.REMOVED: london("2026-03-12 00:00")}
    told = replace(down, told={**down.told, LetterKind.REMOVED: late})
    assert position(told, now=late).over is ClosedAs.REMOVED


def test_an_acknowledgement_from_before_the_removal_does_not_tell_of_it() -> None:
    down = replace(TOLD, down_at=SENT + timedelta(hours=1))

    assert position(down, now=SENT + timedelta(hours=1)).owes(Act.REMOVED)


@pytest.mark.parametrize(
    ("grounds", "name", "lacks"),
    [
        pytest.param(WHOLE, "Jo Bloggs", (), id="whole"),
        pytest.param(WHOLE, "", (Lack.NAME,), id="no name"),
        pytest.param(replace(WHOLE, consents=None), "Jo", (Lack.CONSENT,), id="consent not said"),
        pytest.param(replace(WHOLE, cannot_sue=False), "Jo", (Lack.CANNOT_SUE,), id="could sue"),
        pytest.param(Grounds(), "", tuple(Lack), id="nothing at all"),
    ],
)
def test_what_the_law_requires_is_looked_for(
    grounds: Grounds, name: str, lacks: tuple[Lack, ...]
) -> None:
    assert lacks_of(grounds, name=name) == lacks


@pytest.mark.parametrize(
    ("facts", "by_author", "closed", "code"),
    [
        pytest.param(TOLD, True, False, None, id="the author, asked"),
        pytest.param(TOLD, False, False, "not_about_you", id="somebody else"),
        pytest.param(TOLD, True, True, "notice_closed", id="over"),
        pytest.param(FRESH, True, False, "not_asked", id="not asked yet"),
        pytest.param(
            answered(AnswerKind.AGREES, SENT), True, False, "already_answered", id="again"
        ),
        pytest.param(replace(TOLD, down_at=SENT), True, False, "already_down", id="down"),
    ],
)
def test_only_the_author_answers_and_once(
    facts: Facts, *, by_author: bool, closed: bool, code: str | None
) -> None:
    refusal = may_answer(facts, by_author=by_author, closed=closed)

    assert (refusal.code if refusal else None) == code


def test_only_what_is_owed_is_sent_and_a_person_may_find_a_notice_defective() -> None:
    where = position(FRESH, now=RECEIVED)

    def code(kind: LetterKind, ordered: frozenset[LetterKind] = frozenset()) -> str | None:
        refusal = may_send(kind, where, FRESH, ordered=ordered)
        return refusal.code if refusal else None

    assert code(LetterKind.AUTHOR) is None
    assert code(LetterKind.AUTHOR, frozenset({LetterKind.AUTHOR})) == "letter_ordered"
    assert code(LetterKind.DEFECTIVE) is None
    assert code(LetterKind.DEFECTIVE, frozenset({LetterKind.AUTHOR})) == "not_owed"
    assert code(LetterKind.REMOVED) == "not_owed"
    assert code(LetterKind.ACKNOWLEDGED) == "not_owed"


def test_a_name_can_be_doubted_until_the_complainant_has_been_told() -> None:
    facts = answered(AnswerKind.REFUSES, SENT)
    told = replace(facts, told={**facts.told, LetterKind.REFUSED: SENT})

    assert may_doubt(position(facts, now=SENT), facts) is None
    assert may_doubt(position(told, now=SENT), told) is not None
    assert may_doubt(position(TOLD, now=SENT), TOLD) is not None


@st.composite
def histories(draw: st.DrawFn) -> tuple[Facts, datetime]:
    """Give facts in an order in which they can happen, and a time after all of them."""
    received = draw(moments)
    at = received

    def later() -> datetime:
        nonlocal at
        at += draw(st.timedeltas(timedelta(0), timedelta(days=4)))
        return at

    told: dict[LetterKind, datetime] = {}
    answer = None
    if draw(st.booleans()):
        told[LetterKind.AUTHOR] = later()
        if draw(st.booleans()):
            told[LetterKind.ACKNOWLEDGED] = later()
        if draw(st.booleans()):
            answer = Answer(draw(st.sampled_from(AnswerKind)), later())
    facts = Facts(
        received,
        is_complete=draw(st.booleans()),
        reachable=draw(st.booleans()),
        is_repeat=draw(st.booleans()),
        told=told,
        answer=answer,
        doubted=answer is not None and draw(st.booleans()),
        down_at=later() if draw(st.booleans()) else None,
    )
    return facts, later()


@given(histories())
def test_there_is_always_something_to_do_to_wait_for_or_it_is_over(
    history: tuple[Facts, datetime],
) -> None:
    facts, now = history
    found = position(facts, now=now)
    waits = found.step is Step.WAITING and found.answer_by is not None and now <= found.answer_by

    assert bool(found.duties) or waits or found.over is not None
    assert not (found.over and found.duties)
    assert any(duty.ready for duty in found.duties) or not found.duties


@given(histories())
def test_what_is_down_need_not_come_down_and_a_deadline_is_never_under_48_hours(
    history: tuple[Facts, datetime],
) -> None:
    facts, now = history
    found = position(facts, now=now)

    if facts.down_at is not None:
        assert not found.must_come_down
    for duty in found.duties:
        assert duty.due_at >= facts.received_at + timedelta(hours=48)


@given(histories(), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_time_alone_moves_no_deadline_that_is_running(
    history: tuple[Facts, datetime], passed: timedelta
) -> None:
    """A court may forgive lateness, so what is late stays owed by the date that it had."""
    facts, now = history
    before = {one.act: one.due_at for one in position(facts, now=now).duties}
    after = {one.act: one.due_at for one in position(facts, now=now + passed).duties}

    for act, due_at in before.items():
        assert after[act] == due_at


@given(histories())
def test_removing_at_any_step_leaves_one_letter_and_then_nothing(
    history: tuple[Facts, datetime],
) -> None:
    facts, now = history
    down = replace(facts, down_at=facts.down_at or now)
    found = position(down, now=now)
    if found.over is None:
        (duty,) = found.duties
        at = now + timedelta(microseconds=1)
        told = replace(down, told={**down.told, LetterKind(duty.act.value): at})
        assert position(told, now=at).over is ClosedAs.REMOVED


@given(moments)
def test_the_authors_silence_is_judged_from_the_midnight_that_they_were_told(
    sent: datetime,
) -> None:
    facts = replace(
        FRESH,
        received_at=sent,
        told={LetterKind.AUTHOR: sent, LetterKind.ACKNOWLEDGED: sent},
    )
    until = answer_by(sent)

    assert position(facts, now=until).step is Step.WAITING
    late = position(facts, now=until + timedelta(seconds=1))
    assert late.step is Step.SILENT
    assert late.due_at == due_after(until)
