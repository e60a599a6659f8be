"""Writes the parts of docs/reference/export-format.md that list what the code holds."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from docs_text import noted, table

from belowline.transfer.whole import manifest
from belowline.transfer.whole.lines import Sort, sort_of
from belowline.transfer.whole.parts import DERIVED, HERE, OMITTED, PASSING, WITHHELD, list_parts

FORMS = {
    Sort.NUMBER: "number",
    Sort.FLOAT: "number",
    Sort.TEXT: "text",
    Sort.TRUTH: "`true` or `false`",
    Sort.TIME: "time",
    Sort.BYTES: "bytes",
    Sort.DOCUMENT: "document",
}


def write_manifest() -> str:
    """List the fields of the manifest and of each of its parts."""
    fields = [*_fields("Manifest", ""), *_fields("PartManifest", "parts[].")]
    return table(("field", "what it is"), fields)


def _fields(name: str, before: str) -> Iterator[tuple[str, str]]:
    said = noted(manifest, name)
    for one in msgspec.structs.fields(getattr(manifest, name)):
        yield f"`{before}{one.encode_name}`", said.get(one.name) or _plain(one.name)


def _plain(name: str) -> str:
    return {
        "format": f"`{manifest.FORMAT}`.",
        "version": f"{manifest.VERSION}; another version is refused.",
        "belowline": "The version of Belowline that wrote it.",
        "made_at": "Of which moment it is.",
        "secrets": "Whether secrets were asked for.",
        "parts": "The files, in the order in which they are loaded.",
        "name": "The table.",
        "file": "The file: the table's name and `.jsonl`.",
        "columns": "What each line has, in this order.",
        "rows": "How many lines it has.",
        "bytes": "How long it is.",
        "sha256": "Its checksum.",
    }[name]


def write_tables() -> str:
    """List every file with its columns."""
    return table(
        ("file", "columns"),
        (
            (
                f"`{part.name}.jsonl`",
                ", ".join(
                    f"`{column.name}` ({FORMS[sort_of(column.type)]})" for column in part.columns
                ),
            )
            for part in list_parts(secrets=True)
        ),
    )


def write_left_out() -> str:
    """List what is left out, always or unless it is asked for, and why."""
    rows = [(f"`{name}`", "unless asked for", why) for name, why in PASSING.items()]
    rows += [
        (f"`{name}.{column}`", "unless asked for", "A key, or where somebody came from; null then.")
        for name, columns in WITHHELD.items()
        for column in columns
    ]
    rows += [(f"`{name}`", "always", why) for name, why in (DERIVED | HERE).items()]
    rows += [
        (f"`{name}.{column}`", "always", "A number of one PostgreSQL server's transactions.")
        for name, columns in OMITTED.items()
        for column in columns
    ]
    return table(("what", "left out", "why"), rows)
