"""``belowline rules``: a site's rulebook as a file, out and in."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click
import msgspec
from rich.markup import escape

from belowline.actions.rules import check_rules, publish_rulebook, save_draft
from belowline.cli.context import Context
from belowline.cli.screen import console
from belowline.core.errors import InvalidInput
from belowline.rules import store as rule_store
from belowline.rules.model import Rulebook, RuleDraft
from belowline.sites import store as sites


@click.group()
def rules() -> None:
    """Show, export and publish a site's rules. Every publication is a new version."""


@rules.command("show")
@click.argument("site_key")
@click.pass_obj
def show(context: Context, site_key: str) -> None:
    """Print the rules in force as a TOML file that `rules publish` takes back."""
    with context.database() as db, db.read() as conn:
        rulebook = rule_store.get_current_rulebook(conn, sites.get_site(conn, site_key).id)
    click.echo(to_toml(rulebook))


@rules.command("publish")
@click.argument("site_key")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only read and check the file.")
@click.pass_obj
def publish(context: Context, site_key: str, file: Path, dry_run: bool) -> None:  # noqa: FBT001
    """Publish a rulebook from a TOML file as the site's next version."""
    intro, found = from_toml(file)
    drafts = check_rules(found)
    with context.database() as db:
        with db.read() as conn:
            site = sites.get_site(conn, site_key)
        if dry_run:
            console.print(f"{escape(str(file))}: {len(drafts)} rules, nothing published.")
            return
        draft = save_draft(db, site.id, by=None, intro=intro, drafts=drafts)
        published = publish_rulebook(db, site.id, by=None, version=draft.version)
    console.print(f"Version {published.version} of the rules of {escape(site.name)} is in force.")


def to_toml(rulebook: Rulebook) -> str:
    """Write a rulebook as TOML."""
    lines = [f"# Version {rulebook.version}", f"intro = {_quote(rulebook.intro)}"]
    for rule in rulebook.rules:
        lines += ["", "[[rules]]"]
        values = msgspec.to_builtins(rule)
        lines += [
            f"{name} = {value if isinstance(value, int) else _quote(value)}"
            for name, value in values.items()
            if name != "shared"
        ]
    return "\n".join(lines)


def from_toml(file: Path) -> tuple[str, list[RuleDraft]]:
    """Read a rulebook from TOML. Raises InvalidInput with what is wrong."""
    try:
        found = tomllib.loads(file.read_text("utf-8"))
        drafts = msgspec.convert(found.get("rules", []), list[RuleDraft])
        intro = msgspec.convert(found.get("intro", ""), str)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise InvalidInput(f"{file}: {error}", field="file") from error
    return intro, drafts


def _quote(text: str) -> str:
    # JSON's string form is TOML's basic string form, but for the rare DEL character.
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")
