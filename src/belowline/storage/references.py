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


def move_referring(
    conn: sa.Connection, table: sa.Table, *, old: int, new: int, besides: Collection[sa.Table]
) -> None:
    """Let everything that refers to one row of a table refer to another row of it.

    What the other row has already, by a key of the table in question, is dropped instead. Tables of
    ``besides`` are left alone.
    """
    for column in _columns_to(table):
        if column.table in besides:
            continue
        for names in _keys_with(column):
            twin = column.table.alias()
            conn.execute(
                sa.delete(column.table).where(
                    column == old,
                    sa.exists().where(
                        twin.c[column.name] == new,
                        *(twin.c[name] == column.table.c[name] for name in names),
                    ),
                )
            )
        conn.execute(sa.update(column.table).where(column == old).values({column.name: new}))


def _keys_with(column: sa.Column[int]) -> list[list[str]]:
    """Return, for each key of the table that the column is a part of, the other columns of it."""
    return [
        [one.name for one in key.columns if one is not column]
        for key in column.table.constraints
        if isinstance(key, (sa.PrimaryKeyConstraint, sa.UniqueConstraint))
        and column.name in key.columns
    ]
