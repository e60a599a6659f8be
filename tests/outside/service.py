"""A service on this machine that is asked about comments, as a publisher might run one."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Script:
    """What the service answers, and what it was asked."""

    status: int = 200
    body: bytes = b'{"finding": "pass"}'
    waits: float = 0.0
    drips: float = 0.0
    """Seconds between two bytes of the answer."""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def answers(self, **answer: object) -> None:
        """Answer this from now on."""
        self.body = json.dumps(answer).encode()


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """Run the service and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            script.asked.append((dict(self.headers), self.rfile.read(length)))
            time.sleep(script.waits)
            try:
                self.send_response(script.status)
                for name, value in script.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(script.body)))
                self.end_headers()
                for byte in script.body if script.drips else ():
                    time.sleep(script.drips)
                    self.wfile.write(bytes([byte]))
                if not script.drips:
                    self.wfile.write(script.body)
            except OSError:
                # Whoever asked has gone.
                return

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        # So that leaving waits for whoever is still being answered.
        server.daemon_threads = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/check"
        server.shutdown()
        thread.join()
