"""Taking records in: idempotent, in batches, and never publishing what the source hid.

A file is first read to its end into a landing and put in order there; only then is anything
stored, so that a file that turns out to be broken leaves nothing half done. Every record is known
by its source and its id there, so that a second run changes nothing, and an interrupted one goes on
where it stopped.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.imported import Origin, list_known
from belowline.storage.imports import ImportState, SourceFile, find_by_landing, is_overtaken
from belowline.transfer.agreeing import mark_respect_here
from belowline.transfer.arranging import arrange, put_known
from belowline.transfer.counting import count
from belowline.transfer.joining import Joining, join_stories
from belowline.transfer.landing import Landing, landing_name, open_landing
from belowline.transfer.mapping import Rules
from belowline.transfer.report import Report
from belowline.transfer.shape import Record
from belowline.transfer.storing import BATCH, Storing
from belowline.transfer.taking import take_all

__all__ = ["BATCH", "Intake", "take_in"]

_GOES_ON = frozenset({ImportState.RUNNING, ImportState.DONE})

Progress = Callable[[int, int], None]
"""Hears how much is done, and of how much; the latter is 0 while a file is being read."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Where records go, how they are known, and how they are taken in.

    With a ``file``, an import that was stopped goes on from its landing in ``folder``.
    """

    db: Database
    site: Site
    source: str
    secret: str
    dry_run: bool = False
    progress: Progress = lambda _done, _total: None
    rules: Rules = field(default_factory=Rules)
    file: SourceFile | None = None
    folder: Path | None = None
    started_by: str = ""
    grant_roles: bool = False
    look: Callable[[Landing], None] = lambda _landing: None
    """Shown the landing when everything is in order, such as to write a report down to records."""


def take_in(intake: Intake, records: Iterable[Record]) -> Report:
    """Read every record, then store what is not here yet; a dry run stores nothing.

    Raises:
        InvalidInput: the file cannot be read to its end; nothing has been stored then.
        Conflict: another process is at work on this very file.
    """
    with _few_collections(), open_landing(intake.folder, _name(intake)) as landing:
        is_stored = _look_back(intake, landing)
        if not landing.is_complete:
            _land(intake, landing, records)
        report = count(landing)
        intake.look(landing)
        if not intake.dry_run and not is_stored:
            Storing(intake, landing).store()
    return report


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for circles in memory less often: records make none, and looking takes a tenth."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _name(intake: Intake) -> str | None:
    file = intake.file
    if file is None or intake.dry_run:
        return None
    return landing_name(intake.site.key, file.source, file.hash, repr(sorted(file.options.items())))


def _look_back(intake: Intake, landing: Landing) -> bool:
    """Say whether what is in the landing is all stored; throw away what one cannot go on from."""
    if not landing.is_complete:
        return False
    with intake.db.read() as conn:
        found = find_by_landing(conn, landing.mark)
        if found is not None and found.state in _GOES_ON and not is_overtaken(conn, found):
            return found.state is ImportState.DONE
    # What it says of what is here may be wrong by now.
    landing.start_over()
    return False


def _land(intake: Intake, landing: Landing, records: Iterable[Record]) -> None:
    take_all(
        landing,
        records,
        secret=intake.secret,
        now=intake.db.clock(),
        read=lambda number: intake.progress(number, 0),
    )
    origin = Origin(intake.site.id, intake.source)
    with intake.db.read() as conn:
        put_known(landing, list_known(conn, origin))
        join_stories(conn, landing, Joining(intake.site.id, intake.source, intake.rules))
    arrange(landing)
    with intake.db.read() as conn:
        mark_respect_here(conn, landing)
    landing.complete()
