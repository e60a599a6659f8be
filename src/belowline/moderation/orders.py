"""Orders from authorities, as they are entered in a site's register, and what was done about each.

There are two kinds: to act against illegal content, and to inform about somebody (articles 9 and 10
of the EU's Digital Services Act). A removal that gives effect to an order is a decision like every
other, and is linked here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import CommentId, DecisionId, ReaderId, SiteId
from belowline.storage.database import Tx, insert_id, insert_ignore
from belowline.storage.tables import (
    authority_order_comments,
    authority_orders,
    comments,
    decisions,
    stories,
)

OrderId = NewType("OrderId", int)


class OrderKind(StrEnum):
    """What an authority orders."""

    ACT = "act"
    """To act against illegal content."""
    INFORM = "inform"
    """To give information about somebody."""


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as it is entered, with what the law asks an order to hold."""

    kind: OrderKind
    authority: str
    legal_basis: str = field(repr=False)
    reasons: str = field(repr=False)
    addresses: str = field(repr=False)
    territory: str
    redress: str = field(repr=False)
    language: str
    received_at: datetime
    reference: str = ""
    barred: bool = False
    """Whether it forbids telling the reader whom it concerns."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order in the register."""

    id: OrderId
    site_id: SiteId
    draft: OrderDraft
    effect: str
    disclosed: str
    entered_by: ReaderId
    entered_at: datetime
    effect_at: datetime | None
    """When effect was given and the authority told; None while something is left to do."""
    effect_by: ReaderId | None


@dataclass(frozen=True, slots=True)
class OrderedComment:
    """A comment at one of an order's addresses."""

    comment_id: CommentId
    version: int
    status: str
    story_title: str
    decision_id: DecisionId | None
    """The removal that gives effect to the order, if it stands."""


def add_order(
    tx: Tx, site_id: SiteId, draft: OrderDraft, *, by: ReaderId, about: Collection[CommentId]
) -> OrderId:
    """Enter an order that is about these comments."""
    values = {one.name: getattr(draft, one.name) for one in fields(draft)}
    order_id = OrderId(
        insert_id(
            tx.conn,
            authority_orders,
            {**values, "site_id": site_id, "entered_by": by, "entered_at": tx.now},
        )
    )
    for comment_id in sorted(set(about)):
        key = {"order_id": order_id, "comment_id": comment_id}
        insert_ignore(tx.conn, authority_order_comments, key)
    return order_id


def get_order(conn: sa.Connection, site_id: SiteId, order_id: OrderId) -> Order:
    """Return one order of the site. Raises NotFound."""
    row = conn.execute(
        sa.select(authority_orders).where(
            authority_orders.c.id == order_id, authority_orders.c.site_id == site_id
        )
    ).first()
    if row is None:
        raise NotFound("There is no such order.", code="no_order")
    return _order(row)


def list_orders(
    conn: sa.Connection, site_id: SiteId, *, before: OrderId | None = None, limit: int = 50
) -> list[Order]:
    """Return the site's orders, the latest entered first."""
    query = sa.select(authority_orders).where(authority_orders.c.site_id == site_id)
    if before is not None:
        query = query.where(authority_orders.c.id < before)
    rows = conn.execute(query.order_by(authority_orders.c.id.desc()).limit(limit))
    return [_order(row) for row in rows]


def count_waiting(conn: sa.Connection, site_id: SiteId) -> int:
    """Count the orders to which effect has not been given yet."""
    query = sa.select(sa.func.count()).where(
        authority_orders.c.site_id == site_id, authority_orders.c.effect_at.is_(None)
    )
    return conn.execute(query).scalar_one()


def list_ordered(conn: sa.Connection, order_id: OrderId) -> list[OrderedComment]:
    """Return the comments that an order is about, with the removal if it stands."""
    link = authority_order_comments
    rows = conn.execute(
        sa.select(
            link.c.comment_id,
            comments.c.version,
            comments.c.status,
            stories.c.title,
            decisions.c.id.label("decision_id"),
        )
        .join(comments, comments.c.id == link.c.comment_id)
        .join(stories, stories.c.id == comments.c.story_id)
        .outerjoin(
            decisions,
            sa.and_(
                decisions.c.id == link.c.decision_id,
                decisions.c.undone_at.is_(None),
                decisions.c.overturned_at.is_(None),
            ),
        )
        .where(link.c.order_id == order_id)
        .order_by(link.c.comment_id)
    )
    return [
        OrderedComment(
            CommentId(row.comment_id),
            row.version,
            row.status,
            row.title,
            DecisionId(row.decision_id) if row.decision_id is not None else None,
        )
        for row in rows
    ]


def link_decision(
    tx: Tx,
    site_id: SiteId,
    order_id: OrderId,
    comment_id: CommentId,
    *,
    decision_id: DecisionId,
) -> None:
    """Note which decision gives effect to an order. Raises NotFound if it is not about that."""
    get_order(tx.conn, site_id, order_id)
    done = tx.conn.execute(
        sa.update(authority_order_comments)
        .where(
            authority_order_comments.c.order_id == order_id,
            authority_order_comments.c.comment_id == comment_id,
        )
        .values(decision_id=decision_id)
    )
    if done.rowcount != 1:
        raise NotFound("The order is not about this comment.", code="no_order")


def find_barred(conn: sa.Connection, decision_ids: Collection[int]) -> frozenset[int]:
    """Return those of the decisions about which their author must not be told that it is one."""
    if not decision_ids:
        return frozenset()
    link = authority_order_comments
    query = (
        sa.select(link.c.decision_id)
        .join(authority_orders, authority_orders.c.id == link.c.order_id)
        .where(link.c.decision_id.in_(decision_ids), authority_orders.c.barred)
    )
    return frozenset(conn.execute(query).scalars())


def note_effect(tx: Tx, order_id: OrderId, *, effect: str, disclosed: str, by: ReaderId) -> bool:
    """Note what was done and that the authority knows; say whether that is new."""
    done = tx.conn.execute(
        sa.update(authority_orders)
        .where(authority_orders.c.id == order_id, authority_orders.c.effect_at.is_(None))
        .values(effect=effect, disclosed=disclosed, effect_at=tx.now, effect_by=by)
    )
    return done.rowcount == 1


def _order(row: sa.Row[Any]) -> Order:
    return Order(
        OrderId(row.id),
        SiteId(row.site_id),
        OrderDraft(
            OrderKind(row.kind),
            row.authority,
            row.legal_basis,
            row.reasons,
            row.addresses,
            row.territory,
            row.redress,
            row.language,
            row.received_at,
            row.reference,
            row.barred,
        ),
        row.effect,
        row.disclosed,
        ReaderId(row.entered_by),
        row.entered_at,
        row.effect_at,
        ReaderId(row.effect_by) if row.effect_by is not None else None,
    )
