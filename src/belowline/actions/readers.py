"""What readers do about themselves: their name, their mail, a copy of their data, and leaving."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from belowline.actions.facts import ask_standing
from belowline.actions.lapsing import lapse_appeals, leave_hearings
from belowline.appeals.erase import erase_appeals
from belowline.comments.erase import count_restricted, erase_reactions, erase_some
from belowline.core.errors import Conflict, NotAllowed, TooMany, require
from belowline.core.keyed import read_signed, sign
from belowline.core.settings import Settings
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId
from belowline.core.text import Text
from belowline.events import kinds, log
from belowline.legal.store import note_all_gone
from belowline.moderation.erase import close_cases_of
from belowline.moderation.handing_on import erase_notes_about
from belowline.moderation.views import forget_views
from belowline.notifications.erase import erase_notices
from belowline.readers import export
from belowline.readers import store as readers
from belowline.readers.follows import forget_follows
from belowline.readers.model import Reader
from belowline.readers.mutes import forget_mutes
from belowline.readers.names import check_name, may_use_name
from belowline.reports.erase import erase_notes, lapse_reports_of
from belowline.reports.legal_notices import erase_sender
from belowline.reports.trusted import forget_trusted
from belowline.sites import store as sites
from belowline.storage.database import Database, Tx
from belowline.stories import store as stories
from belowline.stories.authors import forget_authorships
from belowline.stories.questions import forget_asker

RENAME_EVERY = timedelta(days=14)
ERASED_AT_ONCE = 100

_UNSUBSCRIBE = "unsubscribe"


def rename_reader(db: Database, reader_id: ReaderId, *, site_id: SiteId, name: str) -> Reader:
    """Change the reader's display name, at most once in 14 days; the first change is free.

    A repeat of the name that the reader has is success and changes nothing.

    Raises:
        InvalidInput: it cannot be a name.
        NotAllowed: standing refuses, or it looks like the name of somebody who works here.
        TooMany: the last change was less than 14 days ago.
    """
    name = check_name(name)
    with db.write(Actor(reader_id)) as tx:
        ask_standing(tx, Privilege.CHANGE_NAME, site_id=site_id, by=reader_id)
        reader = readers.lock_reader(tx, reader_id)
        if reader.name == name:
            return reader
        if reader.name_changed_at is not None and tx.now < reader.name_changed_at + RENAME_EVERY:
            wait = reader.name_changed_at + RENAME_EVERY - tx.now
            raise TooMany(
                Text("A name can be changed once in %(days)s days.", days=RENAME_EVERY.days),
                code="renamed_lately",
                retry_after=int(wait.total_seconds()) + 1,
            )
        taken = readers.names_taken_by_staff(tx.conn, besides=reader_id)
        own_keys = readers.own_staff_keys(tx.conn, reader)
        require(may_use_name(name, staff_keys=taken, own_keys=own_keys))
        readers.rename(tx, reader_id, name=name)
        stories.touch_of_author(tx, reader_id)
        log.append(tx, site_id, kinds.ReaderRenamed(reader_id))
        return readers.get_reader(tx.conn, reader_id)


def set_mail_notices(db: Database, reader_id: ReaderId, *, wanted: bool) -> None:
    """Switch notices by mail on or off."""
    with db.write(Actor(reader_id)) as tx:
        readers.set_mail_notices(tx, reader_id, wanted=wanted)


def set_public_page(db: Database, reader_id: ReaderId, *, wanted: bool) -> None:
    """Switch the page that lists the reader's published comments on or off."""
    with db.write(Actor(reader_id)) as tx:
        readers.set_public_page(tx, reader_id, wanted=wanted)


def make_unsubscribe_token(settings: Settings, reader_id: ReaderId) -> str:
    """Make what goes into a letter's unsubscribe link: it switches mail off, and nothing else.

    It has no end, because a letter is kept for years and its link has to work.
    """
    return sign(settings.secret, _UNSUBSCRIBE, {"reader": reader_id}, expires_at=None)


def read_unsubscribe_token(db: Database, *, settings: Settings, token: str) -> ReaderId:
    """Return whom an unsubscribe link is about, without changing anything.

    Raises:
        NotAllowed: it was not made here for this.
    """
    payload = read_signed(settings.secret, _UNSUBSCRIBE, token, now=db.clock())
    reader_id = payload.get("reader")
    if not isinstance(reader_id, int):
        raise NotAllowed("This link does not work any more.", code="bad_signature")
    return ReaderId(reader_id)


def unsubscribe(db: Database, *, settings: Settings, token: str) -> None:
    """Switch off notices by mail for the reader of an unsubscribe link; a repeat is success."""
    set_mail_notices(db, read_unsubscribe_token(db, settings=settings, token=token), wanted=False)


def export_data(conn: sa.Connection, reader_id: ReaderId) -> dict[str, Any]:
    """Return everything that is kept about the reader, ready for JSON. Raises NotFound."""
    return export.collect(conn, reader_id)


def erase_account(db: Database, reader_id: ReaderId) -> int:
    """Erase the reader's account at their wish: who they were and what they wrote; no way back.

    Comments with replies leave a neutral line and the others disappear. Sanctions stay, about a
    number, so that leaving is no way around them. A repeat is success, also of one that broke off
    half way. Return how many comments are restricted instead: kept as evidence, out of the public.

    Raises:
        NotFound: there is no such reader.
        Conflict: they hold a role; somebody has to take it over first.
    """
    actor = Actor(reader_id)
    with db.read() as conn:
        if readers.get_reader(conn, reader_id).erased_at is not None:
            return count_restricted(conn, reader_id)
        _require_no_role(conn, reader_id)
    # In portions first, each its own transaction; the last one takes what came in meanwhile.
    portion = ERASED_AT_ONCE
    while portion == ERASED_AT_ONCE:
        with db.write(actor) as tx:
            _require_no_role(tx.conn, reader_id)
            portion = erase_some(tx, reader_id, limit=ERASED_AT_ONCE)
    with db.write(actor) as tx:
        if readers.lock_reader(tx, reader_id).erased_at is None:
            _require_no_role(tx.conn, reader_id)
            _erase_rest(tx, reader_id)
        return count_restricted(tx.conn, reader_id)


def _require_no_role(conn: sa.Connection, reader_id: ReaderId) -> None:
    roles = sites.roles_of(conn, reader_id)
    if roles:
        keys = sorted(sites.get_site_by_id(conn, site_id).key for site_id in roles)
        raise Conflict(
            "You look after a site. Hand your role over first; then your account can be erased.",
            code="holds_role",
            sites=", ".join(keys),
        )


def _erase_rest(tx: Tx, reader_id: ReaderId) -> None:
    where = readers.sites_with_activity(tx.conn, reader_id)
    # The name stands in these threads until they are rendered anew.
    stories.touch_of_author(tx, reader_id)
    while erase_some(tx, reader_id, limit=ERASED_AT_ONCE):
        pass
    note_all_gone(tx, reader_id)
    erase_reactions(tx, reader_id)
    lapse_reports_of(tx, reader_id)
    lapse_appeals(tx, author_id=reader_id)
    leave_hearings(tx, reader_id)
    close_cases_of(tx, reader_id)
    erase_notes_about(tx, reader_id)
    erase_notes(tx, reader_id)
    erase_sender(tx, reader_id)
    forget_trusted(tx, reader_id)
    erase_appeals(tx, reader_id)
    erase_notices(tx, reader_id)
    forget_asker(tx, reader_id)
    forget_authorships(tx, reader_id)
    forget_mutes(tx, reader_id)
    forget_follows(tx, reader_id)
    forget_views(tx, reader_id)
    readers.erase_reader(tx, reader_id)
    for site_id in where:
        restricted = count_restricted(tx.conn, reader_id, site_id=site_id)
        log.append(tx, site_id, kinds.ReaderErased(reader_id, restricted))
