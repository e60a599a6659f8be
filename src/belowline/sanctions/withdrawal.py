"""Withdrawing the privilege takes two people, and is looked at again every six months.

Pure. One person proposes it, which suspends the reader for as long as the proposal can be answered;
another confirms it or declines it with a reason. One of the two is an editor or an owner. A
proposal that nobody answers lapses after seven days, and only the suspension was served.

Where a site has nobody else who could answer, the same editor or owner may confirm after a day: a
danger must not stay because a paper is small, but nobody ends somebody's privilege in one heat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from belowline.core.terms import ReaderId, Refusal, Role
from belowline.core.text import later

PROPOSAL_LASTS = timedelta(days=7)
"""How long a proposal can be answered, and how long the suspension under it lasts."""
SLEEP_ON_IT = timedelta(hours=24)
"""So long after proposing it somebody who is alone may confirm it."""
REVIEW_AFTER = timedelta(days=183)
"""Six months, until a withdrawal is looked at again."""

SENIOR = frozenset({Role.EDITOR, Role.OWNER})

MESSAGES: Mapping[str, str] = {
    "own_withdrawal": later("This is about you. Somebody else has to look at it."),
    "withdrawal_of_rank": later(
        "This needs somebody with a higher role than the person it is about."
    ),
    "already_withdrawn": later("The privilege to comment is withdrawn already."),
    "already_proposed": later("A withdrawal has been proposed already and waits for an answer."),
    "proposal_over": later("This proposal cannot be answered any more."),
    "second_person": later(
        "You proposed this. Another member of staff has to look at it; you can only take it back."
    ),
    "one_is_an_editor": later("One of the two who withdraw a privilege is an editor or an owner."),
    "sleep_on_it": later(
        "Nobody else here can confirm this, so you may, but not before a day has passed."
    ),
    "not_the_proposer": later("Only who proposed it can take it back."),
    "review_over": later("This review has been decided already."),
    "review_by_another": later(
        "You had a part in this withdrawal. Somebody who had none has to review it."
    ),
    "review_not_alone": later(
        "You confirmed this withdrawal. The person who proposed it, or anybody else, has to "
        "review it."
    ),
}
"""What is said when something is refused, by code."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as far as answering it goes."""

    by: ReaderId
    reader_id: ReaderId
    ago: timedelta
    waits: bool
    """Whether it can still be answered."""


def may_propose(
    *, role: Role, own_reader: bool, target_role: Role | None, withdrawn: bool, proposed: bool
) -> Refusal | None:
    """Say why somebody with this role may not propose a withdrawal, or None if they may.

    Any moderator may, about anybody but themselves and staff of an equal or a higher role, once at
    a time and not about a privilege that is withdrawn already.
    """
    if own_reader:
        return _refuse("own_withdrawal")
    if not _outranks(role, target_role):
        return _refuse("withdrawal_of_rank")
    if withdrawn:
        return _refuse("already_withdrawn")
    return _refuse("already_proposed") if proposed else None


def who_may_confirm(
    staff: Mapping[ReaderId, Role], *, proposed_by: ReaderId, reader_id: ReaderId
) -> frozenset[ReaderId]:
    """Return who of a site's staff, other than the proposer, can confirm a withdrawal.

    Nobody can who is the reader concerned or of no higher role; and one of the two who withdraw is
    an editor or an owner.
    """
    senior = staff.get(proposed_by) in SENIOR
    return frozenset(
        one
        for one, role in staff.items()
        if one not in {proposed_by, reader_id}
        and (senior or role in SENIOR)
        and _outranks(role, staff.get(reader_id))
    )


def may_confirm(
    proposed: Proposed, *, by: ReaderId, staff: Mapping[ReaderId, Role]
) -> Refusal | None:
    """Say why somebody may not confirm a proposed withdrawal, or None if they may.

    Another person does, and one of the two is an editor or an owner. An editor or an owner whom
    nobody else could answer may confirm their own proposal a day later.
    """
    if by == proposed.reader_id:
        return _refuse("own_withdrawal")
    if not proposed.waits:
        return _refuse("proposal_over")
    others = who_may_confirm(staff, proposed_by=proposed.by, reader_id=proposed.reader_id)
    role = staff.get(by)
    if role is None or not _outranks(role, staff.get(proposed.reader_id)):
        return _refuse("withdrawal_of_rank")
    if by != proposed.by:
        return None if by in others else _refuse("one_is_an_editor")
    if others:
        return _refuse("second_person")
    if role not in SENIOR:
        return _refuse("one_is_an_editor")
    return _refuse("sleep_on_it") if proposed.ago < SLEEP_ON_IT else None


def may_decline(proposed: Proposed, *, by: ReaderId) -> Refusal | None:
    """Say why somebody on the staff may not decline a proposal, or None if they may.

    Anybody may who is neither the proposer, who takes it back instead, nor the reader concerned:
    whatever the role, for doubt is enough.
    """
    if by == proposed.reader_id:
        return _refuse("own_withdrawal")
    if not proposed.waits:
        return _refuse("proposal_over")
    return _refuse("second_person") if by == proposed.by else None


def may_take_back(proposed: Proposed, *, by: ReaderId) -> Refusal | None:
    """Say why somebody may not take a proposal back, or None if they may: only its proposer."""
    if by != proposed.by:
        return _refuse("not_the_proposer")
    return None if proposed.waits else _refuse("proposal_over")


def may_review(
    *,
    by: ReaderId,
    staff: Mapping[ReaderId, Role],
    proposed_by: ReaderId | None,
    confirmed_by: ReaderId | None,
    reader_id: ReaderId,
) -> Refusal | None:
    """Say why somebody on the staff may not review a withdrawal, or None if they may.

    Whoever had no part in it reviews it. Where everybody had one, as where two people look after a
    site, the one who proposed it does, who did not decide it alone. Only where a single person is
    left does that person look again.
    """
    if by == reader_id:
        return _refuse("own_withdrawal")
    parties = {proposed_by, confirmed_by}
    if by not in parties:
        return None
    others = staff.keys() - {by, reader_id}
    if others - parties:
        return _refuse("review_by_another")
    return _refuse("review_not_alone") if others and by == confirmed_by else None


def review_due(*, withdrawn_at: datetime, reviewed_at: datetime | None = None) -> datetime:
    """Return when a withdrawal is to be looked at: six months after it or its last review."""
    return (reviewed_at or withdrawn_at) + REVIEW_AFTER


def _outranks(role: Role, target: Role | None) -> bool:
    # Role lists its members from the least to the most.
    ranks = list(Role)
    return target is None or ranks.index(target) < ranks.index(role)


def _refuse(code: str) -> Refusal:
    return Refusal(code, MESSAGES[code])
