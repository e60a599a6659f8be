"""Authors of another time: readers whom an import brings, and what can prove that one is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import ReaderId
from belowline.readers.claiming import ClaimAnswer
from belowline.readers.names import name_key
from belowline.storage.bulk import Bulk, reserve_ids
from belowline.storage.database import Tx
from belowline.storage.imported import ImportId
from belowline.storage.tables import past_claims, past_proofs, past_records, readers

AT_ONCE = 500

_READERS = Bulk(readers, ("id", "name", "name_key", "mail_notices", "public_page", "created_at"))
_PROOFS = Bulk(past_proofs, ("reader_id", "proof", "kind", "import_id"))

Proof = tuple[ReaderId, str, bytes]
"""Who can be claimed, what kind of proof it takes, and its keyed hash."""


def add_past_readers(tx: Tx, people: Sequence[tuple[str, datetime | None]]) -> list[ReaderId]:
    """Add readers of another time under these names, with when they joined there if it is known.

    Nobody can ask them, so they have no public page; nobody can write to them, so no mail goes out.
    """
    ids = [ReaderId(one) for one in reserve_ids(tx.conn, readers, len(people))]
    _READERS.put(
        tx.conn,
        (
            (reader_id, name, name_key(name), True, False, joined_at or tx.now)
            for reader_id, (name, joined_at) in zip(ids, people, strict=True)
        ),
    )
    return ids


def put_proofs(tx: Tx, import_id: ImportId, proofs: Sequence[Proof]) -> int:
    """Keep by what somebody can prove that an imported author is theirs; return how many are new.

    Whoever proves a verified address or an identity of the source may claim every reader that has
    the same proof here; a typed address that nobody verified is never among them. Nor is a reader
    who has claimed an author: nobody claims them in turn.
    """
    there: set[tuple[int, bytes]] = set()
    claimed: set[int] = set()
    people = sorted({reader_id for reader_id, _, _ in proofs})
    for start in range(0, len(people), AT_ONCE):
        claimed.update(_claimants(tx.conn, people[start : start + AT_ONCE]))
        rows = tx.conn.execute(
            sa.select(past_proofs.c.reader_id, past_proofs.c.proof).where(
                past_proofs.c.reader_id.in_(people[start : start + AT_ONCE])
            )
        )
        there |= {(row.reader_id, bytes(row.proof)) for row in rows}
    new = {
        (reader_id, proof): (reader_id, proof, kind, import_id)
        for reader_id, kind, proof in proofs
        if (reader_id, proof) not in there and reader_id not in claimed
    }
    _PROOFS.put(tx.conn, new.values())
    return len(new)


def _claimants(conn: sa.Connection, people: Sequence[int]) -> list[int]:
    query = sa.select(past_claims.c.reader_id).where(
        past_claims.c.reader_id.in_(people), past_claims.c.answer == ClaimAnswer.JOINED
    )
    return list(conn.execute(query).scalars())


def list_past_selves(conn: sa.Connection, reader_id: ReaderId) -> list[ReaderId]:
    """Return the imported authors who this reader is, as they have said."""
    query = sa.select(past_claims.c.past_id).where(
        past_claims.c.reader_id == reader_id, past_claims.c.answer == ClaimAnswer.JOINED
    )
    return [ReaderId(one) for one in conn.execute(query.order_by(past_claims.c.past_id)).scalars()]


def forget_past(tx: Tx, reader_id: ReaderId) -> None:
    """Drop what came with an import about a reader, and what they wrote there about others."""
    tx.conn.execute(
        sa.delete(past_claims).where(
            sa.or_(past_claims.c.reader_id == reader_id, past_claims.c.past_id == reader_id)
        )
    )
    tx.conn.execute(sa.delete(past_proofs).where(past_proofs.c.reader_id == reader_id))
    tx.conn.execute(sa.delete(past_records).where(past_records.c.reader_id == reader_id))
    tx.conn.execute(
        sa.update(past_records)
        .where(past_records.c.by_reader_id == reader_id)
        .values(by_reader_id=None, note="")
    )
