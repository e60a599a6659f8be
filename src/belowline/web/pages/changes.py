"""What changed in a thread since a version, and single lines of it: what live updates fetch."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import sqlalchemy as sa

from belowline.core.errors import InvalidInput, NotFound
from belowline.core.terms import CommentId, StoryMode
from belowline.core.text import Text
from belowline.followers.live import NOTHING, read_news
from belowline.stories.model import Story
from belowline.threads.changes import list_lines
from belowline.threads.model import Branch, ThreadComment

MOST_LINES = 50
VERSION = re.compile(r"[0-9]{1,15}")
_ID = re.compile(r"[0-9]{1,18}")


class NewsEvent(msgspec.Struct, frozen=True):
    """One server-sent event of a thread's stream; ``beat`` is a sign of life."""

    data: str
    """News as JSON, the same as the changes are."""
    id: str = ""
    """The thread's version."""
    event: str = "message"
    retry: int = 0
    """Milliseconds after which to connect again; in the first event alone."""


def is_version(text: str | None) -> bool:
    """Say whether this can be a thread's version."""
    return text is not None and VERSION.fullmatch(text) is not None


def read_ids(text: str) -> str:
    """Return ids separated by commas in their one form: each once, in order.

    Raises:
        InvalidInput: not ids, none, or more than fifty.
    """
    parts = set(text.split(","))
    if len(parts) > MOST_LINES or not all(map(_ID.fullmatch, parts)):
        raise InvalidInput(
            Text("Name up to %(most)s comments, separated by commas.", most=MOST_LINES),
            field="ids",
            code="bad_ids",
        )
    return ",".join(map(str, sorted(map(int, parts))))


def build_changes(conn: sa.Connection, story: Story | None, since: str | None) -> bytes:
    """Return as JSON what changed since a version. Raises InvalidInput."""
    if since is None or not is_version(since):
        raise InvalidInput("This is not a version.", field="since", code="bad_version")
    if story is None:
        return NOTHING.encode()
    return read_news(conn, story.site_id, story.id, since=int(since)).encode()


def view_lines(conn: sa.Connection, story: Story | None, ids: str | None) -> dict[str, Any]:
    """Return what the template of single lines needs. Raises InvalidInput, NotFound."""
    if story is None:
        raise NotFound("There is no such story.", code="no_story")
    wanted = [CommentId(int(one)) for one in read_ids(ids or "").split(",")]
    if story.mode is StoryMode.SUSPENDED:
        return {"lines": []}
    return {"lines": list_lines(conn, story.site_id, story.id, wanted), "alone": alone}


def alone(line: ThreadComment) -> Branch:
    """Return a root as a branch without replies."""
    return Branch(line, (), None)
