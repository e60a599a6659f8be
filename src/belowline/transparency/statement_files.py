"""Statements of reasons as files: one JSON object a line, as the database takes them, or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import fields

import msgspec

from belowline.transparency.statements import Statement

COLUMNS = tuple(one.name for one in fields(Statement))


def to_json_lines(statements: Iterable[Statement]) -> str:
    """Write each statement as one line of JSON, in the words of the database's interface."""
    return "".join(f"{msgspec.json.encode(one.record()).decode()}\n" for one in statements)


def to_csv(statements: Iterable[Statement]) -> str:
    """Write the statements as CSV (RFC 4180) with a column for each field; a list is JSON in it."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for one in statements:
        record = one.record()
        lines.writerow([_cell(record.get(name, "")) for name in COLUMNS])
    return out.getvalue()


def _cell(value: str | list[str]) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
