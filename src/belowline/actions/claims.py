"""Authors from before the move: whoever proves that one is theirs gets their comments back.

An import makes readers of the authors whom it brings, and keeps hashes of what the source had
proven about them. Whoever has proven the same here is offered those authors, and says yes, no or
nothing. Nobody is joined without having said so.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from belowline.actions.facts import ask_standing, standing_facts
from belowline.comments.claimed import give_comments, settle_reactions
from belowline.core.errors import NotFound, require
from belowline.core.keyed import keyed_hash
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId
from belowline.events import kinds, log
from belowline.readers import claims, codes, mutes
from belowline.readers import store as readers
from belowline.readers.claiming import ClaimAnswer, ClaimFacts, may_join
from belowline.readers.claims import PastAuthor
from belowline.readers.codes import Limit
from belowline.readers.standing import may
from belowline.sanctions import proposals
from belowline.storage.database import Database, Tx
from belowline.storage.references import move_referring
from belowline.storage.tables import comments, past_claims, past_proofs
from belowline.storage.tables import readers as table
from belowline.stories import store as stories

ANSWERS = Limit("claim", 30, timedelta(days=1))
"""More authors than anybody has been, and too few to try numbers."""

_STAY = (comments, past_claims, past_proofs)
"""What is not moved with the rest: comments have a way of their own, and the others are about the
author of old."""


def list_offers(
    conn: sa.Connection, reader_id: ReaderId, *, site_id: SiteId, secret: str
) -> list[PastAuthor]:
    """Return whose comments at the site the reader can say are theirs, with what they said before.

    Raises:
        NotFound: there is no such reader.
    """
    reader = readers.get_reader(conn, reader_id)
    proofs = claims.proofs_of(conn, reader, secret=secret)
    return claims.list_claimable(conn, site_id, reader_id, proofs=proofs)


def has_news(conn: sa.Connection, reader_id: ReaderId, *, site_id: SiteId, secret: str) -> bool:
    """Say whether the reader can be asked about an author about whom they have not said no.

    A no is remembered; without an answer they are asked again.
    """
    offers = list_offers(conn, reader_id, site_id=site_id, secret=secret)
    return any(one.answer is not ClaimAnswer.DECLINED for one in offers)


def is_asked_at_sign_in(db: Database, reader_id: ReaderId, *, site_id: SiteId, secret: str) -> bool:
    """Say whether whoever has just signed in is to be asked about comments from before.

    Whoever may not change the name beside their comments is asked another time.
    """
    with db.read() as conn:
        if not has_news(conn, reader_id, site_id=site_id, secret=secret):
            return False
        facts = standing_facts(conn, site_id, reader_id)
        return may(Privilege.CHANGE_NAME, facts, now=db.clock()) is None


def join_author(
    db: Database, past_id: ReaderId, *, site_id: SiteId, by: ReaderId, secret: str
) -> int:
    """Make an imported author's comments the reader's own, who has proven that they are theirs.

    With them comes all that hangs on the author: respect given, decisions, sanctions that still
    run, points, what is on record, and who has muted them. The public sees the reader's present
    name from then on. There is no way back. Return how many comments it were; a repeat is success.

    Raises:
        NotSignedIn: nobody is signed in.
        NotAllowed: standing refuses (it changes a name in public), or one of ``may_join``.
        NotFound: there is no such author, or the reader has not proven to be them.
        TooMany: the reader has answered very often today.
    """
    _count(db, by, secret=secret)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.CHANGE_NAME, site_id=site_id, by=by)
        facts = _look(tx, past_id, site_id=site_id, by=by, secret=secret)
        require(may_join(facts))
        is_repeat = claims.find_owner(tx.conn, past_id) == by
        moved = _join(tx, past_id, to=by)
        if is_repeat and not moved:
            return 0
        claims.put_answer(tx, site_id, past_id, by=by, answer=ClaimAnswer.JOINED, moved=moved)
        log.append(tx, site_id, kinds.AuthorClaimed(past_id, by, moved))
        return moved


def decline_author(
    db: Database, past_id: ReaderId, *, site_id: SiteId, by: ReaderId, secret: str
) -> None:
    """Keep that an imported author is not the reader; they are not asked about that one again.

    It can be said otherwise later. Who is joined already stays so.

    Raises:
        NotSignedIn: nobody is signed in.
        NotAllowed: standing refuses.
        NotFound: there is no such author, or the reader has not proven anything about them.
        TooMany: the reader has answered very often today.
    """
    _count(db, by, secret=secret)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.READ_OWN, site_id=site_id, by=by)
        _look(tx, past_id, site_id=site_id, by=by, secret=secret)
        if claims.find_owner(tx.conn, past_id) != by:
            claims.put_answer(tx, site_id, past_id, by=by, answer=ClaimAnswer.DECLINED)


def _count(db: Database, by: ReaderId, *, secret: str) -> None:
    """Count an answer by itself, so that one that is refused counts too."""
    with db.write(Actor(by)) as tx:
        codes.count_attempt(tx, ANSWERS, key_hash=keyed_hash(secret, "claim", str(by)))


def _look(tx: Tx, past_id: ReaderId, *, site_id: SiteId, by: ReaderId, secret: str) -> ClaimFacts:
    """Return what decides, with both readers locked. Raises NotFound without a proof."""
    proofs = claims.proofs_of(tx.conn, readers.get_reader(tx.conn, by), secret=secret)
    if past_id == by or not claims.is_proven(tx.conn, site_id, past_id, proofs=proofs):
        raise _unknown()
    # Always in one order, so that two who claim at once do not wait for each other for good.
    locked = {one: readers.lock_reader(tx, one) for one in sorted((past_id, by))}
    if locked[past_id].erased_at is not None or locked[past_id].email is not None:
        raise _unknown()
    owner = claims.find_owner(tx.conn, past_id)
    return ClaimFacts(
        is_erased=locked[by].erased_at is not None,
        joined_to_another=owner not in {None, by},
        holds_role=readers.has_role(tx.conn, past_id),
        decided_by_claimant=claims.has_decided_about(tx.conn, past_id, by=by),
        withdrawal_proposed=any(
            proposals.find_open(tx.conn, site_id, one) is not None for one in (past_id, by)
        ),
    )


def _join(tx: Tx, past_id: ReaderId, *, to: ReaderId) -> int:
    settle_reactions(tx, past_id, to=to)
    mutes.drop_mute_everywhere(tx, to, muted_id=past_id)
    # The old name stands in these threads until they are rendered anew.
    stories.touch_of_author(tx, past_id)
    moved = give_comments(tx, past_id, to=to)
    claims.date_back(tx, to, past_id=past_id)
    move_referring(tx.conn, table, old=past_id, new=to, besides=_STAY)
    return moved


def _unknown() -> NotFound:
    return NotFound("There are no such comments to be claimed with your address.", code="no_author")
