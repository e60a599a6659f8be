"""Which reporters count as one: those who, directly or through others, share a network. Pure.

A reporter is a number: a reader's id, or below zero whoever has no account (``Report.voice``).
"""

from __future__ import annotations

from collections.abc import Mapping


def connect(networks: Mapping[int, frozenset[bytes]]) -> dict[int, str]:
    """Return a group's name for every reporter who shares a network with another one.

    Whoever shares with nobody has no group. The order of the readers makes no difference.
    """
    groups: list[tuple[set[int], set[bytes]]] = []
    for reporter, hashes in networks.items():
        members, seen = {reporter}, set(hashes)
        apart = []
        for group in groups:
            if group[1] & seen:
                members |= group[0]
                seen |= group[1]
            else:
                apart.append(group)
        groups = [*apart, (members, seen)]
    return {
        reporter: f"network of reporter {min(members)}"
        for members, _ in groups
        if len(members) > 1
        for reporter in members
    }
