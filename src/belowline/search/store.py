"""Finding comments and decisions by their words, at the sites that are given and nowhere else.

The index says what may fit; the rows themselves say what does, as they stand at this moment. Which
sites somebody may look into is for whoever calls to have asked.
"""

from __future__ import annotations

import heapq
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import (
    CommentId,
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    RulebookId,
    RuleKey,
    SiteId,
)
from belowline.search.index import COMMENTS, DECISIONS
from belowline.search.likeness import relevance
from belowline.search.model import FoundComment, FoundDecision, SearchOrder, SearchPlace
from belowline.search.named import Meant
from belowline.search.words import without_marks
from belowline.storage.fulltext import FullText
from belowline.storage.tables import (
    comments,
    decisions,
    readers,
    stories,
)

BEST_AMONG = 500
"""The best are looked for among so many of the newest that fit."""

_deciders = readers.alias("deciders")


def find_comments(
    conn: sa.Connection,
    meant: Meant,
    *,
    order: SearchOrder = SearchOrder.NEWEST,
    after: SearchPlace | None = None,
    limit: int = 25,
) -> list[FoundComment]:
    """Return comments that say and are what is asked for; never one that was withdrawn."""
    if meant.is_nothing:
        return []
    places = _places(conn, COMMENTS, _fitting(conn, meant), meant, (order, after, limit))
    # The places are of these sites. To say so once more would have SQLite read all that is there.
    query = (
        sa.select(
            comments,
            stories.c.key.label("story_key"),
            stories.c.title.label("story_title"),
            readers.c.name.label("author_name"),
        )
        .join(stories, stories.c.id == comments.c.story_id)
        .join(readers, readers.c.id == comments.c.author_id)
        .where(comments.c.id.in_([one.id for one in places]))
    )
    rows = {row.id: row for row in conn.execute(query)}
    return [_comment(rows[one.id], one) for one in places]


def select_comments(conn: sa.Connection, meant: Meant) -> sa.Select[Any]:
    """Return a statement for the ids of the comments that ``find_comments`` would find."""
    if meant.is_nothing:
        return sa.select(comments.c.id).where(sa.false())
    return _fitting(conn, meant)


def find_decisions(
    conn: sa.Connection,
    meant: Meant,
    *,
    order: SearchOrder = SearchOrder.NEWEST,
    after: SearchPlace | None = None,
    limit: int = 25,
) -> list[FoundDecision]:
    """Return decisions whose reason says what is asked for; never one that was taken back.

    An author is the reader whom a decision concerns. A story or a status is the comment's.
    """
    if meant.is_nothing:
        return []
    places = _places(conn, DECISIONS, _fitting_decisions(conn, meant), meant, (order, after, limit))
    query = (
        sa.select(
            decisions, readers.c.name.label("reader_name"), _deciders.c.name.label("decider_name")
        )
        .join(readers, readers.c.id == decisions.c.reader_id)
        .join(_deciders, _deciders.c.id == decisions.c.decided_by)
        .where(decisions.c.id.in_([one.id for one in places]))
    )
    rows = {row.id: row for row in conn.execute(query)}
    return [_decision(rows[one.id], one) for one in places]


def _places(
    conn: sa.Connection,
    index: FullText,
    fitting: sa.Select[Any],
    meant: Meant,
    wanted: tuple[SearchOrder, SearchPlace | None, int],
) -> list[SearchPlace]:
    order, after, limit = wanted
    key = index.by_key(conn)
    newest = fitting.order_by(key.desc())
    if order is SearchOrder.NEWEST or not meant.sought.words:
        if after is not None:
            newest = newest.where(key < after.id)
        return [SearchPlace(row.id) for row in conn.execute(newest.limit(limit))]
    among = newest.limit(BEST_AMONG).subquery()
    words = index.table.c.words
    rows = conn.execute(sa.select(among.c.id, words).join(index.table, index.key == among.c.id))
    scored = (
        SearchPlace(row.id, relevance(without_marks(row.words.split()), meant.sought.words))
        for row in rows
    )
    left = (one for one in scored if after is None or (one.score, one.id) < (after.score, after.id))
    return heapq.nlargest(limit, left, key=lambda one: (one.score, one.id))


def _fitting(conn: sa.Connection, meant: Meant) -> sa.Select[Any]:
    sought = meant.sought
    query = (
        COMMENTS.select(conn, meant.match(statuses=sought.statuses))
        .join(comments, comments.c.id == COMMENTS.by_key(conn))
        .where(
            comments.c.site_id.in_(meant.sites),
            comments.c.status.in_(sought.statuses)
            if sought.statuses
            else comments.c.status != CommentStatus.WITHDRAWN,
        )
    )
    if meant.rules is not None:
        query = query.where(comments.c.rule_key.in_(meant.rules))
    return _between(query, comments.c.created_at, meant)


def _fitting_decisions(conn: sa.Connection, meant: Meant) -> sa.Select[Any]:
    query = (
        DECISIONS.select(
            conn, Meant(meant.sought, meant.sites, meant.authors, None, meant.rules).match()
        )
        .join(decisions, decisions.c.id == DECISIONS.by_key(conn))
        .where(decisions.c.site_id.in_(meant.sites), decisions.c.undone_at.is_(None))
    )
    if meant.stories is not None or meant.sought.statuses:
        about = sa.exists().where(comments.c.id == decisions.c.comment_id)
        if meant.stories is not None:
            about = about.where(comments.c.story_id.in_(meant.stories))
        if meant.sought.statuses:
            about = about.where(comments.c.status.in_(meant.sought.statuses))
        query = query.where(about)
    return _between(query, decisions.c.decided_at, meant)


def _between(query: sa.Select[Any], column: sa.Column[Any], meant: Meant) -> sa.Select[Any]:
    if meant.sought.after is not None:
        query = query.where(column >= meant.sought.after)
    if meant.sought.before is not None:
        query = query.where(column < meant.sought.before)
    return query


def _comment(row: sa.Row[Any], place: SearchPlace) -> FoundComment:
    return FoundComment(
        CommentId(row.id),
        SiteId(row.site_id),
        row.story_key,
        row.story_title,
        ReaderId(row.author_id),
        row.author_name,
        CommentStatus(row.status),
        RuleKey(row.rule_key) if row.rule_key is not None else None,
        row.html,
        row.created_at,
        place,
    )


def _decision(row: sa.Row[Any], place: SearchPlace) -> FoundDecision:
    return FoundDecision(
        DecisionId(row.id),
        SiteId(row.site_id),
        Outcome(row.outcome),
        RuleKey(row.rule_key) if row.rule_key is not None else None,
        RulebookId(row.rulebook_id) if row.rulebook_id is not None else None,
        row.reason,
        row.decider_name,
        row.decided_at,
        CommentId(row.comment_id) if row.comment_id is not None else None,
        ReaderId(row.reader_id),
        row.reader_name,
        row.overturned_at is not None,
        place,
    )
