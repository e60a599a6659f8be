"""The ``belowline`` command: one module for each group of commands, errors as one clear line.

Exit status: 0 done, 1 something is wrong with the installation (``check``), 2 the command or its
input cannot be used.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from pathlib import Path

import click

from belowline import __version__
from belowline.core.errors import BelowlineError

COMMANDS = {
    "serve": ("serve:serve", "Serve readers, the embed, the API and the console."),
    "demo": ("demo:demo", "Serve The Skelderby Courier, a demo newspaper."),
    "migrate": ("serve:migrate", "Bring the database to the schema of this version."),
    "site": ("site:site", "Set up and change sites: one for each title."),
    "staff": ("staff:staff", "Appoint and dismiss the people who look after a site."),
    "rules": ("rules:rules", "Show, export and publish a site's rules."),
    "transparency": (
        "transparency:transparency",
        "Write out statements of reasons and transparency reports.",
    ),
    "import": ("imports:import_group", "Bring comments in from another system."),
    "export": ("exports:export", "Write everything out, as documented files with checksums."),
    "load": ("exports:load_export", "Load an export into an empty installation."),
    "move": ("exports:move_to", "Move to another database: SQLite to PostgreSQL, or back."),
    "data": ("data:data", "Hand out one reader's data, or one story's comments."),
    "backup": ("backups:backup", "Back up while readers write, and prove that it can be restored."),
    "restore": ("backups:restore", "Restore a backup into an empty installation."),
    "score": ("score:score", "Score texts for toxicity and the like, on this machine."),
    "score-past": (
        "score_past:score_past_command",
        "Score comments that are here already, for a trial of the screens.",
    ),
    "check": ("check:check", "Look whether everything works and agrees."),
}
"""Where each command is, and its line in the list."""


class Lazy(MutableMapping[str, click.Command]):
    """The commands by name, each imported when it is asked for."""

    def __init__(self) -> None:
        self._added: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._added:
            module, _, attribute = COMMANDS[name][0].partition(":")
            self._added[name] = getattr(import_module(f"belowline.cli.{module}"), attribute)
        return self._added[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._added[name] = command

    def __delitem__(self, name: str) -> None:
        raise TypeError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def __contains__(self, name: object) -> bool:
        return name in COMMANDS


class Commands(click.Group):
    """A group whose list needs no command to be imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's shape
        """Return the names in the order in which they are needed."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list from the lines above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=Commands,
    commands=Lazy(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file (TOML). Without it, belowline.toml here is read if there is one.",
)
@click.pass_context
def belowline(ctx: click.Context, config: Path | None) -> None:
    """Comments for news publishers, where commenting is a privilege.

    \b
    Start with:
      belowline demo                    a demo newspaper, nothing to set up
    \b
    Or for real:
      export BELOWLINE_SECRET=$(openssl rand -hex 32)
      belowline migrate
      belowline site add courier --name "The Courier" --origin https://www.courier.example
      belowline staff appoint courier editor@courier.example --role owner
      belowline serve
    """  # noqa: D301 - click reads the character that \b stands for
    from belowline.cli.context import Context

    ctx.obj = Context(config)


def main() -> None:
    """Run the command line; a refusal is one line on standard error and exit status 2."""
    try:
        status = belowline(prog_name="belowline", standalone_mode=False)
    except BelowlineError as error:
        click.echo(f"belowline: {error.message}", err=True)
        sys.exit(2)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    # Without its standalone mode, click returns the status of a command that chose one.
    sys.exit(status if isinstance(status, int) else 0)
