"""``belowline backup`` and ``restore``: making backups, proving them, and going back to one."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import click
from rich.table import Table

from belowline.cli.context import Context
from belowline.cli.exports import SEALED_ELSEWHERE, bar, in_words
from belowline.cli.screen import console
from belowline.core.settings import Settings
from belowline.storage.database import Database
from belowline.transfer.backups import record
from belowline.transfer.backups.making import Plan, drill, fetched, make_backup, opened
from belowline.transfer.backups.model import Backup
from belowline.transfer.backups.places import Shelf, make_shelf
from belowline.transfer.backups.proving import Proof
from belowline.transfer.backups.sealing import make_key
from belowline.transfer.whole.loading import load
from belowline.transfer.whole.manifest import mark_of
from belowline.transfer.whole.source import open_source

place_option = click.option(
    "--at", "place", default="", metavar="PLACE", help="Folder or s3://…; else the setting."
)
key_option = click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with the secret key that opens a sealed backup.",
)


def shelf_of(settings: Settings, place: str) -> Shelf:
    """Return where backups are kept. Raises Misconfigured if nobody says where."""
    return make_shelf(place or settings.backup_to, endpoint=settings.backup_endpoint)


@click.group()
def backup() -> None:
    """Back up while readers write, and prove that it can be restored.

    Where to, for which keys and how many are kept stands in the settings that begin with backup_.
    """


@backup.command("make")
@place_option
@click.option(
    "--without-restoring",
    is_flag=True,
    help="Do not restore it into a scratch database first; a drill will have to.",
)
@click.pass_obj
def make(context: Context, place: str, *, without_restoring: bool) -> None:
    """Make a backup: consistent, restored once, sealed if there are keys, and put away.

    Older ones than the settings ask for are deleted afterwards. Run it each night.
    """
    settings = context.settings()
    shelf = shelf_of(settings, place)
    plan = Plan(
        settings.secret,
        settings.backup_keys,
        settings.backup_daily,
        settings.backup_weekly,
        restores=not without_restoring,
    )
    with context.database() as db, bar("Backing up", None) as seen:
        made = make_backup(db, shelf, plan, seen=seen)
    console.print(
        f"{made.backup.name} is at {shelf.address}: {_size(made.backup.bytes)}, {made.rows:,} "
        f"rows, {made.comments:,} comments, {_sealed(made.backup)}.",
        soft_wrap=True,
    )
    if made.proof is not None:
        console.print(_in_words(made.proof), soft_wrap=True)
    if made.dropped:
        console.print(f"Deleted: {', '.join(made.dropped)}.", soft_wrap=True)


@backup.command("list")
@place_option
@click.pass_obj
def list_all(context: Context, place: str) -> None:
    """List the backups that are at their place, oldest first."""
    found = shelf_of(context.settings(), place).list_backups()
    table = Table("backup", "made", "size", "")
    for one in found:
        made = f"{one.made_at:%Y-%m-%d %H:%M} UTC"
        table.add_row(one.name, made, _size(one.bytes), _sealed(one))
    console.print(table)


@backup.command("drill")
@click.argument("name", required=False)
@place_option
@key_option
@click.option(
    "--into",
    metavar="URL",
    help="Empty scratch database to restore into; else a file of SQLite's that goes away.",
)
@click.pass_obj
def drill_one(
    context: Context, name: str | None, place: str, key_file: Path | None, into: str | None
) -> None:
    """Fetch the last backup (or the one of this NAME), restore it and compare every row.

    The exit status is 2 if it proves nothing. Run it each month, on another machine if you can.
    """
    settings = context.settings()
    shelf = shelf_of(settings, place)
    with bar("Restoring", None) as seen:
        one, proof = drill(shelf, name=name, key_file=key_file, scratch_url=into, seen=seen)
    console.print(f"{one.name} of {one.made_at:%Y-%m-%d %H:%M} UTC can be restored.")
    console.print(_in_words(proof), soft_wrap=True)
    console.print(f"It holds {in_words(proof.manifest.parts)}.", soft_wrap=True)
    if proof.manifest.sealed_with != mark_of(settings.secret):
        console.print(SEALED_ELSEWHERE, style="yellow", soft_wrap=True)
    _note(context, settings, shelf, one)


@backup.command("key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def key(file: Path) -> None:
    """Make a pair of keys: write the secret one into FILE, and show the public one.

    Keep FILE away from this machine, in two places; without it no sealed backup can be read.
    """
    secret, public = make_key()
    try:
        # Made by nobody else, and for nobody else's eyes.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.BadParameter(f"{file} cannot be made: {error.strerror}") from error
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(f"# public key: {public}\n{secret}\n")
    console.print(f"BELOWLINE_BACKUP_KEYS={public}", soft_wrap=True)


@click.command()
@click.argument("name", required=False)
@place_option
@key_option
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A backup that lies here, instead of one at the place.",
)
@click.pass_obj
def restore(
    context: Context, name: str | None, place: str, key_file: Path | None, file: Path | None
) -> None:
    """Restore the last backup (or the one of this NAME) into an empty installation.

    The database that DATABASE_URL names is made and migrated if need be; one that is in use is
    never touched. All of the backup is restored, or nothing.
    """
    settings = context.settings()
    with ExitStack() as stack:
        if file is not None:
            plain = stack.enter_context(opened(file, key_file))
        else:
            shelf = shelf_of(settings, place)
            _, plain = stack.enter_context(fetched(shelf, name=name, key_file=key_file))
        found = stack.enter_context(open_source(plain))
        seen = stack.enter_context(bar("Restoring", found.manifest.rows))
        load(settings.database_url, found, seen=seen)
        manifest = found.manifest
    console.print(
        f"Restored the backup of {manifest.made_at}: {in_words(manifest.parts)}.", soft_wrap=True
    )
    if manifest.sealed_with != mark_of(settings.secret):
        console.print(SEALED_ELSEWHERE, style="yellow", soft_wrap=True)
    console.print(
        "Readers who erased their account since then are back: erase them again. "
        "`belowline check` says whether it all agrees.",
        soft_wrap=True,
    )


def _note(context: Context, settings: Settings, shelf: Shelf, one: Backup) -> None:
    """Remember the drill where the installation's database is at hand; elsewhere it only proves."""
    db = Database(settings.database_url)
    try:
        is_here = db.missing_file() is None
    finally:
        db.close()
    if is_here:
        with context.database() as kept:
            record.note_drilled(kept, one, place=shelf.address)


def _in_words(proof: Proof) -> str:
    seconds = f"{proof.seconds:.0f} s"
    if not proof.compared:
        return f"Restored in {seconds} and migrated; rows of an older schema are not compared."
    counts = (
        "every kept count agrees"
        if not proof.disagreements
        else f"{proof.disagreements} kept counts did not agree when it was made: run "
        "`belowline check --fix`"
    )
    return (
        f"Restored in {seconds}: {proof.manifest.rows:,} rows of {proof.compared} tables are the "
        f"same, by their checksums; {counts}."
    )


def _size(number: int) -> str:
    return f"{number / 1_000_000:,.1f} MB"


def _sealed(one: Backup) -> str:
    return "sealed" if one.is_sealed else "not sealed"
