"""The full-text index over a table's ``words``: SQLite's FTS5, or PostgreSQL's own.

Words come folded and in letters and digits alone (``search/words.py``), so that neither database
has anything to decide about them and both find the same. On SQLite the index lies beside its table
(``external content``) and is kept here, in the transaction of the change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from belowline.storage.prepared import Prepared

MERGE_PAGES = 200
"""Pages of SQLite's index that are merged at once: a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow each other; the last may be only the beginning of one."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """What a row must hold: one term of each group of ``every``, and none of ``none``."""

    every: tuple[tuple[Term, ...], ...]
    none: tuple[Term, ...] = ()

    def for_sqlite(self) -> str:
        """Say it to FTS5."""
        every = " AND ".join(f"({' OR '.join(map(_fts, group))})" for group in self.every)
        return every if not self.none else f"({every}) NOT ({' OR '.join(map(_fts, self.none))})"

    def for_postgres(self) -> str:
        """Say it to PostgreSQL."""
        every = " & ".join(f"({' | '.join(map(_ts, group))})" for group in self.every)
        return every + "".join(f" & !({_ts(one)})" for one in self.none)


class FullText:
    """The index over one table, whose key is the first column."""

    def __init__(self, table: sa.Table) -> None:
        self.table = table
        self.key: sa.Column[int] = next(iter(table.primary_key))
        self.name = f"{table.name}_fts"
        self._fts = sa.table(self.name, sa.column("rowid", sa.Integer), sa.column(self.name))
        asked = sa.bindparam("asked", type_=sa.Text())
        most = sa.bindparam("most", type_=sa.Integer())
        self._newest = Prepared(
            sa.select(self._fts.c.rowid.label("id"))
            .where(self._fts.c[self.name].op("MATCH")(asked))
            .order_by(self._fts.c.rowid.desc())
            .limit(most),
            postgres=sa.select(self.key.label("id"))
            .where(self._holds(asked))
            .order_by(self.key.desc())
            .limit(most),
        )

    def put(self, conn: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep these rows, in place of what is there under the same keys."""
        if not rows:
            return
        sqlite = conn.dialect.name == "sqlite"
        if sqlite:
            self._forget(conn, self.key.in_([row[self.key.name] for row in rows]))
        make: Any = insert_sqlite if sqlite else insert_postgres
        put = make(self.table)
        kept = {
            column.name: put.excluded[column.name]
            for column in self.table.columns
            if column is not self.key
        }
        conn.execute(put.on_conflict_do_update(index_elements=[self.key], set_=kept), list(rows))
        if sqlite:
            conn.exec_driver_sql(
                f"INSERT INTO {self.name} (rowid, words) VALUES (?, ?)",  # noqa: S608 - our names
                [(row[self.key.name], row["words"]) for row in rows],
            )

    def drop(self, conn: sa.Connection, ids: Collection[int]) -> int:
        """Let go of the rows with these keys; return how many there were."""
        if not ids:
            return 0
        where = self.key.in_(ids)
        if conn.dialect.name == "sqlite":
            self._forget(conn, where)
        return conn.execute(sa.delete(self.table).where(where)).rowcount

    def clear_out(self, conn: sa.Connection, *, begin: bool) -> bool:
        """Merge a part of the index, so that dropped words leave the file; say whether more waits.

        FTS5 only notes what is dropped, and lets go of it when it merges. PostgreSQL's vacuum does
        it by itself.
        """
        if conn.dialect.name != "sqlite":
            return False
        # A negative number begins a merge of everything, as optimize would do in one go.
        pages = -MERGE_PAGES if begin else MERGE_PAGES
        before = conn.exec_driver_sql("SELECT total_changes()").scalar_one()
        conn.exec_driver_sql(
            f"INSERT INTO {self.name} ({self.name}, rank) VALUES ('merge', ?)",  # noqa: S608
            (pages,),
        )
        after = conn.exec_driver_sql("SELECT total_changes()").scalar_one()
        return bool(after - before >= 2)

    def select(
        self, conn: sa.Connection, match: Match, *columns: sa.ColumnElement[Any]
    ) -> sa.Select[Any]:
        """Return a statement for the keys of the rows that match, and for columns of the table.

        Order it by ``by_key``: that is how an index gives them, and then a page is a few steps.
        """
        if conn.dialect.name == "sqlite":
            found = self._fts
            query = sa.select(found.c.rowid.label("id"), *columns)
            if columns:
                query = query.join(self.table, self.key == found.c.rowid)
            return query.where(found.c[self.name].op("MATCH")(match.for_sqlite()))
        asked = sa.literal(match.for_postgres(), sa.Text())
        return sa.select(self.key.label("id"), *columns).where(self._holds(asked))

    def newest(self, conn: sa.Connection, match: Match, *, limit: int) -> list[int]:
        """Return the keys of the newest rows that match: for whoever asks a dozen times a page."""
        sqlite = conn.dialect.name == "sqlite"
        asked = match.for_sqlite() if sqlite else match.for_postgres()
        return [row.id for row in self._newest.all(conn, asked=asked, most=limit)]

    def by_key(self, conn: sa.Connection) -> sa.ColumnElement[int]:
        """Return the key as ``select`` has it."""
        return self._fts.c.rowid if conn.dialect.name == "sqlite" else self.key

    def _holds(self, asked: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        # Word for word what the index is over.
        vector = sa.func.to_tsvector(sa.literal_column("'simple'"), self.table.c.words)
        return vector.op("@@")(sa.cast(asked, TSQUERY))

    def _forget(self, conn: sa.Connection, where: sa.ColumnElement[bool]) -> None:
        # FTS5 has to be told what it was told, to take it back.
        told = sa.select(sa.literal("delete"), self.key, self.table.c.words).where(where)
        into = sa.table(self.name, sa.column(self.name), sa.column("rowid"), sa.column("words"))
        conn.execute(sa.insert(into).from_select([self.name, "rowid", "words"], told))


def _fts(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.begins else ""}'


def _ts(term: Term) -> str:
    words = [f"'{word}'" for word in term.words]
    if term.begins:
        words[-1] += ":*"
    return f"({' <-> '.join(words)})"
