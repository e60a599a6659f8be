"""How cases are kept and the queue is read. One case a comment; it closes when nothing waits.

Decisions are in ``decisions``, an author's record is in ``record``.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, assert_never

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import (
    CaseId,
    CaseState,
    CommentId,
    CommentStatus,
    ReaderId,
    ReportState,
    RuleKey,
    SiteId,
    StoryId,
)
from belowline.moderation.filters import Filters
from belowline.moderation.model import Case, QueueCard, QueuePlace, QueueView, Waiting
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import cases, comments, readers, reports, stories


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the queue: filters, and what whoever asks has worked out for them."""

    filters: Filters
    opened_before: datetime | None = None
    within: sa.Select[Any] | None = None
    """Only cases about these comments, such as those that say something."""


def get_case(conn: sa.Connection, site_id: SiteId, case_id: CaseId) -> Case:
    """Return one case of the site. Raises NotFound."""
    row = conn.execute(
        sa.select(cases).where(cases.c.id == case_id, cases.c.site_id == site_id)
    ).first()
    if row is None:
        raise NotFound("There is no such case.", code="no_case")
    return _case(row)


def find_case(conn: sa.Connection, comment_id: CommentId) -> Case | None:
    """Return the case about this comment, open or closed, or None."""
    row = conn.execute(sa.select(cases).where(cases.c.comment_id == comment_id)).first()
    return _case(row) if row is not None else None


def enqueue(tx: Tx, comment_id: CommentId, *, site_id: SiteId, waiting: Waiting) -> None:
    """Open the comment's case, or bring it up to date."""
    values = {"state": CaseState.OPEN, **asdict(waiting)}
    key = {"site_id": site_id, "comment_id": comment_id}
    if not insert_ignore(tx.conn, cases, {**key, **values}):
        tx.conn.execute(sa.update(cases).where(cases.c.comment_id == comment_id).values(**values))


def close_case(tx: Tx, comment_id: CommentId) -> bool:
    """Close the comment's case; say whether it was open. When it was opened stays known."""
    done = tx.conn.execute(
        sa.update(cases)
        .where(cases.c.comment_id == comment_id, cases.c.state == CaseState.OPEN)
        .values(state=CaseState.CLOSED, held=False, reported=0, appealed=False, handed_on_by=None)
    )
    return done.rowcount == 1


def list_queue(
    conn: sa.Connection,
    site_id: SiteId,
    *,
    view: QueueView = QueueView.ALL,
    after: QueuePlace | None = None,
    limit: int = 25,
) -> list[QueueCard]:
    """Return the site's open cases, worst first, the older one first where two are equal."""
    return list_queues(conn, [site_id], Part(Filters(view)), after=after, limit=limit)


def list_queues(
    conn: sa.Connection,
    site_ids: Sequence[SiteId],
    part: Part,
    *,
    after: QueuePlace | None = None,
    limit: int = 25,
) -> list[QueueCard]:
    """Return a part of the open cases of several sites in one order, as ``list_queue`` does.

    Each site's queue is one range of an index, and they are merged here: a single statement for
    all of them would have to sort them all.
    """
    places = [
        place
        for site_id in site_ids
        for place in _places(conn, _waiting(site_id, part), after=after, limit=limit)
    ]
    places = heapq.nsmallest(limit, places, key=lambda one: (-one.priority, one.id))
    rows = conn.execute(_cards().where(cases.c.id.in_([one.id for one in places])))
    cards = {row.id: _card(row) for row in rows}
    return [cards[one.id] for one in places]


def _places(
    conn: sa.Connection,
    waiting: Sequence[sa.ColumnElement[bool]],
    *,
    after: QueuePlace | None,
    limit: int,
) -> list[QueuePlace]:
    query = sa.select(cases.c.priority, cases.c.id).where(*waiting)
    if after is not None:
        query = query.where(
            # The first condition is in the second, but an index is only entered by the first.
            cases.c.priority <= after.priority,
            sa.or_(cases.c.priority < after.priority, cases.c.id > after.id),
        )
    query = query.order_by(cases.c.priority.desc(), cases.c.id).limit(limit)
    return [QueuePlace(row.priority, CaseId(row.id)) for row in conn.execute(query)]


def get_card(conn: sa.Connection, site_id: SiteId, case_id: CaseId) -> QueueCard:
    """Return one case of the site as the queue shows it, also a closed one. Raises NotFound."""
    row = conn.execute(_cards().where(cases.c.id == case_id, cases.c.site_id == site_id)).first()
    if row is None:
        raise NotFound("There is no such case.", code="no_case")
    return _card(row)


def count_queue(conn: sa.Connection, site_id: SiteId) -> dict[QueueView, int]:
    """Count what waits in each view of the queue."""
    columns = [
        sa.func.count().filter(sa.and_(*_waiting(site_id, Part(Filters(view))))).label(view)
        for view in QueueView
    ]
    row = conn.execute(
        sa.select(*columns)
        .select_from(cases)
        .where(cases.c.site_id == site_id, cases.c.state == CaseState.OPEN)
    ).one()
    return {view: row._mapping[view.value] for view in QueueView}  # noqa: SLF001 - SQLAlchemy's API


def count_held(conn: sa.Connection, site_id: SiteId, story_id: StoryId) -> int:
    """Count what is held under one story and waits for a moderator."""
    waiting = _waiting(site_id, Part(Filters(QueueView.HELD)))
    query = sa.select(sa.func.count()).where(*waiting, cases.c.story_id == story_id)
    return int(conn.execute(query).scalar_one())


def list_open_comments(
    conn: sa.Connection, site_id: SiteId, *, after: CommentId, limit: int
) -> list[CommentId]:
    """Return comments with an open case, by id, for keeping the queue in order."""
    query = (
        sa.select(cases.c.comment_id)
        .where(
            cases.c.site_id == site_id,
            cases.c.state == CaseState.OPEN,
            cases.c.comment_id > after,
        )
        .order_by(cases.c.comment_id)
        .limit(limit)
    )
    return [CommentId(found) for found in conn.execute(query).scalars()]


def _waiting(site_id: SiteId, part: Part) -> list[sa.ColumnElement[bool]]:
    wanted = [cases.c.site_id == site_id, cases.c.state == CaseState.OPEN]
    match part.filters.view:
        case QueueView.ALL:
            pass
        case QueueView.HELD:
            wanted.append(cases.c.held)
        case QueueView.REPORTED:
            wanted.append(cases.c.reported > 0)
        case QueueView.APPEALED:
            wanted.append(cases.c.appealed)
        case QueueView.HANDED_ON:
            wanted.append(cases.c.handed_on_by.is_not(None))
        case QueueView.NEW:
            wanted.append(cases.c.new_reader)
        case QueueView.HOT:
            wanted.append(cases.c.story_id.in_(_hot_stories(site_id)))
        case _:
            assert_never(part.filters.view)
    return [*wanted, *_narrowed(part)]


def _hot_stories(site_id: SiteId) -> sa.CompoundSelect[Any]:
    """Ask for the stories that are slowed down, each kind by the small index that knows it."""
    kinds = (stories.c.paced_until.is_not(None), stories.c.slow_seconds.is_not(None))
    here = (sa.select(stories.c.id).where(stories.c.site_id == site_id, one) for one in kinds)
    return sa.union_all(*here)


def _narrowed(part: Part) -> Iterator[sa.ColumnElement[bool]]:
    filters = part.filters
    if filters.rule:
        cited = sa.exists().where(
            comments.c.id == cases.c.comment_id, comments.c.rule_key == filters.rule
        )
        reported = sa.exists().where(
            reports.c.comment_id == cases.c.comment_id,
            reports.c.state == ReportState.OPEN,
            reports.c.rule_key == filters.rule,
        )
        yield sa.or_(cited, reported)
    if filters.story:
        named = sa.or_(
            stories.c.key == filters.story,
            stories.c.title.icontains(filters.story, autoescape=True),
        )
        yield sa.exists().where(stories.c.id == cases.c.story_id, named)
    if part.opened_before is not None:
        yield cases.c.opened_at <= part.opened_before
    if part.within is not None:
        yield cases.c.comment_id.in_(part.within)


def _cards() -> sa.Select[Any]:
    return (
        sa.select(
            cases,
            comments.c.story_id,
            stories.c.key.label("story_key"),
            stories.c.title.label("story_title"),
            comments.c.author_id,
            readers.c.name.label("author_name"),
            comments.c.status,
            comments.c.version,
            comments.c.revision,
            comments.c.html,
            comments.c.rule_key,
            comments.c.reason,
            comments.c.created_at,
            comments.c.parent_id,
        )
        .join(comments, comments.c.id == cases.c.comment_id)
        .join(stories, stories.c.id == comments.c.story_id)
        .join(readers, readers.c.id == comments.c.author_id)
    )


def _card(row: sa.Row[Any]) -> QueueCard:
    return QueueCard(
        _case(row),
        StoryId(row.story_id),
        row.story_key,
        row.story_title,
        ReaderId(row.author_id),
        row.author_name,
        CommentStatus(row.status),
        row.version,
        row.revision,
        row.html,
        RuleKey(row.rule_key) if row.rule_key is not None else None,
        row.reason,
        row.created_at,
        CommentId(row.parent_id) if row.parent_id is not None else None,
    )


def _case(row: sa.Row[Any]) -> Case:
    return Case(
        CaseId(row.id),
        SiteId(row.site_id),
        CommentId(row.comment_id),
        CaseState(row.state),
        row.priority,
        row.held,
        row.reported,
        row.appealed,
        row.opened_at,
        ReaderId(row.handed_on_by) if row.handed_on_by is not None else None,
        row.new_reader,
    )
