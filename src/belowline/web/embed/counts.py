"""How many comments each of a page of stories has, for a publisher's front page.

The front answers from memory; the view here is what it asks, and what refuses.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from litestar import Response
from litestar.params import QueryParameter

from belowline.core.errors import InvalidInput
from belowline.core.text import Text
from belowline.web.answers import Counts
from belowline.web.auth import Visitor

MOST = 100
CACHE_CONTROL = "public, max-age=30, s-maxage=30, stale-while-revalidate=60"

StoryKeys = Annotated[
    list[str],
    QueryParameter(max_items=MOST, description="Keys of stories, each its own parameter."),
]


def counts(visitor: Visitor, story: StoryKeys) -> Response[Counts]:
    """Count the published comments of up to 100 stories; an unknown one has none."""
    if len(story) > MOST:
        raise InvalidInput(
            Text("Ask for %(most)s stories at most.", most=MOST),
            field="story",
            code="too_many_keys",
        )
    found = visitor.house.counts.read(visitor.at.key, dict.fromkeys(story))
    return Response(Counts(found), headers={"Cache-Control": CACHE_CONTROL})


def read_keys(query: bytes) -> list[str] | None:
    """Return the keys that an address names, each once, or None if it is for the view to refuse."""
    if b"%00" in query:
        return None
    if b"%" in query or b"+" in query:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        keys = [value for name, value in pairs if name == "story"]
    else:
        keys = [
            part[6:].decode("latin-1") for part in query.split(b"&") if part.startswith(b"story=")
        ]
    return list(dict.fromkeys(keys)) if 0 < len(keys) <= MOST else None
