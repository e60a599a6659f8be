"""What happens to a site's ladder, its shared rules, and to a withdrawal before and after it.

Ids, codes and counts alone, as in ``kinds``, which holds these too.
"""

from __future__ import annotations

from dataclasses import dataclass

from belowline.events.kind import Kind


@dataclass(frozen=True, slots=True)
class LadderPublished(Kind):
    """A site's own numbers of the ladder are in force."""

    version: int


@dataclass(frozen=True, slots=True)
class WithdrawalProposed(Kind):
    """Somebody proposed to withdraw the privilege; the suspension protects until the answer."""

    proposal_id: int
    decision_id: int
    reader_id: int


@dataclass(frozen=True, slots=True)
class WithdrawalAnswered(Kind):
    """A proposal was confirmed or declined by another person, taken back, or it lapsed.

    ``alone``: confirmed by who proposed it, a day later, because the site has nobody else.
    """

    proposal_id: int
    reader_id: int
    answer: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class ReviewOpened(Kind):
    """A withdrawal is to be looked at again, six months after it or after its last review."""

    review_id: int
    sanction_id: int
    reader_id: int


@dataclass(frozen=True, slots=True)
class ReviewDecided(Kind):
    """A withdrawal was reviewed; ``outcome`` is kept, given_back or fell_away."""

    review_id: int
    sanction_id: int
    reader_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class RulebookShared(Kind):
    """The rules that this site shares have changed, and its draft of the next version has them.

    ``rulebook_id`` is the version of the site that they come from.
    """

    rulebook_id: int
    draft_version: int
