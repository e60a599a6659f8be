"""The console's screens: what each does at a site or under a story, tried before it is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from litestar import Response

from belowline.actions import screens as actions
from belowline.actions.external import DEADLINES, Tried, external_fingerprint
from belowline.actions.screening import screen_settings, screen_settings_of, settings_under
from belowline.actions.trying import try_screens
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import BelowlineError, InvalidInput, StaleVersion, TooMany
from belowline.core.terms import CommentId, StoryId
from belowline.readers.search import names_of
from belowline.rules import store as rules
from belowline.scoring.desk_store import find_layers
from belowline.screens.silent import find_silent
from belowline.screens.trial import Trial
from belowline.screens.versions import ScreenVersion, list_versions
from belowline.sites.model import Site
from belowline.stories import store as stories
from belowline.stories.model import Story, StoryScreens
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.console.queue import excerpt
from belowline.web.console.reliable import find_reliable
from belowline.web.console.screen_form import (
    FIELDS,
    GROUPS,
    STORY_NUMBERS,
    read_site,
    read_story,
    site_values,
    story_values,
)
from belowline.web.forms import Form, FormBody, read_form

EXAMPLES = 8
VERSIONS = 10


@dataclass(frozen=True, slots=True)
class ShownTrial:
    """A trial with a few of the comments that it is about."""

    trial: Trial
    caught: tuple[tuple[Comment, str], ...]
    let_through: tuple[tuple[Comment, str], ...]


@dataclass(frozen=True, slots=True)
class Service:
    """What the page says of the external screen after something was done with it."""

    now: Site | None = None
    """The site as it is now, if that is not what the request began with."""
    secret: str | None = field(default=None, repr=False)
    """Made just now, and shown this once."""
    tried: Tried | None = None
    typed: Form | None = None


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version of the settings: who set it, and what it changed from what to what."""

    version: ScreenVersion
    by: str | None
    changes: tuple[tuple[str, str, str], ...]
    """The option's name, its value before and after; empty where it is a list or not known."""

    @property
    def at(self) -> datetime:
        """When it was set."""
        return self.version.changed_at


def show(visitor: Visitor, said: str | None = None) -> Response[bytes]:
    """Show what each screen does at the site."""
    return _page(visitor, None, said=said)


def change(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Try what was typed on the past, or save it."""
    form = read_form(data, fields=FIELDS)
    site, by, db = visitor.at, visitor.reader_id, visitor.house.db
    try:
        settings = read_site(form, site.settings)
        if form.text("do") != "save":
            actions.check_screens(db, site.id, settings)
            before = screen_settings(site)
            after = screen_settings_of(site, settings)
            trial = try_screens(db, site.id, by=by, before=before, after=after)
            return _page(visitor, None, typed=form, trial=trial)
        actions.change_screens(
            db, site.id, by=by, settings=settings, seen=form.text("seen") or None
        )
    except (InvalidInput, StaleVersion, TooMany) as error:
        return _page(visitor, None, typed=form, error=error)
    return back_to(visitor, "/screens", said="screens_changed")


def show_story(visitor: Visitor, story: int, said: str | None = None) -> Response[bytes]:
    """Show what the screens do otherwise under one story."""
    return _page(visitor, _story(visitor, story), said=said)


def change_story(visitor: Visitor, story: int, data: FormBody) -> Response[Any]:
    """Try what was typed on the story's past, or save it."""
    form = read_form(data, fields=FIELDS)
    found = _story(visitor, story)
    site, by, db = visitor.at, visitor.reader_id, visitor.house.db
    try:
        screens = read_story(form)
        if form.text("do") != "save":
            under = settings_under(site.settings, screens)
            actions.check_screens(db, site.id, under)
            trial = try_screens(
                db,
                site.id,
                by=by,
                before=screen_settings(site, found),
                after=screen_settings_of(site, under),
                story_id=found.id,
            )
            return _page(visitor, found, typed=form, trial=trial)
        seen = form.text("seen") or None
        actions.change_story_screens(db, site.id, found.id, by=by, screens=screens, seen=seen)
    except (InvalidInput, StaleVersion, TooMany) as error:
        return _page(visitor, found, typed=form, error=error)
    return back_to(visitor, f"/stories/{story}/screens", said="screens_changed")


def _story(visitor: Visitor, story: int) -> Story:
    with visitor.house.db.read() as conn:
        return stories.get_story_by_id(conn, visitor.at.id, StoryId(story))


def show_page(
    visitor: Visitor, *, service: Service, error: BelowlineError | None = None
) -> Response[bytes]:
    """Show the site's page with what was done about the external screen."""
    return _page(visitor, None, error=error, service=service)


def _page(  # noqa: PLR0913 - what one page shows
    visitor: Visitor,
    story: Story | None,
    *,
    typed: Form | None = None,
    trial: Trial | None = None,
    said: str | None = None,
    error: BelowlineError | None = None,
    service: Service | None = None,
) -> Response[bytes]:
    service = service or Service()
    site = service.now or visitor.at
    own = (story.screens or StoryScreens()) if story is not None else None
    now_set = story_values(own) if own is not None else site_values(site.settings)
    options = actions.story_options(own) if own is not None else actions.site_options(site.settings)
    seen = actions.fingerprint(options)
    stale = isinstance(error, StaleVersion)
    with visitor.house.db.read() as conn:
        rulebook = rules.get_current_rulebook(conn, site.id)
        versions = _versions(conn, site, story)
        silent = find_silent(conn, site.id, now=visitor.house.db.clock())
        learnt = find_layers(conn, site.id)
    return desk_page(
        visitor,
        "screens.html",
        here="screens",
        said=said,
        error=error,
        story=story,
        groups=GROUPS,
        story_numbers=STORY_NUMBERS,
        values=typed.values if typed is not None else now_set,
        now_set=now_set,
        site_values=site_values(site.settings),
        # Who has been told of a colleague's change and sends it again means it.
        seen=typed.text("seen") if typed is not None and not stale else seen,
        stale=stale,
        unsaved=typed is not None,
        rulebook=rulebook,
        versions=versions,
        trial=_show_trial(visitor, trial) if trial is not None else None,
        silent=silent,
        learnt=learnt,
        reliable=find_reliable(visitor.house.classifier, site, rulebook) if story is None else (),
        external=site.external,
        deadlines=DEADLINES,
        service=service,
        service_seen=external_fingerprint(site.external),
        service_typed=service.typed.values if service.typed is not None else None,
    )


def _show_trial(visitor: Visitor, trial: Trial) -> ShownTrial:
    def examples(ids: Sequence[CommentId]) -> tuple[tuple[Comment, str], ...]:
        with visitor.house.db.read() as conn:
            found = [comments.get_comment(conn, visitor.at.id, one) for one in ids[:EXAMPLES]]
        return tuple((one, excerpt(one.html)) for one in found)

    return ShownTrial(trial, examples(trial.caught), examples(trial.let_through))


def _versions(conn: sa.Connection, site: Site, story: Story | None) -> tuple[ShownVersion, ...]:
    found = list_versions(conn, site.id, story.id if story else None, limit=VERSIONS + 1)
    return _show_versions(found, names_of(conn, [one.changed_by for one in found]))


def _show_versions(
    found: Sequence[ScreenVersion], names: Mapping[int, str]
) -> tuple[ShownVersion, ...]:
    shown = []
    for number, one in enumerate(found[:VERSIONS]):
        before = found[number + 1].options if number + 1 < len(found) else {}
        changes = tuple(
            (name, _short(before.get(name)), _short(one.options.get(name))) for name in one.changed
        )
        by = names.get(one.changed_by) if one.changed_by is not None else None
        shown.append(ShownVersion(one, by, changes))
    return tuple(shown)


def _short(value: object) -> str:
    match value:
        case bool() | int() | float():
            return str(value).lower()
        case _:
            return ""
