"""A page of a thread as JSON: what everybody may see, and nothing else."""

from __future__ import annotations

from typing import Any

from belowline.core.terms import CommentStatus, StoryMode
from belowline.stories.model import Story
from belowline.stories.pace import Limit, find_limit
from belowline.stories.questions import Question
from belowline.threads.model import Branch, ThreadComment, ThreadPage
from belowline.web.templating import machine_time


def as_json(page: ThreadPage, view: dict[str, Any]) -> dict[str, Any]:
    """Return the page with its story, as the API describes it."""
    story: Story = view["story"]
    limit = find_limit(story)
    return {
        "story": {
            "key": story.key,
            "title": story.title,
            "url": story.url,
            "mode": story.mode,
            "mode_reason": story.mode_reason,
            "comment_count": 0 if story.mode is StoryMode.SUSPENDED else story.comment_count,
            "question": _question_json(view["question"]),
            "version": story.thread_version,
            "pace": _pace_json(limit),
            "paced_until": machine_time(limit.until) if limit and limit.until else None,
        },
        "rulebook_version": view["rulebook"].version,
        "order": page.order,
        "comments": [_branch_json(branch) for branch in page.branches],
        "next": page.next_cursor,
    }


def _pace_json(limit: Limit | None) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {
        "seconds": limit.seconds,
        "until": machine_time(limit.until) if limit.until else None,
        "by_hand": limit.by_hand,
        "reason": limit.reason,
    }


def _question_json(question: Question | None) -> dict[str, Any] | None:
    if question is None:
        return None
    return {
        "text": question.text,
        "asked_by": question.asked_by,
        "asked_at": machine_time(question.asked_at),
    }


def _branch_json(branch: Branch) -> dict[str, Any]:
    return {
        **_comment_json(branch.root),
        "replies": [_comment_json(reply) for reply in branch.replies],
        "more_replies_after": branch.more_after,
    }


def _comment_json(line: ThreadComment) -> dict[str, Any]:
    published = line.status is CommentStatus.PUBLISHED
    return {
        "id": line.id,
        "parent": line.parent_id,
        # Whether a line that is not published was held, refused or withdrawn is nobody's business.
        "status": line.status if published or line.status is CommentStatus.REMOVED else "gone",
        "author": line.author_name if published else None,
        "author_role": line.author_role,
        "by_author": line.by_author,
        "html": line.html,
        "rule": line.rule_key if line.status is CommentStatus.REMOVED else None,
        "created_at": machine_time(line.created_at),
        "edited_at": machine_time(line.edited_at) if line.edited_at else None,
        "respect": line.respect_count,
        "reply_count": line.reply_count,
        "featured": line.featured_reason if line.featured_at else None,
    }
