"""The console's queue: what waits, worst first, each line with the reasons for its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from litestar import Response
from markupsafe import Markup

from belowline.actions.case_facts import gather_matter
from belowline.actions.leases import take_case
from belowline.comments import store as comments
from belowline.core.errors import InvalidInput
from belowline.core.terms import CaseId, CommentId, ReaderId
from belowline.moderation import dangers, holds
from belowline.moderation import store as cases
from belowline.moderation.care import is_hard
from belowline.moderation.handing_on import CaseNote, find_latest_notes
from belowline.moderation.leases import Lease, find_leases
from belowline.moderation.model import QueueCard, QueuePlace, QueueView
from belowline.moderation.policy import Reason
from belowline.rules.model import Rulebook
from belowline.screens.silent import find_silent
from belowline.stories import legal_store
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.console.caring import read_advice
from belowline.web.console.desk import desk_page
from belowline.web.console.dossier import explain_place
from belowline.web.console.fields import Number
from belowline.web.console.questions import InQuestion, find_rulebook, rules_in_question
from belowline.web.console.strip import read_strip

PAGE = 20
EXCERPT = 280
LOOK_AHEAD = 25

_PLACE = re.compile(r"(\d{1,6}(?:\.\d{1,20})?(?:e-\d{1,3})?)_(\d{1,15})")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    card: QueueCard
    excerpt: str
    points: float
    is_hard: bool
    """Whether the text stays covered."""
    reasons: tuple[tuple[Reason, str], ...]
    rules: tuple[InQuestion, ...]
    lease: Lease | None
    """Who looks at it now, the visitor aside."""
    note: CaseNote | None
    """What whoever handed it on says."""


def queue(
    visitor: Visitor,
    view: str | None = None,
    after: str | None = None,
    did: Number = None,
    said: str | None = None,
) -> Response[bytes]:
    """Show a page of the queue."""
    chosen = read_view(view)
    place = _read_place(after) if after else None
    with visitor.house.db.read() as conn:
        found = cases.list_queue(conn, visitor.at.id, view=chosen, after=place, limit=PAGE + 1)
        rulebook = find_rulebook(conn, visitor.at.id)
        taken = taken_by_others(conn, visitor, found[:PAGE])
        notes = find_latest_notes(conn, [card.case.comment_id for card in found[:PAGE]])
        rows = [_row(conn, visitor, card, rulebook, (taken, notes)) for card in found[:PAGE]]
        # A place is kept when something happens; what waited since then moves up within the page.
        rows.sort(key=lambda row: -row.points)
        counts = cases.count_queue(conn, visitor.at.id)
        strip = read_strip(conn, visitor, did)
        paced = stories.list_paced(conn, visitor.at.id)
        advice = read_advice(conn, visitor)
        open_dangers = dangers.list_open(conn, visitor.at.id)
        due = count_due(conn, visitor)
        silent = find_silent(conn, visitor.at.id, now=visitor.house.db.clock())
    return desk_page(
        visitor,
        "queue.html",
        here="queue",
        said=said,
        rows=rows,
        paced=paced,
        advice=advice,
        dangers=open_dangers,
        silent=silent,
        due=due,
        counts={one.value: number for one, number in counts.items()},
        view=chosen.value,
        after=after,
        next_after=_write_place(found[PAGE - 1].place) if len(found) > PAGE else None,
        **strip,
    )


def count_due(conn: sa.Connection, visitor: Visitor) -> int:
    """Count what is due to be looked at again for legal reasons: stories and legal holds."""
    site_id, now = visitor.at.id, visitor.house.db.clock()
    return legal_store.count_due(conn, site_id, now=now) + holds.count_due(conn, site_id, now=now)


def read_view(view: str | None) -> QueueView:
    """Read which part of the queue an address names. Raises InvalidInput."""
    try:
        return QueueView(view or "all")
    except ValueError as error:
        raise InvalidInput("There is no such view.", field="view", code="bad_view") from error


def claim_next(visitor: Visitor, view: QueueView) -> CommentId | None:
    """Take the first case that the visitor may decide and nobody else looks at, or None."""
    missed: set[CommentId] = set()
    while True:
        with visitor.house.db.read() as conn:
            found = find_next(conn, visitor, view, but_not=missed)
        if found is None or take_case(
            visitor.house.db, found, site_id=visitor.at.id, by=visitor.reader_id
        ):
            return found
        # Somebody else took it, or decided it, at this moment.
        missed.add(found)


def find_next(
    conn: sa.Connection,
    visitor: Visitor,
    view: QueueView,
    *,
    after: QueuePlace | None = None,
    but_not: Collection[CommentId] = (),
) -> CommentId | None:
    """Return the first case that the visitor may decide, or None if nothing is left for them.

    What waits for nothing but an appeal is decided on the appeal's own page. However many of those,
    of the visitor's own comments and of cases at which others look come first, the search goes on
    behind them.
    """
    while True:
        found = cases.list_queue(conn, visitor.at.id, view=view, after=after, limit=LOOK_AHEAD)
        taken = taken_by_others(conn, visitor, found)
        for card in found:
            passed = card.case.comment_id in taken or card.case.comment_id in but_not
            if _waits_for(card, visitor.reader_id) and not passed:
                return card.case.comment_id
        if len(found) < LOOK_AHEAD:
            return None
        after = found[-1].place


def taken_by_others(
    conn: sa.Connection, visitor: Visitor, cards: Sequence[QueueCard]
) -> dict[CommentId, Lease]:
    """Return which of these cases somebody else looks at now."""
    found = find_leases(
        conn, [card.case.comment_id for card in cards], now=visitor.house.db.clock()
    )
    return {one.comment_id: one for one in found.values() if one.reader_id != visitor.reader_id}


def excerpt(html: str) -> str:
    """Return the beginning of a comment as plain text."""
    # Block ends become spaces first, so that two paragraphs do not run into one word.
    text = Markup(re.sub(r"</(?:p|li|blockquote)>|<br ?/?>", " ", html)).striptags()  # noqa: S704
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0]} …"


def _waits_for(card: QueueCard, reader_id: ReaderId) -> bool:
    waits = card.case.held or card.case.reported > 0
    return waits and reader_id not in {card.author_id, card.case.handed_on_by}


def _row(
    conn: sa.Connection,
    visitor: Visitor,
    card: QueueCard,
    rulebook: Rulebook | None,
    beside: tuple[Mapping[CommentId, Lease], Mapping[CommentId, CaseNote]],
) -> QueueRow:
    taken, notes = beside
    matter = gather_matter(conn, comments.get_comment(conn, visitor.at.id, card.case.comment_id))
    priority = matter.priority(opened_at=card.case.opened_at, now=visitor.house.db.clock())
    return QueueRow(
        card,
        excerpt(card.html),
        priority.score,
        is_hard(matter.worst_severity),
        tuple((one, explain_place(one)) for one in priority.reasons),
        rules_in_question(conn, matter, rulebook),
        taken.get(card.case.comment_id),
        notes.get(card.case.comment_id),
    )


def _write_place(place: QueuePlace) -> str:
    return f"{place.priority!r}_{place.id}"


def _read_place(after: str) -> QueuePlace:
    found = _PLACE.fullmatch(after)
    if found is None:
        raise InvalidInput("This page address is not valid.", field="after", code="bad_cursor")
    return QueuePlace(float(found[1]), CaseId(int(found[2])))
