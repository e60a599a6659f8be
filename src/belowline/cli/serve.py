"""``belowline serve`` and ``belowline migrate``."""

from __future__ import annotations

import click
import uvicorn

from belowline.cli.context import Context, console, require_current
from belowline.storage.migrate import head, upgrade
from belowline.web.app import make_app, quiet_logging
from belowline.web.house import House, make_house

DRAIN_SECONDS = 5


@click.command()
@click.option("--host", help="Address to listen on, instead of the setting.")
@click.option("--port", type=click.IntRange(1, 65535),
              help="Port to listen on, instead of the setting.")
@click.pass_obj
def serve(context: Context, host: str | None, port: int | None) -> None:
    """Serve readers, the embed, the API and the console.

    One process and one database are enough to start with. Behind a load balancer, run as many
    as you like on one PostgreSQL.
    """
    settings = context.settings()
    house = make_house(settings)
    require_current(house.db)
    quiet_logging()
    console.print(f"Belowline serves [bold]{settings.base_url}[/bold]; Ctrl-C stops it.")
    run(house, host=host or settings.host, port=port or settings.port)


@click.command()
@click.pass_obj
def migrate(context: Context) -> None:
    """Bring the database to the schema of this version. Safe to repeat."""
    settings = context.settings()
    upgrade(settings.database_url)
    console.print(f"The database is at schema {head()}.")


def run(house: House, *, host: str, port: int) -> None:
    """Serve until stopped, then let running requests finish."""
    server = uvicorn.Server(make_config(house, host=host, port=port))
    try:
        server.run()
    finally:
        house.db.close()


def make_config(house: House, *, host: str, port: int) -> uvicorn.Config:
    """Return uvicorn's configuration for the whole application."""
    return uvicorn.Config(
        make_app(house), host=host, port=port, lifespan="on", access_log=False,
        log_level="warning", server_header=False, date_header=True,
        # Forwarding headers are read by web/network.py, which knows whom to trust.
        proxy_headers=False, timeout_graceful_shutdown=DRAIN_SECONDS,
    )
