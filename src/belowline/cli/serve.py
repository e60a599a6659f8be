"""``belowline serve`` and ``belowline migrate``."""

from __future__ import annotations

from dataclasses import replace

import click

from belowline.cli.context import Context, bring_up, require_current
from belowline.cli.together import bind, serve_together
from belowline.core.settings import Settings
from belowline.core.settings_checks import check_settings
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
    settings = moved(context.settings(), host=host, port=port)
    house = make_house(settings)
    try:
        require_current(house.db)
        with bind(settings.host, settings.port) as door:
            quiet_logging()
            click.echo(
                f"Belowline serves {click.style(settings.base_url, bold=True)} from "
                f"{settings.host} port {settings.port}; Ctrl-C stops it."
            )
            serve_together(
                [(make_app(house), door)], drain_for=DRAIN_SECONDS, at_stop=house.live.end
            )
    finally:
        house.db.close()


def moved(settings: Settings, *, host: str | None, port: int | None) -> Settings:
    """Return the settings with the options in place, as safe as if they stood in the file.

    Raises:
        Misconfigured: together they are unsafe, such as a demo on a public address.
    """
    found = replace(settings, host=host or settings.host, port=port or settings.port)
    if settings.base_url == f"http://127.0.0.1:{settings.port}":
        found = replace(found, base_url=f"http://127.0.0.1:{found.port}")
    check_settings(found)
    return found


@click.command()
@click.pass_obj
def migrate(context: Context) -> None:
    """Bring the database to the schema of this version. Safe to repeat."""
    settings = context.settings()
    bring_up(settings.database_url)
    click.echo(f"The database is at schema {head()}.")
