"""Which steps of the ladder a visitor may take against a reader, and who may be back after one."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from belowline.actions.evasion import Suspected, find_suspected
from belowline.core.terms import ReaderId, Refusal, Role, SanctionKind
from belowline.readers.search import names_of
from belowline.sanctions import proposals
from belowline.sanctions import store as sanctions
from belowline.sanctions.policy import may_impose
from belowline.sanctions.withdrawal import may_propose
from belowline.sites import store as sites
from belowline.web.auth import Visitor


def show_suspected(
    conn: sa.Connection, visitor: Visitor, reader_id: ReaderId, *, in_full: bool
) -> list[tuple[Suspected, str]]:
    """Return whom the reader may be as well, each with the name."""
    found = find_suspected(conn, visitor.at, reader_id, in_full=in_full)
    names = names_of(conn, [one.reader_id for one in found])
    return [(one, names[one.reader_id]) for one in found]


def refuse_step(
    conn: sa.Connection,
    visitor: Visitor,
    reader_id: ReaderId,
    kind: SanctionKind,
    lasts_for: timedelta | None,
) -> Refusal | None:
    """Say why the visitor cannot take this step, or propose it if it is a withdrawal."""
    role = visitor.role or Role.MODERATOR
    own_reader = reader_id == visitor.reader_id
    target_role = sites.find_role(conn, visitor.at.id, reader_id)
    if kind is not SanctionKind.WITHDRAWAL:
        return may_impose(
            kind, lasts_for=lasts_for, role=role, own_reader=own_reader, target_role=target_role
        )
    unlifted = sanctions.list_unlifted(conn, visitor.at.id, reader_id)
    waiting = proposals.find_open(conn, visitor.at.id, reader_id)
    return may_propose(
        role=role,
        own_reader=own_reader,
        target_role=target_role,
        withdrawn=any(one.kind is SanctionKind.WITHDRAWAL for one in unlifted),
        proposed=waiting is not None and waiting.waits(visitor.house.db.clock()),
    )
