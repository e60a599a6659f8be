"""The options that the commands of ``belowline import`` share, and what they are read into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from belowline.core.clock import system_clock
from belowline.core.errors import InvalidInput
from belowline.transfer.formats import IMPORTERS, Asked, Importer, get_importer, recognise
from belowline.transfer.mapping import KeyFrom, Rules, read_rules

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Way:
    """Which files are read, as what and how, and by which rules their stories are joined."""

    paths: tuple[Path, ...]
    importer: Importer
    asked: Asked
    rules: Rules

    def as_options(self) -> dict[str, Any]:
        """Return what would make another import of the same files, as plain values."""
        return self.asked.as_options() | {"rules": self.rules.as_options()}


def reading_options(command: _Command) -> _Command:
    """Add the options that say how files are read."""
    options = (
        click.option("--site", "site_key", required=True, help="The site that takes them in."),
        click.option(
            "--from",
            "format_name",
            type=click.Choice(sorted(IMPORTERS)),
            help="Which system it is from. Without it, the content says so.",
        ),
        click.option(
            "--zone",
            default="UTC",
            show_default=True,
            help="Time zone of the source, for comments that only give a local time.",
        ),
        click.option(
            "--story-kind",
            "story_kinds",
            multiple=True,
            default=("post", "page"),
            show_default=True,
            help="WordPress: post types that are stories. Repeatable.",
        ),
        click.option(
            "--base-url", default="", help="Where the stories are, if the source only has paths."
        ),
        click.option(
            "--source-site", default="", help="Which site of the source, if it holds several."
        ),
        click.option(
            "--sso-issuer",
            default="",
            help="Coral: the issuer of your own tokens here, for accounts that came by them there.",
        ),
    )
    return _with(options, command)


def mapping_options(command: _Command) -> _Command:
    """Add the options that say how old addresses become new ones."""
    options = (
        click.option(
            "--map",
            "map_file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="File of mapping rules (TOML); the options below are added to it.",
        ),
        click.option(
            "--map-host", "hosts", multiple=True, metavar="OLD=NEW", help="A host that moved."
        ),
        click.option(
            "--map-path", "paths", multiple=True, metavar="OLD=NEW", help="A path that moved."
        ),
        click.option("--https", is_flag=True, help="Stories at http are at https now."),
        click.option(
            "--keep-query",
            "keep_query",
            multiple=True,
            metavar="NAME",
            help="A name in queries that tells stories apart. All others are dropped.",
        ),
        click.option(
            "--key-from",
            type=click.Choice([one.value for one in KeyFrom]),
            help="Make keys from the last part of the path (as usual), or from all of it.",
        ),
    )
    return _with(options, command)


def way_of(files: tuple[Path, ...], given: dict[str, Any]) -> Way:
    """Read the options of a command.

    Raises:
        InvalidInput: a rule means nothing, or the files are of no format that is known.
        click.BadParameter: there is no such time zone, or a pair is none.
    """
    try:
        zone = ZoneInfo(given["zone"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(
            f"there is no time zone {given['zone']!r}", param_hint="--zone"
        ) from error
    name = given["format_name"]
    asked = Asked(
        zone,
        system_clock(),
        frozenset(given["story_kinds"]),
        given["base_url"],
        given["source_site"],
        given["sso_issuer"],
    )
    found = get_importer(name) if name is not None else recognise(files)
    rules = _rules_of(given)
    kept = tuple(dict.fromkeys((*found.keep_query, *rules.keep_query)))
    return Way(files, found, asked, replace(rules, keep_query=kept))


def _rules_of(given: dict[str, Any]) -> Rules:
    file: Path | None = given["map_file"]
    try:
        told = file.read_text(encoding="utf-8") if file is not None else ""
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            "The file of rules cannot be read.", field="rules", code="bad_mapping"
        ) from error
    rules = read_rules(told)
    hosts = {old.lower(): new.lower() for old, new in _pairs(given["hosts"], "--map-host")}
    return Rules(
        {**rules.hosts, **hosts},
        rules.https or given["https"],
        (*rules.keep_query, *given["keep_query"]),
        {**rules.paths, **dict(_pairs(given["paths"], "--map-path"))},
        KeyFrom(given["key_from"]) if given["key_from"] else rules.key_from,
    )


def _pairs(given: tuple[str, ...], name: str) -> list[tuple[str, str]]:
    pairs = []
    for one in given:
        old, sign, new = one.partition("=")
        if not (old and sign and new):
            raise click.BadParameter(f"{one!r} is not OLD=NEW", param_hint=name)
        pairs.append((old, new))
    return pairs


def _with(options: tuple[Callable[[_Command], _Command], ...], command: _Command) -> _Command:
    for option in reversed(options):
        command = option(command)
    return command
