"""How many comments each of a page of stories has, for a publisher's front page."""

from __future__ import annotations

from typing import Annotated

from litestar import Response
from litestar.params import QueryParameter

from belowline.core.errors import InvalidInput
from belowline.stories import store as stories
from belowline.stories.policy import KEY
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
        raise InvalidInput(f"Ask for {MOST} stories at most.", field="story", code="too_many_keys")
    found = dict.fromkeys(story, 0)
    with visitor.house.db.read() as conn:
        known = [key for key in found if KEY.fullmatch(key)]
        found |= stories.count_comments(conn, visitor.at.id, known)
    return Response(Counts(found), headers={"Cache-Control": CACHE_CONTROL})
