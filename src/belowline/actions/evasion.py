"""Who may be back after a withdrawal, for a moderator who looks. Reads only; nothing follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa

from belowline.core.terms import ReaderId
from belowline.sanctions import traces
from belowline.sanctions.evasion import COUNTS, Sign, Trace, compare, is_worth_showing
from belowline.sites.model import Site

MOST_SHOWN = 5
MOST_READ = 25
"""Withdrawn readers whose words are compared: the latest ones."""


@dataclass(frozen=True, slots=True)
class Suspected:
    """Another reader who may be the same person, and what speaks for it."""

    reader_id: ReaderId
    is_withdrawn: bool
    """Whether it is the other's privilege that is withdrawn; else it is the reader's own."""
    withdrawn_at: datetime
    signs: tuple[Sign, ...]


def find_suspected(
    conn: sa.Connection, site: Site, reader_id: ReaderId, *, in_full: bool
) -> list[Suspected]:
    """Return who the reader may be as well, the most telling first.

    Whoever may write is compared with those whose privilege is withdrawn, and the other way round.
    ``in_full`` compares what they wrote too, which a page about one reader can afford and a case,
    of which many are opened in a row, cannot.
    """
    withdrawn = traces.list_withdrawn(conn, site.id)
    if not withdrawn:
        return []
    own = withdrawn.get(reader_id)
    others = traces.list_near(conn, site.id, reader_id) if own is not None else [*withdrawn]
    read = traces.read_traces(
        conn, site.id, [*others[: MOST_READ if in_full else None], reader_id], with_texts=in_full
    )
    if reader_id not in read:
        return []
    crowds = traces.count_crowds(conn, read[reader_id].networks)
    found = [
        _compared(site, read[reader_id], read[other], withdrawn, crowds)
        for other in others
        if other in read and (own is None or other not in withdrawn)
    ]
    shown = [one for one in found if is_worth_showing(one.signs)]
    shown.sort(key=lambda one: -sum(COUNTS[sign.weight] for sign in one.signs))
    return shown[:MOST_SHOWN]


def _compared(
    site: Site,
    one: Trace,
    other: Trace,
    withdrawn: Mapping[ReaderId, datetime],
    crowds: Mapping[bytes, int],
) -> Suspected:
    is_withdrawn = other.reader_id in withdrawn
    newer, gone = (one, other) if is_withdrawn else (other, one)
    withdrawn_at = withdrawn[gone.reader_id]
    hosts = frozenset(
        (urlsplit(origin).hostname or "").removeprefix("www.") for origin in site.origins
    )
    signs = compare(newer, gone, withdrawn_at=withdrawn_at, crowds=crowds, own_hosts=hosts)
    return Suspected(other.reader_id, is_withdrawn, withdrawn_at, signs)
