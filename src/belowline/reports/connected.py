"""Which reporters count as one: those who, directly or through others, share a network. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from belowline.core.terms import ReaderId


def connect(networks: Mapping[ReaderId, frozenset[bytes]]) -> dict[ReaderId, str]:
    """Return a group's name for every reader who shares a network with another one.

    Whoever shares with nobody has no group. The order of the readers makes no difference.
    """
    groups: list[tuple[set[ReaderId], set[bytes]]] = []
    for reader_id, hashes in networks.items():
        members, seen = {reader_id}, set(hashes)
        apart = []
        for group in groups:
            if group[1] & seen:
                members |= group[0]
                seen |= group[1]
            else:
                apart.append(group)
        groups = [*apart, (members, seen)]
    return {
        reader_id: f"network of reader {min(members)}"
        for members, _ in groups
        if len(members) > 1
        for reader_id in members
    }
