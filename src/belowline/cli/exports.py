"""``belowline export``, ``load`` and ``move``: leaving with everything, and arriving elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from belowline.cli.context import Context
from belowline.cli.screen import console, make_progress
from belowline.storage.database import normalise_url
from belowline.transfer.whole.loading import load
from belowline.transfer.whole.manifest import Manifest, PartManifest, mark_of
from belowline.transfer.whole.moving import move
from belowline.transfer.whole.parts import list_parts
from belowline.transfer.whole.places import make_place
from belowline.transfer.whole.reading import Seen, count_rows
from belowline.transfer.whole.source import check_source, open_source
from belowline.transfer.whole.writing import Wish, write_export

SEALED_ELSEWHERE = (
    "This installation has another BELOWLINE_SECRET than the one it came from: parties' details in "
    "notices of defamation and lists of protected names cannot be read, and everybody signs in "
    "again."
)


@contextmanager
def bar(what: str, total: int | None) -> Iterator[Seen]:
    """Show how far the rows have come, and give what is told of each portion."""
    with make_progress() as progress:
        task = progress.add_task(what, total=total)
        yield lambda _table, rows: progress.advance(task, rows)


def in_words(parts: list[PartManifest]) -> str:
    """Say how much there is, for somebody who wants to know whether it is everything."""
    rows = Counter({part.name: part.rows for part in parts})
    return (
        f"{rows.total():,} rows of {len(parts)} tables, among them {rows['comments']:,} "
        f"comments under {rows['stories']:,} stories by {rows['readers']:,} readers"
    )


@click.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only read an export that is there, and compare it.")
@click.option(
    "--with-secrets",
    is_flag=True,
    help="Also sessions, hashes of networks, and the keys of publishers and external screens.",
)
@click.pass_obj
def export(context: Context, target: Path, *, check: bool, with_secrets: bool) -> None:
    """Write everything out, as JSON lines with checksums: a folder, or one file named *.zip.

    It is as the database was at one moment; readers and the desk go on meanwhile. What every file
    and column holds is told in docs/reference/export-format.md.

    \b
    Example:
      belowline export /srv/leaving.zip
      belowline export --check /srv/leaving.zip
    """  # noqa: D301 - click reads the character that \b stands for
    if check:
        with open_source(target) as source:
            found = check_source(source)
        console.print(f"{target} is whole: {in_words(found.parts)}.", soft_wrap=True)
        return
    written = _write(context, target, secrets=with_secrets)
    console.print(f"{target} holds {in_words(written.parts)}.", soft_wrap=True)


def _write(context: Context, target: Path, *, secrets: bool) -> Manifest:
    wish = Wish(context.settings().secret, secrets)
    with context.database() as db:
        with db.read() as conn:
            total = count_rows(conn, list_parts(secrets=secrets))
        with bar("Exporting", total) as seen, make_place(target) as place:
            return write_export(db, place, wish, seen=seen)


@click.command("load")
@click.argument("export", type=click.Path(path_type=Path))
@click.pass_obj
def load_export(context: Context, export: Path) -> None:
    """Load an export of Belowline into an empty installation: SQLite or PostgreSQL.

    The database that DATABASE_URL names is made and migrated if need be. All of the export is
    loaded, in one transaction and with every checksum compared, or nothing.
    """
    settings = context.settings()
    with open_source(export) as source, bar("Loading", source.manifest.rows) as seen:
        load(settings.database_url, source, seen=seen)
    console.print(f"Loaded {in_words(source.manifest.parts)}.", soft_wrap=True)
    if source.manifest.sealed_with != mark_of(settings.secret):
        console.print(SEALED_ELSEWHERE, style="yellow", soft_wrap=True)
    console.print("`belowline check` says whether it all agrees.")


@click.command("move")
@click.option("--to", "url", required=True, help="Address of the new database, which is empty.")
@click.pass_obj
def move_to(context: Context, url: str) -> None:
    """Move from SQLite to PostgreSQL, or back: copy everything into another database.

    Stop `belowline serve` first. The old database stays as it is; what arrived is read again and
    compared before it counts.

    \b
    Example:
      belowline move --to postgresql://belowline@db.internal/belowline
    """  # noqa: D301 - click reads the character that \b stands for
    with context.database() as db:
        with db.read() as conn:
            total = count_rows(conn, list_parts(secrets=True))
        with bar("Moving", total) as seen:
            moved = move(db, url, seen=seen)
    console.print(f"Moved {in_words(moved)}, and compared.", soft_wrap=True)
    address = normalise_url(url)
    address = address.set(drivername=address.get_backend_name())
    where = address.render_as_string(hide_password=True)
    console.print(f"Now set DATABASE_URL to {where} and start.", soft_wrap=True)
