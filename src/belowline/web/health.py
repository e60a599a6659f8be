"""``GET /healthz``: the truth about this process, for a load balancer and for a tired engineer."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

from belowline.web.auth import Visitor


def healthz(visitor: Visitor) -> Response[bytes]:
    """Answer 200 if everything works, 503 with the problems otherwise."""
    found = visitor.house.examiner.examine()
    body: dict[str, Any] = {
        "status": "ok" if not found.problems else "unhealthy",
        "problems": list(found.problems),
        "followers_behind": found.behind,
    }
    return Response(
        content=msgspec.json.encode(body),
        status_code=503 if found.problems else 200,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
