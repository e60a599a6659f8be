"""How readers and their identities are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import ReaderId, Role, SiteId
from belowline.readers.model import ERASED_NAME, Membership, Reader
from belowline.readers.names import bare_key, name_key
from belowline.readers.past import forget_past, list_past_selves
from belowline.storage.database import Tx, insert_id
from belowline.storage.many import Each
from belowline.storage.prepared import Prepared, Soon
from belowline.storage.tables import (
    appeals,
    comments,
    decisions,
    identities,
    imported,
    network_traces,
    readers,
    reports,
    rule_acceptances,
    rulebooks,
    sanctions,
    sessions,
    sign_in_codes,
    sites,
    staff,
)

_FIND = Prepared(sa.select(readers).where(readers.c.id == sa.bindparam("reader_id")))


def _membership(site_id: sa.ColumnElement[int], reader_id: sa.ColumnElement[int]) -> sa.Select[Any]:
    sanctioned = sa.exists().where(
        sanctions.c.reader_id == readers.c.id,
        sanctions.c.site_id == site_id,
        sanctions.c.lifted_at.is_(None),
    )
    return (
        sa.select(
            readers.c.erased_at,
            staff.c.role,
            sanctioned.correlate_except(sanctions).label("is_sanctioned"),
        )
        .select_from(
            readers.outerjoin(
                staff, sa.and_(staff.c.reader_id == readers.c.id, staff.c.site_id == site_id)
            )
        )
        .where(readers.c.id == reader_id)
    )


_MEMBERSHIP = Each(_membership, site_id=sa.BigInteger(), reader_id=sa.BigInteger())


def find_reader(conn: sa.Connection, reader_id: ReaderId) -> Reader | None:
    """Return the reader with this id, also an erased one, or None."""
    row = _FIND.first(conn, reader_id=reader_id)
    return _reader(row) if row is not None else None


def get_membership(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> Membership:
    """Return what a reader is to a site, in one look. Raises NotFound."""
    return get_memberships(conn, [(site_id, reader_id)])[0]


def get_memberships(
    conn: sa.Connection, asked: Sequence[tuple[SiteId, ReaderId]]
) -> list[Membership]:
    """Return what each reader is to each site, in one look. Raises NotFound."""
    return memberships_soon(conn, asked)()


def memberships_soon(
    conn: sa.Connection, asked: Sequence[tuple[SiteId, ReaderId]]
) -> Soon[list[Membership]]:
    """Ask what each reader is to each site. Reading it raises NotFound."""
    pairs = [{"site_id": site_id, "reader_id": reader_id} for site_id, reader_id in asked]
    found = _MEMBERSHIP.soon(conn, pairs)

    def read() -> list[Membership]:
        rows = found()
        if None in rows:
            raise NotFound("There is no such reader.", code="no_reader")
        return [
            Membership(
                Role(row.role) if row.role else None,
                is_sanctioned=bool(row.is_sanctioned),
                is_erased=row.erased_at is not None,
            )
            for row in rows
        ]

    return read


def get_reader(conn: sa.Connection, reader_id: ReaderId) -> Reader:
    """Return the reader with this id, also an erased one. Raises NotFound."""
    reader = find_reader(conn, reader_id)
    if reader is None:
        raise NotFound("There is no such reader.", code="no_reader")
    return reader


def lock_reader(tx: Tx, reader_id: ReaderId) -> Reader:
    """Return the reader and keep others from changing them until the end. Raises NotFound."""
    reader = _one(tx.conn, sa.select(readers).where(readers.c.id == reader_id).with_for_update())
    if reader is None:
        raise NotFound("There is no such reader.", code="no_reader")
    return reader


def find_reader_by_email(conn: sa.Connection, email: str) -> Reader | None:
    """Return the reader with this verified address, in the form of ``check_email``, or None."""
    return _one(conn, sa.select(readers).where(readers.c.email == email))


def find_reader_by_identity(conn: sa.Connection, *, issuer: str, subject: str) -> Reader | None:
    """Return the reader for whom this issuer vouches under this subject, or None."""
    return _one(
        conn,
        sa.select(readers)
        .join(identities, identities.c.reader_id == readers.c.id)
        .where(identities.c.issuer == issuer, identities.c.subject == subject),
    )


def has_identity_of(conn: sa.Connection, reader_id: ReaderId, *, issuer: str) -> bool:
    """Say whether this issuer vouches for the reader under any subject."""
    query = sa.select(identities.c.subject).where(
        identities.c.reader_id == reader_id, identities.c.issuer == issuer
    )
    return conn.execute(query.limit(1)).first() is not None


def has_role(conn: sa.Connection, reader_id: ReaderId) -> bool:
    """Say whether the reader holds a role at any site."""
    query = sa.select(staff.c.site_id).where(staff.c.reader_id == reader_id)
    return conn.execute(query.limit(1)).first() is not None


def names_taken_by_staff(
    conn: sa.Connection, site_id: SiteId | None = None, *, besides: ReaderId | None = None
) -> frozenset[str]:
    """Return the name keys of the site's staff (of all sites' by default), but for one person.

    And those of the sites: a reader who is called like the paper would speak for it.
    """
    query = sa.select(readers.c.name_key).join(staff, staff.c.reader_id == readers.c.id)
    if site_id is not None:
        query = query.where(staff.c.site_id == site_id)
    if besides is not None:
        query = query.where(readers.c.id != besides)
    titles = sa.select(sites.c.name)
    if site_id is not None:
        titles = titles.where(sites.c.id == site_id)
    staffs = conn.execute(query.distinct()).scalars()
    papers = conn.execute(titles).scalars().all()
    looks = {look(paper) for paper in papers for look in (name_key, bare_key)}
    return frozenset(staffs) | looks - {""}


def own_staff_keys(conn: sa.Connection, reader: Reader) -> frozenset[str]:
    """Return the look of the reader's own name if they hold a role; nobody else may have it."""
    return frozenset({name_key(reader.name)} if has_role(conn, reader.id) else ())


def sites_with_activity(conn: sa.Connection, reader_id: ReaderId) -> list[SiteId]:
    """Return the sites where the reader has left a trace, by id."""
    parts: list[sa.Select[Any]] = [
        sa.select(table.c.site_id).where(column == reader_id)
        for table, column in (
            (comments, comments.c.author_id),
            (reports, reports.c.reporter_id),
            (decisions, decisions.c.reader_id),
            (appeals, appeals.c.reader_id),
        )
    ]
    parts.append(
        sa.select(rulebooks.c.site_id)
        .join(rule_acceptances, rule_acceptances.c.rulebook_id == rulebooks.c.id)
        .where(rule_acceptances.c.reader_id == reader_id)
    )
    return sorted(SiteId(found) for found in conn.execute(sa.union(*parts)).scalars())


def add_reader(
    tx: Tx, *, name: str, email: str | None = None, public_page: bool = True
) -> ReaderId:
    """Add a reader under a checked name, with their verified address if there is one.

    ``public_page`` is False for somebody whom nobody can ask, such as an imported author.
    """
    return ReaderId(
        insert_id(
            tx.conn,
            readers,
            {
                "name": name,
                "name_key": name_key(name),
                "email": email,
                "mail_notices": True,
                "public_page": public_page,
                "created_at": tx.now,
            },
        )
    )


def add_identity(tx: Tx, reader_id: ReaderId, *, issuer: str, subject: str) -> None:
    """Note that this issuer vouches for the reader under this subject."""
    tx.conn.execute(
        sa.insert(identities).values(issuer=issuer, subject=subject, reader_id=reader_id)
    )


def rename(tx: Tx, reader_id: ReaderId, *, name: str, chosen: bool = True) -> None:
    """Give the reader this checked name; ``chosen`` is False when a publisher's token gave it.

    Only a choice of the reader's own starts the wait for the next one.
    """
    values: dict[str, object] = {"name": name, "name_key": name_key(name)}
    if chosen:
        values["name_changed_at"] = tx.now
    tx.conn.execute(sa.update(readers).where(readers.c.id == reader_id).values(**values))


def set_mail_notices(tx: Tx, reader_id: ReaderId, *, wanted: bool) -> None:
    """Note whether the reader wants notices by mail too."""
    tx.conn.execute(sa.update(readers).where(readers.c.id == reader_id).values(mail_notices=wanted))


def set_public_page(tx: Tx, reader_id: ReaderId, *, wanted: bool) -> None:
    """Note whether the reader's published comments are also listed together."""
    tx.conn.execute(sa.update(readers).where(readers.c.id == reader_id).values(public_page=wanted))


def erase_reader(tx: Tx, reader_id: ReaderId) -> None:
    """Forget who the reader is; only the number stays, for what hangs on it.

    Gone are name, address, identities, sessions, codes, traces of networks, and the link to an
    author in another system, which may be an address there. With them go the authors from before a
    move who they were.
    """
    for past_id in list_past_selves(tx.conn, reader_id):
        erase_reader(tx, past_id)
    reader = get_reader(tx.conn, reader_id)
    if reader.email is not None:
        tx.conn.execute(sa.delete(sign_in_codes).where(sign_in_codes.c.email == reader.email))
    for table in (identities, sessions, network_traces):
        tx.conn.execute(sa.delete(table).where(table.c.reader_id == reader_id))
    forget_past(tx, reader_id)
    tx.conn.execute(
        sa.delete(imported).where(imported.c.kind == "author", imported.c.target_id == reader_id)
    )
    tx.conn.execute(
        sa.update(readers)
        .where(readers.c.id == reader_id)
        .values(
            name=ERASED_NAME,
            name_key=name_key(ERASED_NAME),
            email=None,
            mail_notices=False,
            public_page=False,
            erased_at=tx.now,
        )
    )


def _one(conn: sa.Connection, query: sa.Select[Any]) -> Reader | None:
    row = conn.execute(query).first()
    return _reader(row) if row is not None else None


def _reader(row: sa.Row[Any]) -> Reader:
    return Reader(
        ReaderId(row.id),
        row.name,
        row.email,
        row.mail_notices,
        row.created_at,
        row.name_changed_at,
        row.erased_at,
        row.public_page,
    )
