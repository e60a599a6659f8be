"""Go through files in the plain form, one record at a time.

CSV: one file for each kind of record, told by its heading. JSON lines: all kinds in any number of
files, told by ``kind``. A story of which only a comment speaks, with its address, is told of when
it is first met.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from belowline.core.errors import InvalidInput
from belowline.transfer import cleaning
from belowline.transfer.codes import Skip
from belowline.transfer.csvrows import rows
from belowline.transfer.fields import text_of
from belowline.transfer.gathering import naming
from belowline.transfer.jsonstream import values
from belowline.transfer.opening import ExportFile
from belowline.transfer.plain.columns import (
    BY_NAME,
    SHAPES,
    Shape,
    missing_from,
    shape_of,
    unknown_to,
)
from belowline.transfer.plain.fields import Fields
from belowline.transfer.plain.records import READERS
from belowline.transfer.shape import Record, Skipped, SourceComment, SourceStory

_MOST_COLUMNS = 200


def read_plain_csv(files: Sequence[ExportFile], *, zone: tzinfo, now: datetime) -> Iterator[Record]:
    """Yield the records of the files, stories before what stands under them.

    ``zone`` is that of times that name none. Times after ``now`` become ``now``.

    Raises:
        InvalidInput: perhaps half-way: a file is no CSV that ``csvrows.rows`` reads, or its heading
            lacks a column that is needed or has one that is not known.
    """
    reading = _Reading(zone, now)
    parts = [(_shape_of(file), file) for file in files]
    for shape, file in sorted(parts, key=lambda part: SHAPES.index(part[0])):
        with naming(file), file.open() as stream:
            found = rows(stream)
            heading = _heading(found)
            for line, row in found:
                yield from reading.read_row(row, heading, shape, f"line {line}")


def read_plain_json(
    files: Sequence[ExportFile], *, zone: tzinfo, now: datetime
) -> Iterator[Record]:
    """Yield the records of the files in their order.

    ``zone`` is that of times that name none. Times after ``now`` become ``now``.

    Raises:
        InvalidInput: perhaps half-way: a file is no JSON that ``jsonstream.values`` reads, or a
            record is of no known kind, lacks a field that is needed or has one that is not known.
    """
    reading = _Reading(zone, now)
    for file in files:
        with naming(file), file.open() as stream:
            for line, value in values(stream):
                yield from reading.read_value(value, line)


@dataclass(slots=True)
class _Reading:
    """One run over the files, with the stories that were told of."""

    zone: tzinfo
    now: datetime
    told: set[str] = field(default_factory=set)

    def read_row(
        self, row: list[str], heading: tuple[str, ...], shape: Shape, place: str
    ) -> Iterator[Record]:
        """Yield what a row of a table holds."""
        if len(row) != len(heading):
            detail = f"{place}, {len(row)} cells for {len(heading)} columns"
            yield Skipped(shape.kind, cleaning.clean_id(row[0]) or "", Skip.DAMAGED, detail)
            return
        written: dict[str, object] = dict(zip(heading, row, strict=True))
        yield from self._read(written, shape, place)

    def read_value(self, value: object, line: int) -> Iterator[Record]:
        """Yield what a JSON record holds.

        Raises:
            InvalidInput: its form is wrong.
        """
        shape = BY_NAME.get(text_of(value, "kind"))
        if shape is None or not isinstance(value, dict):
            raise InvalidInput(
                f"The record at line {line} has no kind that is known, of {', '.join(BY_NAME)}.",
                field="file",
                code="unknown_kind",
                line=line,
            )
        _require_form(frozenset(value) - {"kind"}, shape, f"record at line {line}", line)
        yield from self._read(value, shape, f"line {line}")

    def _read(self, written: dict[str, object], shape: Shape, place: str) -> Iterator[Record]:
        for record in READERS[shape.kind](Fields(written, place, self.zone, self.now)):
            if isinstance(record, SourceStory):
                self.told.add(record.source_id)
            if isinstance(record, SourceComment) and record.story_source_id not in self.told:
                yield from self._tell(record.story_source_id, written)
            yield record

    def _tell(self, story_id: str, written: dict[str, object]) -> Iterator[Record]:
        """Yield a story that nothing but its comments tells of, if its address is known."""
        url = cleaning.clean_url(text_of(written, "story_url"))
        if url is None:
            return
        self.told.add(story_id)
        title = cleaning.clean_line(text_of(written, "story_title"))
        yield SourceStory(story_id, url, title, None, None, open=True, visible=True)


def _shape_of(file: ExportFile) -> Shape:
    """Return of what kind a table is, by its heading.

    Raises:
        InvalidInput: it has none, or one that does not fit.
    """
    with naming(file), file.open() as stream:
        heading = _heading(rows(stream))
        if len(set(heading)) < len(heading):
            twice = sorted({name for name in heading if heading.count(name) > 1})
            raise InvalidInput(
                f"The heading names twice: {', '.join(twice)[:100]}.",
                field="file",
                code="duplicate_column",
                line=1,
            )
        columns = frozenset(heading)
        shape = shape_of(columns)
        _require_form(columns, shape, "heading", 1)
        return shape


def _heading(found: Iterator[tuple[int, list[str]]]) -> tuple[str, ...]:
    _, first = next(found, (1, []))
    if len(first) > _MOST_COLUMNS:
        raise InvalidInput(
            f"The heading has more than {_MOST_COLUMNS} columns.",
            field="file",
            code="too_many_columns",
            line=1,
        )
    return tuple(cell.strip().lower() for cell in first)


def _require_form(columns: frozenset[str], shape: Shape, what: str, line: int) -> None:
    unknown = unknown_to(columns, shape)
    if unknown:
        raise InvalidInput(
            f"The {what} has what is not known of a {shape.name}: {', '.join(unknown)}."
            " Rename it, or begin its name with x_ if it is to be passed over.",
            field="file",
            code="unknown_column",
            line=line,
        )
    missing = missing_from(columns, shape)
    if missing:
        raise InvalidInput(
            f"The {what} is that of a {shape.name} but lacks {', '.join(missing)}.",
            field="file",
            code="missing_column",
            line=line,
        )
