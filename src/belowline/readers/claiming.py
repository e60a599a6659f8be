"""When an author of another time becomes a reader of today. Pure.

An import brings authors whom nobody has asked. Whoever proves what the source had proven, a
verified address or an identity of its own, is offered the author's comments, and answers for
themselves: nobody is joined by a name, by an address that nobody verified, or without having said
so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from belowline.core.terms import Refusal


class ClaimAnswer(StrEnum):
    """What somebody has said about an author who was offered to them."""

    JOINED = "joined"
    """They are mine: since then they are."""
    DECLINED = "declined"
    """They are not mine; they can still say otherwise."""


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What decides whether an author who was proven becomes the reader who proved it."""

    is_erased: bool = False
    """Whether the reader who claims has left meanwhile."""
    joined_to_another: bool = False
    """Whether somebody else proved the same and was first."""
    holds_role: bool = False
    """Whether the author has a role, which is given by people and not by an address."""
    decided_by_claimant: bool = False
    """Whether whoever claims has decided about that author's comments here."""
    withdrawal_proposed: bool = False
    """Whether a withdrawal is proposed about one of the two, and waits for an answer."""


def may_join(facts: ClaimFacts) -> Refusal | None:
    """Say why an author cannot become this reader now, or None if they can.

    Nobody who has left is given anything. An author is one person: who says so first is taken at
    their word, and another with the same address has to turn to the desk. A role does not come by
    an address. Nobody becomes the one about whom they have decided. And while a withdrawal waits
    for its second pair of eyes, whom it is about stays who they are.
    """
    if facts.is_erased:
        return Refusal("erased", "This account has been erased.")
    if facts.joined_to_another:
        return Refusal(
            "claimed_already",
            "Somebody else has shown that these comments are theirs. If that is wrong, write to "
            "the people who look after this site.",
        )
    if facts.holds_role:
        return Refusal(
            "claim_holds_role",
            "This account looks after a site. Ask an owner of the site to give you the role; then "
            "the comments can be yours.",
        )
    if facts.decided_by_claimant:
        return Refusal(
            "claim_own_decision",
            "You have decided about comments of this account, and nobody decides about their own.",
        )
    if facts.withdrawal_proposed:
        return Refusal(
            "claim_waits",
            "Something about this account has to be decided first. Please try again in a few days.",
        )
    return None
