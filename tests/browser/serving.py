"""Serving applications on this machine for as long as a test needs them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import uvicorn

from belowline.outside.mail import Letter
from belowline.web.app import Application
from belowline.web.hot import make_protocol


class MovingClock:
    """The real time, and as far ahead of it as a test has gone: browsers know no other."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) + self.ahead

    def advance(self, **by: float) -> None:
        """Go ahead, by days, hours or seconds."""
        self.ahead += timedelta(**by)


class KeptMail:
    """Keeps letters in memory, so that a test can read a code."""

    works = True

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        """Keep a letter."""
        self.letters.append(letter)


def listen() -> tuple[socket.socket, str]:
    """Take a free port; return it with its origin."""
    listening = socket.create_server(("127.0.0.1", 0))
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def serving(
    app: Any,  # noqa: ANN401 - ASGI
    listening: socket.socket,
    *,
    at_stop: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Serve an ASGI application on a port that was taken, with its followers and chores.

    ``at_stop`` ends the live streams, as the command does; pages may still be open.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=make_protocol(app.hot) if isinstance(app, Application) else "auto",
            lifespan="on",
            log_level="warning",
            access_log=False,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    yield
    at_stop()
    server.should_exit = True
    thread.join(timeout=20)
    listening.close()


@contextmanager
def serving_pages(pages: dict[str, str]) -> Iterator[int]:
    """Serve a publisher's pages by path, as they are at each request; give the port."""
    publisher = ThreadingHTTPServer(("127.0.0.1", 0), _publisher(pages))
    thread = threading.Thread(target=publisher.serve_forever, daemon=True)
    thread.start()
    yield publisher.server_address[1]
    publisher.shutdown()
    publisher.server_close()
    thread.join(timeout=20)


def wait_for(happened: Callable[[], object], *, within: float = 20) -> None:
    """Wait until something is so. Raises TimeoutError."""
    until = time.monotonic() + within
    while not happened():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.02)


def _publisher(pages: dict[str, str]) -> type[BaseHTTPRequestHandler]:
    class Publisher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            body = pages.get(path, "").encode()
            self.send_response(200 if path in pages else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Publisher
