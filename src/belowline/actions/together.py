"""Deciding many cases together, and taking all of it back at once.

Each is decided as if it were alone, by ``moderation`` and in a transaction of its own: readers who
post wait for one of them at most, what cannot be decided leaves the others alone, and whatever
follows from a decision follows from these. What holds them together is the batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from belowline.actions.considering import Considered, TogetherDraft, check_together, consider
from belowline.actions.facts import ask_standing, standing_facts
from belowline.actions.moderation import decide_within, undo_within
from belowline.comments import store as comments
from belowline.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, require
from belowline.core.terms import Actor, CommentId, Privilege, ReaderId, SiteId
from belowline.moderation import batches, leases
from belowline.moderation.batches import BatchId, Member
from belowline.moderation.together import CommentChoice
from belowline.readers.standing import may, require_privilege
from belowline.storage.database import Database, Tx

_REFUSALS = (NotAllowed, Conflict, InvalidInput)


def decide_together(
    db: Database, draft: TogetherDraft, *, site_id: SiteId | None, by: ReaderId, key: str
) -> BatchId:
    """Decide about many comments, of one site or over all where they moderate.

    What cannot be decided is left, and the batch says why. A repeat with the same ``key`` goes on
    where the first was cut short, and changes nothing that is done.

    Raises:
        NotSignedIn, NotAllowed: no role at any of the sites.
        InvalidInput: nothing is chosen, or too much; a removal without a rule or a reason.
    """
    draft = check_together(draft)
    with db.write(Actor(by)) as tx:
        at = _sites_allowed(tx, draft, site_id=site_id, by=by)
        batch_id = batches.open_batch(tx, site_id=site_id, by=by, key=key)
    for choice in draft.chosen:
        if choice.site_id in at:
            _decide_one(db, batch_id, draft, choice, by=by)
    return batch_id


def undo_together(
    db: Database,
    batch_id: BatchId,
    *,
    site_id: SiteId | None,
    by: ReaderId,
    undo_for: timedelta,
) -> None:
    """Take back what was decided together, each decision as it would be alone.

    What cannot be taken back stays, and the batch says why. A repeat goes on where the first was
    cut short.

    Raises:
        NotFound: no such batch of theirs.
    """
    with db.write(Actor(by)) as tx:
        batch = batches.get_batch(tx.conn, site_id, batch_id, by=by)
        batches.note_undone(tx, batch.id)
        members = batches.list_members(tx.conn, batch.id)
    for member in members:
        _undo_one(db, batch_id, member, by=by, undo_for=undo_for)


def take_together(
    db: Database, considered: Iterable[Considered], *, by: ReaderId
) -> frozenset[CommentId]:
    """Take the cases that would be decided, for a while; return those that somebody else has.

    Raises:
        NotSignedIn, NotAllowed: no role at one of the sites.
    """
    wanted = sorted((one.comment.id, one.choice.site_id) for one in considered)
    with db.write(Actor(by)) as tx:
        for site_id in {site_id for _, site_id in wanted}:
            ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        # In the order of their ids, so that two who take the same ones do not lock each other out.
        return frozenset(
            comment_id
            for comment_id, site_id in wanted
            if not leases.take(tx, site_id, comment_id, by=by)
        )


def give_back_together(db: Database, comment_ids: Iterable[CommentId], *, by: ReaderId) -> None:
    """Let go of one's own leases of these cases; what is no lease of theirs stays as it is."""
    with db.write(Actor(by)) as tx:
        for comment_id in sorted(comment_ids):
            leases.give_back(tx, comment_id, by=by)


def _sites_allowed(
    tx: Tx, draft: TogetherDraft, *, site_id: SiteId | None, by: ReaderId
) -> frozenset[SiteId]:
    """Return those of the sites where they may moderate; where it is one site, only that."""
    if site_id is not None:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        return frozenset({site_id})
    asked = {one.site_id: standing_facts(tx.conn, one.site_id, by) for one in draft.chosen}
    allowed = frozenset(
        one for one, facts in asked.items() if may(Privilege.MODERATE, facts, now=tx.now) is None
    )
    if not allowed:
        require_privilege(Privilege.MODERATE, next(iter(asked.values())), now=tx.now)
    return allowed


def _decide_one(
    db: Database, batch_id: BatchId, draft: TogetherDraft, choice: CommentChoice, *, by: ReaderId
) -> None:
    try:
        with db.write(Actor(by)) as tx:
            # Whoever has taken back the whole does not want the rest of it.
            if not batches.lock_batch(tx, batch_id):
                return
            # Locked before it is looked at, so that a form that is sent twice at once counts once.
            comments.lock_comment(tx, choice.site_id, choice.comment_id)
            if batches.is_member(tx.conn, batch_id, choice.comment_id):
                return
            found = consider(tx.conn, draft, choice, by=by, now=tx.now)
            require(found.refusal)
            made = decide_within(
                tx, choice.comment_id, site_id=choice.site_id, by=by, decision=found.decision
            )
            done = Member(choice.site_id, choice.comment_id, made.id, "", "")
            batches.add_member(tx, batch_id, done)
    except NotFound:
        # Nobody was shown a comment that is not there.
        return
    except _REFUSALS as error:
        left = Member(choice.site_id, choice.comment_id, None, error.code, "")
        with db.write(Actor(by)) as tx:
            # Locked again, so that what came of it meanwhile in this batch stays what it is.
            comments.lock_comment(tx, choice.site_id, choice.comment_id)
            if not batches.is_member(tx.conn, batch_id, choice.comment_id):
                batches.add_member(tx, batch_id, left)


def _undo_one(
    db: Database, batch_id: BatchId, member: Member, *, by: ReaderId, undo_for: timedelta
) -> None:
    if member.decision_id is None or member.kept_for:
        return
    try:
        with db.write(Actor(by)) as tx:
            undo_within(tx, member.decision_id, site_id=member.site_id, by=by, undo_for=undo_for)
            batches.note_kept(tx, batch_id, member.comment_id, code="")
    except (*_REFUSALS, NotFound) as error:
        if error.code != "already_undone":
            with db.write(Actor(by)) as tx:
                batches.note_kept(tx, batch_id, member.comment_id, code=error.code)
