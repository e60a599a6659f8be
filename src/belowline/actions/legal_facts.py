"""Where a notice of defamation stands: its facts from the nouns' stores, and keeping it in step.

Every act on a notice ends with ``settle``, so that the list always knows the next deadline, and a
notice in which nothing is left to do is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from belowline.actions.facts import ask_standing
from belowline.comments import store as comments
from belowline.core.errors import NotAllowed, require
from belowline.core.keyed import read_signed, sign
from belowline.core.sealed import seal, unseal
from belowline.core.settings import Settings
from belowline.core.terms import CommentStatus, DefamationId, Outcome, Privilege, ReaderId, SiteId
from belowline.events import kinds, log
from belowline.legal import correspondence, store
from belowline.legal.calendar import due_after
from belowline.legal.defamation import Facts, Position, may_handle, position
from belowline.legal.model import (
    Contact,
    DefamationNotice,
    Letter,
    LetterKind,
    LetterState,
    Party,
)
from belowline.moderation import decisions
from belowline.readers import store as readers
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Tx

_DETAILS = "legal details"
_LINK = "legal notice"
DOWN = frozenset({CommentStatus.REMOVED, CommentStatus.REFUSED, CommentStatus.WITHDRAWN})
"""Where nobody but the author can read a comment any more. A held one may come back."""


@dataclass(frozen=True, slots=True)
class Office:
    """What the acts on notices need beside the database."""

    settings: Settings
    mail_works: bool


@dataclass(frozen=True, slots=True)
class OnNotice:
    """Who does something, and about which notice of which site."""

    site_id: SiteId
    notice_id: DefamationId
    by: ReaderId


@dataclass(frozen=True, slots=True)
class Where:
    """A notice, its letters and facts, and where it stands at the time of asking."""

    site: Site
    at: datetime
    notice: DefamationNotice
    letters: tuple[Letter, ...]
    facts: Facts
    position: Position

    @property
    def ordered(self) -> frozenset[LetterKind]:
        """Return the letters that wait to go out or went out."""
        return frozenset(one.kind for one in self.letters if one.state is not LetterState.FAILED)


def find_where(
    conn: sa.Connection, site: Site, notice: DefamationNotice, *, office: Office, now: datetime
) -> Where:
    """Return where a notice stands now."""
    letters = tuple(correspondence.list_letters(conn, notice.id))
    facts = _facts(conn, notice, letters, office=office, now=now)
    return Where(
        site, now, notice, letters, facts, position(facts, now=now, extra=extra_days(site))
    )


def lock_where(tx: Tx, on: OnNotice, *, office: Office) -> Where:
    """Return where a notice stands, and keep others from it until the end. Raises NotFound."""
    # The comment first, as everywhere, so that no two acts wait for each other.
    found = store.get_notice(tx.conn, on.site_id, on.notice_id)
    comments.lock_comment(tx, on.site_id, found.comment_id)
    notice = store.get_notice(tx.conn, on.site_id, on.notice_id, lock=True)
    site = sites.get_site_by_id(tx.conn, on.site_id)
    return find_where(tx.conn, site, notice, office=office, now=tx.now)


def handle_where(tx: Tx, on: OnNotice, privilege: Privilege, *, office: Office) -> Where:
    """Return where a notice stands to somebody of the desk who is about to do something about it.

    Raises:
        NotSignedIn, NotAllowed: no role, or it is about a comment of their own.
        NotFound: no such notice.
    """
    ask_standing(tx, privilege, site_id=on.site_id, by=on.by)
    where = lock_where(tx, on, office=office)
    require(may_handle(by=on.by, author=where.notice.author_id))
    return where


def settle(tx: Tx, site_id: SiteId, notice_id: DefamationId, *, office: Office) -> Where:
    """Bring the notice's next deadline up to date, or close it if nothing is left to do."""
    site = sites.get_site_by_id(tx.conn, site_id)
    notice = store.get_notice(tx.conn, site_id, notice_id)
    where = find_where(tx.conn, site, notice, office=office, now=tx.now)
    if notice.closed_at is not None:
        return where
    found = where.position
    if found.over is not None:
        correspondence.drop_waiting(tx, notice_id)
        store.close(tx, notice_id, found.over)
        moved(tx, notice, "closed", found.over)
    elif not is_in_step(where):
        store.put_due(tx, notice_id, _next_deadline(where))
    return where


def is_in_step(where: Where) -> bool:
    """Say whether what is kept of an open notice is still so by the clock."""
    return where.position.over is None and where.notice.due_at == _next_deadline(where)


def _next_deadline(where: Where) -> datetime:
    """Return the next deadline of ours; while the author may answer, that of what would follow."""
    answer_by = where.position.answer_by or where.at
    return where.position.due_at or due_after(answer_by, extra=extra_days(where.site))


def moved(tx: Tx, notice: DefamationNotice, what: str, detail: str = "") -> None:
    """Note in the log what happened to a notice."""
    log.append(tx, notice.site_id, kinds.DefamationNoticeMoved(notice.id, what, detail))


def extra_days(site: Site) -> frozenset[date]:
    """Return the bank holidays that the site's settings add."""
    return frozenset(date.fromisoformat(day) for day in site.settings.bank_holidays)


def number_of(site: Site, notice: DefamationNotice) -> str:
    """Return the number by which both sides refer to a notice."""
    return f"{site.key}-{notice.id}"


def make_page_token(settings: Settings, notice_id: DefamationId) -> str:
    """Make the secret part of the complainant's page; it works as long as the notice is kept."""
    return sign(settings.secret, _LINK, {"notice": notice_id}, expires_at=None)


def read_page_token(settings: Settings, token: str, *, now: datetime) -> DefamationId:
    """Return which notice a complainant's page is about. Raises NotAllowed if it was made up."""
    notice_id = read_signed(settings.secret, _LINK, token, now=now).get("notice")
    if not isinstance(notice_id, int):
        raise NotAllowed("This link does not work any more.", code="bad_signature")
    return DefamationId(notice_id)


def seal_details(settings: Settings, notice_id: DefamationId, party: Party, who: Contact) -> bytes:
    """Seal one side's details, as belonging to this side of this notice."""
    fields = {"name": who.name, "email": who.email, "address": who.address}
    return seal(settings.secret, _DETAILS, fields, of=f"{notice_id} {party}")


def find_contact(
    conn: sa.Connection, settings: Settings, notice_id: DefamationId, party: Party
) -> Contact:
    """Return one side's details; empty ones if there are none, or none any more."""
    sealed = store.find_details(conn, notice_id, party)
    if sealed is None:
        return Contact()
    return Contact(**unseal(settings.secret, _DETAILS, sealed, of=f"{notice_id} {party}"))


def _facts(
    conn: sa.Connection,
    notice: DefamationNotice,
    letters: tuple[Letter, ...],
    *,
    office: Office,
    now: datetime,
) -> Facts:
    author = readers.get_reader(conn, notice.author_id)
    failed = any(
        one.kind is LetterKind.AUTHOR and one.state is LetterState.FAILED for one in letters
    )
    can_write = author.email is not None and author.erased_at is None and office.mail_works
    return Facts(
        received_at=notice.received_at,
        is_complete=not notice.lacks,
        reachable=can_write and not failed,
        is_repeat=notice.is_repeat,
        told={one.kind: one.sent_at for one in letters if one.sent_at is not None},
        answer=notice.answer,
        doubted=notice.doubted_at is not None,
        down_at=_down_at(conn, notice, now=now),
    )


def _down_at(conn: sa.Connection, notice: DefamationNotice, *, now: datetime) -> datetime | None:
    """Return since when the comment is down, or None. What was undone leaves no trace here."""
    comment = comments.get_comment(conn, notice.site_id, notice.comment_id)
    if comment.status not in DOWN:
        return None
    if comment.status is CommentStatus.WITHDRAWN:
        return notice.gone_at or now
    decision = decisions.find_latest(conn, comment.id, outcomes=(Outcome.REMOVE, Outcome.REFUSE))
    return decision.decided_at if decision is not None else now
