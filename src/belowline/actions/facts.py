"""Gathering the facts that more than one action needs, from the nouns' stores."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.core.terms import Privilege, ReaderId, SiteId
from belowline.readers import store as readers
from belowline.readers.model import NOBODY, StandingFacts
from belowline.readers.standing import require_privilege
from belowline.sanctions import store as sanctions
from belowline.sites import store as sites
from belowline.storage.database import Tx


def standing_facts(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId | None
) -> StandingFacts:
    """Gather what decides the reader's standing at the site."""
    if reader_id is None:
        return NOBODY
    reader = readers.get_reader(conn, reader_id)
    return StandingFacts(
        reader_id,
        sites.find_role(conn, site_id, reader_id),
        sanctions.list_unlifted(conn, site_id, reader_id),
        reader.erased_at is not None,
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
