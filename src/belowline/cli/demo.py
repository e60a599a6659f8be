"""``belowline demo``: an invented newspaper with its comments, with nothing to set up."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from litestar.types import ASGIApp
from rich.table import Table

from belowline.cli.context import bring_up
from belowline.cli.screen import console, make_progress
from belowline.cli.together import bind, serve_together
from belowline.core.clock import system_clock
from belowline.core.errors import Misconfigured
from belowline.core.settings import Settings
from belowline.core.settings_checks import check_settings
from belowline.demo.content import load_content
from belowline.demo.outbox import DEMO_ROUTES
from belowline.demo.paper import Paper, make_paper
from belowline.demo.parts import Newspaper
from belowline.demo.seed import Found, Plan, look, printed_at, rehome, seed
from belowline.outside.mail import make_mail
from belowline.storage.database import Database
from belowline.web.app import make_app, quiet_logging
from belowline.web.house import make_house

HOST = "127.0.0.1"
FILE = "demo.db"
SECRET_BYTES = 32
DRAIN_SECONDS = 2


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65534),
    default=8000,
    show_default=True,
    envvar="PORT",
    help="Port of Belowline; the newspaper takes the next one.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default="demo-data",
    show_default=True,
    help="Where the demo keeps its data.",
)
@click.option("--database-url", help="An empty database to use instead, such as postgresql://…")
def demo(*, port: int, folder: Path, database_url: str | None) -> None:
    """Serve The Skelderby Courier: an invented newspaper, its readers and its moderators.

    The first start writes the newspaper's past into a fresh database; later ones find it there.
    Letters go into an outbox that you can read, and you can sign in as anybody.
    """
    with bind(HOST, port) as door, bind(HOST, port + 1) as paper_door, alone_in(folder):
        settings = make_settings(folder, port=port, database_url=database_url)
        newspaper = load_content()
        origin = f"http://{HOST}:{port + 1}"
        prepare(settings, newspaper, origin=origin, own_file=database_url is None)
        _serve(settings, newspaper, origin=origin, doors=(door, paper_door))


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep a second demo out of the folder: it would move the first one's newspaper to its port.

    Raises:
        Misconfigured: a demo runs there, or the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise _bad_folder(folder, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Misconfigured(
                f"A demo runs already on the data in {folder}. Give this one another folder with "
                "--folder (make demo FOLDER=…).",
                code="folder_taken",
            ) from error
        yield


def _bad_folder(folder: Path, error: OSError) -> Misconfigured:
    return Misconfigured(
        f"The demo cannot keep its data in {folder}: {error.strerror}.", code="bad_folder"
    )


def make_settings(folder: Path, *, port: int, database_url: str | None) -> Settings:
    """Return the demo's own settings; its secret is made once and kept in the folder."""
    folder = folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        secret = _secret(folder / "secret")
    except OSError as error:
        raise _bad_folder(folder, error) from error
    settings = Settings(
        secret=secret,
        database_url=database_url or f"sqlite:///{folder / FILE}",
        base_url=f"http://{HOST}:{port}",
        port=port,
        demo=True,
        scoring="linear",
        outbox=str(folder / "outbox"),
    )
    check_settings(settings)
    return settings


def prepare(settings: Settings, newspaper: Newspaper, *, origin: str, own_file: bool) -> None:
    """Migrate, and write the newspaper's past unless an earlier start has.

    Raises:
        Misconfigured: the database is not the demo's own file and holds something else, or half.
    """
    bring_up(settings.database_url)
    db = Database(settings.database_url)
    try:
        found = look(db, newspaper)
        if found is Found.COMPLETE:
            rehome(db, newspaper, origin=origin)
    finally:
        db.close()
    if found is Found.COMPLETE:
        return
    if found is Found.HALF:
        if not own_file:
            raise Misconfigured(
                "This database holds something else, or a demo whose first start broke off. "
                "Give the demo an empty one.",
                code="database_not_empty",
            )
        console.print("The last first start broke off; starting anew.")
        _remove(settings)
        bring_up(settings.database_url)
    _seed(settings, newspaper, origin=origin)


def _seed(settings: Settings, newspaper: Newspaper, *, origin: str) -> None:
    for letter in Path(settings.outbox).glob("*.json"):
        letter.unlink()
    with make_progress() as progress:
        task = progress.add_task(f"Writing the past of {newspaper.site.name}", total=None)
        plan = Plan(
            newspaper,
            system_clock(),
            origin,
            settings,
            make_mail(settings),
            lambda done, total: progress.update(task, completed=done, total=total),
        )
        seed(settings.database_url, plan)


def _serve(
    settings: Settings,
    newspaper: Newspaper,
    *,
    origin: str,
    doors: tuple[socket.socket, socket.socket],
) -> None:
    quiet_logging()
    house = make_house(settings)
    try:
        paper = Paper(newspaper, origin, settings.base_url, printed_at(house.db, newspaper))
        apps: tuple[ASGIApp, ASGIApp] = (make_app(house, extra=DEMO_ROUTES), make_paper(paper))
        console.print(f"\n[bold]{newspaper.site.name}[/bold], an invented newspaper:\n")
        console.print(_addresses(settings.base_url, newspaper, origin=origin))
        console.print(
            f"\nSign in as anybody at [bold]{settings.base_url}/demo[/bold], or by e-mail as\n"
            f"  {newspaper.readers[0].email} (a reader)\n"
            f"  {_email(newspaper, 'moderator')} (moderator)\n"
            f"  {_email(newspaper, 'editor')} (editor)\n"
            f"  {_email(newspaper, 'owner')} (owner)\n"
            "and find the code in the outbox. Ctrl-C stops the demo; its data stays.",
            soft_wrap=True,
        )
        serve_together(
            [*zip(apps, doors, strict=True)], drain_for=DRAIN_SECONDS, at_stop=house.live.end
        )
    finally:
        house.db.close()


def _addresses(base: str, newspaper: Newspaper, *, origin: str) -> Table:
    site, story = newspaper.site.key, newspaper.stories[0].key
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    # Never folded, so that a terminal's click on it leads there.
    table.add_column(no_wrap=True, overflow="ignore")
    for what, address in (
        ("The newspaper", f"{origin}/"),
        ("A thread by itself", f"{base}/s/{site}/{story}"),
        ("The moderators' desk", f"{base}/console/{site}"),
        ("The outbox", f"{base}/outbox"),
        ("Who is who", f"{base}/demo"),
    ):
        table.add_row(what, address)
    return table


def _email(newspaper: Newspaper, role: str) -> str:
    return next(one.email for one in newspaper.staff if one.role == role)


def _secret(file: Path) -> str:
    """Return the secret that is kept in the file, made at the first start for this user alone."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = file.read_text("ascii").strip()
        if kept:
            return kept
        file.unlink()
        return _secret(file)
    made = secrets.token_hex(SECRET_BYTES)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(made)
    return made


def _remove(settings: Settings) -> None:
    file = settings.database_url.removeprefix("sqlite:///")
    for ending in ("", "-wal", "-shm"):
        Path(file + ending).unlink(missing_ok=True)
