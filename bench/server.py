"""The server under measurement, in a process of its own: ``python -m bench.server URL PORT MODE``.

MODE is ``usual``; ``scored``, where every comment is; or ``uncached``: the same application with
room for no page in its cache, so that every read is a miss.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import uvicorn

from belowline.followers.pages import PageCache
from belowline.web.app import make_app
from belowline.web.hot import make_protocol
from belowline.web.house import make_house
from bench.setting import settings_for


def main(url: str, port: int, mode: str) -> None:
    """Serve until killed."""
    scoring = "linear" if mode == "scored" else ""
    house = make_house(replace(settings_for(url, port), scoring=scoring))
    if mode == "uncached":
        house = replace(house, pages=PageCache(house.db, most_bytes=0))
    app = make_app(house)
    uvicorn.run(
        app,
        http=make_protocol(app.hot),
        host="127.0.0.1",
        port=port,
        access_log=False,
        log_level="error",
        server_header=False,
        proxy_headers=False,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
