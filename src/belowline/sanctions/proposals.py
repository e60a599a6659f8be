"""How proposals to withdraw the privilege are kept, with the suspension that protects meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import DecisionId, ReaderId, SanctionId, SiteId
from belowline.sanctions.model import ProposalId, ProposalState, WithdrawalProposal
from belowline.storage.database import Tx, insert_id
from belowline.storage.tables import decisions, sanctions, withdrawal_proposals

_table = withdrawal_proposals


@dataclass(frozen=True, slots=True)
class Parties:
    """Who had a part in withdrawing a privilege."""

    proposed_by: ReaderId
    answered_by: ReaderId | None
    alone: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a proposal, and by whom; nobody where it lapsed."""

    state: ProposalState
    by: ReaderId | None = None
    reason: str = ""
    alone: bool = False
    withdrawn_by: DecisionId | None = None


def _select(site_id: SiteId) -> sa.Select[Any]:
    return (
        sa.select(
            _table,
            decisions.c.rule_key,
            decisions.c.severity,
            decisions.c.reason,
            sanctions.c.id.label("suspension_id"),
            sanctions.c.lifted_at,
        )
        .join(decisions, decisions.c.id == _table.c.decision_id)
        .join(sanctions, sanctions.c.decision_id == _table.c.decision_id)
        .where(_table.c.site_id == site_id)
    )


def add_proposal(
    tx: Tx,
    site_id: SiteId,
    *,
    reader_id: ReaderId,
    decision_id: DecisionId,
    lapses_at: datetime,
) -> ProposalId:
    """Keep a proposal made now by whoever acts."""
    values = {
        "site_id": site_id,
        "reader_id": reader_id,
        "decision_id": decision_id,
        "proposed_by": tx.actor.reader_id,
        "proposed_at": tx.now,
        "lapses_at": lapses_at,
        "state": ProposalState.OPEN,
    }
    return ProposalId(insert_id(tx.conn, _table, values))


def get_proposal(
    conn: sa.Connection, site_id: SiteId, proposal_id: ProposalId
) -> WithdrawalProposal:
    """Return one proposal of the site. Raises NotFound."""
    row = conn.execute(_select(site_id).where(_table.c.id == proposal_id)).first()
    if row is None:
        raise NotFound("There is no such proposal.", code="no_proposal")
    return _proposal(row)


def find_open(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId
) -> WithdrawalProposal | None:
    """Return the reader's proposal that nobody has answered yet, or None."""
    query = _select(site_id).where(
        _table.c.reader_id == reader_id, _table.c.state == ProposalState.OPEN
    )
    row = conn.execute(query).first()
    return _proposal(row) if row is not None else None


def find_parties(conn: sa.Connection, decision_id: DecisionId) -> Parties | None:
    """Return who proposed and who answered the proposal to which a decision belongs, or None."""
    query = sa.select(_table.c.proposed_by, _table.c.answered_by, _table.c.alone).where(
        sa.or_(_table.c.decision_id == decision_id, _table.c.withdrawn_by == decision_id)
    )
    row = conn.execute(query).first()
    if row is None:
        return None
    answered_by = ReaderId(row.answered_by) if row.answered_by is not None else None
    return Parties(ReaderId(row.proposed_by), answered_by, row.alone)


def find_withdrawal(conn: sa.Connection, decision_id: DecisionId) -> DecisionId | None:
    """Return the withdrawal that came in the place of the suspension of this decision, or None."""
    query = sa.select(_table.c.withdrawn_by).where(_table.c.decision_id == decision_id)
    found = conn.execute(query).scalar()
    return DecisionId(found) if found is not None else None


def list_open(conn: sa.Connection, site_id: SiteId) -> list[WithdrawalProposal]:
    """Return the site's proposals that nobody has answered yet, the first to lapse first."""
    query = (
        _select(site_id).where(_table.c.state == ProposalState.OPEN).order_by(_table.c.proposed_at)
    )
    return [_proposal(row) for row in conn.execute(query)]


def list_of_reader(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId
) -> list[WithdrawalProposal]:
    """Return every proposal about the reader at the site, newest first."""
    query = _select(site_id).where(_table.c.reader_id == reader_id).order_by(_table.c.id.desc())
    return [_proposal(row) for row in conn.execute(query)]


def count_waiting(conn: sa.Connection, site_id: SiteId, *, now: datetime) -> int:
    """Count the site's proposals that can still be answered."""
    query = (
        sa.select(sa.func.count())
        .select_from(_table)
        .join(sanctions, sanctions.c.decision_id == _table.c.decision_id)
        .where(
            _table.c.site_id == site_id,
            _table.c.state == ProposalState.OPEN,
            _table.c.lapses_at > now,
            sanctions.c.lifted_at.is_(None),
        )
    )
    return conn.execute(query).scalar_one()


def settle_proposal(tx: Tx, proposal_id: ProposalId, answer: Answer) -> bool:
    """Answer a proposal; say whether it was still open."""
    done = tx.conn.execute(
        sa.update(_table)
        .where(_table.c.id == proposal_id, _table.c.state == ProposalState.OPEN)
        .values(
            state=answer.state,
            answered_by=answer.by,
            answered_at=tx.now,
            answer=answer.reason,
            alone=answer.alone,
            withdrawn_by=answer.withdrawn_by,
        )
    )
    return done.rowcount == 1


def _proposal(row: sa.Row[Any]) -> WithdrawalProposal:
    return WithdrawalProposal(
        ProposalId(row.id),
        SiteId(row.site_id),
        ReaderId(row.reader_id),
        DecisionId(row.decision_id),
        ReaderId(row.proposed_by),
        row.proposed_at,
        row.lapses_at,
        ProposalState(row.state),
        ReaderId(row.answered_by) if row.answered_by is not None else None,
        row.answered_at,
        row.answer,
        row.alone,
        DecisionId(row.withdrawn_by) if row.withdrawn_by is not None else None,
        row.rule_key,
        row.severity,
        row.reason,
        SanctionId(row.suspension_id),
        row.lifted_at is not None,
    )
