"""Which tables go along when an installation leaves, and which columns of them.

Every table of ``storage/tables.py`` stands in exactly one of the lists below; a house test holds
them together, so that a new table cannot be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from belowline.storage.tables import metadata

PASSING = {
    "sessions": "Who is signed in where: everybody signs in again.",
    "sign_in_codes": "Codes under way, good for minutes.",
    "used_tokens": "Publishers' tokens that were used, until they would be refused anyway.",
    "attempts": "What is counted against limits, for a day.",
    "network_traces": "Keyed hashes of network addresses, for 30 days.",
    "leases": "Which case somebody looks at just now.",
}
"""Left out unless secrets are asked for: good for a short while, and worth something to a thief."""

DERIVED = {
    "comment_words": "The search index reads every comment again by itself.",
    "decision_words": "The search index reads every decision again by itself.",
    "search_fills": "How far that reading has come: it begins again.",
    "site_layers": "What is learnt from a desk's decisions is learnt from them again.",
}
"""Never in an export: `belowline serve` makes them anew from what is."""

HERE = {
    "backups": "When this installation was last backed up, and where to.",
}
"""Never in an export: true of one place alone."""

WITHHELD = {
    "sites": ("identity", "external"),
    "legal_notices": ("network_hash",),
}
"""Columns that are null unless secrets are asked for: keys of publishers and of external screens,
and where a notice came from."""

OMITTED = {
    "events": ("xid",),
    "cursors": ("xid",),
}
"""Columns that mean something to one PostgreSQL server alone. Events are in the order of ``seq``
wherever they are loaded, and a follower's place is told by it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table as it goes along: one file, one line a row."""

    table: sa.Table
    columns: tuple[sa.Column[object], ...]
    withheld: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the table's name."""
        return str(self.table.name)

    @property
    def names(self) -> list[str]:
        """Return the names of the columns, in their order."""
        # SQLAlchemy has a class of its own for them.
        return [str(column.name) for column in self.columns]


def file_of(name: str) -> str:
    """Return the name of the file that holds a table."""
    return f"{name}.jsonl"


def list_parts(*, secrets: bool) -> list[Part]:
    """Return what goes along, each table after those that it refers to as far as that can be."""
    left_out = {*DERIVED, *HERE} | (set() if secrets else {*PASSING})
    return [
        _part(table, secrets=secrets)
        for name, table in metadata.tables.items()
        if name not in left_out
    ]


def _part(table: sa.Table, *, secrets: bool) -> Part:
    omitted = OMITTED.get(table.name, ())
    columns = tuple(column for column in table.columns if column.name not in omitted)
    return Part(table, columns, () if secrets else WITHHELD.get(table.name, ()))
