"""``GET /healthz``: the truth about this process, for a load balancer and for a tired engineer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, Response

from belowline.core.errors import Unavailable
from belowline.web.auth import Visitor
from belowline.web.examiner import Health


def healthz(visitor: Visitor) -> Response[bytes]:
    """Answer 200 if everything works, 503 with the problems otherwise."""
    house = visitor.house
    silent = house.beyond.external.left_alone()
    broken = sorted(house.models.problems)
    return _answer(house.examiner.examine(), silent=silent, broken=broken)


def answer_unavailable(_: Request[Any, Any, Any], __: Unavailable) -> Response[bytes]:
    """Answer when the database is silent already for whoever asks, before the view is reached."""
    return _answer(Health(("database_unavailable",), {}))


def _answer(found: Health, *, silent: int = 0, broken: Sequence[str] = ()) -> Response[bytes]:
    body: dict[str, Any] = {
        "status": "ok" if not found.problems else "unhealthy",
        "problems": list(found.problems),
        "followers_behind": found.behind,
    }
    if silent:
        # No problem of this process: comments are held meanwhile, and readers are served.
        body["screens_silent"] = silent
    if broken:
        body["models_broken"] = list(broken)
    return Response(
        content=msgspec.json.encode(body),
        status_code=503 if found.problems else 200,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
