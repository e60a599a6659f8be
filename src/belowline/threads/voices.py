"""Which readers count as one voice when respect is weighed. Pure.

A publisher's real readers come one by one. Accounts that were made for the purpose, or that act
from one network, are taken for one reader, however many they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from belowline.core.terms import ReaderId

NEW_FOR = timedelta(days=7)
"""So long an account is new, at most. All new accounts together are one voice."""

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


def is_new(*, joined_at: datetime, at: datetime, begun_at: datetime) -> bool:
    """Say whether an account was new at a time: in its first week.

    On a site that is young itself, everybody would be; there it is who joined in the second half
    of the time since ``begun_at``.
    """
    return at - joined_at < min(NEW_FOR, (at - begun_at) / 2)


def voice_of(reader_id: ReaderId, *, is_new: bool, connected: Mapping[ReaderId, ReaderId]) -> Voice:
    """Name the voice as which a reader's respect counts."""
    return "new" if is_new else str(connected.get(reader_id, reader_id))
