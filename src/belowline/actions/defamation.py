"""Notices of defamation: taking one, the author's answer, and what the desk does about it.

Whoever complains needs no account. What each step must be is in ``legal/defamation.py``; the
letters are in ``legal_letters`` and the removal in ``legal_removal``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from belowline.actions.facts import ask_standing
from belowline.actions.legal_drafts import (
    FIELDS,
    AnswerDraft,
    NoticeDraft,
    checked_arrival,
    checked_details,
    cleaned,
)
from belowline.actions.legal_facts import (
    Office,
    OnNotice,
    Where,
    find_contact,
    find_where,
    handle_where,
    is_in_step,
    lock_where,
    moved,
    seal_details,
    settle,
)
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotFound, require
from belowline.core.keyed import keyed_hash
from belowline.core.terms import (
    Actor,
    CommentStatus,
    Privilege,
)
from belowline.events import kinds, log
from belowline.legal import correspondence, store
from belowline.legal.calendar import due_after
from belowline.legal.defamation import lacks_of, may_answer, may_doubt, refuse_off, reminder
from belowline.legal.model import (
    Answer,
    ClosedAs,
    Contact,
    DefamationNotice,
    Lack,
    Party,
)
from belowline.readers import codes
from belowline.readers.codes import Limit
from belowline.readers.sessions import hash_network
from belowline.sites.model import Site
from belowline.storage.database import Database, Tx

KEPT_FOR = timedelta(days=366 + 123)
"""A year in which a claim can be brought, and four months in which it can be served."""
REMOVALS_BEFORE = 2
"""After so many, a further notice about the same is answered by removing at once."""
PER_NETWORK = Limit("defamation_network", 5, timedelta(hours=1))
PER_EMAIL = Limit("defamation_mail", 10, timedelta(days=1))

_ACTOR = Actor.of_system("legal")


def receive_notice(db: Database, draft: NoticeDraft, *, office: Office) -> DefamationNotice:
    """Take a notice about a published comment, complete or not, and keep a copy of the comment.

    Its clock begins when it came in, also where somebody of the desk records one that came by
    another way.

    Raises:
        NotAllowed: the site does not take such notices, or who records one has no role.
        InvalidInput: there is no address to answer to, a text is too long, the time at which it
            came in cannot be, or (``incomplete``) something that the law requires is lacking and
            it was not sent as it is.
        TooMany: too many came from there. NotFound: no such comment is published.
    """
    site, secret = draft.site, office.settings.secret
    if not site.settings.defamation_s5:
        require(refuse_off())
    sender, grounds = cleaned(draft)
    lacks = lacks_of(grounds, name=sender.name)
    if lacks and not draft.as_it_is:
        raise InvalidInput(
            "This is still needed for a complete notice.", field=FIELDS[lacks[0]], code="incomplete"
        )
    whose = keyed_hash(secret, "complainant", sender.email)
    with db.write(_ACTOR if draft.recorded_by is None else Actor(draft.recorded_by)) as tx:
        if draft.recorded_by is not None:
            ask_standing(tx, Privilege.MODERATE, site_id=site.id, by=draft.recorded_by)
        else:
            codes.count_attempt(tx, PER_NETWORK, key_hash=hash_network(secret, draft.network))
            codes.count_attempt(tx, PER_EMAIL, key_hash=whose)
        came_in_at = checked_arrival(draft.came_in_at, now=tx.now)
        comment = comments.lock_comment(tx, site.id, draft.comment_id)
        if comment.status is not CommentStatus.PUBLISHED:
            raise NotFound("This comment is no longer there.", code="no_comment")
        removed = store.count_removed_before(
            tx.conn, site.id, author_id=comment.author_id, complainant_hash=whose
        )
        values = _row(comment, lacks, came_in_at)
        values["complainant_hash"] = whose
        values["is_repeat"] = grounds.earlier and removed >= REMOVALS_BEFORE
        notice_id = store.add_notice(tx, values, grounds)
        sealed = seal_details(office.settings, notice_id, Party.COMPLAINANT, sender)
        store.put_details(tx, (site.id, notice_id), Party.COMPLAINANT, sealed)
        store.keep_evidence(tx, site.id, comment.id)
        received = kinds.DefamationNoticeReceived(
            notice_id, comment.id, comment.story_id, tuple(lacks)
        )
        log.append(tx, site.id, received)
        settle(tx, site.id, notice_id, office=office)
        return store.get_notice(tx.conn, site.id, notice_id)


def answer_notice(db: Database, on: OnNotice, *, answer: AnswerDraft, office: Office) -> None:
    """Answer a notice about one's own comment, once, whatever one's standing.

    A name and an address are sealed and kept apart.

    Raises:
        NotSignedIn, NotAllowed: somebody else's comment, not asked yet, answered before, or over.
        InvalidInput: who stands by it gives no name, no address, or does not say whether they may
            be passed on. NotFound: no such notice.
    """
    details = checked_details(answer)
    with db.write(Actor(on.by)) as tx:
        ask_standing(tx, Privilege.READ_OWN, site_id=on.site_id, by=on.by)
        where = lock_where(tx, on, office=office)
        notice = where.notice
        closed = notice.closed_at is not None
        require(may_answer(where.facts, by_author=notice.author_id == on.by, closed=closed))
        kept = Answer(answer.kind, tx.now, bool(answer.consents))
        store.put_answer(tx, on.notice_id, kept)
        if details is not None:
            sealed = seal_details(office.settings, on.notice_id, Party.AUTHOR, details)
            store.put_details(tx, (on.site_id, on.notice_id), Party.AUTHOR, sealed)
        moved(tx, notice, "answered", answer.kind)
        settle(tx, on.site_id, on.notice_id, office=office)


def doubt_answer(db: Database, on: OnNotice, *, office: Office) -> None:
    """Find the author's name or address obviously false; then the comment has to go.

    Raises:
        NotSignedIn, NotAllowed: no role, or there is nothing to doubt. NotFound: no such notice.
    """
    with db.write(Actor(on.by)) as tx:
        where = handle_where(tx, on, Privilege.MANAGE_STORY, office=office)
        require(may_doubt(where.position, where.facts))
        store.put_doubt(tx, on.notice_id, by=on.by)
        correspondence.drop_waiting(tx, on.notice_id)
        moved(tx, where.notice, "doubted")
        settle(tx, on.site_id, on.notice_id, office=office)


def drop_notice(db: Database, on: OnNotice, *, office: Office) -> None:
    """Close a notice that is not pursued any more, or that a court has decided.

    Raises:
        NotSignedIn, NotAllowed: no role. NotFound: no such notice.
    """
    with db.write(Actor(on.by)) as tx:
        where = handle_where(tx, on, Privilege.MANAGE_STORY, office=office)
        if where.notice.closed_at is not None:
            return
        correspondence.drop_waiting(tx, on.notice_id)
        store.close(tx, on.notice_id, ClosedAs.DROPPED, by=on.by)
        moved(tx, where.notice, "closed", ClosedAs.DROPPED)


def show_details(db: Database, on: OnNotice, *, office: Office) -> Contact:
    """Return the author's name and postal address, and note in the log who looked at them.

    Raises:
        NotSignedIn, NotAllowed: this is for editors and owners. NotFound: no such notice.
    """
    with db.write(Actor(on.by)) as tx:
        where = handle_where(tx, on, Privilege.MANAGE_STORY, office=office)
        moved(tx, where.notice, "details_shown")
        return find_contact(tx.conn, office.settings, on.notice_id, Party.AUTHOR)


def keep_in_step(db: Database, site: Site, *, office: Office, limit: int) -> list[Where]:
    """Bring the site's open notices up to date with the clock, and return where each stands.

    Nothing is written about one that is in step.
    """
    with db.read() as conn:
        places = [
            find_where(conn, site, notice, office=office, now=db.clock())
            for notice in store.list_open(conn, site.id, limit=limit)
        ]
    for where in places:
        if is_in_step(where) and _reminder(where) is None:
            continue
        with db.write(_ACTOR) as tx:
            comments.lock_comment(tx, site.id, where.notice.comment_id)
            _remind(tx, settle(tx, site.id, where.notice.id, office=office))
    return places


def _reminder(where: Where) -> tuple[str, str] | None:
    """Return what the desk is still to be reminded of, and how that is remembered."""
    what = reminder(where.position, now=where.at)
    of = f"{what} {where.position.due_at}"
    return (what, of) if what is not None and where.notice.reminded != of else None


def _remind(tx: Tx, where: Where) -> None:
    """Have the desk told, once for each, when time itself makes something owed or nearly late."""
    found = _reminder(where)
    if found is not None and where.notice.closed_at is None:
        store.put_reminded(tx, where.notice.id, found[1])
        moved(tx, where.notice, found[0], where.position.step)


def _row(comment: Comment, lacks: tuple[Lack, ...], came_in_at: datetime) -> dict[str, object]:
    return {
        "site_id": comment.site_id,
        "comment_id": comment.id,
        "story_id": comment.story_id,
        "author_id": comment.author_id,
        "revision": comment.revision,
        "lacks": list(lacks),
        "received_at": came_in_at,
        "due_at": due_after(came_in_at),
        "keep_until": came_in_at + KEPT_FOR,
    }
