"""Whose address counts: the last one in the chain that no trusted proxy has."""

from __future__ import annotations

import pytest

from belowline.web.network import client_address

TRUSTED = ("10.0.0.0/8", "fd00::/8")


@pytest.mark.parametrize(
    ("peer", "lines", "address"),
    [
        pytest.param("192.0.2.9", ["203.0.113.7"], "192.0.2.9", id="a stranger claims nothing"),
        pytest.param("10.0.0.1", ["203.0.113.7"], "203.0.113.7", id="a proxy is believed"),
        pytest.param("10.0.0.1", [], "10.0.0.1", id="a proxy that says nothing"),
        pytest.param(
            "10.0.0.1", ["198.51.100.1, 203.0.113.7, 10.0.0.2"], "203.0.113.7", id="a chain"
        ),
        pytest.param(
            "10.0.0.1", ["198.51.100.1", "203.0.113.7", "10.0.0.2"], "203.0.113.7", id="of lines"
        ),
        pytest.param(
            "10.0.0.1", ["203.0.113.7", "10.0.0.2"], "203.0.113.7", id="each proxy adds a line"
        ),
        pytest.param("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.1", id="proxies all the way"),
        pytest.param("10.0.0.1", ["203.0.113.7, rubbish"], "10.0.0.1", id="rubbish nearest to us"),
        pytest.param("10.0.0.1", ["rubbish, 203.0.113.7"], "203.0.113.7", id="rubbish beyond"),
        pytest.param("::ffff:10.0.0.1", ["203.0.113.7"], "203.0.113.7", id="a proxy in IPv6 dress"),
        pytest.param("fd00::1", ["2001:db8::5"], "2001:db8::5", id="IPv6"),
        pytest.param("10.0.0.1", ["203.0.113.7, \xff"], "10.0.0.1", id="bytes that are no text"),
    ],
)
def test_a_client_is_where_a_trusted_proxy_says(peer: str, lines: list[str], address: str) -> None:
    scope = {
        "client": (peer, 40000),
        "headers": [(b"x-forwarded-for", line.encode("latin-1")) for line in lines],
    }

    assert client_address(scope, TRUSTED) == address


def test_without_trusted_proxies_nobody_is_believed() -> None:
    scope = {"client": ("192.0.2.9", 1), "headers": [(b"x-forwarded-for", b"203.0.113.7")]}

    assert client_address(scope, ()) == "192.0.2.9"
