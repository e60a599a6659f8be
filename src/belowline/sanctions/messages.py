"""What the ladder of sanctions says in words: its published steps, and a sentence for each reason.

Readers see the steps on the rules page, with their site's numbers in them; moderators see the
sentences beside a proposal. The sums are in ``ladder``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from belowline.core.terms import HELD_AFTER_SUSPENSION, SLOWED_TO, SanctionKind
from belowline.core.text import Text, later
from belowline.sanctions.record import WARNING_LASTS
from belowline.sanctions.thresholds import USUAL, LadderSettings


@dataclass(frozen=True, slots=True)
class Step:
    """One step as readers are told it. ``kind`` is None where nothing is kept on file."""

    kind: SanctionKind | None
    title: str
    what_it_means: str
    when_it_comes: str
    lasts: str
    how_it_ends: str


BEFORE_THE_LADDER = (
    Step(
        None,
        later("A hint before you send"),
        later("We point out a rule that your comment may break. You decide whether to change it."),
        later("When an automatic check notices something."),
        later("Only this one comment"),
        later("At once."),
    ),
    Step(
        None,
        later("Removal with a reason"),
        later(
            "Your comment is taken down. You are told which rule it broke, why, and how to appeal."
        ),
        later("When a comment breaks a rule. One that was only off topic is no mark against you."),
        later("For good, unless you appeal and are proved right"),
        later("By a successful appeal, which brings the comment back at its old place."),
    ),
)
"""What comes before anything is kept on file; the same at every site."""


SLOWED = Step(
    SanctionKind.SLOWED,
    later("Slowed down"),
    Text(
        "You can send a comment every %(minutes)s minutes.",
        minutes=int(SLOWED_TO.total_seconds() // 60),
    ),
    later(
        "When you write so much that others hardly come up. A moderator chooses this; it does not "
        "follow from a number of breaches."
    ),
    later("From an hour to 30 days"),
    later("By itself on the date you are given, or by a successful appeal."),
)


def ladder_steps(settings: LadderSettings) -> tuple[Step, ...]:
    """Return the published ladder of a site with these numbers, mildest step first."""
    return (
        *BEFORE_THE_LADDER,
        _warning(settings),
        SLOWED,
        _held_first(settings),
        _suspension(settings),
        _withdrawal(settings),
    )


def _warning(settings: LadderSettings) -> Step:
    return Step(
        SanctionKind.WARNING,
        later("Warning"),
        later("You can go on as soon as you have confirmed that you read the warning."),
        Text(
            "After one serious breach, or %(count)s breaches of any kind within %(days)s days.",
            count=settings.minor_breaches,
            days=settings.answer_days,
        ),
        Text("On file for %(days)s days", days=WARNING_LASTS.days),
        later("By itself, or by a successful appeal."),
    )


def _held_first(settings: LadderSettings) -> Step:
    return Step(
        SanctionKind.HOLD_FIRST,
        later("Comments held first"),
        later("A moderator reads each of your comments before it appears."),
        Text(
            "When you would earn another warning while one is still on file, when 3 or more of "
            "your comments within 7 days broke a rule and they are %(percent)s %% or more of what "
            "you sent, and for %(after)s days after a suspension.",
            percent=settings.removed_percent,
            after=HELD_AFTER_SUSPENSION.days,
        ),
        Text(
            "%(days)s days, or until moderators have approved %(approved)s and removed fewer than "
            "one in ten",
            days=settings.hold_first_days,
            approved=settings.approved_to_end,
        ),
        later("By itself, or by a successful appeal."),
    )


def _suspension(settings: LadderSettings) -> Step:
    return Step(
        SanctionKind.SUSPENSION,
        later("Suspension"),
        later("You cannot comment, edit, react or report. You can read, see your data and appeal."),
        later("After a severe breach, or any breach while your comments are held first."),
        Text(
            "Counting the last two years, in days: %(first)s the first time, then %(second)s, "
            "%(third)s and %(further)s",
            first=settings.first_days,
            second=settings.second_days,
            third=settings.third_days,
            further=settings.further_days,
        ),
        Text(
            "By itself on the date you are given, or by a successful appeal. For %(days)s days "
            "after it, your comments are held first.",
            days=HELD_AFTER_SUSPENSION.days,
        ),
    )


def _withdrawal(settings: LadderSettings) -> Step:
    return Step(
        SanctionKind.WITHDRAWAL,
        later("Withdrawal"),
        later("You can no longer comment here. You can still read, see your data and appeal."),
        Text(
            "After a dangerous breach, or in place of the next suspension after %(count)s within "
            "%(days)s days. One person proposes it and another confirms it; until then you are "
            "suspended.",
            count=settings.suspensions,
            days=settings.withdrawal_days,
        ),
        later("No fixed end"),
        later(
            "By a successful appeal, or by a review. A review comes by itself after six months, "
            "and every six months after that."
        ),
    )


LADDER = ladder_steps(USUAL)
"""The ladder of a site that has not published numbers of its own."""

SENTENCES: Mapping[str, str] = {
    "nothing_to_answer": later("There is no recent breach that still needs an answer."),
    "no_mark": later("The removal only tidied up. It is no mark on the reader."),
    "removal_is_enough": later("This was a minor breach. The removal with its reason is enough."),
    "already_withdrawn": later("The privilege to comment is already withdrawn."),
    "serious_breach": later("This breach is serious: severity %(severity)s of 4, rule “%(rule)s”."),
    "repeated_breaches": later("Breaches: %(count)s. Days looked at: %(days)s."),
    "many_removed": (
        later(
            "Days looked at: %(days)s. Breaches: %(count)s. Comments sent: %(sent)s. "
            "%(percent)s %% or more had to go."
        )
    ),
    "warning_on_file": later(
        "A warning was still on file. Warnings stay there for this many days: %(days)s."
    ),
    "severe_breach": later("This breach is severe: severity %(severity)s of 4, rule “%(rule)s”."),
    "breach_while_held_first": (
        later("The rule “%(rule)s” was broken while the reader’s comments were held first.")
    ),
    "earlier_suspensions": (
        later(
            "Suspensions in the last two years: %(count)s. The length of the next one, in "
            "days: %(days)s."
        )
    ),
    "suspensions_before": later(
        "Suspensions: %(count)s. Days looked at: %(days)s. After so many, withdrawal follows."
    ),
    "dangerous_breach": (
        later("This breach is a danger to others: severity %(severity)s of 4, rule “%(rule)s”.")
    ),
    "no_warning_before": (
        later(
            "No warning was on file. This step rests on the site’s own rules; if the ground is "
            "that "
            "the comment is illegal, warn the reader first."
        )
    ),
}
"""A sentence for each code of a reason; the names in brackets come from the reason's detail."""
