"""The client's address, believed from a forwarding header only if a trusted proxy sent it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any


def client_address(scope: Mapping[str, Any], trusted: Sequence[str]) -> str:
    """Return the address of the client: the last one in the chain that no trusted proxy has.

    ``X-Forwarded-For`` is read from the right, because everything to the left of the first
    untrusted address is only what that address claims.
    """
    client = scope.get("client")
    peer = client[0] if client else "127.0.0.1"
    if not trusted or not _is_in(peer, trusted):
        return str(peer)
    # A proxy may add a line of its own rather than lengthen the one that is there.
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    chain = b",".join(lines).decode("latin-1").split(",")
    for part in reversed([one.strip() for one in chain if one.strip()]):
        if not _is_in(part, trusted):
            return part if _address(part) is not None else str(peer)
    return str(peer)


def network_of(address: str) -> str:
    """Return what counts as one client network: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False).network_address)


def _is_in(address: str, networks: Sequence[str]) -> bool:
    found = _address(address)
    return found is not None and any(
        found in ipaddress.ip_network(network, strict=False) for network in networks
    )


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
