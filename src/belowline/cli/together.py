"""Serving more than one application in one process, and stopping them together."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from litestar.types import ASGIApp

from belowline.core.errors import Misconfigured

DRAIN_SECONDS = 2
"""How long running requests may take once everything is to stop; a live stream never ends."""


class _Server(uvicorn.Server):
    """A server that leaves the signals to whoever runs several of them."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextmanager
def bind(host: str, port: int) -> Iterator[socket.socket]:
    """Take a port before anything slow is begun.

    Raises:
        Misconfigured: another program has it, or this user may not.
    """
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
            door.listen(128)
        except OSError as error:
            raise Misconfigured(
                f"Port {port} cannot be used ({error.strerror}). Choose another with --port.",
                code="port_taken",
            ) from error
        yield door
    finally:
        door.close()


async def serve_together(apps: Sequence[tuple[ASGIApp, socket.socket]]) -> None:
    """Serve until SIGINT or SIGTERM; a second one does not wait for running requests."""
    servers = [(_Server(_config(app)), door) for app, door in apps]

    def stop() -> None:
        for server, _ in servers:
            server.force_exit = server.should_exit
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        await asyncio.gather(*(server.serve(sockets=[door]) for server, door in servers))
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app, lifespan="on", access_log=False, log_level="error", server_header=False,
        proxy_headers=False, timeout_graceful_shutdown=DRAIN_SECONDS,
    )
