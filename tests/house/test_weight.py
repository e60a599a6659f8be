"""A server that waits for readers is small: it holds nothing that no reader has asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MOST_MEGABYTES = 90
"""The bar for an idle server."""
HEAVY = {
    "alembic": "brings a database up, which a server does not",
    "psycopg": "is for PostgreSQL",
    "cryptography": "checks publishers' tokens",
    "joserfc": "checks publishers' tokens",
    "nh3": "is for comments with Markdown",
    "markdown_it": "is for comments with Markdown",
    "httpx": "fetches publishers' keys",
    "pygments": "comes with others and is never needed",
}
ASK = """
import json, sys
# The framework brings it along where it is installed, and only the tools of development need it.
sys.modules["pydantic"] = None
from belowline.cli.serve import serve
from belowline.core.settings import Settings
from belowline.web.app import make_app
from belowline.web.house import make_house
app = make_app(make_house(Settings(secret="0123456789abcdef" * 2, database_url=sys.argv[1])))
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps([int(status["VmRSS"].split()[0]) * 1024, sorted(sys.modules)]))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel does not say")
def test_an_idle_server_is_small_and_knows_what_it_needs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/idle.db"
    told = subprocess.run(
        [sys.executable, "-c", ASK, url], capture_output=True, text=True, check=True, timeout=60
    )
    held, modules = json.loads(told.stdout)
    assert [name for name in HEAVY if name in modules] == []
    assert held / 1e6 < MOST_MEGABYTES
