"""How a reader's own comment is answered: what became of it, under which rule, why, and as HTML.

What others cannot see is rendered for its author alone. The same templates make the public line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.comments.model import Comment
from belowline.comments.policy import may_edit
from belowline.core.language import Language
from belowline.core.terms import CommentStatus, Outcome, StoryId, StoryMode
from belowline.moderation.decisions import find_latest
from belowline.rules import store as rules
from belowline.rules.model import Rulebook
from belowline.screens.messages import MESSAGES, message_for
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.stories.policy import may_take_comments
from belowline.threads import store as threads
from belowline.threads.lines import find_lines
from belowline.threads.model import ThreadComment
from belowline.web.answers import CommentOut, RuleOut
from belowline.web.auth import Visitor
from belowline.web.pages.changes import alone
from belowline.web.templating import fragment

HIDDEN = frozenset({CommentStatus.HELD, CommentStatus.REFUSED, CommentStatus.REMOVED})
"""What only its author can see, with the rule and the reason."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answered comments stand, and by which rules."""

    visitor: Visitor
    story: Story
    rulebook: Rulebook | None
    """None where none of them is hidden, because only those name a rule."""
    now: datetime


def answer_comment(conn: sa.Connection, visitor: Visitor, comment: Comment) -> CommentOut:
    """Answer its author about one comment, wherever it stands."""
    return answer_comments(conn, [(visitor, comment)])[0]


def answer_comments(
    conn: sa.Connection, asked: Sequence[tuple[Visitor, Comment]]
) -> list[CommentOut]:
    """Answer each author about a comment of theirs, as ``answer_comment`` does."""
    lines = find_lines(
        conn, [(one.site_id, one.id) for _, one in asked if one.status not in HIDDEN]
    )
    shown = {line.id: line for line in lines if line is not None}
    known: dict[StoryId, Story] = {}
    answers = []
    for visitor, comment in asked:
        if comment.story_id not in known:
            known[comment.story_id] = stories.get_story_by_id(
                conn, comment.site_id, comment.story_id
            )
        # Whoever reads the thread reads no rule unless something was taken from it.
        is_plain = comment.status in {CommentStatus.PUBLISHED, CommentStatus.WITHDRAWN}
        rulebook = None if is_plain else rules.get_current_rulebook(conn, comment.site_id)
        place = Place(visitor, known[comment.story_id], rulebook, visitor.house.db.clock())
        answers.append(answer_at(conn, place, comment, shown.get(comment.id)))
    return answers


def answer_at(
    conn: sa.Connection, place: Place, comment: Comment, line: ThreadComment | None = None
) -> CommentOut:
    """Answer its author about a comment at a known place; ``line`` is how the thread shows it."""
    reason = _reason(conn, comment, place.visitor.language)
    found = place.rulebook.rule(comment.rule_key) if place.rulebook and comment.rule_key else None
    title = found.title if found is not None else comment.rule_key
    rule = RuleOut(comment.rule_key, title or "") if comment.rule_key else None
    return CommentOut(
        id=comment.id,
        status=comment.status,
        parent=comment.parent_id,
        html=_html(place, comment, line, (rule, reason)),
        rule=rule if comment.status in HIDDEN else None,
        reason=reason,
        created_at=comment.created_at,
        editable_until=editable_until(place.visitor, comment, now=place.now),
    )


def editable_until(visitor: Visitor, comment: Comment, *, now: datetime) -> datetime | None:
    """Return until when its author may edit the comment, or None if they may not."""
    edit_for = timedelta(seconds=visitor.at.settings.edit_seconds)
    refusal = may_edit(comment, by=visitor.reader_id, now=now, edit_for=edit_for)
    return comment.created_at + edit_for if refusal is None else None


def _reason(conn: sa.Connection, comment: Comment, language: Language) -> str | None:
    reason = _english_reason(conn, comment)
    return language.say(reason) if reason is not None else None


def _english_reason(conn: sa.Connection, comment: Comment) -> str | None:
    match comment.status:
        case CommentStatus.HELD | CommentStatus.REFUSED if comment.reason in MESSAGES:
            return message_for(comment.reason)
        case CommentStatus.HELD | CommentStatus.REFUSED:
            # Reports had it hidden, and that decision says so.
            decision = find_latest(conn, comment.id, outcomes=(Outcome.HOLD, Outcome.REFUSE))
            return decision.reason if decision is not None else message_for(comment.reason)
        case CommentStatus.REMOVED:
            decision = find_latest(conn, comment.id, outcomes=(Outcome.REMOVE,))
            return decision.reason if decision is not None else None
        case CommentStatus.PUBLISHED | CommentStatus.WITHDRAWN:
            return None


def _html(
    place: Place,
    comment: Comment,
    line: ThreadComment | None,
    told: tuple[RuleOut | None, str | None],
) -> str:
    """Render the line. A suspended thread shows nobody anything, its authors included."""
    if place.story.mode is StoryMode.SUSPENDED:
        return ""
    if comment.status in HIDDEN:
        line = None
    elif line is None:
        return ""
    return fragment(
        "thread/answer.html",
        site=place.visitor.at,
        story_key=place.story.key,
        line=line,
        alone=alone,
        comment=comment,
        indent=min(comment.depth, threads.INDENTS),
        rulebook=place.rulebook,
        rule=told[0],
        reason=told[1],
        rule_titles={rule.key: rule.title for rule in place.rulebook.rules}
        if place.rulebook
        else {},
        closed=may_take_comments(place.story.mode),
    )
