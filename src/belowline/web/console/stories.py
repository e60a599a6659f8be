"""The console's stories: adding one, and saying how each takes comments."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response

from belowline.actions import sites as actions
from belowline.actions.authors import drop_author, name_author
from belowline.actions.questions import pin_question as pin
from belowline.core.errors import (
    BelowlineError,
    Conflict,
    InvalidInput,
    NotAllowed,
    StaleVersion,
)
from belowline.core.terms import ReaderId, StoryId, StoryMode
from belowline.core.text import later
from belowline.stories import store
from belowline.stories.authors import list_authors
from belowline.stories.model import StoryDraft
from belowline.stories.policy import key_from_url
from belowline.stories.questions import LONGEST_QUESTION, list_questions
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.fields import Number, choice, required
from belowline.web.forms import Form, FormBody, read_form

PAGE = 50

NEUTRAL = later("Comments on this story are not available.")
"""What a suspended story says if nobody words it: neutral, as a court may ask for."""


def stories(
    visitor: Visitor, before: Number = None, q: str | None = None, said: str | None = None
) -> Response[bytes]:
    """Show the site's stories, newest first, each with its mode; only matching ones if asked."""
    return _stories(visitor, before=before, q=(q or "").strip()[:200], said=said)


def add_story(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Make a story known."""
    form = read_form(data, fields={"key", "title", "url"})
    url = form.text("url").strip()
    key = form.text("key").strip()
    try:
        draft = StoryDraft(
            key or key_from_url(url, fallback="story"),
            required(form, "title"),
            required(form, "url"),
        )
        actions.add_story(visitor.house.db, visitor.at, draft, by=visitor.reader_id)
    except (InvalidInput, Conflict) as error:
        return _stories(visitor, error=error, typed=form, about="add")
    return back_to(visitor, "/stories", said="story_added")


def set_mode(visitor: Visitor, story: int, data: FormBody) -> Response[Any]:
    """Open, close, hold first or suspend a story."""
    form = read_form(data, fields={"mode", "reason", "seen", "q"})
    try:
        mode = choice(form, "mode", StoryMode)
        seen = choice(form, "seen", StoryMode) if form.text("seen") else None
        reason = form.text("reason").strip()
        if mode is StoryMode.SUSPENDED and not reason:
            reason = NEUTRAL
        actions.set_story_mode(
            visitor.house.db,
            StoryId(story),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            change=actions.ModeChange(mode, reason, seen),
        )
    except (InvalidInput, StaleVersion, NotAllowed) as error:
        q = form.text("q")[:200]
        return _stories(visitor, before=story + 1, q=q, error=error, typed=form, about=str(story))
    return back_to(visitor, "/stories", q=quote(form.text("q")) or None, said="mode_changed")


def pin_question(visitor: Visitor, story: int, data: FormBody) -> Response[Any]:
    """Pin a question above a story's thread, or take it off."""
    form = read_form(data, fields={"question", "q"})
    text = form.text("question").strip()
    q = form.text("q")[:200]
    try:
        pin(
            visitor.house.db,
            StoryId(story),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            text=text,
        )
    except InvalidInput as error:
        about = f"question-{story}"
        return _stories(visitor, before=story + 1, q=q, error=error, typed=form, about=about)
    said = "question_pinned" if text else "question_dropped"
    return back_to(visitor, "/stories", q=quote(q) or None, said=said)


def set_author(visitor: Visitor, story: int, data: FormBody) -> Response[Any]:
    """Name a reader who wrote the story, or no longer."""
    form = read_form(data, fields={"author", "drop", "q"})
    db, site_id, by = visitor.house.db, visitor.at.id, visitor.reader_id
    q = form.text("q")[:200]
    dropped = form.number("drop")
    try:
        if dropped is not None:
            who = ReaderId(dropped)
            drop_author(db, StoryId(story), site_id=site_id, by=by, reader_id=who)
        else:
            name = form.text("author")
            name_author(db, StoryId(story), site_id=site_id, by=by, name=name)
    except (InvalidInput, Conflict) as error:
        about = f"author-{story}"
        return _stories(visitor, before=story + 1, q=q, error=error, typed=form, about=about)
    said = "author_named" if dropped is None else "author_dropped"
    return back_to(visitor, "/stories", q=quote(q) or None, said=said)


def _stories(  # noqa: PLR0913 - what one page shows
    visitor: Visitor,
    *,
    before: int | None = None,
    q: str = "",
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
    about: str = "",
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        found = store.list_stories(
            conn,
            visitor.at.id,
            before=StoryId(before) if before is not None else None,
            matching=q,
            limit=PAGE + 1,
        )
        wrote = list_authors(conn, [one.id for one in found])
        asked = list_questions(conn, [one.id for one in found])
    return desk_page(
        visitor,
        "stories.html",
        here="stories",
        said=said,
        error=error,
        stories=found[:PAGE],
        questions=asked,
        authors=wrote,
        longest_question=LONGEST_QUESTION,
        q=q,
        stale=isinstance(error, StaleVersion),
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        modes=list(StoryMode),
        neutral=NEUTRAL,
        typed=typed,
        about=about,
    )
