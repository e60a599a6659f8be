"""The console's law: stories with a legal status, protected names, and what is kept as evidence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote

from litestar import Response

from belowline.actions import legal as actions
from belowline.core.errors import BelowlineError, Conflict, InvalidInput, StaleVersion
from belowline.core.terms import StoryId, StoryMode
from belowline.moderation import holds, legal_log
from belowline.readers.search import names_of
from belowline.screens.name_list import ListedName, list_names
from belowline.stories import legal_store
from belowline.stories import store as stories
from belowline.stories.legal import PRESETS, LegalState, LegalStatus
from belowline.web.auth import Visitor
from belowline.web.console.court_words import ACT_WORDS, STATUS_WORDS
from belowline.web.console.desk import back_to, desk_page
from belowline.web.fields import choice, required
from belowline.web.forms import Form, FormBody, read_form

FOUND = 30
MORNING = time(9, tzinfo=UTC)
SET_FIELDS = frozenset({"status", "mode", "banner", "review", "seen", "q"})


def overview(visitor: Visitor, q: str | None = None, said: str | None = None) -> Response[bytes]:
    """Show what is under the law here, and the stories that match, to give them a status."""
    return _overview(visitor, q=(q or "").strip()[:200], said=said)


def set_status(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Give the chosen stories a legal status."""
    form = read_form(data, fields=SET_FIELDS, many={"story"})
    try:
        chosen = [StoryId(int(one)) for one in form.many("story") if one.isdigit()]
        actions.set_legal_status(
            visitor.house.db,
            visitor.at.id,
            chosen,
            by=visitor.reader_id,
            change=_change(form),
        )
    except InvalidInput as error:
        q = form.text("q")[:200]
        return _overview(visitor, q=q, error=error, typed=form, about="status")
    return back_to(visitor, "/court", q=quote(form.text("q")) or None, said="legal_set")


def story(visitor: Visitor, story: int, said: str | None = None) -> Response[bytes]:
    """Show a story's legal status, its protected names and who has looked; this look is noted."""
    actions.look_at_story(visitor.house.db, visitor.at.id, StoryId(story), by=visitor.reader_id)
    return _story(visitor, StoryId(story), said=said)


def set_story_status(visitor: Visitor, story: int, data: FormBody) -> Response[Any]:
    """Give one story a legal status, or end it."""
    form = read_form(data, fields=SET_FIELDS)
    try:
        actions.set_legal_status(
            visitor.house.db,
            visitor.at.id,
            [StoryId(story)],
            by=visitor.reader_id,
            change=_change(form),
        )
    except (InvalidInput, StaleVersion) as error:
        return _story(visitor, StoryId(story), error=error, typed=form, about="status")
    return back_to(visitor, f"/court/{story}", said="legal_set")


def change_names(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Put a protected name on the site's list, or take an entry off."""
    form = read_form(data, fields={"name", "drop"})
    error = _change_names(visitor, None, form)
    if error is not None:
        # What was typed is not sent back: it would stand on a page.
        return _overview(visitor, error=error, about="names")
    return back_to(visitor, "/court", said="names_changed")


def change_story_names(visitor: Visitor, story: int, data: FormBody) -> Response[Any]:
    """Put a protected name on a story's list, or take an entry off."""
    form = read_form(data, fields={"name", "drop"})
    error = _change_names(visitor, StoryId(story), form)
    if error is not None:
        return _story(visitor, StoryId(story), error=error, about="names")
    return back_to(visitor, f"/court/{story}", said="names_changed")


def read_day(form: Form, name: str) -> datetime | None:
    """Return a day as its morning, or None if the field is empty. Raises InvalidInput."""
    text = form.text(name).strip()
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), MORNING)
    except ValueError as error:
        raise InvalidInput("This is not a day.", field=name, code="bad_day") from error


def required_day(form: Form, name: str) -> datetime:
    """Return a day as its morning. Raises InvalidInput if the field is empty or no day."""
    found = read_day(form, name)
    if found is None:
        raise InvalidInput("This is needed.", field=name, code="missing_field")
    return found


def _change(form: Form) -> actions.LegalChange:
    return actions.LegalChange(
        choice(form, "status", LegalStatus),
        choice(form, "mode", StoryMode) if form.text("mode") else None,
        form.text("banner"),
        read_day(form, "review"),
        choice(form, "seen", LegalStatus) if form.text("seen") else None,
    )


def _change_names(visitor: Visitor, story_id: StoryId | None, form: Form) -> BelowlineError | None:
    db, site_id, by = visitor.house.db, visitor.at.id, visitor.reader_id
    try:
        entry = form.number("drop")
        if entry is not None:
            actions.unlist_name(db, site_id, story_id, entry, by=by)
        else:
            name, secret = required(form, "name"), visitor.house.settings.secret
            actions.list_name(db, site_id, story_id, by=by, name=name, secret=secret)
    except (InvalidInput, Conflict) as error:
        return error
    return None


def _overview(  # noqa: PLR0913 - what one page shows
    visitor: Visitor,
    *,
    q: str = "",
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
    about: str = "",
) -> Response[bytes]:
    site_id, now = visitor.at.id, visitor.house.db.clock()
    with visitor.house.db.read() as conn:
        states = legal_store.list_states(conn, site_id)
        titles = {
            one.story_id: stories.get_story_by_id(conn, site_id, one.story_id) for one in states
        }
        found = stories.list_stories(conn, site_id, matching=q, limit=FOUND) if q else []
        names = list_names(conn, site_id, None)
        with_names = legal_store.list_with_names(conn, site_id)
        kept = holds.list_holds(conn, site_id)
        lines = legal_log.list_lines(conn, site_id, limit=30)
        who = names_of(conn, [*(one.owner_id for one in kept), *_people(states, names, lines)])
    return desk_page(
        visitor,
        "court.html",
        here="court",
        said=said,
        error=error,
        typed=typed,
        about=about,
        q=q,
        chosen=set(typed.many("story")) if typed is not None else set(),
        states=states,
        titles=titles,
        found=found,
        under={one.story_id: one for one in states},
        due=sum(one.is_due(now) for one in states) + sum(one.review_at <= now for one in kept),
        names=names,
        with_names=with_names,
        holds=kept,
        lines=lines,
        who=who,
        **_words(),
    )


def _story(  # noqa: PLR0913 - what one page shows
    visitor: Visitor,
    story_id: StoryId,
    *,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
    about: str = "",
) -> Response[bytes]:
    site_id = visitor.at.id
    with visitor.house.db.read() as conn:
        found = stories.get_story_by_id(conn, site_id, story_id)
        state = legal_store.find_state(conn, site_id, story_id)
        names = list_names(conn, site_id, story_id)
        lines = legal_log.list_lines(conn, site_id, story_id=story_id)
        who = names_of(conn, _people([state] if state else [], names, lines))
    return desk_page(
        visitor,
        "court_story.html",
        here="court",
        said=said,
        error=error,
        typed=typed,
        about=about,
        story=found,
        state=state,
        stale=isinstance(error, StaleVersion),
        names=names,
        lines=lines,
        who=who,
        **_words(),
    )


def _people(
    states: list[LegalState], names: list[ListedName], lines: list[legal_log.LegalLine]
) -> list[Any]:
    return [
        *(one.set_by for one in states),
        *(one.added_by for one in names),
        *(one.reader_id for one in lines),
    ]


def _words() -> dict[str, Any]:
    return {
        "status_words": STATUS_WORDS,
        "act_words": ACT_WORDS,
        "presets": {status.value: preset for status, preset in PRESETS.items()},
        "modes": list(StoryMode),
    }
