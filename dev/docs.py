"""Writes the parts of docs/reference that list what the code holds, so that they cannot drift.

A page says where with ``<!-- generated: NAME -->`` and ``<!-- end of generated -->``; the prose
around stays as it is. ``--check`` changes nothing and fails if a page is not what would be written.
"""

from __future__ import annotations

import argparse
import dataclasses
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from docs_addresses import write_api, write_bodies, write_privileges, write_routes
from docs_codes import Said, find_codes
from docs_export import write_left_out, write_manifest, write_tables
from docs_text import noted, plain, table
from sqlalchemy.dialects import postgresql

from belowline.cli import belowline
from belowline.core import errors, settings
from belowline.core.terms import ScreenName
from belowline.events import kinds
from belowline.sanctions import messages as ladder
from belowline.sanctions import thresholds
from belowline.screens import classifier, external, messages, names, pipeline
from belowline.sites import model as site_model
from belowline.storage.tables import metadata
from belowline.web.errors import CODES, STATUS

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
REGION = re.compile(
    r"(?P<open><!-- generated: (?P<name>[a-z-]+) -->\n)(?:.*?)(?P<close><!-- end of generated -->)",
    re.DOTALL,
)
HELP_WIDTH = 88


def write_settings() -> str:
    """List the installation's settings."""
    said = noted(settings, "Settings")
    short = {"database_url": "`DATABASE_URL`", "port": "`PORT`"}
    return table(
        ("in the file", "in the environment", "default", "what it is"),
        (
            (
                f"`{one.name}`",
                ", ".join(filter(None, (f"`BELOWLINE_{one.name.upper()}`", short.get(one.name)))),
                default(one.default),
                said[one.name],
            )
            for one in dataclasses.fields(settings.Settings)
        ),
    )


def write_site_settings() -> str:
    """List what an editor can set for one site, in the words of ``site set --help``."""
    words = dict(re.findall(r"^ +(\w+) {2,}(.+)$", command("site", "set").help or "", re.MULTILINE))
    return table(
        ("setting", "default", "what it is"),
        (
            (f"`{one.name}`", default(one.default), sentence(words[one.name]))
            for one in dataclasses.fields(site_model.SiteSettings)
        ),
    )


def default(value: object) -> str:
    """Show a default as somebody would write it."""
    match value:
        case "" | ():
            return "empty"
        case bool():
            return f"`{str(value).lower()}`"
        case _:
            return f"`{value}`"


def sentence(words: str) -> str:
    """Make a sentence of a line of help."""
    return f"{words[0].upper()}{words[1:]}".rstrip(".") + "."


def command(*names: str) -> click.Command:
    """Return a command by the words that lead to it."""
    found: click.Command = belowline
    for name in names:
        if not isinstance(found, click.Group):
            raise TypeError(name)
        found = found.commands[name]
    return found


def write_cli() -> str:
    """Show each command's own help."""
    parts = []
    for path, one in commands(belowline, "belowline"):
        context = click.Context(
            one, info_name=path, terminal_width=HELP_WIDTH, help_option_names=["-h", "--help"]
        )
        parts.append(f"## {path}\n\n```text\n{tidy(one.get_help(context))}\n```\n")
    return "\n".join(parts)


def tidy(text: str) -> str:
    """Return a text without blanks at the ends of its lines."""
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


def commands(found: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Give a command and all below it, each with the words that lead to it."""
    yield path, found
    if isinstance(found, click.Group):
        for name, one in found.commands.items():
            if not one.hidden:
                yield from commands(one, f"{path} {name}")


def write_events() -> str:
    """Describe every kind of event with its fields."""
    parts = []
    for name, kind in kinds.KINDS.items():
        parts.append(f"## {name}\n\n{plain(kind.__doc__)}\n")
        rows = [
            (
                f"`{one.name}`",
                f"`{one.type}`",
                "" if one.default is dataclasses.MISSING else f"`{one.default!r}`",
            )
            for one in dataclasses.fields(kind)
        ]
        if rows:
            parts.append(table(("field", "type", "if left out"), rows))
    return "\n".join(parts)


def write_error_tree() -> str:
    """List the tree of errors with each one's code and status."""
    kinds_of = [
        (name, kind)
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and issubclass(kind, errors.BelowlineError)
    ]
    return table(
        ("error", "default code", "status", "when"),
        (
            (f"`{name}`", f"`{kind.default_code}`", status(kind), plain(kind.__doc__))
            for name, kind in kinds_of
            if kind is not errors.BelowlineError
        ),
    )


def status(kind: type[errors.BelowlineError]) -> str:
    """Return the status code with which an error is answered, if it ever reaches a browser."""
    return next((str(code) for one, code in STATUS if issubclass(kind, one)), "command line only")


def write_error_codes() -> str:
    """List every code that the package raises, with its sentence."""
    found = find_codes(ROOT / "src" / "belowline")
    found += [Said(code, "the framework", f"Status {number}.") for number, code in CODES.items()]
    return table(
        ("code", "error", "message"),
        ((f"`{one.code}`", one.error, one.message) for one in sorted(set(found))),
    )


def write_schema() -> str:
    """Describe every table, column by column."""
    dialect = postgresql.dialect()
    parts = []
    for one in metadata.tables.values():
        parts.append(f"## {one.name}\n")
        rows = []
        for column in one.columns:
            to = ", ".join(f"→ `{key.target_fullname}`" for key in column.foreign_keys)
            sort = column.type.compile(dialect=dialect).lower()
            rows.append(
                (
                    f"`{column.name}`",
                    sort + (", or null" if column.nullable else ""),
                    " ".join(
                        filter(None, (column.comment or ("Its number." if not to else ""), to))
                    ),
                )
            )
        parts.append(table(("column", "type", "what it holds"), rows))
    return "\n".join(parts)


def write_ladder() -> str:
    """Show the published ladder as readers see it."""
    return table(
        ("step", "what it means", "when it comes", "lasts", "how it ends"),
        (
            (one.title, one.what_it_means, one.when_it_comes, one.lasts, one.how_it_ends)
            for one in ladder.LADDER
        ),
    )


def write_ladder_bounds() -> str:
    """List what a site may set of the ladder, and within which bounds."""
    return table(
        ("number", "a new site's", "from", "to"),
        (
            (bound.label, str(getattr(thresholds.USUAL, name)), str(bound.least), str(bound.most))
            for name, bound in thresholds.BOUNDS.items()
        ),
    )


def write_ladder_reasons() -> str:
    """List the reasons that a proposal can carry."""
    return table(
        ("code", "sentence"),
        (
            # Gaps in braces, as everywhere in these pages.
            (f"`{key}`", re.sub(r"%\((\w+)\)s", r"{\1}", one).replace("%%", "%"))
            for key, one in ladder.SENTENCES.items()
        ),
    )


def write_screens() -> str:
    """List the screens in the order in which they run."""
    run = {
        **dict(pipeline.SCREENS),
        ScreenName.EXTERNAL: external.judge_answer,
        ScreenName.NAMES: names.screen_names,
    }
    run_all = {name: run.get(name, classifier.judge_score) for name in ScreenName}
    return table(
        ("screen", "what it does"),
        (
            (f"`{name.value}`", " ".join(plain(one.__doc__).split()))
            for name, one in run_all.items()
        ),
    )


def write_screen_codes() -> str:
    """List what an author is told, by code."""
    return table(
        ("code", "what the author is told"),
        ((f"`{code}`", text) for code, text in messages.MESSAGES.items()),
    )


WRITERS: dict[str, Callable[[], str]] = {
    "settings": write_settings,
    "site-settings": write_site_settings,
    "cli": write_cli,
    "events": write_events,
    "error-tree": write_error_tree,
    "error-codes": write_error_codes,
    "schema": write_schema,
    "privileges": write_privileges,
    "routes": write_routes,
    "api": write_api,
    "bodies": write_bodies,
    "ladder": write_ladder,
    "ladder-bounds": write_ladder_bounds,
    "ladder-reasons": write_ladder_reasons,
    "screens": write_screens,
    "screen-codes": write_screen_codes,
    "export-manifest": write_manifest,
    "export-tables": write_tables,
    "export-left-out": write_left_out,
}


def renew(text: str) -> str:
    """Return a page with its generated parts written anew."""
    return REGION.sub(
        lambda found: f"{found['open']}\n{WRITERS[found['name']]().rstrip()}\n\n{found['close']}",
        text,
    )


def main() -> int:
    """Write the pages, or with ``--check`` say which are not fresh."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true", help="change nothing, fail if stale")
    is_check = arguments.parse_args().check
    stale, used = [], set[str]()
    for page in sorted(REFERENCE.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        used |= {found["name"] for found in REGION.finditer(text)}
        fresh = renew(text)
        if fresh != text:
            stale.append(page)
            if not is_check:
                page.write_text(fresh, encoding="utf-8")
    missing = sorted(set(WRITERS) - used)
    for name in missing:
        print(f"no page has a place for {name}", file=sys.stderr)
    for page in stale:
        said = "is not fresh; run `make docs`" if is_check else "written"
        print(f"{page.relative_to(ROOT)}: {said}")
    return 1 if missing or (is_check and stale) else 0


if __name__ == "__main__":
    sys.exit(main())
