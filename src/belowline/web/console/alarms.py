"""What stands above a queue because it cannot wait in it: danger, silence, and what is due."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from belowline.moderation import dangers, holds
from belowline.screens.silent import find_silent
from belowline.sites.model import Site
from belowline.stories import legal_store
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.console.caring import read_advice


def read_alarms(conn: sa.Connection, visitor: Visitor, sites: Iterable[Site]) -> dict[str, Any]:
    """Return what is shown above the queue of these sites.

    Threats to life are those of all of them. Silent screens, slowed stories and what is due again
    are a site's own, and shown where the queue is.
    """
    found = {
        "advice": read_advice(conn, visitor),
        "dangers": [(site, one) for site in sites for one in dangers.list_open(conn, site.id)],
        "silent": [],
        "due": 0,
        "paced": [],
    }
    if visitor.site is not None:
        site_id, now = visitor.site.id, visitor.house.db.clock()
        found |= {
            "silent": find_silent(conn, site_id, now=now),
            "due": legal_store.count_due(conn, site_id, now=now)
            + holds.count_due(conn, site_id, now=now),
            "paced": stories.list_paced(conn, site_id),
        }
    return found
