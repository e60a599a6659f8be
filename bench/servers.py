"""Starting and stopping what is measured: Belowline, and nginx as the fixed reference beside it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench import load
from bench.setting import settings_for

PATIENCE = 20.0
"""Seconds to wait for a server's port."""
LULL = 1.0
"""Seconds in which a server that has come to rest takes less than a twentieth of a core."""
SERVE = """
import sys
# The framework brings it along wherever it is installed, and only a tool of development needs it.
sys.modules["pydantic"] = None
from belowline.cli import main
main()
"""


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def belowline(
    url: str, *, mode: str = "usual", settle_for: float = 10 * PATIENCE
) -> Iterator[tuple[int, list[int]]]:
    """Run Belowline on a free port; gives the port and the process ids once it is quiet."""
    port = free_port()
    command = [sys.executable, "-m", "bench.server", url, str(port), mode]
    with _running(command, port) as process:
        _settle(process.pid, settle_for)
        yield port, [process.pid]


@contextlib.contextmanager
def installed(url: str) -> Iterator[tuple[int, list[int]]]:
    """Run ``belowline serve`` as it is installed, without the packages of development."""
    port = free_port()
    command = [sys.executable, "-c", SERVE, "serve", "--port", str(port)]
    setting = {"DATABASE_URL": url, "BELOWLINE_SECRET": settings_for(url, port).secret}
    with _running(command, port, setting) as process:
        yield port, [process.pid]


def _settle(pid: int, settle_for: float) -> None:
    """Wait until the chores of a start, such as ranking new threads, are done."""
    end = time.monotonic() + settle_for
    while time.monotonic() < end:
        before = load.cpu_seconds([pid])
        time.sleep(LULL)
        if load.cpu_seconds([pid]) - before < LULL / 20:
            return
    raise SystemExit("the server does not come to rest")


@contextlib.contextmanager
def nginx(folder: Path, files: Mapping[str, bytes]) -> Iterator[tuple[int, list[int]]]:
    """Run nginx with one worker serving these gzipped bytes as static files."""
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    root = folder / "www"
    root.mkdir(parents=True)
    for name, body in files.items():
        (root / name).write_bytes(body)
    port = free_port()
    config = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(
        f"{user} worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; "
        "events { worker_connections 512; } "
        f"http {{ access_log off; sendfile on; keepalive_requests 1000000; etag on; "
        f"client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; "
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; "
        f"open_file_cache max=100; default_type text/html; server {{ listen 127.0.0.1:{port}; "
        f"root {root}; add_header Content-Encoding gzip; }} }}"
    )
    with _running([binary, "-c", str(config), "-g", "daemon off;"], port) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        yield port, [process.pid, *map(int, children.split())]


@contextlib.contextmanager
def _running(
    command: list[str], port: int, setting: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env={**os.environ, **(setting or {})}, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"{process.args!r} ended with status {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")
