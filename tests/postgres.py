"""A PostgreSQL server's databases for tests: made from a migrated one, swept and given out again.

Making and dropping a database is some eight hundred files each, and with two thousand tests it was
most of what a run took. So a database that a test has done with is swept: its rows deleted, its
sequences set back. Where a test has changed more than rows, it is dropped.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from belowline.storage import migrate

REUSED_AT_MOST = 40
"""Times. What was deleted stays in the files, for nothing vacuums, and makes reading slower."""

# Whatever is told of tables, columns, indexes, triggers and rules, and whether somebody analysed.
SHAPE = """
SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
    SELECT concat_ws(' ', 'c', c.relname, c.relkind, c.reltuples, c.relhastriggers, c.reloptions,
        c.relpersistence, c.relchecks) AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    UNION ALL
    SELECT concat_ws(' ', 'a', a.attrelid::regclass, a.attname, a.atttypid, a.attnotnull,
        a.atthasdef, a.attisdropped)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    UNION ALL
    SELECT concat_ws(' ', 't', tgname, tgenabled, tgrelid::regclass) FROM pg_trigger
    WHERE NOT tgisinternal
    UNION ALL
    SELECT concat_ws(' ', 'k', conname, conrelid::regclass, contype) FROM pg_constraint
    UNION ALL
    SELECT concat_ws(' ', 'p', proname, prosrc) FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
) AS lines
"""
OTHERS = """
SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True)
class Clean:
    """What a database is when it has just been migrated."""

    shape: str
    tables: tuple[str, ...]
    """Those without a row; what the others hold, no test may change and be swept."""
    kept: str
    """A sum over the rows of the tables that are not empty."""


class PostgresServer:
    """The server that ``make test`` starts, and its databases, of which each test has one."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT")
        # Workers share the server, and so may two runs of pytest.
        self.family = f"belowline_{secrets.token_hex(4)}"
        self.made = 0
        self.swept: dict[str, int] = {}
        self.template = self.create()
        migrate.upgrade(self.address(self.template))
        self.clean = self._look(self.template)

    def address(self, name: str) -> str:
        """Return the address of one of the server's databases."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def create(self, template: str = "template1") -> str:
        """Make a database and return its name."""
        self.made += 1
        name = f"{self.family}_{self.made}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def lend(self) -> tuple[str, int]:
        """Return the name of a database that is as one just migrated, and how often it was lent."""
        if self.swept:
            return self.swept.popitem()
        return self.create(self.template), 0

    def take_back(self, name: str, times: int) -> None:
        """Sweep a database for the next test, or drop it."""
        if times >= REUSED_AT_MOST or not self._sweep(name):
            self.drop(name)
        else:
            self.swept[name] = times + 1

    def drop(self, name: str) -> None:
        """Drop a database, whoever may still be connected to it."""
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """Drop the template and all that was swept, and leave."""
        for name in (*self.swept, self.template):
            self.drop(name)
        self.engine.dispose()

    def _run(self, statement: str) -> None:
        with self.engine.connect() as conn:
            conn.exec_driver_sql(statement)

    def _look(self, name: str) -> Clean:
        engine = sa.create_engine(self.address(name), poolclass=sa.NullPool)
        with engine.connect() as conn:
            tables = conn.scalars(
                sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            ).all()
            filled = _filled(conn, tuple(tables))
            empty = tuple(sorted(set(tables) - set(filled)))
            shape = conn.scalars(sa.text(SHAPE)).one()
            return Clean(shape, empty, _sum(conn, filled))

    def _sweep(self, name: str) -> bool:
        """Delete what a test left; return whether the database is as it was before."""
        engine = sa.create_engine(self.address(name), poolclass=sa.NullPool)
        try:
            with engine.begin() as conn:
                conn.exec_driver_sql(OTHERS)
                if conn.scalars(sa.text(SHAPE)).one() != self.clean.shape:
                    return False
                conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
                for table in _filled(conn, self.clean.tables):
                    conn.exec_driver_sql(f'DELETE FROM "{table}"')  # noqa: S608 - our own names
                conn.exec_driver_sql(
                    "SELECT setval(quote_ident(sequencename)::regclass, start_value, false)"
                    " FROM pg_sequences WHERE last_value IS NOT NULL AND schemaname = 'public'"
                )
                everything = conn.scalars(
                    sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
                ).all()
                return _sum(conn, _filled(conn, tuple(everything))) == self.clean.kept
        except sa.exc.DBAPIError:
            return False


def _filled(conn: sa.Connection, tables: tuple[str, ...]) -> list[str]:
    """Return those tables that have a row."""
    if not tables:
        return []
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")"  # noqa: S608 - our own names
        for table in tables
    )
    return sorted(conn.scalars(sa.text(asked)).all())


def _sum(conn: sa.Connection, tables: list[str]) -> str:
    """Return a sum over the rows of these tables, and their names."""
    parts = [
        conn.scalars(
            sa.text(
                f"SELECT '{table} ' || md5(string_agg(t::text, '|' ORDER BY t::text))"  # noqa: S608
                f' FROM "{table}" AS t'
            )
        ).one()
        for table in tables
    ]
    return "\n".join(parts)
