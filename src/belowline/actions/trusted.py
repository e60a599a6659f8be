"""Naming somebody as trusted in a field, so that their reports come before others."""

from __future__ import annotations

from belowline.actions.facts import ask_standing
from belowline.core.errors import InvalidInput, NotFound
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId
from belowline.events import legal_kinds, log
from belowline.readers import store as readers
from belowline.reports import trusted
from belowline.storage.database import Database

LONGEST_FIELD = 200


def name_trusted(
    db: Database, reader_id: ReaderId, *, site_id: SiteId, by: ReaderId, field: str
) -> None:
    """Name a reader as trusted in a field; naming them again changes the field.

    Raises:
        NotSignedIn, NotAllowed: not an editor. NotFound: no such reader.
        InvalidInput: no field.
    """
    field = clean_text(field, field="field", longest=LONGEST_FIELD, lines=False)
    if not field:
        raise InvalidInput("Say in which field.", field="field", code="missing_field")
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.WRITE_RULES, site_id=site_id, by=by)
        if readers.get_reader(tx.conn, reader_id).erased_at is not None:
            raise NotFound("There is no such reader.", code="no_reader")
        if trusted.name_trusted(tx, site_id, reader_id, field=field, by=by):
            log.append(tx, site_id, legal_kinds.TrustedReporterNamed(reader_id, named=True))


def drop_trusted(db: Database, reader_id: ReaderId, *, site_id: SiteId, by: ReaderId) -> None:
    """Name a reader as trusted no longer; a repeat is success.

    Raises:
        NotSignedIn, NotAllowed: not an editor.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.WRITE_RULES, site_id=site_id, by=by)
        if trusted.drop_trusted(tx, site_id, reader_id):
            log.append(tx, site_id, legal_kinds.TrustedReporterNamed(reader_id, named=False))
