"""The question that the desk pins above a story's thread: at most one, answered by comments."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import ReaderId, SiteId, StoryId
from belowline.storage.database import Tx
from belowline.storage.prepared import Prepared
from belowline.storage.tables import questions, readers, stories

LONGEST_QUESTION = 300
"""Characters."""

_QUESTIONS = sa.select(questions, readers.c.name).outerjoin(
    readers, readers.c.id == questions.c.asked_by
)
_FIND = Prepared(_QUESTIONS.where(questions.c.story_id == sa.bindparam("story_id")))


@dataclass(frozen=True, slots=True)
class Question:
    """What the desk asks, and who asks it: by name, unless they have left."""

    text: str
    asked_by: str | None
    asked_at: datetime


def find_question(conn: sa.Connection, story_id: StoryId) -> Question | None:
    """Return the story's question, or None."""
    row = _FIND.first(conn, story_id=story_id)
    return Question(row.text, row.name, row.asked_at) if row is not None else None


def list_questions(conn: sa.Connection, story_ids: Collection[StoryId]) -> dict[StoryId, Question]:
    """Return the questions of these stories, by story."""
    rows = conn.execute(_QUESTIONS.where(questions.c.story_id.in_(story_ids)))
    return {StoryId(row.story_id): Question(row.text, row.name, row.asked_at) for row in rows}


def put_question(tx: Tx, site_id: SiteId, story_id: StoryId, *, text: str, by: ReaderId) -> None:
    """Pin a question in place of the one before."""
    drop_question(tx, story_id)
    tx.conn.execute(
        sa.insert(questions).values(
            story_id=story_id, site_id=site_id, text=text, asked_by=by, asked_at=tx.now
        )
    )


def drop_question(tx: Tx, story_id: StoryId) -> None:
    """Take the question off."""
    tx.conn.execute(sa.delete(questions).where(questions.c.story_id == story_id))


def forget_asker(tx: Tx, reader_id: ReaderId) -> None:
    """Let the reader's questions stand without their name."""
    where = sa.select(questions.c.story_id).where(questions.c.asked_by == reader_id)
    tx.conn.execute(
        sa.update(stories)
        .where(stories.c.id.in_(where))
        .values(thread_version=stories.c.thread_version + 1)
    )
    tx.conn.execute(
        sa.update(questions).where(questions.c.asked_by == reader_id).values(asked_by=None)
    )
