"""What a report weighs, what the reports about one comment together ask for, and who may report.

A report calls a person; hardly ever does it hide a comment by itself. Weight comes from how often a
reporter was right, connected reporters count as one, and what new readers report can bring a
comment to a moderator sooner but can never hide it. All of it is pure, and each answer carries its
reasons in words. What becomes of the case is decided in ``moderation``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from belowline.core.terms import CommentStatus, Refusal, RuleKey, StoryMode
from belowline.core.text import Text, later

# With nothing known, a reporter is taken to be right half of the time. Two reports each way are
# imagined before the first real one, so that a single answer does not swing the record.
IMAGINED_UPHELD = 2
IMAGINED_DISMISSED = 2
ANSWERS_HALVE_IN = timedelta(days=180)
"""An old answer says less about somebody than a new one."""
STAFF_WEIGHT = 0.97
READER_WEIGHT_AT_MOST = 0.95
NEW_READER_FACTOR = 0.4
"""A new reader's weight is at most 0.38, well below what counts towards hiding."""
TRUSTED_WEIGHT = 0.9
TRUSTED_UNTIL = 10
"""So many answered reports speak louder than what an editor said of somebody."""
COUNTS_FROM = 0.5
"""From this weight a reporter counts towards hiding a comment until a person has looked."""

# The author's prior starts from three reported comments in ten that break a rule. Every upheld
# breach counts like one more that did, every twenty published comments like one that did not. It is
# bounded, so that neither a good name nor a bad one decides alone.
PRIOR_UPHELD = 1.5
PRIOR_REPORTS = 5.0
COMMENTS_PER_GOOD_MARK = 20
PRIOR_BOUNDS = (0.1, 0.6)

HOLD_FROM_SEVERITY = 3
HOLD_FROM_PROBABILITY = 0.9
INDEPENDENT_REPORTERS = 2
VOICE_EVIDENCE = 0.2
VOICE_EVIDENCE_AT_MOST = 1.0

MESSAGES: Mapping[str, str] = {
    "own_comment": later("This is your own comment. You can edit it or take it back instead."),
    "comment_not_published": later("This comment is not published, so there is nothing to report."),
    "story_suspended": later("Comments on this story cannot be seen at the moment."),
}
"""What is said when a report is refused, by code."""


@dataclass(frozen=True, slots=True)
class ReporterRecord:
    """How a reader's earlier reports were answered."""

    upheld: int
    dismissed: int
    is_staff: bool = False
    is_new: bool = False
    is_guest: bool = False
    """Whether they have no account, and so no record."""
    is_trusted: bool = False
    """Whether an editor has named them as trusted in their field."""
    faded: tuple[float, float] | None = None
    """What the upheld and the dismissed ones still count by their age, where that is known."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How far a reporter is believed, from 0 to 1, and why."""

    value: float
    why: str


@dataclass(frozen=True, slots=True)
class FiledReport:
    """One report as it counts. Reporters with the same ``connected_with`` count as one."""

    reporter: int
    """A reader's id, or below zero whoever has no account; see ``Report.voice``."""
    rule: RuleKey
    severity: int
    weight: float
    connected_with: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reports ask for: how soon a person should look, and whether to hide meanwhile."""

    urgency: float
    hold: bool
    reasons: tuple[str, ...]


def weigh(record: ReporterRecord) -> Weight:
    """Weigh a reporter by how often their reports were upheld.

    What was answered long ago counts less. Staff are trusted. A reader without a record counts
    as right half of the time; a new reader is believed much less, whatever their record says so
    far, and somebody without an account is believed as a new reader without a record. Whoever
    an editor has named as trusted in their field weighs 0.9 until ten of their reports have
    been answered; then their record speaks for them.
    """
    if record.is_staff:
        return Weight(STAFF_WEIGHT, later("The reporter works for the site."))
    answered = record.upheld + record.dismissed
    upheld, dismissed = record.faded or (record.upheld, record.dismissed)
    trust = (upheld + IMAGINED_UPHELD) / (upheld + dismissed + IMAGINED_UPHELD + IMAGINED_DISMISSED)
    value = min(trust, READER_WEIGHT_AT_MOST)
    if record.is_guest:
        return Weight(value * NEW_READER_FACTOR, later("The reporter has no account here."))
    if record.is_trusted and answered < TRUSTED_UNTIL:
        return Weight(
            max(value, TRUSTED_WEIGHT), later("The editors have named the reporter as trusted.")
        )
    if record.is_new:
        return Weight(value * NEW_READER_FACTOR, later("The reporter is new here."))
    if not answered:
        return Weight(value, later("None of the reporter’s reports has been answered yet."))
    return Weight(
        value,
        Text(
            "The reporter’s answered reports: %(answered)s, of which upheld: %(upheld)s.",
            answered=answered,
            upheld=record.upheld,
        ),
    )


def fade(ages: Iterable[timedelta]) -> float:
    """Return what answers of these ages still count: each halves every 180 days."""
    return math.fsum(0.5 ** (max(age, timedelta(0)) / ANSWERS_HALVE_IN) for age in ages)


def answer(
    reports: Iterable[FiledReport],
    *,
    author_published: int,
    author_upheld_breaches: int,
    already_kept_under: frozenset[RuleKey],
) -> Answer:
    """Pool the open reports about one comment into an urgency and a decision to hide meanwhile.

    The urgency is the probability of a breach: the author's record to start with, then what each
    independent reporter's record adds. A report never lowers it. The comment is held only when the
    reports under rules of severity 3 or 4 alone make a breach 90 % probable, and come from a member
    of staff or from two independent readers who are not new. Reports under a rule for which
    this revision was already looked at and kept count for nothing.
    """
    filed = list(reports)
    counted = [report for report in filed if report.rule not in already_kept_under]
    reasons: list[str] = []
    if len(counted) < len(filed):
        reasons.append(later("Some reports cite a rule under which this version was already kept."))
    if not counted:
        return Answer(0.0, hold=False, reasons=tuple(reasons))

    prior = _prior(published=author_published, breaches=author_upheld_breaches)
    weights = _weight_by_cluster(counted)
    urgency = _probability(_logit(prior) + _record_evidence(weights) + _voice_evidence(weights))
    reasons += _describe(counted, weights)
    reasons.append(
        Text(
            "The author’s record suggests a breach in %(percent)s %% of reported comments.",
            percent=round(100 * prior),
        )
    )

    severe = _weight_by_cluster(r for r in counted if r.severity >= HOLD_FROM_SEVERITY)
    probability = _probability(_logit(prior) + _record_evidence(severe))
    hold = probability >= HOLD_FROM_PROBABILITY and _enough_voices(severe)
    if hold:
        reasons.append(
            later("A severe breach is very likely, so the comment is hidden until it is read.")
        )
    return Answer(urgency, hold=hold, reasons=tuple(reasons))


def reopens(
    *,
    closed_rules: frozenset[RuleKey],
    closed_revision: int,
    rule: RuleKey,
    revision: int,
    trusted: bool,
) -> bool:
    """Tell whether a report after a decision brings something new.

    New is a rule that was not looked at, a later revision of the comment, or a trusted voice.
    """
    return trusted or revision > closed_revision or rule not in closed_rules


def may_report(*, is_own: bool, status: CommentStatus, story_mode: StoryMode) -> Refusal | None:
    """Say why a comment cannot be reported, or None if it can.

    Only published comments of other people can be, also when their story takes no more comments.
    """
    if is_own:
        return _refuse("own_comment")
    match story_mode:
        case StoryMode.SUSPENDED:
            return _refuse("story_suspended")
        case StoryMode.OPEN | StoryMode.HOLD_FIRST | StoryMode.CLOSED:
            pass
        case _:
            assert_never(story_mode)
    match status:
        case CommentStatus.PUBLISHED:
            return None
        case (
            CommentStatus.HELD
            | CommentStatus.REFUSED
            | CommentStatus.REMOVED
            | CommentStatus.WITHDRAWN
        ):
            return _refuse("comment_not_published")
        case _:
            assert_never(status)


def _prior(*, published: int, breaches: int) -> float:
    """Return how probable a breach is before any report, from the author's record."""
    marks = PRIOR_REPORTS + breaches + published / COMMENTS_PER_GOOD_MARK
    least, most = PRIOR_BOUNDS
    return min(max((PRIOR_UPHELD + breaches) / marks, least), most)


def _weight_by_cluster(reports: Iterable[FiledReport]) -> list[float]:
    """Return one weight, the heaviest, for each group of connected reporters, heaviest first."""
    heaviest: dict[str | int, float] = {}
    for report in reports:
        key = report.reporter if report.connected_with is None else report.connected_with
        heaviest[key] = max(report.weight, heaviest.get(key, 0.0))
    return sorted(heaviest.values(), reverse=True)


def _record_evidence(weights: list[float]) -> float:
    """Add up what reporters with a good record say; nobody says more than a member of staff."""
    return math.fsum(
        _logit(min(weight, STAFF_WEIGHT)) for weight in weights if weight > COUNTS_FROM
    )


def _voice_evidence(weights: list[float]) -> float:
    """Count every voice a little, together only so far: enough to be read sooner, not to hide."""
    return min(len(weights) * VOICE_EVIDENCE, VOICE_EVIDENCE_AT_MOST)


def _enough_voices(weights: list[float]) -> bool:
    trusted = any(weight >= STAFF_WEIGHT for weight in weights)
    counting = sum(weight >= COUNTS_FROM for weight in weights)
    return trusted or counting >= INDEPENDENT_REPORTERS


def _describe(reports: list[FiledReport], weights: list[float]) -> list[str]:
    reasons: list[str] = [Text("Independent reporters: %(count)s.", count=len(weights))]
    if len({report.reporter for report in reports}) > len(weights):
        reasons.append(later("Some reporters seem to be connected and count as one."))
    if weights[0] >= STAFF_WEIGHT:
        reasons.append(later("A member of staff reported it."))
    elif weights[0] > COUNTS_FROM:
        reasons.append(
            Text("The most reliable of them weighs %(weight)s of 1.", weight=f"{weights[0]:.2f}")
        )
    else:
        reasons.append(later("None of them has a record of good reports yet."))
    return reasons


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _probability(logit: float) -> float:
    """Turn log-odds back into a probability."""
    # A crowd of very trusted reporters must not overflow the exponential.
    return 1 / (1 + math.exp(-min(logit, 50.0)))


def _refuse(code: str) -> Refusal:
    return Refusal(code, MESSAGES[code])
