"""Like cases: earlier comments that are like one at hand, and how a person decided about them.

The longest words of the comment are looked up among those that were decided, the newest few of
each. What shares most of the rare ones is then compared word by word. So it costs the same however
many comments there are.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import (
    CommentId,
    CommentStatus,
    DecisionId,
    Outcome,
    RulebookId,
    RuleKey,
    SiteId,
)
from belowline.search.index import BY_A_PERSON, COMMENTS, judged_at
from belowline.search.likeness import (
    ALIKE,
    FEWEST_TO_DEPART,
    SHORT,
    Practice,
    likeness,
    practice_of,
    weigh,
)
from belowline.search.model import Precedent
from belowline.search.words import kept_words, without_marks
from belowline.storage.fulltext import Match, Term
from belowline.storage.tables import comment_words, comments, decisions, stories

MOST_WORDS = 12
MOST_OF_EACH = 50
MOST_COMPARED = 60


@dataclass(frozen=True, slots=True)
class LikeCases:
    """What was decided about like comments, and what practice that makes."""

    precedents: tuple[Precedent, ...]
    """Those of the same site first, the most alike first."""
    practice: Practice
    """Of the same site, if it has decided enough of them; else of all."""


def find_precedents(
    conn: sa.Connection,
    text: str,
    *,
    site_id: SiteId,
    sites: Sequence[SiteId],
    but_not: CommentId,
) -> LikeCases:
    """Return the like cases of a text at these sites, ``site_id`` first among them."""
    words = kept_words(text)
    found_in = {
        word: found
        for word in _telling(words)
        if (found := set(_judged_with(conn, word, sites)) - {but_not})
    }
    weights = {word: weigh(len(found)) for word, found in found_in.items()}
    points: dict[int, float] = defaultdict(float)
    for word, found in found_in.items():
        for comment_id in found:
            points[comment_id] += weights[word]
    likely = heapq.nlargest(MOST_COMPARED, points, key=lambda one: (points[one], one))
    alike = [
        _precedent(row, how)
        for row in _read(conn, likely, sites)
        if (how := _compare(words, row, weights)) >= ALIKE
    ]
    alike.sort(key=lambda one: (one.site_id != site_id, -one.likeness, -one.comment_id))
    here = [one for one in alike if one.site_id == site_id]
    counted = here if len(here) >= FEWEST_TO_DEPART else alike
    return LikeCases(tuple(alike), practice_of([(one.outcome, one.rule) for one in counted]))


def _telling(words: Sequence[str]) -> list[str]:
    """Return the words that are worth looking up: the longest are the rarest, as a rule."""
    known = set(words)
    longer = [word for word in known if len(word) > SHORT + 1] or known
    return heapq.nlargest(MOST_WORDS, longer, key=lambda word: (len(word), word))


def _judged_with(conn: sa.Connection, word: str, sites: Sequence[SiteId]) -> Sequence[int]:
    judged = tuple(Term((judged_at(site_id),)) for site_id in sites)
    return COMMENTS.newest(conn, Match(((Term((word,)),), judged)), limit=MOST_OF_EACH)


def _read(
    conn: sa.Connection, comment_ids: Sequence[int], sites: Sequence[SiteId]
) -> Sequence[sa.Row[Any]]:
    """Return these comments with the latest decision of a person about each that stands."""
    made = decisions.alias("made")
    latest = (
        sa.select(sa.func.max(made.c.id))
        .where(
            made.c.comment_id == comments.c.id,
            made.c.outcome.in_(BY_A_PERSON),
            made.c.decided_by.is_not(None),
            made.c.undone_at.is_(None),
            made.c.overturned_at.is_(None),
        )
        .scalar_subquery()
    )
    query = (
        sa.select(
            comment_words.c.words,
            comments.c.id.label("comment_id"),
            comments.c.html,
            stories.c.title,
            decisions,
        )
        .select_from(comments)
        .join(comment_words, comment_words.c.comment_id == comments.c.id)
        .join(stories, stories.c.id == comments.c.story_id)
        .join(decisions, decisions.c.id == latest)
        .where(
            comments.c.id.in_(comment_ids),
            comments.c.status != CommentStatus.WITHDRAWN,
        )
    )
    # Not in the statement: SQLite would read all comments of the sites to find these few.
    return [row for row in conn.execute(query) if row.site_id in sites]


def _compare(words: Sequence[str], row: sa.Row[Any], weights: Mapping[str, float]) -> float:
    return likeness(words, without_marks(row.words.split()), weights=weights)


def _precedent(row: sa.Row[Any], how: float) -> Precedent:
    return Precedent(
        CommentId(row.comment_id),
        SiteId(row.site_id),
        DecisionId(row.id),
        Outcome(row.outcome),
        RuleKey(row.rule_key) if row.rule_key is not None else None,
        RulebookId(row.rulebook_id) if row.rulebook_id is not None else None,
        row.reason,
        row.title,
        row.html,
        row.decided_at,
        how,
    )
