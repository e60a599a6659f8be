"""The acts on a comment: posting, which is told in ``posting``, editing and withdrawing.

An edit first reads the facts and asks standing and policy, then does the slow part (screens,
rendering) with no transaction open, and last re-asks and stores in one write transaction.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from belowline.actions.cases import open_case
from belowline.actions.drafts import CommentDraft, EditDraft, checked_text
from belowline.actions.facts import ask_standing, standing_facts
from belowline.actions.lapsing import lapse_appeals
from belowline.actions.posting import post_comment, post_comments
from belowline.actions.screening import screen_facts
from belowline.actions.settling import Judged, store_revision
from belowline.comments import policy
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import NotFound, TooMany, require
from belowline.core.markup import render
from belowline.core.terms import (
    Actor,
    CommentId,
    CommentStatus,
    Privilege,
    ReaderId,
    SiteId,
    Verdict,
)
from belowline.events import kinds, log
from belowline.legal import store as legal
from belowline.moderation.holds import is_held, may_change_text
from belowline.outside.classifier import Classifier
from belowline.readers.model import StandingFacts
from belowline.readers.standing import holds_first, require_privilege
from belowline.reports import store as reports
from belowline.screens.model import Draft
from belowline.screens.pipeline import NOTHING_BEYOND, Beyond, screen
from belowline.screens.settle import Settlement, settle
from belowline.storage.database import Database, Tx
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.stories.policy import may_take_comments

__all__ = [
    "CommentDraft",
    "EditDraft",
    "edit_comment",
    "post_comment",
    "post_comments",
    "withdraw_comment",
]

MOST_REVISIONS = 50


def edit_comment(
    db: Database,
    draft: EditDraft,
    *,
    by: ReaderId,
    classifier: Classifier,
    beyond: Beyond = NOTHING_BEYOND,
) -> Comment:
    """Add a revision to an own comment within the window, screened like a new one.

    Raises:
        NotSignedIn, NotAllowed: standing, the window, a reply or the story's mode refuses.
        InvalidInput: the text is empty or too long. NotFound: no such comment.
        TooMany: it was edited very often already; every revision is kept.
    """
    site = draft.site
    window = timedelta(seconds=site.settings.edit_seconds)
    with db.read() as conn:
        facts = standing_facts(conn, site.id, by)
        require_privilege(Privilege.EDIT, facts, now=db.clock())
        comment = _visible_comment(conn, site.id, draft.comment_id, by)
        require(policy.may_edit(comment, by=by, now=db.clock(), edit_for=window))
        story = stories.get_story_by_id(conn, site.id, comment.story_id)
        screening = screen_facts(
            conn, site, facts=facts, now=db.clock(), story=story, but_not=comment.id
        )
    text = checked_text(draft.text, site)
    edited = Draft(text, is_edit=True)
    verdicts = screen(edited, screening, classifier=classifier, beyond=beyond)
    html = render(text)
    with db.write(Actor(by)) as tx:
        facts = ask_standing(tx, Privilege.EDIT, site_id=site.id, by=by)
        comment = comments.lock_comment(tx, site.id, draft.comment_id)
        require(policy.may_edit(comment, by=by, now=tx.now, edit_for=window))
        require(may_change_text(is_held=is_held(tx.conn, comment.id)))
        story = stories.get_story_by_id(tx.conn, site.id, comment.story_id)
        require(may_take_comments(story.mode))
        if comments.get_revision(tx.conn, comment.id, comment.revision).text == text:
            return comment
        if comment.revision >= MOST_REVISIONS:
            raise TooMany("This comment has been edited very often. Leave it as it is now.")
        settlement = _settle(verdicts, story, facts, tx)
        stored = store_revision(tx, comment, Judged(text, html, verdicts, settlement))
        legal.keep_evidence(tx, site.id, comment.id)
        return stored


def withdraw_comment(db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId) -> None:
    """Take back an own comment; a repeat is success. Revisions are kept as evidence.

    Whoever had reported it, or had asked for another look, is told that it is gone.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.WITHDRAW, site_id=site_id, by=by)
        comment = comments.lock_comment(tx, site_id, comment_id)
        if comment.author_id == by and comment.status is CommentStatus.WITHDRAWN:
            return
        require(policy.may_withdraw(comment, by=by))
        comments.set_status(tx, comment, CommentStatus.WITHDRAWN)
        legal.note_gone(tx, site_id, comment.id)
        lapsed = reports.lapse_reports(tx, comment.id)
        lapse_appeals(tx, comment_id=comment.id)
        open_case(tx, comments.get_comment(tx.conn, site_id, comment_id))
        log.append(tx, site_id, kinds.CommentWithdrawn(comment.id, comment.story_id, lapsed))


def _settle(
    verdicts: tuple[Verdict, ...], story: Story, facts: StandingFacts, tx: Tx
) -> Settlement:
    return settle(
        verdicts,
        mode=story.mode,
        held_by_sanction=holds_first(facts, now=tx.now),
        is_staff=facts.role is not None,
    )


def _visible_comment(
    conn: sa.Connection, site_id: SiteId, comment_id: CommentId, by: ReaderId
) -> Comment:
    comment = comments.get_comment(conn, site_id, comment_id)
    if comment.author_id != by and not comment.shown:
        raise NotFound("There is no such comment.", code="no_comment")
    return comment
