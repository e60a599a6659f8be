"""An installation in which every table holds something, and what two of them have in common."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import Actor
from belowline.storage.database import Database
from belowline.storage.tables import metadata
from belowline.transfer.whole.lines import Sort, sort_of
from belowline.transfer.whole.parts import DERIVED, HERE, OMITTED, list_parts
from belowline.transfer.whole.places import make_place
from belowline.transfer.whole.writing import Wish, write_export
from tests.conftest import START

SECRET = "0123456789abcdef-made-up-for-this-test"
ROWS = 3
WORDS = 'ü "quoted" \\ and\n a line, \u2028 a separator,\x85 another, 🌉 and\ttabs \\N %s'
NEEDED = {("sanctions", "ends_at")}
"""May be null only beside another value of the same row."""


def fill(db: Database) -> None:
    """Put rows into every table, with whatever is hard to carry: one value of each sort."""
    with db.write(Actor.of_system("test")) as tx:
        for table in metadata.sorted_tables:
            tx.conn.execute(sa.delete(table)) if table.name == "search_fills" else None
            for number in range(1, ROWS + 1):
                row = {column.name: _value(column, number) for column in table.columns}
                tx.conn.execute(sa.insert(table).values(row))
        # An import can bring a reply before what it replies to.
        comments = metadata.tables["comments"]
        tx.conn.execute(
            sa.update(comments).where(comments.c.id == 1).values(parent_id=ROWS, root_id=ROWS)
        )
        if not db.is_sqlite:
            for table in metadata.sorted_tables:
                _count_on(tx.conn, table)


def _value(column: sa.Column[Any], number: int) -> object:
    is_key = column.primary_key or column.foreign_keys or str(column) == "cursors.seq"
    if column.name == "parent_id":
        return None
    may_be_null = column.nullable and (column.table.name, column.name) not in NEEDED
    if number == ROWS and may_be_null and not is_key:
        return None
    match sort_of(column.type):
        case Sort.NUMBER:
            return number if is_key else number + 2**31 - 5
        case Sort.FLOAT:
            return number / 3
        case Sort.TRUTH:
            return bool(number % 2)
        case Sort.TIME:
            # One without microseconds, which must not be shorter for it.
            return START + timedelta(hours=number, microseconds=(number - 1) * 120_030)
        case Sort.BYTES:
            return bytes(range(256)) * number
        case Sort.DOCUMENT:
            return {"b": [number, 0.1, 1.0, None, True], "a": {"z": WORDS, "y": 2**53}}
        case Sort.TEXT:
            return f"{WORDS} {number}"


def _count_on(conn: sa.Connection, table: sa.Table) -> None:
    key = table.autoincrement_column
    sequence = (
        key is not None
        and conn.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, key.name))).scalar()
    )
    if sequence:
        conn.execute(sa.select(sa.func.setval(sequence, ROWS)))


def everything(db: Database) -> dict[str, list[dict[str, Any]]]:
    """Return every row that goes along, as SQLAlchemy reads it: not by the export's own means."""
    with db.read() as conn:
        return {
            part.name: sorted(
                (
                    {
                        name: value
                        for name, value in row.items()
                        if name not in OMITTED.get(part.name, ())
                    }
                    for row in conn.execute(sa.select(part.table)).mappings()
                ),
                key=repr,
            )
            for part in list_parts(secrets=True)
        }


def schema_of(url: str) -> list[tuple[str, ...]]:
    """Return everything that the database says of its schema."""
    engine = sa.create_engine(url)
    queries = (
        ["SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE '%_fts%'"]
        if engine.dialect.name == "sqlite"
        else [
            """SELECT 'index', tablename, indexname, indexdef FROM pg_indexes
            WHERE schemaname = 'public'""",
            """SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
            """SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
            FROM pg_trigger WHERE NOT tgisinternal""",
        ]
    )
    with engine.connect() as conn:
        found = [
            tuple(str(value) for value in row)
            for query in queries
            for row in conn.exec_driver_sql(query)
        ]
    engine.dispose()
    return sorted(found)


def write(db: Database, path: Path, *, secrets: bool = True) -> Path:
    """Write an export and return where it is."""
    with make_place(path) as place:
        write_export(db, place, Wish(SECRET, secrets))
    return path


def change(export: Path, name: str, how: Callable[[bytes], bytes], **said: Any) -> None:  # noqa: ANN401
    """Change a file of an export in a folder, and let its manifest agree unless it says else."""
    file = export / f"{name}.jsonl"
    file.write_bytes(how(file.read_bytes()))
    raw = file.read_bytes()
    manifest = json.loads((export / "manifest.json").read_text(encoding="utf-8"))
    for part in manifest["parts"]:
        if part["name"] == name:
            part.update(
                bytes=len(raw),
                rows=raw.count(b"\n"),
                sha256=hashlib.sha256(raw).hexdigest(),
            )
            part.update(said)
    (export / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def left_out() -> set[str]:
    """Return the tables of which nothing goes along."""
    return {*DERIVED, *HERE}
