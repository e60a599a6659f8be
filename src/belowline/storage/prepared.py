"""Statements that are built and compiled once, for what runs at every comment or for every reader.

SQLAlchemy takes longer to build, look up and wrap a small statement than SQLite takes to answer it.
A :class:`Prepared` is an ordinary Core statement at a module's top whose compiled text, types and
rows are kept, and which then goes to the driver directly, inside the transaction of the connection
that it is given. What is asked now and then stays with SQLAlchemy.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

Process = Callable[[Any], Any] | None
_Found = TypeVar("_Found")
Soon = Callable[[], _Found]
"""What was asked of the database, to be read when everything has been asked."""


class _Form:
    """A statement as one of the databases takes it."""

    def __init__(self, statement: sa.Executable, columns: Sequence[str], dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(  # type: ignore[attr-defined]
            dialect=dialect, column_keys=list(columns) or None
        )
        if compiled.post_compile_params:
            raise TypeError("a list of values makes another statement each time")
        self.text = str(compiled)
        # What the statement says by itself, such as a limit; the caller gives the rest.
        self.said = {
            name: bound.effective_value
            for name, bound in compiled.binds.items()
            if not bound.required and bound.effective_value is not None
        }
        wanted = [str(name) for name in compiled.positiontup or compiled.params]
        self.wanted = wanted
        self.is_positional = compiled.positional
        # Most values and most columns are what they are; only the others are looked at one by one.
        binders = {name: binder(compiled.binds[name].type, dialect) for name in wanted}
        self.binders = {name: process for name, process in binders.items() if process is not None}
        given = list(getattr(statement, "exported_columns", ()))
        readers = [_reader(column.type, dialect) for column in given]
        self.readers = [(at, process) for at, process in enumerate(readers) if process is not None]
        names = [str(column.key) for column in given]
        self.row: Any = namedtuple("Row", names)  # type: ignore[misc]  # noqa: PYI024 - any columns

    def bind(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what the driver takes
        """Return the values as the driver takes them. Raises KeyError for one that is missing."""
        values = {**self.said, **values}
        for name, process in self.binders.items():
            values[name] = process(values[name])
        if self.is_positional:
            return tuple([values[name] for name in self.wanted])
        return {name: values[name] for name in self.wanted}

    def read(self, found: Sequence[Any]) -> Any:  # noqa: ANN401 - a row
        """Return a row with the types of its columns."""
        if self.readers:
            found = list(found)
            for at, process in self.readers:
                found[at] = process(found[at])
        return self.row._make(found)


class Prepared:
    """One statement with its parameters by name; rows have their columns as attributes.

    ``columns`` names what an INSERT or UPDATE is given values for, and ``postgres`` says it in
    PostgreSQL's words where they differ. Every method raises what SQLAlchemy would raise.
    """

    def __init__(
        self,
        statement: sa.Executable,
        *,
        columns: Sequence[str] = (),
        postgres: sa.Executable | None = None,
    ) -> None:
        self._statement = statement
        self._postgres = statement if postgres is None else postgres
        self._columns = columns
        self._forms: dict[str, _Form] = {}

    def first(self, conn: sa.Connection, **values: Any) -> Any:  # noqa: ANN401 - a row
        """Run it and return the first row, or None."""
        form = self._form(conn)
        found = _send(conn, form.text, form.bind(values)).fetchone()
        return None if found is None else form.read(found)

    def all(self, conn: sa.Connection, **values: Any) -> list[Any]:  # noqa: ANN401 - rows
        """Run it and return every row."""
        form = self._form(conn)
        return list(map(form.read, _send(conn, form.text, form.bind(values)).fetchall()))

    def soon(self, conn: sa.Connection, **values: Any) -> Soon[list[Any]]:  # noqa: ANN401 - rows
        """Run it and return what reads every row; several go as one inside ``ahead``."""
        form = self._form(conn)
        cursor = _send(conn, form.text, form.bind(values))
        if conn.dialect.name != "postgresql":
            rows = cursor.fetchall()
            return lambda: list(map(form.read, rows))
        return lambda: list(map(form.read, cursor.fetchall()))

    def run(self, conn: sa.Connection, **values: Any) -> int:  # noqa: ANN401 - columns
        """Run it and return how many rows it changed."""
        form = self._form(conn)
        return int(_send(conn, form.text, form.bind(values)).rowcount)

    def send(self, conn: sa.Connection, **values: Any) -> None:  # noqa: ANN401 - columns
        """Run it; nothing comes back, so inside ``ahead`` nobody waits for it."""
        form = self._form(conn)
        _send(conn, form.text, form.bind(values))

    def run_each(self, conn: sa.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each of these."""
        form = self._form(conn)
        _send(conn, form.text, list(map(form.bind, rows)), many=True)

    def explain(self, conn: sa.Connection) -> list[str]:
        """Return how SQLite would find the rows; nothing is run. For tests."""
        form = self._form(conn)
        rows = _send(conn, f"EXPLAIN QUERY PLAN {form.text}", [None] * len(form.wanted))
        return [str(row[-1]) for row in rows]

    def _form(self, conn: sa.Connection) -> _Form:
        name = conn.dialect.name
        form = self._forms.get(name)
        if form is None:
            statement = self._postgres if name == "postgresql" else self._statement
            form = self._forms[name] = _Form(statement, self._columns, conn.dialect)
        return form


@contextmanager
def ahead(conn: sa.Connection) -> Iterator[None]:
    """Go on to the next statement while PostgreSQL is still at work on the one before.

    Only for what is Prepared. Whoever reads rows waits for them, nobody else does, and what was
    asked ``soon`` is there at the end. What fails is raised where rows are read, or at the end. On
    SQLite nothing changes.

    Raises:
        sqlalchemy.exc.DBAPIError: a statement failed.
    """
    raw: Any = conn.connection.dbapi_connection
    if conn.dialect.name != "postgresql":
        yield
        return
    with told_by_sqlalchemy(conn, raw), raw.pipeline():
        yield


@contextmanager
def told_by_sqlalchemy(conn: sa.Connection, raw: Any, text: str = "") -> Iterator[None]:  # noqa: ANN401
    """Raise what the driver raises inside as SQLAlchemy would have raised it."""
    try:
        yield
    except Exception as error:
        base = conn.dialect.loaded_dbapi.Error
        if not isinstance(error, base):
            raise
        if conn.dialect.is_disconnect(error, raw, None):
            conn.invalidate(error)
        raise sa.exc.DBAPIError.instance(
            text, None, error, base, hide_parameters=True, dialect=conn.dialect
        ) from error


def _send(conn: sa.Connection, text: str, values: Any, *, many: bool = False) -> Any:  # noqa: ANN401
    """Give a statement to the driver and return the driver's cursor."""
    raw: Any = conn.connection.dbapi_connection
    cursor = raw.cursor()
    # Whoever listens to what SQLAlchemy sends hears of this too.
    for hear in conn.dispatch.before_cursor_execute:
        hear(conn, cursor, text, values, None, many)
    with told_by_sqlalchemy(conn, raw, text):
        if many:
            cursor.executemany(text, values)
        else:
            cursor.execute(text, values)
    return cursor


def binder(kind: sa.types.TypeEngine[Any], dialect: Dialect) -> Process:
    """Return what turns a value of this type into what the driver takes; None where it is one."""
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: sa.types.TypeEngine[Any], dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
