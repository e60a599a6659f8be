"""``belowline site``: set up a title and change what belongs to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.markup import escape
from rich.table import Table

from belowline.actions import sites as actions
from belowline.cli.context import Context
from belowline.cli.screen import console
from belowline.core.errors import InvalidInput
from belowline.outside.identity import make_identity
from belowline.sites import store as sites
from belowline.sites.model import Site, SiteSettings
from belowline.storage.database import Database


@click.group()
def site() -> None:
    """Set up and change sites: one for each title."""


@site.command("add")
@click.argument("key")
@click.option("--name", required=True, help="The title, as readers know it.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    required=True,
    help="An origin that may embed, such as https://www.courier.example. Repeatable.",
)
@click.option(
    "--language",
    default="en",
    show_default=True,
    help="What everything is said in: ar, cy, de, en, es, fr or pl; others read English.",
)
@click.pass_obj
def add(context: Context, key: str, name: str, origins: tuple[str, ...], language: str) -> None:
    """Set up a site, with the default rules in force.

    \b
    Example:
      belowline site add courier --name "The Courier" --origin https://www.courier.example
    """  # noqa: D301 - click reads the character that \b stands for
    with context.database() as db:
        made = actions.create_site(db, key=key, name=name, origins=origins, language=language)
    console.print(
        f"Site [bold]{made.key}[/bold] is ready. Appoint somebody: "
        f"belowline staff appoint {made.key} you@example.org --role owner"
    )


@site.command("list")
@click.pass_obj
def list_all(context: Context) -> None:
    """List the sites."""
    with context.database() as db, db.read() as conn:
        found = sites.list_sites(conn)
    table = Table("key", "name", "origins", "stories start")
    for one in found:
        table.add_row(one.key, escape(one.name), "\n".join(one.origins), one.settings.mode)
    console.print(table if found else "There are no sites yet; see `belowline site add --help`.")


@site.command("show")
@click.argument("key")
@click.pass_obj
def show(context: Context, key: str) -> None:
    """Show a site: its origins, its settings, and how tokens are checked, without the secret."""
    with context.database() as db, db.read() as conn:
        found = sites.get_site(conn, key)
    table = Table("what", "value")
    table.add_row("key", found.key)
    table.add_row("name", escape(found.name))
    table.add_row("language", escape(found.language))
    table.add_row("origins", "\n".join(found.origins))
    for name, value in msgspec.to_builtins(found.settings).items():
        table.add_row(name, escape(value if isinstance(value, str) else json.dumps(value)))
    if found.external is not None:
        table.add_row("external", escape(f"{found.external.name}, {found.external.url}"))
    identity = {**(found.identity or {})}
    if "secret" in identity:
        identity["secret"] = "(kept)"  # noqa: S105 - what is shown in its place
    table.add_row("tokens", escape(json.dumps(identity, indent=1)) if identity else "off")
    console.print(table)


@site.command("set")
@click.argument("key")
@click.option("--name", help="A new name.")
@click.option("--language", help="A new language; the rules stay as they are.")
@click.option("--origin", "origins", multiple=True, help="The origins, in place of the old ones.")
@click.option(
    "--setting",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting of the site, such as newcomer_holds=2. Repeatable; see below.",
)
@click.pass_obj
def change(  # noqa: PLR0913 - a command has as many as its options
    context: Context,
    key: str,
    *,
    name: str | None,
    language: str | None,
    origins: tuple[str, ...],
    pairs: tuple[str, ...],
) -> None:
    """Change a site's name, language, origins or settings.

    \b
    Settings (values as JSON or plain words):
      mode             for new stories: open, hold_first or closed
      add_stories      true: the first comment through the embed makes a story known
      edit_seconds     how long an author may edit
      shortest         least characters in a comment
      longest          most characters in a comment
      hold_capitals    true: what is mostly in capitals is held
      max_links        links in a comment before it is held
      repeat_hours     hours for which an author's own words are remembered, 0 to 24
      newcomer_holds   first comments of a reader that are held; 0 switches it off
      rate_burst       comments within rate_seconds before more are held
      rate_seconds     what haste is measured in
      rate_daily       comments in a day before more are refused
      classifier_hold  score from which a classifier holds, 0 to 1
      learn_from_desk  true: scores follow the desk's own decisions once that is better
      use_default_words  true: the list that comes with Belowline is in use
      words            the site's own list: [{"word": "…", "rule": "obscenity", "finding": "hold"}]
      allowed_words    whole words that no list hits: ["Scunthorpe"]
      rules_from       the key of the site whose rules this one shares; better set in the console
      slow_seconds     how long everybody waits between two comments; 0 switches it off
      contact          how readers reach the people behind the rules
      defamation_s5    true: take notices under section 5 of the Defamation Act 2013
      defamation_removes  true: what the law wants gone goes by itself, shortly before it is late
      bank_holidays    days proclaimed for once: ["2026-09-21"]
      hosting_tier     legal profile: readers in the European Union are served
      platform_tier    legal profile: the comments are more than a minor feature
      small_enterprise  legal profile: a small firm, its whole group counted
      uk_osa_exempt_mode  legal profile: stay inside the Online Safety Act's exemption
      press_code       legal profile: ipso, impress or own; empty for none
    """  # noqa: D301 - click reads the character that \b stands for
    with context.database() as db:
        current = _read(db, key)
        settings = changed_settings(current.settings, pairs) if pairs else None
        said = {"name": name, "language": language, "origins": origins, "settings": settings}
        actions.change_site(db, current, **_something(said))
    console.print(f"Site [bold]{key}[/bold] changed.")


def _something(said: Mapping[str, object]) -> dict[str, object]:
    values = {name: value for name, value in said.items() if value}
    if not values:
        raise click.UsageError("Say what to change: --name, --language, --origin or --setting.")
    return values


@site.command("identity")
@click.argument("key")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
@click.option("--off", is_flag=True, help="Take no publisher's tokens any more.")
@click.pass_obj
def identity(context: Context, key: str, file: Path | None, off: bool) -> None:  # noqa: FBT001
    """Set how the publisher's own sign-in tokens are checked, from a JSON file.

    \b
    A shared secret:
      {"kind": "secret", "issuer": "https://www.courier.example", "audience": "belowline",
       "secret": "at least 32 characters …"}
    Public keys:
      {"kind": "jwks", "issuer": "https://login.courier.example", "audience": "belowline",
       "jwks_url": "https://login.courier.example/.well-known/jwks.json",
       "algorithms": ["ES256"]}
    """  # noqa: D301 - click reads the character that \b stands for
    if (file is None) == (not off):
        raise click.UsageError("Name a file, or say --off.")
    value: dict[str, Any] | None = None
    if file is not None:
        try:
            value = json.loads(file.read_text())
        except (ValueError, UnicodeDecodeError) as error:
            raise InvalidInput(f"{file} is not JSON: {error}", field="file") from error
        if not isinstance(value, dict):
            raise InvalidInput(f"{file} does not hold a JSON object.", field="file")
        make_identity(value)
    with context.database() as db:
        with db.read() as conn:
            current = sites.get_site(conn, key)
        actions.change_site(db, current, identity=value)
    console.print("Tokens are off." if off else "Tokens are checked as the file says.")


def _read(db: Database, key: str) -> Site:
    with db.read() as conn:
        return sites.get_site(conn, key)


def changed_settings(current: SiteSettings, pairs: tuple[str, ...]) -> SiteSettings:
    """Return the settings with ``NAME=VALUE`` pairs applied. Raises InvalidInput."""
    known = {one.name for one in fields(SiteSettings)}
    values = msgspec.to_builtins(replace(current))
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign or name not in known:
            raise InvalidInput(f"There is no site setting {name!r}.", field="setting")
        try:
            values[name] = json.loads(text)
        except ValueError:
            values[name] = text
    try:
        return msgspec.convert(values, SiteSettings)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"This setting cannot be used: {error}", field="setting") from error
