"""Following a story without a script, what I follow, and the link of a letter that ends it."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.actions.follows import (
    follow_story,
    read_unfollow_token,
    unfollow_by_token,
    unfollow_story,
)
from belowline.readers.follows import follows_story, list_follows
from belowline.web.auth import Visitor
from belowline.web.forms import FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.pages.place import get_open_story
from belowline.web.redirects import see_other


def follow_form(visitor: Visitor, story: str) -> Response[bytes]:
    """Ask whether I want to be told of new comments under the story, or no more."""
    with visitor.house.db.read() as conn:
        found = get_open_story(conn, visitor, story)
        follows = follows_story(conn, found.id, visitor.reader_id)
    return reader_page(visitor, "pages/follow.html", story=found, follows=follows)


def follow(visitor: Visitor, story: str, data: FormBody) -> Response[Any]:
    """Follow the story, or follow it no more."""
    wanted = read_form(data, fields=("follows",)).text("follows") == "yes"
    change = follow_story if wanted else unfollow_story
    change(visitor.house.db, story, site_id=visitor.at.id, by=visitor.reader_id)
    return see_other(f"/s/{visitor.at.key}/{story}")


def following(visitor: Visitor) -> Response[bytes]:
    """Show what I follow at this site."""
    with visitor.house.db.read() as conn:
        found = list_follows(conn, visitor.at.id, visitor.reader_id)
    return reader_page(visitor, "pages/following.html", follows=found)


def end(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Follow one of them no more."""
    key = read_form(data, fields=("story",)).text("story")
    unfollow_story(visitor.house.db, key, site_id=visitor.at.id, by=visitor.reader_id)
    return see_other(f"/me/{visitor.at.key}/following")


def unfollow_form(visitor: Visitor, token: str) -> Response[bytes]:
    """Ask whether the following shall end; mail programs open links by themselves."""
    house = visitor.house
    read_unfollow_token(house.db, settings=house.settings, token=token)
    return reader_page(visitor, "pages/unfollow.html", done=False)


def unfollow(visitor: Visitor, token: str) -> Response[bytes]:
    """End the following that the link is about; nobody needs to be signed in for it."""
    house = visitor.house
    unfollow_by_token(house.db, settings=house.settings, token=token)
    return reader_page(visitor, "pages/unfollow.html", done=True)
