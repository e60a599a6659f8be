"""A reader's own comments: all of them, and what became of each and why. Nobody else sees these."""

from __future__ import annotations

from litestar import Response

from belowline.actions.reports import HELD_CODE, HELD_REASON
from belowline.comments import policy
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import NotFound
from belowline.core.terms import CommentId, CommentStatus, StoryMode
from belowline.moderation import decisions
from belowline.rules import store as rules
from belowline.screens.messages import message_for
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.pages.decided import states_at, tell
from belowline.web.pages.frame import reader_page
from belowline.web.pages.words import APPEALS, STATUSES
from belowline.web.pages.write import refusal_to_edit
from belowline.web.payloads import Before

PAGE = 30


def own_comments(visitor: Visitor, before: Before = None) -> Response[bytes]:
    """List my comments at the site, of every status, newest first."""
    with visitor.house.db.read() as conn:
        found = comments.list_by_author(
            conn,
            visitor.at.id,
            visitor.reader_id,
            limit=PAGE + 1,
            before=CommentId(before) if before is not None else None,
        )
        ids = {one.story_id for one in found}
        about = {one: stories.get_story_by_id(conn, visitor.at.id, one) for one in ids}
    return reader_page(
        visitor,
        "pages/own_comments.html",
        comments=found[:PAGE],
        stories=about,
        statuses=STATUSES,
        first_page=before is None,
        older=found[PAGE - 1].id if len(found) > PAGE else None,
    )


def own_comment(visitor: Visitor, comment: int) -> Response[bytes]:
    """Show what became of a comment of mine: rule, reason, revisions, and what I can do."""
    site, by = visitor.at, visitor.reader_id
    now = visitor.house.db.clock()
    with visitor.house.db.read() as conn:
        found = comments.find_comment(conn, site.id, CommentId(comment))
        if found is None or found.author_id != by:
            raise NotFound("There is no such comment of yours.", code="no_comment")
        story = stories.get_story_by_id(conn, site.id, found.story_id)
        revisions = comments.list_revisions(conn, found.id)
        told = tell(
            conn,
            site.id,
            decisions.list_for_comment(conn, site.id, found.id),
            now=now,
            states=states_at(visitor),
        )
        rulebook = rules.get_current_rulebook(conn, site.id)
    told.reverse()
    return reader_page(
        visitor,
        "pages/own_comment.html",
        comment=found,
        story=story,
        revisions=revisions,
        told=told,
        rulebook=rulebook,
        why=_why(found),
        status=STATUSES[found.status],
        rule=rulebook.rule(found.rule_key) if found.rule_key else None,
        may_edit=refusal_to_edit(visitor, story, found) is None,
        may_withdraw=policy.may_withdraw(found, by=by) is None,
        appeal_words=APPEALS,
        is_suspended=story.mode is StoryMode.SUSPENDED,
    )


def _why(comment: Comment) -> str:
    """Say why a comment is held. What a decision said is told with the decision."""
    if comment.status is not CommentStatus.HELD:
        return ""
    return HELD_REASON if comment.reason == HELD_CODE else message_for(comment.reason)
