"""How good the desk's work is, in figures: waiting, workload, what held and what was reversed.

Every figure is counted from a ledger, and so from the log. A decision belongs to the time at which
it was made, together with what became of it since; one that was taken back within the minute was
none. Figures about people are for the people themselves and their editors; they come with how many
cases they rest on, because few cases say little. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import ceil
from statistics import median

from belowline.core.terms import Outcome
from belowline.transparency.appeals import Answers, answers_of
from belowline.transparency.ledger import Appealed, Decided, Ledger, Reported
from belowline.transparency.spot_checks import Missed, missed_of

ABOUT_COMMENTS = (Outcome.PUBLISH, Outcome.KEEP, Outcome.REMOVE)
"""What a person decides about a comment that waits."""
WORK = (*ABOUT_COMMENTS, Outcome.SANCTION)
NO_RULE = ""
"""Stands for cases in which nobody named a rule."""
CONTEXT = timedelta(days=40)
"""How far before its days a ledger must begin: a second look is taken within four weeks."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long cases waited for a decision, in seconds."""

    number: int = 0
    median: float | None = None
    p90: float | None = None
    """Nine in ten waited no longer."""


@dataclass(frozen=True, slots=True)
class Line:
    """What happened under one rule, or by one person's decisions."""

    key: str
    """The rule's key, or the person's id."""
    decided: int
    removed: int
    waits: Waits
    reports: int
    upheld: int
    """Of the reports; under a rule those that cite it, for a person those that they answered."""
    dismissed: int
    appeals: int
    appeals_decided: int
    overturned: int

    @property
    def upheld_share(self) -> float | None:
        """Return how many of the answered reports were upheld, as a share."""
        return _share(self.upheld, self.upheld + self.dismissed)

    @property
    def overturned_share(self) -> float | None:
        """Return how many of the decided appeals were upheld, as a share."""
        return _share(self.overturned, self.appeals_decided)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two people judged alike who did not know of each other's answer."""

    key: str
    number: int
    agreed: int
    kappa: float | None
    """Cohen's: 1 if always alike, 0 if as by chance; None if chance could do nothing else."""
    same_rule: int
    both_removed: int

    @property
    def share(self) -> float | None:
        """Return the raw share of cases in which both said the same."""
        return _share(self.agreed, self.number)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case that two people saw differently."""

    decision_id: int
    comment_id: int | None
    first: str
    first_rule: str | None
    second: str
    second_rule: str | None


@dataclass(frozen=True, slots=True)
class Quality:
    """The figures of a span of time."""

    waits: Waits
    by_rule: tuple[Line, ...]
    by_person: tuple[Line, ...]
    days: tuple[tuple[date, dict[int, int]], ...]
    """For each day that had any, how much each person decided."""
    agreement: Agreement
    agreement_by_rule: tuple[Agreement, ...]
    agreement_by_person: tuple[Agreement, ...]
    """By who had decided first."""
    disagreements: tuple[Disagreement, ...]
    appeals: tuple[Answers, ...] = ()
    """Of the appeals that were filed: first the authors', then those of who reported."""
    missed: Missed = field(default_factory=Missed)
    """Of the comments that nobody had brought up, and that were drawn by lot."""


def quality_of(ledger: Ledger, *, since: datetime, until: datetime) -> Quality:
    """Count the figures of what was decided and reported from ``since`` on and before ``until``."""
    made = [one for one in ledger.decisions if since <= one.at < until and not one.undone]
    reported = [one for one in ledger.reports if since <= one.at < until]
    looked = _looked(ledger, since=since, until=until)
    by_person = _group(made, lambda one: str(one.by) if one.by is not None else None)
    return Quality(
        waits_of(made),
        _by_rule(made, reported, ledger),
        tuple(
            _line(key, found, _answers_of(found), ledger.appeals)
            for key, found in sorted(by_person.items(), key=lambda pair: int(pair[0]))
        ),
        _days(made, ledger.appeals, since=since, until=until),
        _agree("", looked),
        _agreements(looked, lambda one: rule_of(one[0])),
        _agreements(looked, lambda one: str(one[0].by)),
        tuple(_differ(one) for one in looked if not _alike(one)),
        answers_of(ledger, since=since, until=until),
        missed_of(ledger, since=since, until=until),
    )


def rule_of(one: Decided) -> str:
    """Return the rule that a decision is counted under: the one it cites, or was in question."""
    return one.rule or one.in_question or NO_RULE


def waits_of(made: Iterable[Decided]) -> Waits:
    """Say how long the cases waited that these decisions of people's ended."""
    seconds = sorted(
        max((one.at - one.waiting_since).total_seconds(), 0.0)
        for one in made
        if one.waiting_since is not None and one.by is not None and one.outcome in ABOUT_COMMENTS
    )
    if not seconds:
        return Waits()
    return Waits(len(seconds), median(seconds), seconds[ceil(0.9 * len(seconds)) - 1])


def kappa_of(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Return Cohen's kappa of two people's yes or no to the same cases, or None.

    There is none for no cases, nor where both always said the same one thing: then chance alone
    would agree as often.
    """
    if not pairs:
        return None
    first = sum(one for one, _ in pairs) / len(pairs)
    second = sum(two for _, two in pairs) / len(pairs)
    by_chance = first * second + (1 - first) * (1 - second)
    if by_chance == 1:
        return None
    agreed = sum(one == two for one, two in pairs) / len(pairs)
    return (agreed - by_chance) / (1 - by_chance)


Look = tuple[Decided, bool, str | None]
"""A first decision, whether the second look would remove, and under which rule."""


def _looked(ledger: Ledger, *, since: datetime, until: datetime) -> list[Look]:
    first = ledger.decision()
    return [
        (first[one.decision_id], one.outcome == Outcome.REMOVE, one.rule)
        for one in ledger.second_looks
        if one.decision_id in first and since <= one.at < until
    ]


def _removes(look: Look) -> bool:
    return look[0].outcome == Outcome.REMOVE


def _alike(look: Look) -> bool:
    return _removes(look) == look[1]


def _differ(look: Look) -> Disagreement:
    one, removes, rule = look
    second = Outcome.REMOVE if removes else Outcome.KEEP
    return Disagreement(one.id, one.comment_id, one.outcome, one.rule, second, rule)


def _agreements(looked: list[Look], key: Callable[[Look], str]) -> tuple[Agreement, ...]:
    found: dict[str, list[Look]] = defaultdict(list)
    for one in looked:
        found[key(one)].append(one)
    return tuple(_agree(name, ones) for name, ones in sorted(found.items()))


def _agree(key: str, looked: list[Look]) -> Agreement:
    both = [one for one in looked if _removes(one) and one[1]]
    return Agreement(
        key,
        len(looked),
        sum(map(_alike, looked)),
        kappa_of([(_removes(one), one[1]) for one in looked]),
        sum(one[0].rule == one[2] for one in both),
        len(both),
    )


def _group(made: list[Decided], key: Callable[[Decided], str | None]) -> dict[str, list[Decided]]:
    found: dict[str, list[Decided]] = defaultdict(list)
    for one in made:
        if one.outcome in WORK and (name := key(one)) is not None:
            found[name].append(one)
    return found


def _by_rule(made: list[Decided], reported: list[Reported], ledger: Ledger) -> tuple[Line, ...]:
    # What a check refused is under its rule too: it can be appealed like any other.
    found: dict[str, list[Decided]] = defaultdict(list)
    for one in made:
        if one.outcome in {*WORK, Outcome.REFUSE}:
            found[rule_of(one)].append(one)
    cited: dict[str, list[Reported]] = defaultdict(list)
    for report in reported:
        cited[report.rule].append(report)
    return tuple(
        _line(key, found[key], [one.upheld for one in cited[key]], ledger.appeals)
        for key in sorted({*found, *cited})
    )


def _answers_of(made: list[Decided]) -> list[bool | None]:
    """Return which way each report was answered by these decisions, as far as they still hold."""
    # What was left and reversed on appeal was a breach after all.
    return [(one.outcome == Outcome.REMOVE) != one.overturned for one in made for _ in one.answered]


def _line(
    key: str, made: list[Decided], answers: list[bool | None], appeals: Sequence[Appealed]
) -> Line:
    ids = {one.id for one in made}
    appealed = [one for one in appeals if one.decision_id in ids]
    decided = [one for one in appealed if one.upheld is not None]
    return Line(
        key,
        len(made),
        sum(one.outcome == Outcome.REMOVE for one in made),
        waits_of(made),
        len(answers),
        sum(one is True for one in answers),
        sum(one is False for one in answers),
        len(appealed),
        len(decided),
        sum(one.upheld is True for one in decided),
    )


def _days(
    made: list[Decided], appeals: Sequence[Appealed], *, since: datetime, until: datetime
) -> tuple[tuple[date, dict[int, int]], ...]:
    days: dict[date, Counter[int]] = defaultdict(Counter)
    for one in made:
        if one.by is not None and one.outcome in WORK:
            days[one.at.astimezone(UTC).date()][one.by] += 1
    for appeal in appeals:
        at = appeal.decided_at
        if appeal.by is not None and at is not None and since <= at < until:
            days[at.astimezone(UTC).date()][appeal.by] += 1
    return tuple((day, dict(sorted(count.items()))) for day, count in sorted(days.items()))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
