"""What the console does for whoever works in it: pauses suggested, and cruel texts covered."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from belowline.core.text import later
from belowline.moderation.care import LOOK_BACK, Advice, Worked, advise
from belowline.moderation.decisions import list_made_lately
from belowline.sites import store as sites
from belowline.web.auth import Visitor

SAID: Mapping[Advice, str] = {
    Advice.PAUSE: later(
        "You have worked for an hour without a pause. Five minutes away from the screen do good;"
        " the queue can wait for them."
    ),
    Advice.HAND_ON: later(
        "You have decided several hard cases within the hour. Nobody has to read them all:"
        " you can hand the next one on to a colleague."
    ),
}
"""How each piece of advice is worded."""


def read_advice(conn: sa.Connection, visitor: Visitor) -> tuple[str, ...]:
    """Return what to suggest to the visitor now, by their decisions at all their sites."""
    now, by = visitor.house.db.clock(), visitor.reader_id
    made = list_made_lately(conn, sites.roles_of(conn, by).keys(), by, since=now - LOOK_BACK)
    return tuple(SAID[one] for one in advise([Worked(*each) for each in made], now=now))
