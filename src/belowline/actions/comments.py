"""Posting, editing, withdrawing and respecting a comment.

Each act first reads the facts and asks standing and policy, then does the slow part (screens,
rendering) with no transaction open, and last re-asks and stores in one write transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NoReturn

import sqlalchemy as sa

from belowline.actions.cases import open_case
from belowline.actions.facts import ask_standing, standing_facts
from belowline.actions.screening import Screened, renew_verdicts, require_measure, screen_facts
from belowline.actions.settling import Judged, store_comment, store_revision
from belowline.actions.sites import put_story
from belowline.comments import policy, reactions
from belowline.comments import store as comments
from belowline.comments.model import Comment, NewComment
from belowline.comments.recent import wait_for_turn
from belowline.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooMany, require
from belowline.core.markup import clean_text, render
from belowline.core.terms import (
    Actor,
    CommentId,
    CommentStatus,
    Privilege,
    ReaderId,
    RulebookId,
    SiteId,
    Verdict,
)
from belowline.events import kinds, log
from belowline.outside.classifier import Classifier
from belowline.readers.model import StandingFacts
from belowline.readers.standing import holds_first, require_privilege
from belowline.reports import store as reports
from belowline.rules import store as rules
from belowline.screens.model import Draft
from belowline.screens.pipeline import screen
from belowline.screens.settle import Settlement, settle
from belowline.sites.model import Site
from belowline.storage.database import Database, Tx
from belowline.stories import store as stories
from belowline.stories.model import Story, StoryDraft
from belowline.stories.policy import may_take_comments

MOST_REVISIONS = 50


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """A comment as a reader sends it."""

    site: Site
    story_key: str
    text: str
    parent_id: CommentId | None = None
    client_key: str | None = None
    accepts: int | None = None
    """The version of the rules that the reader accepts with it."""
    story: StoryDraft | None = None
    """What the embed says of a story that is not known yet."""

    @property
    def privilege(self) -> Privilege:
        """Return what sending it asks for."""
        return Privilege.POST if self.parent_id is None else Privilege.REPLY


@dataclass(frozen=True, slots=True)
class EditDraft:
    """A new text for an own comment."""

    site: Site
    comment_id: CommentId
    text: str


def post_comment(
    db: Database, draft: CommentDraft, *, by: ReaderId, classifier: Classifier
) -> Comment:
    """Post a comment or a reply, and return it as it was settled: published, held or refused.

    A repeat with the same client key returns the comment that is already there.

    Raises:
        Conflict: the client key belongs to a comment of theirs at another place.
        NotSignedIn, NotAllowed: standing, the rules' acceptance or the story's mode refuses.
        InvalidInput: the text is empty or too long, or the story's facts are wrong.
        NotFound: no such story, or no such comment to reply to in this story.
        TooMany: the reader sends without end.
    """
    site = draft.site
    with db.read() as conn:
        repeat = _find_repeat(conn, draft, by)
        if repeat is not None:
            return repeat
        facts = standing_facts(conn, site.id, by)
        require_privilege(draft.privilege, facts, now=db.clock())
        story = _find_story(conn, draft)
        _require_place(conn, draft, story, by)
        screening = screen_facts(conn, site, facts=facts, now=db.clock())
    require_measure(screening)
    text = _checked_text(draft.text, site)
    # No transaction is open here: a classifier may take its time, and nobody waits for it.
    verdicts = screen(Draft(text), screening, classifier=classifier)
    screened = Screened(text, render(text), verdicts, screening)
    try:
        return _store(db, draft, by=by, screened=screened)
    except (sa.exc.IntegrityError, Conflict):
        # The same client key, or another first comment on this story, was sent at this moment too.
        with db.read() as conn:
            repeat = _find_repeat(conn, draft, by)
        return repeat or _store(db, draft, by=by, screened=screened)


def edit_comment(
    db: Database, draft: EditDraft, *, by: ReaderId, classifier: Classifier
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
        screening = screen_facts(conn, site, facts=facts, now=db.clock(), but_not=comment.id)
    text = _checked_text(draft.text, site)
    verdicts = screen(Draft(text, is_edit=True), screening, classifier=classifier)
    html = render(text)
    with db.write(Actor(by)) as tx:
        facts = ask_standing(tx, Privilege.EDIT, site_id=site.id, by=by)
        comment = comments.lock_comment(tx, site.id, draft.comment_id)
        require(policy.may_edit(comment, by=by, now=tx.now, edit_for=window))
        story = stories.get_story_by_id(tx.conn, site.id, comment.story_id)
        require(may_take_comments(story.mode))
        if comments.get_revision(tx.conn, comment.id, comment.revision).text == text:
            return comment
        if comment.revision >= MOST_REVISIONS:
            raise TooMany("This comment has been edited very often. Leave it as it is now.")
        settlement = _settle(verdicts, story, facts, tx)
        return store_revision(tx, comment, Judged(text, html, verdicts, settlement))


def withdraw_comment(db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId) -> None:
    """Take back an own comment; a repeat is success. Revisions are kept as evidence.

    Whoever had reported it is told that it is gone.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.WITHDRAW, site_id=site_id, by=by)
        comment = comments.lock_comment(tx, site_id, comment_id)
        if comment.author_id == by and comment.status is CommentStatus.WITHDRAWN:
            return
        require(policy.may_withdraw(comment, by=by))
        comments.set_status(tx, comment, CommentStatus.WITHDRAWN)
        lapsed = reports.lapse_reports(tx, comment.id)
        open_case(tx, comments.get_comment(tx.conn, site_id, comment_id))
        log.append(tx, site_id, kinds.CommentWithdrawn(comment.id, comment.story_id, lapsed))


def react(
    db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId, respects: bool
) -> int | None:
    """Respect a comment or take the respect back; a repeat is success.

    Returns the new count, or None as long as nobody is told.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.REACT, site_id=site_id, by=by)
        comment = comments.lock_comment(tx, site_id, comment_id)
        if comment.author_id != by and not comment.shown:
            raise NotFound("There is no such comment.", code="no_comment")
        require(policy.may_react(comment, by=by))
        require(may_take_comments(stories.get_story_by_id(tx.conn, site_id, comment.story_id).mode))
        if respects:
            reactions.add_reaction(tx, comment, by)
        else:
            reactions.drop_reaction(tx, comment, by)
        if not reactions.is_count_shown(comment, now=tx.now):
            return None
        count = comments.get_comment(tx.conn, site_id, comment_id).respect_count
    db.changed(comment.story_id)
    return count


def _store(db: Database, draft: CommentDraft, *, by: ReaderId, screened: Screened) -> Comment:
    site = draft.site
    with db.write(Actor(by)) as tx:
        wait_for_turn(tx, by)
        facts = ask_standing(tx, draft.privilege, site_id=site.id, by=by)
        story = stories.lock_story(tx, site.id, draft.story_key) or _add_story(tx, draft)
        parent, accepted = _require_place(tx.conn, draft, story, by)
        verdicts = renew_verdicts(tx, site, screened, facts=facts)
        settled = _settle(verdicts, story, facts, tx)
        if rules.accept(tx, by, accepted):
            log.append(tx, site.id, kinds.RulebookAccepted(by, accepted))
        new = NewComment(
            site.id,
            story.id,
            parent,
            by,
            facts.role,
            screened.text,
            screened.html,
            settled.status,
            settled.rule,
            settled.code,
            draft.client_key,
        )
        return store_comment(tx, new, Judged(screened.text, screened.html, verdicts, settled))


def _find_repeat(conn: sa.Connection, draft: CommentDraft, by: ReaderId) -> Comment | None:
    if draft.client_key is None:
        return None
    if (
        not 8 <= len(draft.client_key) <= 64
        or not draft.client_key.isascii()
        or (not draft.client_key.isprintable())
    ):
        raise InvalidInput("The client key has 8 to 64 plain characters.", field="client_key")
    found = comments.find_by_client_key(conn, by, draft.client_key)
    if found is not None and (
        found.site_id != draft.site.id
        or found.parent_id != draft.parent_id
        or stories.get_story_by_id(conn, draft.site.id, found.story_id).key != draft.story_key
    ):
        raise Conflict("This key belongs to a comment elsewhere.", code="client_key_used")
    return found


def _find_story(conn: sa.Connection, draft: CommentDraft) -> Story | None:
    story = stories.find_story(conn, draft.site.id, draft.story_key)
    if story is None and (draft.story is None or not draft.site.settings.add_stories):
        raise NotFound("There is no such story.", code="no_story")
    return story


def _add_story(tx: Tx, draft: CommentDraft) -> Story:
    if draft.story is None or not draft.site.settings.add_stories:
        raise NotFound("There is no such story.", code="no_story")
    return put_story(tx, draft.site, replace(draft.story, key=draft.story_key))


def _require_place(
    conn: sa.Connection, draft: CommentDraft, story: Story | None, by: ReaderId
) -> tuple[Comment | None, RulebookId]:
    """Return the parent and the rules in force, if the story takes this comment from the reader."""
    if story is not None:
        require(may_take_comments(story.mode))
    parent = None
    if draft.parent_id is not None:
        parent = comments.find_comment(conn, draft.site.id, draft.parent_id)
        if parent is None or story is None or parent.story_id != story.id:
            raise NotFound("There is no such comment to reply to.", code="no_comment")
        require(policy.may_reply_to(parent))
    rulebook = rules.get_current_rulebook(conn, draft.site.id)
    if draft.accepts != rulebook.version and not rules.has_accepted(conn, by, rulebook.id):
        _ask_to_accept(rulebook.version)
    return parent, rulebook.id


def _ask_to_accept(version: int) -> NoReturn:
    raise NotAllowed("Please accept the rules first.", code="rules_not_accepted", version=version)


def _checked_text(raw: str, site: Site) -> str:
    text = clean_text(raw, field="text", longest=site.settings.longest)
    if not text:
        raise InvalidInput("Write something first.", field="text", code="empty")
    return text


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
