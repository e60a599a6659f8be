"""A real ``belowline serve`` in a process of its own, to be killed without warning."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

SECRET = "0123456789abcdef0123456789abcdef"
STARTS_WITHIN = 30.0


def free_port() -> int:
    """Return a port of the loopback address that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def environment(url: str) -> dict[str, str]:
    """Return the settings of an installation on this database."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "LANG", "PYTHONPATH")
        if name in os.environ
    }
    return {**kept, "DATABASE_URL": url, "BELOWLINE_SECRET": SECRET}


@dataclass
class Served:
    """Belowline on a port of this machine, started and killed as often as a test likes."""

    url: str
    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    said: IO[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        self.said = (self.folder / "said.txt").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "belowline.cli", "serve", "--port", str(self.port)],
            env=environment(self.url),
            cwd=self.folder,
            stdout=self.said,
            stderr=self.said,
            start_new_session=True,
        )
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            try:
                # This server itself, whoever else a subclass may ask.
                if Served.ask(self, "GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "said.txt").read_text())

    def kill(self) -> None:
        """End it as a power cut would: at once, and without a chance to finish anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an administrator would."""
        self._end(signal.SIGTERM)

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, str]:
        """Ask over HTTP; return the status and the body. Raises OSError if nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        try:
            connection.request(
                method, path, json.dumps(body) if body is not None else None,
                headers if token else {},
            )  # fmt: skip
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except http.client.HTTPException as error:
            raise OSError("the answer broke off") from error
        finally:
            connection.close()

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                os.killpg(self.process.pid, how)
            self.process.wait(timeout=30)
            self.process = None
        if self.said is not None:
            self.said.close()
            self.said = None
