"""The ``belowline`` command: one module for each group of commands, errors as one clear line.

Exit status: 0 done, 1 something is wrong with the installation (``check``), 2 the command or its
input cannot be used.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from belowline import __version__
from belowline.cli.check import check
from belowline.cli.context import Context
from belowline.cli.demo import demo
from belowline.cli.imports import import_group
from belowline.cli.rules import rules
from belowline.cli.serve import migrate, serve
from belowline.cli.site import site
from belowline.cli.staff import staff
from belowline.core.errors import BelowlineError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
@click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file (TOML). Without it, belowline.toml here is read if there is one.",
)
@click.pass_context
def belowline(ctx: click.Context, config: Path | None) -> None:
    r"""Comments for news publishers, where commenting is a privilege.

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
    """
    ctx.obj = Context(config)


for _command in (serve, demo, migrate, site, staff, rules, import_group, check):
    belowline.add_command(_command)


def main() -> None:
    """Run the command line; a refusal is one line on standard error and exit status 2."""
    try:
        status = belowline(standalone_mode=False)
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
