"""Which readers count as one voice when respect is weighed. Pure.

A publisher's real readers come one by one. Accounts that were made for the purpose, or that act
from one network, are taken for one reader, however many they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from belowline.core.terms import ReaderId

NEW_FOR = timedelta(days=7)
"""So long an account is new. All new accounts together are one voice, as of the day they spoke."""

Voice = str


def connect(networks: Mapping[ReaderId, frozenset[bytes]]) -> dict[ReaderId, ReaderId]:
    """Return for each reader the first of those who share networks, directly or through others."""
    lead: dict[ReaderId, ReaderId] = {reader_id: reader_id for reader_id in networks}

    def first_of(reader_id: ReaderId) -> ReaderId:
        while lead[reader_id] != reader_id:
            lead[reader_id] = lead[lead[reader_id]]
            reader_id = lead[reader_id]
        return reader_id

    seen: dict[bytes, ReaderId] = {}
    for reader_id, hashes in networks.items():
        for one in hashes:
            a, b = first_of(reader_id), first_of(seen.setdefault(one, reader_id))
            lead[max(a, b)] = min(a, b)
    return {reader_id: first_of(reader_id) for reader_id in networks}


def voice_of(
    reader_id: ReaderId,
    *,
    joined_at: datetime,
    at: datetime,
    connected: Mapping[ReaderId, ReaderId],
) -> Voice:
    """Name the voice as which a reader's respect at this time counts."""
    if at - joined_at < NEW_FOR:
        return "new"
    return str(connected.get(reader_id, reader_id))
