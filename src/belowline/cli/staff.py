"""``belowline staff``: who looks after a site."""

from __future__ import annotations

import click
from rich.markup import escape
from rich.table import Table

from belowline.actions import sites as actions
from belowline.cli.context import Context
from belowline.cli.screen import console
from belowline.core.terms import Actor, ReaderId, Role
from belowline.readers import store as readers
from belowline.readers.email import check_email
from belowline.readers.names import LONGEST_NAME, check_name
from belowline.sites import store as sites
from belowline.storage.database import Database


@click.group()
def staff() -> None:
    """Appoint and dismiss the people who look after a site."""


@staff.command("appoint")
@click.argument("site_key")
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="moderator decides; editor also manages stories and rules; owner also appoints.",
)
@click.option("--name", help="Name shown with their comments, if they are new here.")
@click.pass_obj
def appoint(context: Context, site_key: str, email: str, role: str, name: str | None) -> None:
    """Give somebody a role at a site. They sign in with a code sent to this address."""
    address = check_email(email)
    name = check_name(name) if name else None
    with context.database() as db:
        with db.read() as conn:
            site = sites.get_site(conn, site_key)
        reader_id = _find_or_add(db, address, name or f"Staff of {site.name}"[:LONGEST_NAME])
        actions.appoint(db, site_id=site.id, by=None, reader_id=reader_id, role=Role(role))
    console.print(f"{escape(address)} is now {role} of {escape(site.name)}.")


@staff.command("dismiss")
@click.argument("site_key")
@click.argument("email")
@click.pass_obj
def dismiss(context: Context, site_key: str, email: str) -> None:
    """End somebody's role at a site. What they decided stays on record."""
    with context.database() as db:
        with db.read() as conn:
            site = sites.get_site(conn, site_key)
            reader = readers.find_reader_by_email(conn, check_email(email))
        if reader is None:
            raise click.ClickException(f"Nobody with the address {email} is known.")
        actions.dismiss(db, site_id=site.id, by=None, reader_id=reader.id)
    console.print(f"{escape(email)} has no role at {escape(site.name)} any more.")


@staff.command("list")
@click.argument("site_key")
@click.pass_obj
def list_all(context: Context, site_key: str) -> None:
    """List the people who look after a site."""
    with context.database() as db, db.read() as conn:
        found = sites.list_staff(conn, sites.get_site(conn, site_key).id)
    table = Table("name", "address", "role", "since")
    for one in found:
        since = f"{one.appointed_at:%Y-%m-%d}"
        table.add_row(escape(one.name), escape(one.email or ""), one.role, since)
    console.print(table if found else "Nobody yet; see `belowline staff appoint --help`.")


def _find_or_add(db: Database, email: str, name: str) -> ReaderId:
    with db.write(Actor.of_system("cli")) as tx:
        reader = readers.find_reader_by_email(tx.conn, email)
        return reader.id if reader else readers.add_reader(tx, name=name, email=email)
