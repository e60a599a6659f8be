"""What the ladder of sanctions says in words: its published steps, and a sentence for each reason.

Readers see ``LADDER`` on the rules page and on their standing page; moderators see the sentences
beside a proposal. The sums are in ``ladder``, and a test holds the numbers here to those there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from belowline.core.terms import SanctionKind
from belowline.core.text import later


@dataclass(frozen=True, slots=True)
class Step:
    """One step as readers are told it. ``kind`` is None where nothing is kept on file."""

    kind: SanctionKind | None
    title: str
    what_it_means: str
    when_it_comes: str
    lasts: str
    how_it_ends: str


LADDER: tuple[Step, ...] = (
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
    Step(
        SanctionKind.WARNING,
        later("Warning"),
        later("You can go on as soon as you have confirmed that you read the warning."),
        later("After one serious breach, or three breaches of any kind within 30 days."),
        later("On file for 90 days"),
        later("By itself, or by a successful appeal."),
    ),
    Step(
        SanctionKind.HOLD_FIRST,
        later("Comments held first"),
        later("A moderator reads each of your comments before it appears."),
        later(
            "When you would earn another warning while one is still on file, when 3 or more of "
            "your "
            "comments within 7 days broke a rule and they are 30 % or more of what you sent, "
            "and for "
            "7 days after a suspension."
        ),
        later("14 days, or until moderators have approved 5 and removed fewer than one in ten"),
        later("By itself, or by a successful appeal."),
    ),
    Step(
        SanctionKind.SUSPENSION,
        later("Suspension"),
        later("You cannot comment, edit, react or report. You can read, see your data and appeal."),
        later("After a severe breach, or any breach while your comments are held first."),
        later("1 day the first time, then 3, 7 and 30 days, counting the last two years"),
        later(
            "By itself on the date you are given, or by a successful appeal. For 7 days after "
            "it, your "
            "comments are held first."
        ),
    ),
    Step(
        SanctionKind.WITHDRAWAL,
        later("Withdrawal"),
        later("You can no longer comment here. You can still read, see your data and appeal."),
        later("After a dangerous breach, or in place of a fourth suspension within a year."),
        later("No fixed end"),
        later("By a successful appeal, or when the editors review it."),
    ),
)
"""The published ladder, mildest step first."""

SENTENCES: Mapping[str, str] = {
    "nothing_to_answer": later("There is no recent breach that still needs an answer."),
    "no_mark": later("The removal only tidied up. It is no mark on the reader."),
    "removal_is_enough": later("This was a minor breach. The removal with its reason is enough."),
    "already_withdrawn": later("The privilege to comment is already withdrawn."),
    "serious_breach": later("This breach is serious: severity %(severity)s of 4, rule “%(rule)s”."),
    "repeated_breaches": later("Breaches within 30 days: %(count)s."),
    "many_removed": (
        later(
            "Days looked at: %(days)s. Breaches: %(count)s. Comments sent: %(sent)s. 30 %% or more "
            "had to go."
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
    "suspensions_within_a_year": (
        later("Suspensions in the last year: %(count)s. After three, withdrawal follows.")
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
