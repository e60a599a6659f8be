"""``belowline data``: what is kept about one reader, and one story's comments, as files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
import msgspec

from belowline.actions.readers import export_data
from belowline.cli.context import Context
from belowline.core.errors import NotFound, Unavailable
from belowline.core.terms import ReaderId
from belowline.readers import store as readers
from belowline.readers.email import check_email
from belowline.sites import store as sites
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.transfer.story import FORMS, list_records
from belowline.transfer.whole.places import replacing

out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; else it goes to standard output.",
)


@click.group()
def data() -> None:
    """Hand out one reader's data, or one story's comments."""


@data.command("reader")
@click.argument("reader", metavar="READER")
@out_option
@click.pass_obj
def reader(context: Context, reader: str, out: Path | None) -> None:
    """Write everything that is kept about a READER: their number or their e-mail address.

    It is the copy that they can fetch themselves under "My account", as JSON: also what nobody else
    sees, and nothing of anybody else. Be sure that who asks is who they say.
    """
    with context.database() as db:
        reader_id = _find_reader(db, reader)
        with db.read() as conn:
            found = export_data(conn, reader_id)
    text = msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"
    with writing(out) as stream:
        stream.write(text)


@data.command("story")
@click.argument("site_key")
@click.argument("story_key")
@click.option(
    "--form", type=click.Choice([*FORMS]), default="jsonl", show_default=True, help="Which form."
)
@out_option
@click.pass_obj
def story(context: Context, site_key: str, story_key: str, form: str, out: Path | None) -> None:
    """Write a story's comments of every state, oldest first, as the desk sees them.

    CSV is safe to open in a spreadsheet: a text that it would calculate has a ' before it.
    """
    with context.database() as db, db.read() as conn:
        site = sites.get_site(conn, site_key)
        found = stories.get_story(conn, site.id, story_key)
        with writing(out) as stream:
            for piece in FORMS[form][0](list_records(conn, site.id, found.id)):
                stream.write(piece)


def _find_reader(db: Database, who: str) -> ReaderId:
    with db.read() as conn:
        if who.isdecimal():
            return readers.get_reader(conn, ReaderId(int(who))).id
        found = readers.find_reader_by_email(conn, check_email(who))
    if found is None:
        raise NotFound("There is no reader with this address.", code="no_reader")
    return found.id


@contextmanager
def writing(out: Path | None) -> Iterator[IO[bytes]]:
    """Give a file that is there only once it is whole, or standard output.

    Raises:
        Unavailable: it cannot be written.
    """
    if out is None:
        yield sys.stdout.buffer
        return
    try:
        with replacing(out.absolute()) as stream:
            yield stream
    except OSError as error:
        raise Unavailable(
            f"{out} cannot be written: {error.strerror}. Nothing is left there.",
            code="cannot_write",
        ) from error
