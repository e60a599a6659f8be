"""How links to a comment looked in other systems. Pure.

Most of them named the comment behind ``#``, which no server ever sees: there the embed on the
story's page has to look. ``static/was.js`` knows the same forms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

FORMS: Mapping[str, tuple[str, ...]] = {
    "coral": ("coral",),
    "comment": ("wordpress", "disqus", "disqus-wxr"),
    "isso": ("isso",),
    "remark42": ("remark42",),
    "commento": ("commento",),
    "artalk": ("artalk",),
}
"""The forms of links, and which sources had them: WordPress's and Disqus's look the same."""

_FRAGMENTS: Mapping[str, str] = {
    "wordpress": "comment-",
    "disqus": "comment-",
    "disqus-wxr": "comment-",
    "isso": "isso-",
    "remark42": "remark42__comment-",
    "commento": "commento-",
    "artalk": "atk-comment-",
}


def old_link(source: str, source_id: str, *, story_url: str) -> str | None:
    """Return how a comment was linked to under a story's address, or None where nobody knows.

    Coral put it into the query, the others behind ``#``. Comentario's comments, which have UUIDs,
    came with Commento's and are linked to by its own name.
    """
    if not story_url:
        return None
    bare = story_url.partition("#")[0]
    told = quote(source_id, safe="")
    if source == "coral":
        return f"{bare}{'&' if urlsplit(bare).query else '?'}commentID={told}"
    if source == "commento" and _UUID.fullmatch(source_id):
        return f"{bare}#comentario-{told}"
    fragment = _FRAGMENTS.get(source)
    return f"{bare}#{fragment}{told}" if fragment is not None else None


def new_link(story_url: str, comment_id: int) -> str | None:
    """Return how the embed on the story's own page is told of a comment, or None without a page."""
    bare = story_url.partition("#")[0]
    return f"{bare}#belowline-c{comment_id}" if bare else None
