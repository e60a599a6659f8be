"""``belowline import``: bring another system's comments in."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.table import Table

from belowline.cli.context import Context
from belowline.cli.screen import console, make_progress
from belowline.core.clock import system_clock
from belowline.sites import store as sites
from belowline.transfer.intake import Intake, take_in
from belowline.transfer.opening import open_export
from belowline.transfer.report import Report, Tally
from belowline.transfer.wordpress import read_wordpress

WORDS = {
    Tally.STORIES_READ: "stories read",
    Tally.COMMENTS_READ: "comments read",
    Tally.OTHERS_READ: "read",
    Tally.NEW_STORIES: "stories imported",
    Tally.WOULD_IMPORT: "comments imported",
    Tally.MERGED: "comments already here from an earlier run",
    Tally.HIDDEN: "of these not public",
    Tally.SKIPPED: "left out",
    Tally.REPAIRED: "put right",
}


@click.group("import")
def import_group() -> None:
    """Bring stories and comments in from another system.

    An import never publishes what the source hid, never trusts its HTML, and can be repeated: what
    is already here is recognised by its source and its id there.
    """


@import_group.command("wordpress")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "site_key", required=True, help="The site that takes the comments in.")
@click.option("--dry-run", is_flag=True, help="Read and report; change nothing.")
@click.option(
    "--zone",
    default="UTC",
    show_default=True,
    help="Time zone of the WordPress site, for comments that only give a local time.",
)
@click.option(
    "--story-kind",
    "story_kinds",
    multiple=True,
    default=("post", "page"),
    show_default=True,
    help="Post types that are stories. Repeatable.",
)
@click.pass_obj
def wordpress(  # noqa: PLR0913 - a command has as many as its options
    context: Context,
    file: Path,
    *,
    site_key: str,
    dry_run: bool,
    zone: str,
    story_kinds: tuple[str, ...],
) -> None:
    """Import a WordPress export (WXR, plain or gzipped).

    \b
    Example:
      belowline import wordpress export.xml.gz --site courier --dry-run
    """  # noqa: D301 - click reads the character that \b stands for
    try:
        where = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(f"there is no time zone {zone!r}", param_hint="--zone") from error
    settings = context.settings()
    with context.database() as db, make_progress() as progress:
        with db.read() as conn:
            site = sites.get_site(conn, site_key)
        task = progress.add_task("Reading", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, description="Importing", completed=done, total=total)

        with open_export(file) as stream:
            records = read_wordpress(
                stream, zone=where, now=system_clock(), story_kinds=frozenset(story_kinds)
            )
            intake = Intake(db, site, "wordpress", settings.secret, dry_run, show)
            report = take_in(intake, records)
    console.print(report_table(report, dry_run=dry_run))


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
