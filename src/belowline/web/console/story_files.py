"""One story's comments as a file, for its editors."""

from __future__ import annotations

from litestar import Response

from belowline.core.errors import InvalidInput
from belowline.core.terms import StoryId
from belowline.stories import store
from belowline.transfer.story import FORMS, count_comments, list_records
from belowline.web.auth import Visitor
from belowline.web.files import download

LARGEST = 50_000
"""Comments that are written at once while others wait for the server."""


def comments(visitor: Visitor, story: int, form: str = "jsonl") -> Response[bytes]:
    """Write a story's comments of every state as JSON lines or CSV."""
    if form not in FORMS:
        raise InvalidInput("There is no such form of a file.", field="form", code="bad_choice")
    write, media_type = FORMS[form]
    site_id, story_id = visitor.at.id, StoryId(story)
    with visitor.house.db.read() as conn:
        found = store.get_story_by_id(conn, site_id, story_id)
        if count_comments(conn, site_id, story_id) > LARGEST:
            raise InvalidInput(
                "This story has too many comments for one answer. "
                "Ask whoever runs the server for the file: `belowline data story`.",
                field="story",
                code="story_too_large",
            )
        text = b"".join(write(list_records(conn, site_id, story_id))).decode()
    name = f"{visitor.at.key}-story-{found.id}.{form}"
    return download(text, media_type=media_type, name=name)
