"""A list of ids as one value, so that a statement with it can be prepared.

SQLAlchemy writes out a list anew at each execution, one parameter for each value.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class Ids(sa.types.TypeDecorator[Sequence[int]]):
    """Ids: an array for PostgreSQL, JSON for SQLite."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Return how the database takes it."""
        ids = sa.Text() if dialect.name == "sqlite" else postgresql.ARRAY(sa.BigInteger)
        return dialect.type_descriptor(ids)

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:  # noqa: ANN401 - what the driver takes
        """Spell it for the driver."""
        if value is None:
            return None
        return json.dumps(list(value)) if dialect.name == "sqlite" else list(value)


class _Among(sa.ColumnElement[bool]):
    type = sa.Boolean()
    inherit_cache = False

    def __init__(self, column: sa.ColumnElement[int], ids: sa.BindParameter[Sequence[int]]) -> None:
        self.column = column
        self.ids = ids

    def self_group(self, against: Any = None) -> _Among:  # noqa: ANN401, ARG002 - SQLAlchemy's own
        """Stand as it is. SQLAlchemy would compare it with 1, and then no index finds the ids."""
        return self


def among(column: sa.ColumnElement[int], name: str) -> sa.ColumnElement[bool]:
    """Say that a column is one of the ids in the parameter ``name``."""
    return _Among(column, sa.bindparam(name, type_=Ids()))


@compiles(_Among)
def _any(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    column, ids = (compiler.process(one, **kw) for one in (element.column, element.ids))
    return f"{column} = ANY ({ids})"


@compiles(_Among, "sqlite")
def _each(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    column, ids = (compiler.process(one, **kw) for one in (element.column, element.ids))
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - a parameter
