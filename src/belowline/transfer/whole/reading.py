"""Reading a part out of the database as lines, in one order on both databases.

Values are asked for as text where the databases differ, and read past SQLAlchemy: an export is
millions of rows, each the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from belowline.transfer.whole.lines import Sort, make_writer, sort_of
from belowline.transfer.whole.manifest import PartManifest
from belowline.transfer.whole.parts import Part, file_of

BLOCK = 2000
"""Rows that are read and written at once."""

Seen = Callable[[str, int], None]
"""Told the table's name and how many more of its rows are done."""

# Not a place in one PostgreSQL's order of transactions, but the last event before the first that
# the follower has not read. It reads some a second time where that order is not that of `seq`, and
# followers are made for that.
_PLACE = {
    "sqlite": (
        "COALESCE((SELECT min(e.seq) - 1 FROM events e WHERE e.seq > cursors.seq), "
        "(SELECT max(e.seq) FROM events e), 0)"
    ),
    "postgresql": (
        "COALESCE((SELECT min(e.seq) - 1 FROM events e "
        "WHERE (e.xid, e.seq) > (cursors.xid, cursors.seq)), "
        "(SELECT max(e.seq) FROM events e), 0)"
    ),
}


@dataclass(slots=True)
class Tally:
    """What was read of a part so far."""

    rows: int
    length: int
    digest: Any

    def add(self, block: bytes, rows: int) -> None:
        """Count a block."""
        self.rows += rows
        self.length += len(block)
        self.digest.update(block)

    def manifest(self, part: Part, *, next_id: int | None) -> PartManifest:
        """Return what the manifest says of the part."""
        return PartManifest(
            part.name,
            file_of(part.name),
            part.names,
            self.rows,
            self.length,
            self.digest.hexdigest(),
            next_id,
        )


def new_tally() -> Tally:
    """Return a tally of nothing."""
    return Tally(0, 0, hashlib.sha256())


def read_part(conn: sa.Connection, part: Part, *, seen: Seen | None = None) -> Iterator[bytes]:
    """Give the part's lines in blocks, ordered by its key, as the open transaction sees them."""
    sorts = [sort_of(column.type) for column in part.columns]
    write = make_writer(part.name, part.names, sorts)
    for rows in _rows(conn, _query(conn.dialect.name, part, sorts), part.name):
        yield write(rows)
        if seen is not None:
            seen(part.name, len(rows))


def tell_apart(conn: sa.Connection, part: Part, *, seen: Seen | None = None) -> tuple[int, str]:
    """Return how many rows a part has and its checksum, without keeping its lines."""
    tally = new_tally()
    for block in read_part(conn, part, seen=seen):
        tally.add(block, block.count(b"\n"))
    return tally.rows, tally.digest.hexdigest()


def count_rows(conn: sa.Connection, parts: Sequence[Part]) -> int:
    """Count all rows that are to be read, so that somebody can be told how long it takes."""
    return sum(
        conn.execute(sa.select(sa.func.count()).select_from(part.table)).scalar_one()
        for part in parts
    )


def find_next_id(conn: sa.Connection, part: Part) -> int | None:
    """Return the number that the next row would get, where the database counts them up."""
    column = part.table.autoincrement_column
    if column is None:
        return None
    most = conn.execute(sa.select(sa.func.max(column))).scalar() or 0
    if conn.dialect.name == "postgresql":
        sequence = conn.execute(
            sa.select(sa.func.pg_get_serial_sequence(part.name, column.name))
        ).scalar()
        if sequence is not None:
            last, called = conn.exec_driver_sql(
                f"SELECT last_value, is_called FROM {sequence}"
            ).one()
            return int(max(most + 1, last + 1 if called else last))
    return int(most) + 1


def _query(dialect: str, part: Part, sorts: Sequence[Sort]) -> str:
    columns = ", ".join(
        "NULL" if column.name in part.withheld else _value(dialect, column, sort)
        for column, sort in zip(part.columns, sorts, strict=True)
    )
    order = ", ".join(_key(dialect, column) for column in part.table.primary_key)
    return f"SELECT {columns} FROM {part.name} ORDER BY {order}"


def _value(dialect: str, column: sa.Column[object], sort: Sort) -> str:
    name = _quoted(column)
    if str(column) == "cursors.seq":
        return _PLACE[dialect]
    if dialect == "sqlite":
        if sort is Sort.TIME:
            end = f"CASE length({name}) WHEN 19 THEN '.000000Z' ELSE 'Z' END"
            return f"replace({name}, ' ', 'T') || {end}"
        return name
    if sort is Sort.TIME:
        return f"""to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"{name}::text" if sort is Sort.DOCUMENT else name


def _key(dialect: str, column: sa.Column[object]) -> str:
    name = _quoted(column)
    is_text = dialect == "postgresql" and sort_of(column.type) is Sort.TEXT
    # By its characters' codes, as SQLite has it, whatever the language of the database.
    return f'{name} COLLATE "C"' if is_text else name


def _quoted(column: sa.Column[object]) -> str:
    return f'{column.table.name}."{column.name}"'


def _rows(conn: sa.Connection, query: str, name: str) -> Iterator[Sequence[Sequence[Any]]]:
    raw: Any = conn.connection.driver_connection
    # On PostgreSQL only a named cursor leaves the rows with the server until they are asked for.
    named = {"name": f"belowline_{name}"} if conn.dialect.name == "postgresql" else {}
    cursor = raw.cursor(**named)
    try:
        cursor.execute(query)
        while rows := cursor.fetchmany(BLOCK):
            yield rows
    finally:
        cursor.close()
