"""What the page says that stands before many cases are decided together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from belowline.actions.considering import Considered, TogetherDraft, consider
from belowline.actions.together import take_together
from belowline.core.errors import NotFound
from belowline.core.terms import Refusal, SiteId
from belowline.moderation.care import is_hard
from belowline.moderation.together import MESSAGES
from belowline.readers.search import names_of
from belowline.sites.model import Site
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.console.choosing import write_choice
from belowline.web.console.followed import AuthorAfter, foresee_authors
from belowline.web.console.queue import excerpt


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One chosen comment, and what would be decided about it."""

    considered: Considered
    site: Site
    author_name: str
    story_title: str
    excerpt: str
    is_hard: bool
    """Whether the text stays covered."""
    choice: str


@dataclass(frozen=True, slots=True)
class Cited:
    """The rule that removals at one site would cite."""

    site: Site
    title: str
    version: int
    book: str
    """As the form carries it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page says before anything happens."""

    fine: tuple[PreviewRow, ...] = ()
    left: tuple[PreviewRow, ...] = ()
    missing: int = 0
    """How many chosen comments are not there, or at sites where the visitor does not moderate."""
    cited: tuple[Cited, ...] = ()
    authors: tuple[AuthorAfter, ...] = ()


def make_preview(visitor: Visitor, draft: TogetherDraft, sites: dict[SiteId, Site]) -> Preview:
    """Work out what would happen, and take the cases that would be decided."""
    db = visitor.house.db
    with db.read() as conn:
        found = _consider(conn, visitor, draft, sites)
    taken = take_together(db, [one for one in found if one.refusal is None], by=visitor.reader_id)
    # Somebody else may have opened one of them at this moment.
    leased = Refusal("leased", MESSAGES["leased"])
    found = [replace(one, refusal=leased) if one.comment.id in taken else one for one in found]
    fine = [one for one in found if one.refusal is None]
    with db.read() as conn:
        return Preview(
            _rows(conn, fine, sites),
            _rows(conn, [one for one in found if one.refusal is not None], sites),
            len(draft.chosen) - len(found),
            _cited(fine, sites) if draft.removes else (),
            foresee_authors(conn, visitor, fine, sites),
        )


def _consider(
    conn: sa.Connection, visitor: Visitor, draft: TogetherDraft, sites: dict[SiteId, Site]
) -> list[Considered]:
    found = []
    for choice in draft.chosen:
        if choice.site_id not in sites:
            continue
        try:
            found.append(
                consider(conn, draft, choice, by=visitor.reader_id, now=visitor.house.db.clock())
            )
        except NotFound:
            # The page counts it among what is not there.
            continue
    return found


def _rows(
    conn: sa.Connection, found: Sequence[Considered], sites: dict[SiteId, Site]
) -> tuple[PreviewRow, ...]:
    names = names_of(conn, [one.comment.author_id for one in found])
    titles = {
        one.comment.story_id: stories.get_story_by_id(
            conn, one.comment.site_id, one.comment.story_id
        ).title
        for one in found
    }
    return tuple(
        PreviewRow(
            one,
            sites[one.comment.site_id],
            names.get(one.comment.author_id, ""),
            titles[one.comment.story_id],
            excerpt(one.comment.html),
            is_hard(one.matter.worst_severity),
            write_choice(one.choice),
        )
        for one in found
    )


def _cited(found: Sequence[Considered], sites: dict[SiteId, Site]) -> tuple[Cited, ...]:
    books = {one.comment.site_id: (one.book, one.rule) for one in found}
    return tuple(
        Cited(sites[site_id], rule.title, book.version, f"{site_id}-{book.id}")
        for site_id, (book, rule) in books.items()
        if book is not None and rule is not None
    )
