"""Gathering the facts that more than one action needs, from the nouns' stores."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.core.terms import Privilege, ReaderId, SiteId
from belowline.readers import store as readers
from belowline.readers.model import NOBODY, StandingFacts
from belowline.readers.standing import require_privilege
from belowline.sanctions import store as sanctions
from belowline.storage.database import Tx


def standing_facts(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId | None
) -> StandingFacts:
    """Gather what decides the reader's standing at the site."""
    if reader_id is None:
        return NOBODY
    found = readers.get_membership(conn, site_id, reader_id)
    return StandingFacts(
        reader_id,
        found.role,
        sanctions.list_unlifted(conn, site_id, reader_id) if found.is_sanctioned else (),
        found.is_erased,
    )


def ask_standing(
    tx: Tx, privilege: Privilege, *, site_id: SiteId, by: ReaderId | None
) -> StandingFacts:
    """Return the facts if they allow the privilege now, inside the transaction of the change.

    Raises:
        NotSignedIn: nobody is signed in.
        NotAllowed: a sanction or a missing role refuses.
    """
    facts = standing_facts(tx.conn, site_id, by)
    require_privilege(privilege, facts, now=tx.now)
    return facts
