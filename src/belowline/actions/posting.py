"""Posting: comments that come at the same moment are judged each alone and stored together.

Everybody's facts are read in one look, and each comment is asked about by standing and policy and
screened with no transaction open. Then one write transaction asks the same again and stores what
may be stored. A comment that is refused takes nobody along. One comment is a group of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import sqlalchemy as sa

from belowline.actions.drafts import CommentDraft, Sent, checked_text, is_client_key
from belowline.actions.pacing import require_pace
from belowline.actions.post_facts import Known, known_soon, others_soon, repeats_soon
from belowline.actions.screening import (
    Screened,
    Written,
    complete_facts,
    renew_verdicts,
    require_measure,
)
from belowline.actions.settling import Judged, store_comments
from belowline.actions.sites import put_story
from belowline.comments import policy
from belowline.comments.model import Comment, NewComment
from belowline.comments.recent import wait_for_turn
from belowline.core.errors import (
    BelowlineError,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    attempt,
    require,
)
from belowline.core.markup import render
from belowline.core.terms import Actor, ReaderId, SiteId
from belowline.events import kinds, log
from belowline.outside.classifier import Classifier
from belowline.readers.standing import holds_first, require_privilege
from belowline.rules import store as rules
from belowline.rules.model import Consent
from belowline.screens.model import Draft, ScreenFacts
from belowline.screens.pipeline import NOTHING_BEYOND, Beyond, screen
from belowline.screens.settle import settle
from belowline.storage.database import Database, Tx
from belowline.storage.prepared import ahead
from belowline.stories import store as stories
from belowline.stories.model import Story, StoryDraft
from belowline.stories.policy import may_take_comments

Fate = Comment | BelowlineError | None
"""What became of a comment: it is there, an error says why not, or it has to be sent alone."""
Stories = Mapping[tuple[SiteId, str], Story | None]
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class _Ready:
    """A comment that may be stored, as far as that was known before."""

    sent: Sent
    screened: Screened


def post_comment(
    db: Database,
    draft: CommentDraft,
    *,
    by: ReaderId,
    classifier: Classifier,
    beyond: Beyond = NOTHING_BEYOND,
) -> Comment:
    """Post a comment or a reply, and return it as it was settled: published, held or refused.

    A repeat with the same client key returns the comment that is already there.

    Raises:
        Conflict: the client key belongs to a comment of theirs at another place.
        NotSignedIn, NotAllowed: standing, the rules' acceptance, the story's mode or pace refuses.
        InvalidInput: the text is empty or too long, or the story's facts are wrong.
        NotFound: no such story, or no such comment to reply to in this story.
        TooMany: the reader sends without end.
    """
    sent = Sent(draft, by)
    (found,) = _look(db, [sent])
    if isinstance(found, Comment):
        return found
    ready = _screen(sent, _not_refused(found), classifier, beyond)
    try:
        return _not_refused(_store(db, [ready])[0])
    except (sa.exc.IntegrityError, Conflict):
        # The same client key, or another first comment on this story, was sent at this moment too.
        with db.read() as conn:
            (repeat,) = repeats_soon(conn, [sent])()
            if repeat is not None:
                return _require_same(conn, draft, repeat)
        return _not_refused(_store(db, [ready])[0])


def post_comments(
    db: Database,
    sent: Sequence[Sent],
    *,
    classifier: Classifier,
    beyond: Beyond = NOTHING_BEYOND,
) -> list[Fate]:
    """Post comments that came at the same moment; return what became of each.

    None stands where a comment has to be sent alone with ``post_comment``: its author sends another
    one in this group, it is the first on its story, or a service is asked about it that may take
    its time. Whatever is raised, nothing was stored.
    """
    firsts = {
        one.by: place
        for place, one in reversed(list(enumerate(sent)))
        if one.draft.site.external is None
    }
    places = sorted(firsts.values())
    taken = [sent[place] for place in places]
    ready = [
        attempt(_screen, one, found, classifier, beyond)
        if isinstance(found, ScreenFacts)
        else found
        for one, found in zip(taken, _look(db, taken), strict=True)
    ]
    stored = iter(_store(db, [one for one in ready if isinstance(one, _Ready)]))
    fates = [next(stored) if isinstance(one, _Ready) else one for one in ready]
    at_place = dict(zip(places, fates, strict=True))
    return [at_place.get(place) for place in range(len(sent))]


def _look(db: Database, sent: Sequence[Sent]) -> list[ScreenFacts | Fate]:
    """Find for each what its screens look at, or what became of it already."""
    now = db.clock()
    with db.glance() as conn:
        with ahead(conn):
            found_stories = {
                key: stories.story_soon(conn, *key) for key in set(map(_story_key, sent))
            }
            known = known_soon(conn, sent, now=now)
            repeats, found_others = repeats_soon(conn, sent), others_soon(conn, sent, now=now)
        known_stories = {key: found() for key, found in found_stories.items()}
        others = found_others()

        def look(one: Sent, known: Known, repeat: Comment | None) -> ScreenFacts | Comment | None:
            _require_client_key(one.draft)
            if repeat is not None:
                return _require_same(conn, one.draft, repeat)
            require_privilege(one.draft.privilege, known.standing, now=now)
            story = known_stories[_story_key(one)]
            if story is None:
                _require_new_story(one.draft)
            _require_place(one.draft, story, known)
            require_pace(conn, one.draft.site, story, facts=known.standing, now=now)
            if story is None and len(sent) > 1:
                return None
            site = one.draft.site
            written = Written(now, known.record, others[site.id, one.by])
            facts = complete_facts(conn, site, written, facts=known.standing, story=story)
            require_measure(facts)
            return facts

        return list(map(partial(attempt, look), sent, known(), repeats()))


def _screen(sent: Sent, facts: ScreenFacts, classifier: Classifier, beyond: Beyond) -> _Ready:
    """Screen and render. No transaction is open: a classifier may take its time."""
    text = checked_text(sent.draft.text, sent.draft.site)
    verdicts = screen(Draft(text), facts, classifier=classifier, beyond=beyond)
    return _Ready(sent, Screened(text, render(text), verdicts, facts))


def _store(db: Database, ready: Sequence[_Ready]) -> list[Comment | BelowlineError]:
    """Ask again and store what may be stored, all in one transaction."""
    if not ready:
        return []
    sent = [one.sent for one in ready]
    with db.write(Actor(sent[0].by)) as tx:
        with ahead(tx.conn):
            wait_for_turn(tx, [one.by for one in sent])
            # In one order everywhere, so that no two groups wait for each other.
            found = {key: stories.lock_soon(tx, *key) for key in sorted(set(map(_story_key, sent)))}
            known_then = known_soon(tx.conn, sent, now=tx.now)
        locked = {key: story() for key, story in found.items()}
        known = known_then()
        if len(ready) == 1:
            # What is raised undoes everything, also a story that was added for it.
            return [*store_comments(tx, [_settle(tx, locked, ready[0], known[0])])]
        settled = list(map(partial(attempt, _settle, tx, locked), ready, known))
        stored = iter(
            store_comments(tx, [one for one in settled if not isinstance(one, BelowlineError)])
        )
        return [one if isinstance(one, BelowlineError) else next(stored) for one in settled]


def _settle(tx: Tx, locked: Stories, ready: _Ready, known: Known) -> tuple[NewComment, Judged]:
    """Settle a comment by what is known now, in the transaction that stores it."""
    draft, by, screened, standing = ready.sent.draft, ready.sent.by, ready.screened, known.standing
    require_privilege(draft.privilege, standing, now=tx.now)
    story = locked[_story_key(ready.sent)] or _add_story(tx, draft)
    consent = _require_place(draft, story, known)
    require_pace(tx.conn, draft.site, story, facts=standing, now=tx.now)
    latest = known.record.latest
    verdicts = renew_verdicts(tx, draft.site, screened, facts=standing, story=story, latest=latest)
    settled = settle(
        verdicts,
        mode=story.mode,
        held_by_sanction=holds_first(standing, now=tx.now),
        is_staff=standing.role is not None,
    )
    if not consent.given and rules.accept(tx, by, consent.rulebook_id):
        accepted = kinds.RulebookAccepted(by, consent.rulebook_id)
        log.append(replace(tx, actor=Actor(by)), draft.site.id, accepted)
    new = NewComment(
        draft.site.id,
        story.id,
        known.parent,
        by,
        standing.role,
        screened.text,
        screened.html,
        settled.status,
        settled.rule,
        settled.code,
        draft.client_key,
    )
    return new, Judged(screened.text, screened.html, verdicts, settled)


def _require_client_key(draft: CommentDraft) -> None:
    if draft.client_key is not None and not is_client_key(draft.client_key):
        raise InvalidInput("The client key has 8 to 64 plain characters.", field="client_key")


def _require_same(conn: sa.Connection, draft: CommentDraft, found: Comment) -> Comment:
    """Return what was sent under this key before, if it was sent to the same place."""
    if (
        found.site_id != draft.site.id
        or found.parent_id != draft.parent_id
        or stories.get_story_by_id(conn, draft.site.id, found.story_id).key != draft.story_key
    ):
        raise Conflict("This key belongs to a comment elsewhere.", code="client_key_used")
    return found


def _require_new_story(draft: CommentDraft) -> StoryDraft:
    if draft.story is None or not draft.site.settings.add_stories:
        raise NotFound("There is no such story.", code="no_story")
    return draft.story


def _add_story(tx: Tx, draft: CommentDraft) -> Story:
    told = _require_new_story(draft)
    return put_story(tx, draft.site, replace(told, key=draft.story_key))


def _require_place(draft: CommentDraft, story: Story | None, known: Known) -> Consent:
    """Return what is agreed to, if the story takes this comment from the reader."""
    if story is not None:
        require(may_take_comments(story.mode))
    if draft.parent_id is not None:
        parent = known.parent
        if parent is None or story is None or parent.story_id != story.id:
            raise NotFound("There is no such comment to reply to.", code="no_comment")
        require(policy.may_reply_to(parent))
    consent = rules.require_rules(known.consent)
    if not consent.given and draft.accepts != consent.version:
        raise NotAllowed(
            "Please accept the rules first.", code="rules_not_accepted", version=consent.version
        )
    return consent


def _story_key(sent: Sent) -> tuple[SiteId, str]:
    return sent.draft.site.id, sent.draft.story_key


def _not_refused(found: _Found | BelowlineError | None) -> _Found:
    if isinstance(found, BelowlineError):
        raise found
    if found is None:
        raise TypeError("a comment that is sent alone is posted or refused")
    return found
