"""``belowline import``: bring another system's comments in, list what was brought, take it back."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from belowline.cli.context import Context
from belowline.cli.import_options import Way, mapping_options, reading_options, way_of
from belowline.cli.redirects import redirects
from belowline.cli.screen import console, make_progress
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.imported import ImportId
from belowline.storage.imports import get_import, list_imports
from belowline.transfer.details import write_details
from belowline.transfer.formats import describe
from belowline.transfer.intake import Intake, take_in
from belowline.transfer.landing import Landing
from belowline.transfer.preview import Previewed, preview
from belowline.transfer.report import Report, Tally
from belowline.transfer.undoing import MOST_KEPT_LISTED, Undone, undo_import

WORDS = {
    Tally.STORIES_READ: "stories read",
    Tally.COMMENTS_READ: "comments read",
    Tally.OTHERS_READ: "read",
    Tally.NEW_STORIES: "stories imported",
    Tally.WOULD_IMPORT: "comments imported",
    Tally.MERGED: "comments already here from an earlier run",
    Tally.NEW_OTHERS: "imported",
    Tally.OTHERS_MERGED: "already here from an earlier run",
    Tally.TIGHTENED: "comments hidden that the source has hidden since",
    Tally.HIDDEN: "of these not public",
    Tally.SKIPPED: "left out",
    Tally.REPAIRED: "put right",
}
FILES = click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, path_type=Path),
)


class _Imports(click.Group):
    """A group in which ``import FILE`` is short for ``import file FILE``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the command first where it is left out."""
        if args and args[0] == "wordpress":
            # As it was before the content said so.
            args = ["file", "--from", *args]
        elif args and args[0] not in self.commands and args[0] not in {"-h", "--help"}:
            args = ["file", *args]
        return super().parse_args(ctx, args)


@click.group("import", cls=_Imports)
def import_group() -> None:
    """Bring stories and comments in from another system.

    An import never publishes what the source hid, never trusts its HTML, and can be repeated: what
    is already here is recognised by its source and its id there. An import that was stopped goes
    on where it was when the same command is given again.

    \b
    Example:
      belowline import export.xml.gz --site courier --dry-run

    All options of an import: belowline import file --help
    """  # noqa: D301 - click reads the character that \b stands for


@import_group.command("file")
@FILES
@reading_options
@mapping_options
@click.option("--dry-run", is_flag=True, help="Read and report; change nothing.")
@click.option(
    "--report",
    "details",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what becomes of each record to a file: CSV if it is called so, else JSON lines.",
)
@click.option(
    "--grant-roles",
    is_flag=True,
    help="Give those a role here who had one at the source. Look at them in a dry run first.",
)
@click.pass_obj
def file(
    context: Context,
    /,
    *,
    files: tuple[Path, ...],
    dry_run: bool,
    details: Path | None,
    grant_roles: bool,
    **given: Any,  # noqa: ANN401 - the shared options
) -> None:
    """Import the export of another system; `belowline import FILE` does the same.

    What system it is from is known by its content, not by its name.

    \b
    Example:
      belowline import export.xml.gz --site courier --dry-run --report report.csv
    """  # noqa: D301 - click reads the character that \b stands for
    way = way_of(files, given)

    def look(landing: Landing) -> None:
        if details is not None:
            write_details(landing, details)

    with _ready(context, given) as (db, site, show):
        intake = Intake(
            db,
            site,
            way.importer.source,
            context.settings().secret,
            dry_run,
            show,
            rules=way.rules,
            file=describe(files, way.importer.source, way.as_options()),
            folder=context.import_folder(),
            started_by=_who(),
            grant_roles=grant_roles,
            look=look,
        )
        report = take_in(intake, way.importer.read(way.paths, way.asked))
    console.print(report_table(report, dry_run=dry_run))


@import_group.command("map-preview")
@FILES
@reading_options
@mapping_options
@click.pass_obj
def map_preview(context: Context, /, *, files: tuple[Path, ...], **given: Any) -> None:  # noqa: ANN401
    """Show which story would become which here, and which would be joined; change nothing."""
    way: Way = way_of(files, given)
    with _ready(context, given) as (db, site, show):
        intake = Intake(
            db,
            site,
            way.importer.source,
            context.settings().secret,
            dry_run=True,
            progress=show,
            rules=way.rules,
            folder=context.import_folder(),
        )
        found = preview(intake, way.importer.read(way.paths, way.asked))
    console.print(_preview_table(found))


@import_group.command("list")
@click.option("--site", "site_key", help="Only this site's.")
@click.pass_obj
def list_command(context: Context, site_key: str | None) -> None:
    """List the imports, the latest first."""
    table = Table("number")
    for heading in ("site", "source", "file", "started", "state", "brought"):
        # On a narrow screen a key or a name goes on in the next line, and is not cut off.
        table.add_column(heading, overflow="fold")
    with context.database() as db, db.read() as conn:
        site = sites.get_site(conn, site_key) if site_key else None
        for one in list_imports(conn, site.id if site else None):
            table.add_row(
                str(one.id),
                one.site_key,
                one.file.source,
                f"{one.file.name} {one.file.hash[:12]}".strip(),
                f"{one.started_at:%Y-%m-%d %H:%M} {one.started_by}".strip(),
                one.state,
                ", ".join(
                    f"{number} {kind}" for kind, number in sorted(one.counts.items()) if number
                ),
            )
    console.print(table)


@import_group.command("undo")
@click.argument("number", type=int)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def undo(context: Context, number: int, *, yes: bool) -> None:
    """Take back what an import has brought.

    What readers or moderators have touched since stays, with what it hangs on, and is listed.
    """
    if not yes:
        with context.database() as db, db.read() as conn:
            one = get_import(conn, ImportId(number))
        brought = ", ".join(f"{n} {kind}" for kind, n in sorted(one.counts.items()) if n)
        click.confirm(
            f"Take back import {number} into {one.site_key}, {one.file.source} {one.file.name} "
            f"({brought or 'nothing'})?",
            abort=True,
        )
    with context.database() as db, make_progress(rate=True) as progress:
        task = progress.add_task("Taking back", total=None)
        done = undo_import(
            db, ImportId(number), progress=lambda one: progress.update(task, completed=one)
        )
    console.print(_undone_table(done))


import_group.add_command(redirects)


@contextmanager
def _ready(
    context: Context, given: dict[str, Any]
) -> Iterator[tuple[Database, Site, Callable[[int, int], None]]]:
    with context.database() as db, make_progress(rate=True) as progress:
        with db.read() as conn:
            site = sites.get_site(conn, given["site_key"])
        task = progress.add_task("Reading", total=None)
        is_reading = True

        def show(done: int, total: int) -> None:
            nonlocal task, is_reading
            if total and is_reading:
                # A new line, or its rate would be that of reading.
                is_reading = False
                progress.remove_task(task)
                task = progress.add_task("Importing", total=total)
            progress.update(task, completed=done)

        yield db, site, show


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def report_table(report: Report, *, dry_run: bool) -> Table:
    """Return the report as a table of counts with their reasons in words."""
    table = Table("what", "why", "count", title="Nothing was changed" if dry_run else None)
    for line in report.lines():
        words = WORDS[line.tally]
        if dry_run:
            words = words.replace("imported", "that would be imported")
        why = (line.reason_code or "").replace("_", " ")
        if line.kind is not None:
            words = f"{words}: {line.kind}"
        table.add_row(words, why, str(line.count))
    return table


def _preview_table(found: list[Previewed]) -> Table:
    table = Table()
    for heading in ("at the source", "address here", "key", "becomes", "comments"):
        # Addresses are compared here, so on a narrow screen they go on in the next line.
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(one.url, one.mapped, one.key, one.becomes, str(one.comments))
    return table


def _undone_table(done: Undone) -> Table:
    table = Table("what", "why", "count")
    for kind, number in sorted(done.removed.items()):
        table.add_row(f"taken back: {kind}", "", str(number))
    if not done.removed.total() and not done.kept:
        table.add_row("it had brought nothing", "", "0")
    for (kind, why), ids in sorted(done.kept.items()):
        named = ", ".join(map(str, ids[:MOST_KEPT_LISTED]))
        more = ", …" if len(ids) > MOST_KEPT_LISTED else ""
        table.add_row(f"kept: {kind} {named}{more}", why.replace("_", " "), str(len(ids)))
    return table
