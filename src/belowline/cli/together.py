"""Serving more than one application in one process, and stopping them together."""

from __future__ import annotations

import asyncio
import resource
import signal
import socket
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from litestar.types import ASGIApp

from belowline.core.errors import Misconfigured, Unavailable
from belowline.web.app import Application
from belowline.web.hot import make_protocol

BACKLOG = 2048
"""Connections that wait while all are busy; the kernel may allow fewer."""


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
    try:
        door = _open(host, port)
    except OSError as error:
        raise Misconfigured(
            f"Port {port} of {host} cannot be used: {error.strerror}. Choose another with --port "
            "(PORT=… with make; a demo takes the next port too).",
            code="port_taken",
        ) from error
    with door:
        yield door


def _open(host: str, port: int) -> socket.socket:
    family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    door = socket.socket(family, kind)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(BACKLOG)
    except OSError:
        door.close()
        raise
    return door


def serve_together(
    apps: Sequence[tuple[ASGIApp, socket.socket]], *, drain_for: int, at_stop: Callable[[], None]
) -> None:
    """Serve until SIGINT or SIGTERM, and let running requests finish for some seconds.

    ``at_stop`` ends what would not finish by itself. A second signal does not wait for anything.
    """
    _raise_file_limit()
    servers = [(_Server(_config(app, drain_for)), door) for app, door in apps]
    with asyncio.Runner(loop_factory=servers[0][0].config.get_loop_factory()) as runner:
        runner.run(_serve(servers, at_stop))


def _raise_file_limit() -> None:
    """Let the process have as many connections as the system allows it; the usual is 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _serve(
    servers: Sequence[tuple[_Server, socket.socket]], at_stop: Callable[[], None]
) -> None:
    def stop() -> None:
        at_stop()
        for server, _ in servers:
            server.force_exit = server.should_exit
            server.should_exit = True

    async def serve(server: _Server, door: socket.socket) -> None:
        await server.serve(sockets=[door])
        # One that could not start leaves nothing that is worth serving alone.
        for other, _ in servers:
            other.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        await asyncio.gather(*(serve(server, door) for server, door in servers))
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    if not all(server.started for server, _ in servers):
        raise Unavailable("Belowline could not start; the lines above say why.")


def _config(app: ASGIApp, drain_for: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=make_protocol(app.hot) if isinstance(app, Application) else "auto",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        # Forwarding headers are read by web/network.py, which knows whom to trust.
        proxy_headers=False,
        timeout_graceful_shutdown=drain_for,
    )
