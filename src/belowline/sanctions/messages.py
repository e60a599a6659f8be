"""What the ladder of sanctions says in words: its published steps, and a sentence for each reason.

Readers see ``LADDER`` on the rules page and on their standing page; moderators see the sentences
beside a proposal. The sums are in ``ladder``, and a test holds the numbers here to those there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from belowline.core.terms import SanctionKind


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
        "A hint before you send",
        "We point out a rule that your comment may break. You decide whether to change it.",
        "When an automatic check notices something.",
        "Only this one comment",
        "At once.",
    ),
    Step(
        None,
        "Removal with a reason",
        "Your comment is taken down. You are told which rule it broke, why, and how to appeal.",
        "When a comment breaks a rule. One that was only off topic is no mark against you.",
        "For good, unless you appeal and are proved right",
        "By a successful appeal, which brings the comment back at its old place.",
    ),
    Step(
        SanctionKind.WARNING,
        "Warning",
        "You can go on as soon as you have confirmed that you read the warning.",
        "After one serious breach, or three breaches of any kind within 30 days.",
        "On file for 90 days",
        "By itself, or by a successful appeal.",
    ),
    Step(
        SanctionKind.HOLD_FIRST,
        "Comments held first",
        "A moderator reads each of your comments before it appears.",
        "When you would earn another warning while one is still on file, when 3 or more of your "
        "comments within 7 days broke a rule and they are 30 % or more of what you sent, and for "
        "7 days after a suspension.",
        "14 days, or until moderators have approved 5 and removed fewer than one in ten",
        "By itself, or by a successful appeal.",
    ),
    Step(
        SanctionKind.SUSPENSION,
        "Suspension",
        "You cannot comment, edit, react or report. You can read, see your data and appeal.",
        "After a severe breach, or any breach while your comments are held first.",
        "1 day the first time, then 3, 7 and 30 days, counting the last two years",
        "By itself on the date you are given, or by a successful appeal. For 7 days after it, your "
        "comments are held first.",
    ),
    Step(
        SanctionKind.WITHDRAWAL,
        "Withdrawal",
        "You can no longer comment here. You can still read, see your data and appeal.",
        "After a dangerous breach, or in place of a fourth suspension within a year.",
        "No fixed end",
        "By a successful appeal, or when the editors review it.",
    ),
)
"""The published ladder, mildest step first."""

SENTENCES: Mapping[str, str] = {
    "nothing_to_answer": "There is no recent breach that still needs an answer.",
    "no_mark": "The removal only tidied up. It is no mark on the reader.",
    "removal_is_enough": "This was a minor breach. The removal with its reason is enough.",
    "already_withdrawn": "The privilege to comment is already withdrawn.",
    "serious_breach": "This breach is serious: severity {severity} of 4, rule “{rule}”.",
    "repeated_breaches": "There were {count} breaches within 30 days.",
    "many_removed": (
        "Within {days} days, {count} breaches and {sent} comments sent: 30 % or more had to go."
    ),
    "warning_on_file": "A warning was still on file. Warnings stay there for {days} days.",
    "severe_breach": "This breach is severe: severity {severity} of 4, rule “{rule}”.",
    "breach_while_held_first": (
        "The rule “{rule}” was broken while the reader’s comments were held first."
    ),
    "earlier_suspensions": (
        "Suspensions in the last two years: {count}. The length of the next one, in days: {days}."
    ),
    "suspensions_within_a_year": (
        "Suspensions in the last year: {count}. After three, withdrawal follows."
    ),
    "dangerous_breach": (
        "This breach is a danger to others: severity {severity} of 4, rule “{rule}”."
    ),
    "no_warning_before": (
        "No warning was on file. This step rests on the site’s own rules; if the ground is that "
        "the comment is illegal, warn the reader first."
    ),
}
"""A sentence for each code of a reason; the names in braces come from the reason's detail."""
