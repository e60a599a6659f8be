"""``belowline serve`` and ``belowline migrate``."""

from __future__ import annotations

import click

from belowline.cli.context import Context, bring_up, console, require_current
from belowline.cli.together import bind, serve_together
from belowline.storage.migrate import head
from belowline.web.app import make_app, quiet_logging
from belowline.web.house import make_house

DRAIN_SECONDS = 5
"""How long running requests may take once the process is to stop."""


@click.command()
@click.option("--host", help="Address to listen on, instead of the setting.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port to listen on, instead of the setting."
)
@click.pass_obj
def serve(context: Context, host: str | None, port: int | None) -> None:
    """Serve readers, the embed, the API and the console.

    One process and one database are enough to start with. Behind a load balancer, run as many
    as you like on one PostgreSQL.
    """
    settings = context.settings()
    house = make_house(settings)
    try:
        require_current(house.db)
        with bind(host or settings.host, port or settings.port) as door:
            quiet_logging()
            console.print(f"Belowline serves [bold]{settings.base_url}[/bold]; Ctrl-C stops it.")
            serve_together(
                [(make_app(house), door)], drain_for=DRAIN_SECONDS, at_stop=house.live.end
            )
    finally:
        house.db.close()


@click.command()
@click.pass_obj
def migrate(context: Context) -> None:
    """Bring the database to the schema of this version. Safe to repeat."""
    settings = context.settings()
    bring_up(settings.database_url)
    console.print(f"The database is at schema {head()}.")
