"""The console's queue: what waits, worst first, each line with the reasons for its place.

One site's, or all sites' together in the same order. What narrows it stands in its address, and so
goes along when somebody works through it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from litestar import Response

from belowline.actions.case_facts import gather_matter
from belowline.comments import store as comments
from belowline.core.errors import BelowlineError, InvalidInput
from belowline.core.terms import CaseId, CommentId, SiteId
from belowline.moderation import store as cases
from belowline.moderation import views
from belowline.moderation.care import is_hard
from belowline.moderation.filters import Filters, Round, read_round
from belowline.moderation.handing_on import CaseNote, find_latest_notes
from belowline.moderation.leases import Lease
from belowline.moderation.model import QueueCard, QueuePlace, QueueView
from belowline.moderation.policy import Reason
from belowline.moderation.together import MOST, CommentChoice
from belowline.rules.model import Rulebook
from belowline.sites.model import Site
from belowline.web.auth import Visitor
from belowline.web.console.alarms import read_alarms
from belowline.web.console.choosing import offer_rules, write_choice
from belowline.web.console.desk import desk_page
from belowline.web.console.dossier import explain_place
from belowline.web.console.everywhere import everywhere_page, moderated_sites
from belowline.web.console.found import plain_text
from belowline.web.console.onward import part_of, sites_of, taken_by_others
from belowline.web.console.questions import InQuestion, find_rulebook, rules_in_question
from belowline.web.console.strip import read_strip
from belowline.web.fields import Number
from belowline.web.forms import Form

PAGE = 20
EXCERPT = 280

_PLACE = re.compile(r"(\d{1,6}(?:\.\d{1,20})?(?:e-\d{1,3})?)_(\d{1,15})")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    card: QueueCard
    site: Site
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
    choice: str
    """What its checkbox carries."""


def queue(  # noqa: PLR0913, PLR0917 - what the address says
    visitor: Visitor,
    view: str | None = None,
    after: str | None = None,
    did: Number = None,
    said: str | None = None,
    rows: Number = None,
) -> Response[bytes]:
    """Show a page of the site's queue."""
    chosen = Round(read_round(view).filters)
    return _queue(visitor, chosen, (after, _rows_on_page(rows)), did=did, said=said)


def queue_everywhere(  # noqa: PLR0913, PLR0917 - what the address says
    visitor: Visitor,
    view: str | None = None,
    after: str | None = None,
    did: Number = None,
    said: str | None = None,
    rows: Number = None,
) -> Response[bytes]:
    """Show a page of the queue over all sites where the visitor moderates."""
    chosen = Round(read_round(view).filters, everywhere=True)
    return _queue(visitor, chosen, (after, _rows_on_page(rows)), did=did, said=said)


def refused(
    visitor: Visitor, chosen: Round, *, error: BelowlineError, typed: Form
) -> Response[bytes]:
    """Show a part of the queue with what is wrong about keeping it under a name."""
    return _queue(visitor, chosen, error=error, typed=typed)


def _queue(
    visitor: Visitor,
    chosen: Round,
    stretch: tuple[str | None, int] = (None, PAGE),
    *,
    did: int | None = None,
    **shown: Any,  # noqa: ANN401 - what both kinds of pages take
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        values = _page(conn, visitor, chosen, stretch)
        values |= read_strip(conn, visitor, did)
        all_sites = list(moderated_sites(conn, visitor).values()) if chosen.everywhere else []
        values |= read_alarms(conn, visitor, all_sites or [visitor.at])
    show = everywhere_page if chosen.everywhere else desk_page
    return show(visitor, "queue.html", here="queue", all_sites=all_sites, **shown, **values)


def excerpt(html: str) -> str:
    """Return the beginning of a comment as plain text."""
    return shortened(plain_text(html))


def shortened(text: str) -> str:
    """Return the beginning of a text."""
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0]} …"


def _page(
    conn: sa.Connection, visitor: Visitor, chosen: Round, stretch: tuple[str | None, int]
) -> dict[str, Any]:
    after, length = stretch
    place = _read_place(after) if after else None
    sites = sites_of(conn, visitor, chosen)
    part = part_of(conn, visitor, chosen, sites)
    found = cases.list_queues(conn, list(sites), part, after=place, limit=length + 1)
    taken = taken_by_others(conn, visitor, found[:length])
    books = {site_id: find_rulebook(conn, site_id) for site_id in sites}
    notes = find_latest_notes(conn, [card.case.comment_id for card in found[:length]])
    rows = [_row(conn, visitor, card, (sites, books), (taken, notes)) for card in found[:length]]
    # A place is kept when something happens; what waited since then moves up within the page.
    rows.sort(key=lambda row: -row.points)
    counts = dict.fromkeys(QueueView, 0)
    for site_id in sites:
        for one, number in cases.count_queue(conn, site_id).items():
            counts[one] += number
    saved = views.list_for(conn, visitor.reader_id, None if chosen.everywhere else visitor.at.id)
    return {
        "rows": rows,
        "counts": {one.value: number for one, number in counts.items()},
        "round": chosen,
        "view": chosen.value,
        "base": "/desk" if chosen.everywhere else f"/console/{visitor.at.key}",
        "tabs": {one.value: Round(Filters(one), chosen.everywhere).value for one in QueueView},
        "saved_views": [(one, Round(one.filters, chosen.everywhere).value) for one in saved],
        "rule_choices": _rule_choices(books),
        "after": after,
        "next_after": _write_place(found[length - 1].place) if len(found) > length else None,
        "rule_offers": offer_rules(conn, books) if rows else (),
        "length": length,
        "page_length": PAGE,
        "most": MOST,
    }


def _rule_choices(books: Mapping[SiteId, Rulebook | None]) -> dict[str, str]:
    """Return the rules that a filter can ask for, by key, in the order of the rulebooks."""
    return {rule.key: rule.title for book in books.values() if book for rule in book.rules}


def _row(
    conn: sa.Connection,
    visitor: Visitor,
    card: QueueCard,
    around: tuple[Mapping[SiteId, Site], Mapping[SiteId, Rulebook | None]],
    beside: tuple[Mapping[CommentId, Lease], Mapping[CommentId, CaseNote]],
) -> QueueRow:
    (sites, books), (taken, notes) = around, beside
    site_id = card.case.site_id
    book = books[site_id]
    comment = comments.get_comment(conn, site_id, card.case.comment_id)
    severities = {rule.key: rule.severity for rule in book.rules} if book is not None else {}
    matter = gather_matter(conn, comment, severities=severities)
    priority = matter.priority(opened_at=card.case.opened_at, now=visitor.house.db.clock())
    return QueueRow(
        card,
        sites[site_id],
        excerpt(card.html),
        priority.score,
        is_hard(matter.worst_severity),
        tuple((one, explain_place(one)) for one in priority.reasons),
        rules_in_question(conn, matter, book),
        taken.get(card.case.comment_id),
        notes.get(card.case.comment_id),
        write_choice(CommentChoice(site_id, comment.id, comment.version, len(matter.reports))),
    )


def _rows_on_page(asked: int | None) -> int:
    """Return how many lines a page has: more where somebody wants to decide many together."""
    return MOST if asked == MOST else PAGE


def _write_place(place: QueuePlace) -> str:
    return f"{place.priority!r}_{place.id}"


def _read_place(after: str) -> QueuePlace:
    found = _PLACE.fullmatch(after)
    if found is None:
        raise InvalidInput("This page address is not valid.", field="after", code="bad_cursor")
    return QueuePlace(float(found[1]), CaseId(int(found[2])))
