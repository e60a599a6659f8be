"""The console's register of orders from authorities, for editors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Response

from belowline.actions import authority_orders as actions
from belowline.actions.moderation import DecisionDraft
from belowline.core.errors import BelowlineError, Conflict, InvalidInput, NotAllowed, StaleVersion
from belowline.core.terms import CommentId, Outcome, RuleKey
from belowline.moderation import orders as register
from belowline.moderation.orders import OrderDraft, OrderId, OrderKind
from belowline.readers.search import names_of
from belowline.rules import store as rules
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.fields import Number, choice, required, whole
from belowline.web.forms import Form, FormBody, read_form

PAGE = 50
TEXTS = ("authority", "reference", "legal_basis", "reasons", "addresses", "territory", "redress")
FIELDS = frozenset({*TEXTS, "kind", "language", "received_at", "barred"})


def orders(visitor: Visitor, before: Number = None, said: str | None = None) -> Response[bytes]:
    """Show the register, the latest first, and the form for another."""
    return _orders(visitor, before=before, said=said)


def enter(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Enter an order."""
    form = read_form(data, fields=FIELDS)
    try:
        draft = OrderDraft(
            kind=choice(form, "kind", OrderKind),
            received_at=_moment(form, "received_at"),
            language=form.text("language"),
            barred=form.ticked("barred"),
            **{name: form.text(name) for name in TEXTS},
        )
        order_id = actions.enter_order(
            visitor.house.db, site_id=visitor.at.id, by=visitor.reader_id, order=draft
        )
    except InvalidInput as error:
        return _orders(visitor, error=error, typed=form)
    return back_to(visitor, f"/orders/{order_id}", said="order_entered")


def order(visitor: Visitor, order: int, said: str | None = None) -> Response[bytes]:
    """Show an order, what it is about, and what is left to do."""
    return _order(visitor, order, said=said)


def remove(visitor: Visitor, order: int, data: FormBody) -> Response[Any]:
    """Remove one of the comments that the order is about."""
    form = read_form(data, fields={"comment", "rule", "reason", "seen_version"})
    try:
        actions.remove_as_ordered(
            visitor.house.db,
            CommentId(whole(form, "comment")),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            decision=DecisionDraft(
                Outcome.REMOVE,
                RuleKey(required(form, "rule")),
                form.text("reason"),
                whole(form, "seen_version"),
                order=OrderId(order),
            ),
        )
    except (InvalidInput, StaleVersion, Conflict, NotAllowed) as error:
        return _order(visitor, order, error=error, typed=form)
    return back_to(visitor, f"/orders/{order}", said="order_removed")


def answer(visitor: Visitor, order: int, data: FormBody) -> Response[Any]:
    """Note what was done, and that the authority has been told."""
    form = read_form(data, fields={"effect", "disclosed"})
    try:
        actions.answer_order(
            visitor.house.db,
            OrderId(order),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            answer=actions.OrderAnswer(form.text("effect"), form.text("disclosed")),
        )
    except (InvalidInput, Conflict) as error:
        return _order(visitor, order, error=error, typed=form)
    return back_to(visitor, f"/orders/{order}", said="order_answered")


def _moment(form: Form, name: str) -> datetime:
    """Read a day and a time as a browser sends them; they are meant in UTC."""
    try:
        found = datetime.fromisoformat(required(form, name))
    except ValueError as error:
        raise InvalidInput("Give a day and a time.", field=name, code="bad_moment") from error
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _orders(
    visitor: Visitor,
    *,
    before: int | None = None,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        found = register.list_orders(
            conn,
            visitor.at.id,
            before=OrderId(before) if before is not None else None,
            limit=PAGE + 1,
        )
    return desk_page(
        visitor,
        "orders.html",
        here="orders",
        said=said,
        error=error,
        typed=typed,
        orders=found[:PAGE],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        kinds=list(OrderKind),
    )


def _order(
    visitor: Visitor,
    order_id: int,
    *,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        found = register.get_order(conn, visitor.at.id, OrderId(order_id))
        ordered = register.list_ordered(conn, found.id)
        names = names_of(conn, [found.entered_by, found.effect_by])
        rulebook = rules.get_current_rulebook(conn, visitor.at.id)
    return desk_page(
        visitor,
        "order.html",
        here="orders",
        said=said,
        error=error,
        typed=typed,
        order=found,
        ordered=ordered,
        names=names,
        rulebook=rulebook,
    )
