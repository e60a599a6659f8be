"""Where backups go: a folder, and a store that speaks S3 on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from belowline.transfer.backups.places import Shelf, make_shelf

KEYS = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_REGION": "here-1"}


@pytest.fixture(scope="session")
def store() -> Iterator[str]:
    """Start a store that speaks S3 and give its address, with a bucket in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | KEYS
    )
    try:
        _make_bucket(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _make_bucket(address: str) -> None:
    ends = time.monotonic() + 60
    while True:
        try:
            httpx.put(f"{address}/courier", timeout=5).raise_for_status()
            return
        except httpx.TransportError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Give an empty place for backups, once a folder and once a bucket."""
    if request.param == "folder":
        return make_shelf(str(tmp_path / "shelf"))
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    address = f"s3://courier/{tmp_path.name}"
    return make_shelf(address, endpoint=request.getfixturevalue("store"))
