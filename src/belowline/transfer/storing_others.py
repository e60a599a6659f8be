"""What an import brings beside stories and comments: respect, history, roles and proofs."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from belowline.actions.carried import Carried, carry_over
from belowline.actions.sites import grant
from belowline.comments.past_reactions import add_past_reactions
from belowline.comments.store import list_author_ids
from belowline.core.terms import CommentId, ReaderId, Role, SanctionKind
from belowline.moderation.past import NewPastRecord, PastKind, add_past_records
from belowline.readers.past import put_proofs
from belowline.storage.database import Tx
from belowline.storage.imported import find_targets, put_targets
from belowline.transfer.keeping import as_time

if TYPE_CHECKING:
    from belowline.transfer.storing import Storing

AT_ONCE = 1000

_AGREED = (
    "SELECT place, comment, target, author, at FROM agreed WHERE place > ? AND NOT is_here"
    " ORDER BY place LIMIT ?"
)
_PAST = """
SELECT p.place, h.kind, h.source_id, c.id AS comment, x.target, u.id AS about, b.id AS by,
    h.what, h.reason, h.note, h.at, h.ends_at
FROM past p JOIN history h ON h.id = p.id
LEFT JOIN comments c ON c.source_id = h.comment
LEFT JOIN here x ON x.kind = 'comment' AND x.source_id = h.comment
LEFT JOIN authors u ON u.key = 'account:' || h.account
LEFT JOIN authors b ON b.key = 'account:' || h.by_account
WHERE p.place > ? ORDER BY p.place LIMIT ?
"""
_ACCOUNTS = """
SELECT u.id, k.source_id, k.role, k.proofs, k.joined_at FROM authors u
JOIN accounts k ON u.key = 'account:' || k.source_id
WHERE u.id > ? AND (k.role IS NOT NULL OR k.proofs <> '[]') ORDER BY u.id LIMIT ?
"""


class _Past(NamedTuple):
    """Something that happened there, with the landing's numbers of whom and what it is about."""

    place: int
    kind: str
    source_id: str
    comment: int | None
    target: int | None
    about: int | None
    by: int | None
    what: str
    reason: str
    note: str
    at: int
    ends_at: int | None


def store_reactions(storing: Storing, after: int) -> None:
    """Store who respected what, behind this place in the landing's order."""
    while rows := storing.landing.run(_AGREED, after, AT_ONCE).fetchall():
        after = rows[-1][0]
        with storing.intake.db.write(storing.actor) as tx:
            storing.find_authors(tx, {author for _, _, _, author, _ in rows})
            storing.comments.find(tx.conn, {one for _, one, target, _, _ in rows if not target})
            given = [
                (
                    CommentId(target or storing.comments[comment]),
                    ReaderId(storing.authors[author]),
                    as_time(at),
                )
                for _, comment, target, author, at in rows
            ]
            new = add_past_reactions(tx, storing.intake.site.id, given)
            storing.moved(tx, "reactions", after, {"reaction": new})


def store_history(storing: Storing, after: int) -> None:
    """Store what was reported, decided, imposed and noted there, behind this place."""
    while rows := [_Past(*row) for row in storing.landing.run(_PAST, after, AT_ONCE)]:
        after = rows[-1].place
        with storing.intake.db.write(storing.actor) as tx:
            _store_history(tx, storing, rows)
            brought = Counter(row.kind for row in rows)
            storing.moved(tx, "history", after, brought)


def _store_history(tx: Tx, storing: Storing, rows: list[_Past]) -> None:
    site_id = storing.intake.site.id
    people = {one for row in rows for one in (row.about, row.by) if one}
    storing.find_authors(tx, people)
    storing.comments.find(tx.conn, {row.comment for row in rows if row.comment and not row.target})
    about = {
        row.place: CommentId(row.target or storing.comments[row.comment or 0])
        for row in rows
        if row.target or row.comment
    }
    authors = list_author_ids(tx.conn, site_id, sorted(set(about.values())))
    news: list[NewPastRecord] = []
    for row in rows:
        comment_id = about.get(row.place)
        reader_id = ReaderId(storing.authors[row.about]) if row.about else None
        if reader_id is None and comment_id is not None:
            reader_id = authors.get(comment_id)
        news.append(
            NewPastRecord(
                PastKind(row.kind),
                comment_id,
                reader_id,
                ReaderId(storing.authors[row.by]) if row.by else None,
                row.what,
                row.reason,
                row.note,
                as_time(row.at),
                as_time(row.ends_at) if row.ends_at is not None else None,
            )
        )
    ids = add_past_records(tx, site_id, storing.run.id, news)
    for kind in PastKind:
        targets = [
            (row.source_id, target, None)
            for row, target in zip(rows, ids, strict=True)
            if row.kind == kind
        ]
        put_targets(tx, storing.origin, kind=kind.value, targets=targets)
    carried: list[tuple[str, int, None]] = []
    for row, new in zip(rows, news, strict=True):
        if new.kind is not PastKind.SANCTION or new.reader_id is None:
            continue
        there = Carried(new.reader_id, SanctionKind(new.what), new.at, new.ends_at, new.by)
        sanction_id = carry_over(tx, site_id, there)
        if sanction_id is not None:
            carried.append((row.source_id, sanction_id, None))
    put_targets(tx, storing.origin, kind="carried", targets=carried)


def store_accounts(storing: Storing, after: int) -> None:
    """Store roles and proofs of accounts that are readers here, behind this one in the landing."""
    while rows := storing.landing.run(_ACCOUNTS, after, AT_ONCE).fetchall():
        after = rows[-1][0]
        with storing.intake.db.write(storing.actor) as tx:
            with_a_role = {number for number, _, role, _, _ in rows if role}
            storing.find_authors(tx, with_a_role)
            storing.authors.find(tx.conn, {row[0] for row in rows})
            proofs = [
                (ReaderId(storing.authors[number]), kind, bytes.fromhex(proof))
                for number, _, _, told, _ in rows
                for kind, proof in json.loads(told)
                if storing.authors[number]
            ]
            new = put_proofs(tx, storing.run.id, proofs)
            roles = [(number, name, Role(role), at) for number, name, role, _, at in rows if role]
            brought = {"proof": new, "role": _store_roles(tx, storing, roles)}
            storing.moved(tx, "accounts", after, brought)


def _store_roles(tx: Tx, storing: Storing, roles: list[tuple[int, str, Role, int | None]]) -> int:
    site_id = storing.intake.site.id
    known = find_targets(
        tx.conn,
        site_id,
        source=storing.intake.source,
        kind=PastKind.ROLE.value,
        ids=[name for _, name, _, _ in roles],
    )
    news = [
        (name, NewPastRecord(
            PastKind.ROLE, None, ReaderId(storing.authors[number]), None, role.value, "", "",
            as_time(at) if at is not None else tx.now,
        ))
        for number, name, role, at in roles
        if name not in known
    ]  # fmt: skip
    ids = add_past_records(tx, site_id, storing.run.id, [new for _, new in news])
    targets = [(name, target, None) for (name, _), target in zip(news, ids, strict=True)]
    put_targets(tx, storing.origin, kind=PastKind.ROLE.value, targets=targets)
    if storing.intake.grant_roles:
        for number, _, role, _ in roles:
            grant(tx, site_id, reader_id=ReaderId(storing.authors[number]), role=role)
    return len(news)
