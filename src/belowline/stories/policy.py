"""What a story's key and address may look like, and what its mode allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never
from urllib.parse import urlsplit, urlunsplit

from belowline.core.errors import InvalidInput
from belowline.core.terms import Refusal, StoryMode
from belowline.core.text import Text

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,119}")
TAKEN = frozenset({"feed.atom"})
"""What stands for something else where a story's key would be in an address."""


def check_key(key: str) -> str:
    """Return the key if it can stand in an address. Raises InvalidInput."""
    if not KEY.fullmatch(key):
        raise InvalidInput(
            "A story's key is up to 120 letters, digits, dots, hyphens, tildes and underscores.",
            field="story",
            code="bad_story_key",
        )
    if key in TAKEN:
        raise InvalidInput(
            Text("No story can have the key %(key)s.", key=key), field="story", code="bad_story_key"
        )
    return key


def key_from_url(url: str, *, fallback: str) -> str:
    """Return a key made from the last part of an address, or from the fallback.

    Never raises; whether it is an address at all is for :func:`canonical_url` to say.
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ""
    for candidate in (path.rstrip("/").rpartition("/")[2], fallback):
        key = re.sub(r"[^A-Za-z0-9._~-]+", "-", candidate).strip("-._~")[:120].strip("-._~")
        if key and key not in TAKEN:
            return key
    return "story"


def canonical_url(url: str, *, origins: Sequence[str]) -> str:
    """Return a story's address without query and fragment, if it is on one of the origins.

    A visitor's query string can so never make a second story, nor an address elsewhere a first.

    Raises:
        InvalidInput: it is not an http(s) address on an origin of the site.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InvalidInput("This is not an address.", field="url", code="bad_url") from error
    if len(url) > 2000 or f"{parts.scheme}://{parts.netloc}" not in origins:
        raise InvalidInput(
            "A story's address must be on one of the site's origins.", field="url", code="bad_url"
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", "", ""))


def may_take_comments(mode: StoryMode) -> Refusal | None:
    """Say why the story takes no comments, edits, reactions or reports now, or None if it does."""
    match mode:
        case StoryMode.OPEN | StoryMode.HOLD_FIRST:
            return None
        case StoryMode.CLOSED:
            return Refusal("story_closed", "Comments on this story are closed.")
        case StoryMode.SUSPENDED:
            return Refusal("story_suspended", "Comments on this story are not available.")
        case _:
            assert_never(mode)
