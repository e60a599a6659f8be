"""Gathering the facts that more than one action needs, from the nouns' stores."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from belowline.core.terms import Privilege, ReaderId, SiteId
from belowline.readers import store as readers
from belowline.readers.model import NOBODY, StandingFacts
from belowline.readers.standing import require_privilege
from belowline.sanctions import store as sanctions
from belowline.storage.database import Tx
from belowline.storage.prepared import Soon


def standing_facts(
    conn: sa.Connection, site_id: SiteId, reader_id: ReaderId | None
) -> StandingFacts:
    """Gather what decides the reader's standing at the site."""
    if reader_id is None:
        return NOBODY
    return standing_of_each(conn, [(site_id, reader_id)])[0]


def standing_of_each(
    conn: sa.Connection, asked: Sequence[tuple[SiteId, ReaderId]]
) -> list[StandingFacts]:
    """Gather what decides each reader's standing at each site."""
    return standing_soon(conn, asked)()


def standing_soon(
    conn: sa.Connection, asked: Sequence[tuple[SiteId, ReaderId]]
) -> Soon[list[StandingFacts]]:
    """Ask what decides each reader's standing at each site. Read it outside of ``ahead``."""
    memberships = readers.memberships_soon(conn, asked)
    return lambda: [
        StandingFacts(
            reader_id,
            found.role,
            sanctions.list_unlifted(conn, site_id, reader_id) if found.is_sanctioned else (),
            found.is_erased,
        )
        for (site_id, reader_id), found in zip(asked, memberships(), strict=True)
    ]


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
