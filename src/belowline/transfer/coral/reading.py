"""Go through an export of Coral file by file and record by record, holding none of it.

Stories and accounts are records of their own, so nothing has to be joined here; the few things
that later files lean on (the sites, which stories are archived or another site's) come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import NoReturn

from belowline.core.errors import InvalidInput
from belowline.transfer.codes import Skip
from belowline.transfer.coral.accounts import SSO, read_account
from belowline.transfer.coral.acts import read_act, read_decision, read_notice
from belowline.transfer.coral.comments import read_comment
from belowline.transfer.coral.place import Place
from belowline.transfer.coral.sorts import KINDS, NAMED, UNREAD, Sort, sort_of
from belowline.transfer.coral.stories import closing_of, is_archived, read_story
from belowline.transfer.coral.values import id_of
from belowline.transfer.gathering import naming
from belowline.transfer.jsonstream import values
from belowline.transfer.opening import ExportFile
from belowline.transfer.shape import Record, Skipped


def read_coral(
    files: Sequence[ExportFile],
    *,
    now: datetime,
    only_site: str | None = None,
    sso_issuer: str = SSO,
) -> Iterator[Record]:
    """Yield the stories, accounts, comments and acts of an export, one file after the other.

    ``files`` come in any order and under any name, but an archive's have "archived" in theirs, as
    Coral gives it. ``only_site`` names the site, if the export holds several, by its id, its name
    or a host of its own; what belongs to another is left out and counted. ``sso_issuer`` is who
    will vouch here for the accounts that came by the publisher's tokens. Times after ``now`` become
    ``now``.

    Raises:
        InvalidInput: perhaps half-way: a file is no JSON that ``jsonstream.values`` reads, holds
            nothing of Coral's, is of Talk 4; or it is not clear which site or tenant is meant.
    """
    parts = [part for file in files if (part := _look_into(file)) is not None]
    if not parts:
        raise InvalidInput(
            "There is nothing of Coral's in this export: its files are empty.",
            field="file",
            code="empty_file",
        )
    reading = _Reading(now, Place(only_site), sso_issuer)
    for part in _in_order(parts):
        yield from reading.read(part)
    reading.place.require_found()


@dataclass(frozen=True, slots=True)
class _Part:
    """A file, what it holds, and of an archive's which comments are read this time."""

    file: ExportFile
    sort: Sort
    is_archive: bool
    of_archived_stories: bool | None = None


def _look_into(file: ExportFile) -> _Part | None:
    """Return what a file holds, by its first record, or None if there is nothing to read in it."""
    name = PurePosixPath(file.name).name.lower()
    collection = name.split(".", 1)[0]
    if collection in UNREAD:
        return None
    try:
        with naming(file), file.open() as stream:
            first = next(values(stream), None)
            if first is None:
                return None
            sort = sort_of(first[1])
            if sort is Sort.UNKNOWN:
                sort = NAMED.get(collection, sort)
            if sort is Sort.UNKNOWN:
                _refuse_unknown()
    except InvalidInput as error:
        # Coral's own tool leaves a file with nothing in it for a collection that has no records.
        if error.code == "empty_file":
            return None
        raise
    return _Part(file, sort, "archived" in name)


def _refuse_unknown() -> NoReturn:
    raise InvalidInput(
        "This file begins with no record of Coral's that is known here. Leave it out.",
        field="file",
        code="unknown_format",
    )


def _in_order(parts: list[_Part]) -> Iterator[_Part]:
    """Yield the files so that what others lean on comes first.

    Where the archiving of a story was cut short, a comment lies in both places. Which copy counts,
    the story says, and the first one that is met is kept: so the archive is read twice, for
    archived stories before the living comments and for all others after them.
    """
    by_sort = sorted(parts, key=lambda one: (one.sort, not one.is_archive, one.file.name))
    again = [part for part in by_sort if part.sort is Sort.COMMENT and part.is_archive]
    for part in by_sort:
        if part.sort > Sort.COMMENT:
            yield from (replace(one, of_archived_stories=False) for one in again)
            again = []
        yield replace(part, of_archived_stories=True) if part in again else part
    yield from (replace(one, of_archived_stories=False) for one in again)


@dataclass(slots=True)
class _Reading:
    """One run over an export, with what later files lean on."""

    now: datetime
    place: Place
    sso_issuer: str
    closing: timedelta | None = None
    archived: set[str] = field(default_factory=set)
    is_chosen: bool = False

    def read(self, part: _Part) -> Iterator[Record]:
        """Yield what a file holds."""
        with naming(part.file), part.file.open() as stream:
            for line, value in values(stream):
                sort = sort_of(value)
                if self._is_turn_of(value, sort, part):
                    yield from self._read_value(value, sort, part, f"line {line}")

    def _is_turn_of(self, value: object, sort: Sort, part: _Part) -> bool:
        if part.of_archived_stories is None:
            return True
        in_first_turn = sort is Sort.COMMENT and id_of(value, "storyID") in self.archived
        return in_first_turn is part.of_archived_stories

    def _read_value(self, value: object, sort: Sort, part: _Part, place: str) -> Iterator[Record]:
        if sort is Sort.TENANT:
            self.closing = closing_of(value)
        elif sort is Sort.SITE:
            self.place.hear(value)
        elif sort in {Sort.NEWS, Sort.UNKNOWN}:
            # A file holds one collection, so this was meant to be one of it.
            if (kind := KINDS.get(part.sort)) is not None:
                yield Skipped(kind, id_of(value, "id") or "", Skip.DAMAGED, place)
        else:
            if not self.is_chosen:
                self.place.choose()
                self.is_chosen = True
            yield from self._read_ours(value, sort)

    def _read_ours(self, value: object, sort: Sort) -> Iterator[Record]:
        source_id = id_of(value, "id") or ""
        if not self.place.has(value):
            if sort is Sort.STORY:
                self.place.is_elsewhere(source_id)
            yield Skipped(KINDS[sort], source_id, Skip.OTHER_SITE)
            return
        match sort:
            case Sort.STORY:
                if is_archived(value):
                    self.archived.add(source_id)
                yield from read_story(value, now=self.now, closing=self.closing)
            case Sort.ACCOUNT:
                yield from read_account(
                    value, now=self.now, site=self.place.chosen, sso_issuer=self.sso_issuer
                )
            case Sort.COMMENT:
                yield from read_comment(value, now=self.now)
            case Sort.NOTICE:
                yield from read_notice(value, now=self.now)
            case Sort.DECISION:
                yield from read_decision(value, now=self.now)
            case _:
                yield from read_act(value, now=self.now)
