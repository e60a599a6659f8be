"""Who refers to rows of a table, whichever tables there are: for what wants to take rows away."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from belowline.storage.tables import metadata

_AT_ONCE = 500


def find_referred(
    conn: sa.Connection, table: sa.Table, ids: Sequence[int], *, besides: Collection[sa.Table]
) -> dict[int, str]:
    """Return which of these rows others refer to, and the name of a table that does.

    Rows of ``besides`` do not count. Every foreign key of the schema is looked at, so a table that
    is added one day is not forgotten.
    """
    found: dict[int, str] = {}
    for column in _columns_to(table):
        if column.table in besides:
            continue
        for start in range(0, len(ids), _AT_ONCE):
            part = [one for one in ids[start : start + _AT_ONCE] if one not in found]
            rows = conn.execute(sa.select(column).where(column.in_(part)).distinct()).scalars()
            found |= dict.fromkeys(rows, column.table.name)
    return found


def drop_referring(
    conn: sa.Connection, table: sa.Table, ids: Sequence[int], *, of: Collection[sa.Table]
) -> None:
    """Delete the rows of these tables that refer to rows of a table."""
    for column in _columns_to(table):
        if column.table in of:
            for start in range(0, len(ids), _AT_ONCE):
                part = ids[start : start + _AT_ONCE]
                conn.execute(sa.delete(column.table).where(column.in_(part)))


def _columns_to(table: sa.Table) -> list[sa.Column[int]]:
    return [
        key.parent
        for other in metadata.sorted_tables
        for key in sorted(other.foreign_keys, key=lambda one: one.parent.name)
        if key.column.table is table
    ]
