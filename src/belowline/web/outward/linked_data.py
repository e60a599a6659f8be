"""What search engines read of a thread: schema.org's words, as JSON-LD on the whole page.

The story is an ``Article`` that stands elsewhere, and the page carries comments on it;
``DiscussionForumPosting`` is for what visitors begin themselves. Only published comments are told,
their authors by name alone, and only so many: a page's first roots with their first replies.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from markupsafe import Markup

from belowline.core.terms import CommentId, CommentStatus
from belowline.sites.model import Site
from belowline.stories.model import Story
from belowline.threads.model import Branch, ThreadComment, ThreadPage
from belowline.web.outward.addresses import Addresses
from belowline.web.outward.plain import to_plain
from belowline.web.templating import machine_time

ROOTS = 10
"""Roots told of a page. What is told stands on the page twice, and a crawler needs no more."""
REPLIES = 5
"""Replies told of each root."""

# A script element ends at the first </script, whatever it holds, and <!-- changes how it is read.
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def describe_thread(at: Addresses, *, story: Story, page: ThreadPage) -> Markup:
    """Return the JSON-LD for a page of a thread, safe to stand in a ``script`` element."""
    url = at.of_story(story.key)
    told = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": story.title,
        "url": story.url,
        "mainEntityOfPage": story.url,
        "publisher": _publisher(at.site),
        "discussionUrl": url,
        "commentCount": story.comment_count,
        "comment": [one for branch in page.branches[:ROOTS] for one in _tree(branch, url)],
    }
    # Not |tojson: what it makes of every letter beyond ASCII is three times as long.
    return Markup(msgspec.json.encode(told).decode().translate(_UNSAFE))  # noqa: S704 - no < in it


def _publisher(site: Site) -> dict[str, str]:
    told = {"@type": "Organization", "name": site.name}
    if site.origins:
        told["url"] = site.origins[0]
    return told


def _tree(branch: Branch, url: str) -> Iterable[dict[str, Any]]:
    """Give a root with its replies inside; replies to what is not there come up a level."""
    tops: list[dict[str, Any]] = []
    made: dict[CommentId | None, dict[str, Any]] = {}
    for line in (branch.root, *branch.replies[:REPLIES]):
        if line.status is not CommentStatus.PUBLISHED:
            continue
        made[line.id] = told = _comment(line, url)
        above = made.get(line.parent_id) or made.get(branch.root.id)
        if above is None or above is told:
            tops.append(told)
        else:
            above.setdefault("comment", []).append(told)
    return tops


def _comment(line: ThreadComment, url: str) -> dict[str, Any]:
    told = {
        "@type": "Comment",
        "url": f"{url}/c/{line.id}",
        "author": {"@type": "Person", "name": line.author_name},
        "datePublished": machine_time(line.created_at),
        "text": to_plain(line.html),
    }
    if line.edited_at is not None:
        told["dateModified"] = machine_time(line.edited_at)
    if line.respect_count:
        # Where the thread shows no score, there is none to tell.
        told["interactionStatistic"] = {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/LikeAction",
            "userInteractionCount": line.respect_count,
        }
    return told
