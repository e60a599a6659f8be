"""The letters of a notice: reading one before it goes, ordering it, and making it as it goes.

Nothing is mailed here; ``followers/legal.py`` takes what was ordered to the mail's door.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.actions.legal_facts import (
    Office,
    OnNotice,
    Where,
    find_contact,
    find_where,
    handle_where,
    make_page_token,
    moved,
    number_of,
    settle,
)
from belowline.comments import store as comments
from belowline.core.errors import require
from belowline.core.language import language_of
from belowline.core.sealed import seal, unseal
from belowline.core.settings import Settings
from belowline.core.terms import Actor, DefamationId, Privilege, SiteId
from belowline.legal import correspondence, store
from belowline.legal.defamation import may_send
from belowline.legal.letters import Composed, Matter, compose
from belowline.legal.model import Contact, Letter, LetterKind, Party
from belowline.outside.mail import Letter as Mailed
from belowline.readers import store as readers
from belowline.sites import store as sites
from belowline.storage.database import Database, Tx
from belowline.stories import store as stories

_LETTER = "legal letter"
_ACTOR = Actor.of_system("legal")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter as it goes out, and when that was begun."""

    site_id: SiteId
    letter: Letter
    composed: Composed
    mailed: Mailed
    at: datetime


def send_letter(db: Database, on: OnNotice, *, kind: LetterKind, office: Office) -> None:
    """Order the letter that is owed now; it goes out within seconds, and then its clock runs.

    Raises:
        NotSignedIn, NotAllowed: no role, or this letter is not what comes next.
        NotFound: no such notice.
    """
    with db.write(Actor(on.by)) as tx:
        where = handle_where(tx, on, Privilege.MODERATE, office=office)
        require(may_send(kind, where.position, where.facts, ordered=where.ordered))
        correspondence.order_letter(tx, on.site_id, on.notice_id, kind)
        moved(tx, where.notice, "letter_ordered", kind)


def read_draft(conn: sa.Connection, where: Where, kind: LetterKind, *, office: Office) -> Composed:
    """Return a letter as it would read if it went out now."""
    matter = _matter(conn, where, kind, office=office)
    return compose(kind, matter, language=language_of(where.site.language), now=where.at)


def read_sent(settings: Settings, letter: Letter) -> Composed | None:
    """Return a letter as it went out, or None if it has not. Raises Unavailable."""
    if letter.sealed is None:
        return None
    return Composed(**unseal(settings.secret, _LETTER, letter.sealed, of=_of(letter)))


def claim_letters(db: Database, *, limit: int) -> list[tuple[SiteId, Letter]]:
    """Take letters that are due to the mail's door; where there is none, nobody waits for it."""
    with db.read() as conn:
        if not correspondence.has_due(conn, now=db.clock()):
            return []
    with db.write(_ACTOR) as tx:
        return correspondence.claim_letters(tx, limit=limit)


def make_letter(
    db: Database, site_id: SiteId, letter: Letter, *, office: Office
) -> Outgoing | None:
    """Make a claimed letter as it goes out now; None, and it is forgotten, if it is not owed."""
    with db.read() as conn:
        site = sites.get_site_by_id(conn, site_id)
        notice = store.get_notice(conn, site_id, letter.notice_id)
        where = find_where(conn, site, notice, office=office, now=db.clock())
        others = where.ordered - {letter.kind}
        to = _address(conn, where, letter.kind, office=office)
        is_owed = may_send(letter.kind, where.position, where.facts, ordered=others) is None
        if notice.closed_at is None and is_owed and to:
            composed = read_draft(conn, where, letter.kind, office=office)
            mailed = _mailed(to, composed, letter, settings=office.settings)
            return Outgoing(site_id, letter, composed, mailed, where.at)
    with db.write(_ACTOR) as tx:
        correspondence.drop_letter(tx, letter)
    return None


def note_sent(db: Database, sent: Outgoing, *, office: Office) -> None:
    """Note that a letter went out, keep its words sealed, and let the clock that it starts run."""
    letter, composed = sent.letter, sent.composed
    fields = {"subject": composed.subject, "text": composed.text}
    sealed = seal(office.settings.secret, _LETTER, fields, of=_of(letter))
    with db.write(_ACTOR) as tx:
        notice = _lock(tx, sent.site_id, letter)
        if correspondence.mark_sent(tx, letter, at=sent.at, sealed=sealed):
            moved_letter(tx, sent.site_id, letter, "letter_sent")
            if letter.kind is LetterKind.AUTHOR:
                # What it says is now true, and it is owed by the same deadline.
                acknowledged = LetterKind.ACKNOWLEDGED
                correspondence.order_letter(tx, sent.site_id, notice, acknowledged)
            settle(tx, sent.site_id, notice, office=office)


def note_refused(
    db: Database, site_id: SiteId, letter: Letter, *, for_good: bool, office: Office
) -> None:
    """Note that a letter was not taken: tried again later, or given up and shown on the desk."""
    with db.write(_ACTOR) as tx:
        notice = _lock(tx, site_id, letter)
        end = correspondence.mark_failed if for_good else correspondence.put_off
        if end(tx, letter):
            moved_letter(tx, site_id, letter, "letter_failed")
            settle(tx, site_id, notice, office=office)


def moved_letter(tx: Tx, site_id: SiteId, letter: Letter, what: str) -> None:
    """Note in the log what became of a letter."""
    moved(tx, store.get_notice(tx.conn, site_id, letter.notice_id), what, letter.kind)


def _lock(tx: Tx, site_id: SiteId, letter: Letter) -> DefamationId:
    notice = store.get_notice(tx.conn, site_id, letter.notice_id)
    comments.lock_comment(tx, site_id, notice.comment_id)
    store.get_notice(tx.conn, site_id, letter.notice_id, lock=True)
    return letter.notice_id


def _of(letter: Letter) -> str:
    return f"{letter.notice_id} {letter.kind}"


def _address(conn: sa.Connection, where: Where, kind: LetterKind, *, office: Office) -> str | None:
    if kind is LetterKind.AUTHOR:
        return readers.get_reader(conn, where.notice.author_id).email
    found = find_contact(conn, office.settings, where.notice.id, Party.COMPLAINANT)
    return found.email or None


def _matter(conn: sa.Connection, where: Where, kind: LetterKind, *, office: Office) -> Matter:
    site, notice, base = where.site, where.notice, office.settings.base_url
    story = stories.get_story_by_id(conn, site.id, notice.story_id)
    token = make_page_token(office.settings, notice.id)
    to_author = kind is LetterKind.AUTHOR
    page = f"/me/{site.key}/legal/{notice.id}" if to_author else f"/legal/{site.key}/{token}"
    consents = notice.answer is not None and notice.answer.consents
    passes_on = kind is LetterKind.REFUSED and consents
    return Matter(
        number=number_of(site, notice),
        site_name=site.name,
        story_title=story.title,
        comment_url=f"{base}/s/{site.key}/{story.key}/c/{notice.comment_id}",
        page_url=base + page,
        grounds=notice.grounds,
        complainant=find_contact(conn, office.settings, notice.id, Party.COMPLAINANT)
        if to_author
        else Contact(),
        author=find_contact(conn, office.settings, notice.id, Party.AUTHOR)
        if passes_on
        else Contact(),
        author_consents=consents,
        author_told=LetterKind.AUTHOR in where.facts.told,
        is_down=where.facts.down_at is not None,
    )


def _mailed(to: str, composed: Composed, letter: Letter, *, settings: Settings) -> Mailed:
    host = settings.base_url.partition("://")[2].partition(":")[0]
    return Mailed(
        to=to,
        subject=composed.subject,
        text=composed.text,
        html="",
        message_id=f"<legal-{letter.id}@{host}>",
        headers={"Auto-Submitted": "auto-generated"},
    )
