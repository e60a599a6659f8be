"""What settings may be: refused before anything runs that would not be safe with them."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from belowline.core.errors import Misconfigured

if TYPE_CHECKING:
    from belowline.core.settings import Settings

SECRET_LENGTH = 32
KEY_LENGTH = 24
SCORING = ("", "linear", "encoder")
"""With which models comments are scored; with none if it is empty."""
RANGES = {
    "port": (1, 65535),
    "undo_seconds": (0, 86_400),
    "session_days": (1, 3650),
    "scoring_per_second": (1, 10_000),
    "backup_daily": (1, 366),
    "backup_weekly": (0, 520),
}
"""The least and the most that a number can be."""

_ORIGIN = re.compile(
    r"https?://(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII
)
# As browsers send it: lower case, an IDN in its ASCII form, no user, no path, no dot at the end.


def check_settings(settings: Settings) -> None:
    """Refuse settings that would make the installation unsafe.

    Raises:
        Misconfigured: with a code and a message that says what to do.
    """
    if len(settings.secret) < SECRET_LENGTH or len(set(settings.secret)) < 8:
        raise Misconfigured(
            "Set BELOWLINE_SECRET to at least 32 random characters, for example from "
            "`openssl rand -hex 32`. Sessions and codes are only as safe as this secret.",
            code="weak_secret",
        )
    parts = urlsplit(settings.base_url)
    # As exact as a site's origins, for browsers' Origin headers are compared with it.
    if not _ORIGIN.fullmatch(settings.base_url) or not parts.hostname:
        raise Misconfigured(
            "BELOWLINE_BASE_URL must be an origin such as https://comments.paper.example, in lower "
            "case and with nothing after the host.",
            code="bad_base_url",
        )
    if parts.scheme == "http" and not _is_local(parts.hostname):
        raise Misconfigured(
            "BELOWLINE_BASE_URL must use https unless it is this machine itself: sign-in cookies "
            "would travel in the clear.",
            code="insecure_base_url",
        )
    if settings.demo and not (_is_local(settings.host) and _is_local(parts.hostname)):
        raise Misconfigured(
            "Demo mode lets anybody sign in as anybody, so it only runs on a local address.",
            code="public_demo",
        )
    if settings.outbox and not settings.demo:
        raise Misconfigured(
            "BELOWLINE_OUTBOX keeps letters for a demo to show. Set BELOWLINE_MAIL_URL to send "
            "them, or BELOWLINE_DEMO if this is one.",
            code="outbox_without_demo",
        )
    for name, (least, most) in RANGES.items():
        if not least <= getattr(settings, name) <= most:
            raise Misconfigured(
                f"The setting {name} is from {least} to {most}.", code="bad_setting"
            )
    _check_scoring(settings)
    _check_metrics_key(settings)
    _check_proxies(settings)
    for network in settings.screen_networks:
        _check_network(network, name="SCREEN_NETWORKS", code="bad_network")


def _check_scoring(settings: Settings) -> None:
    if settings.scoring not in SCORING:
        raise Misconfigured(
            "The setting scoring is one of off, linear and encoder.", code="bad_setting"
        )
    names = [one.partition("=")[0].strip() for one in settings.scoring_keys]
    keys = [one.partition("=")[2] for one in settings.scoring_keys]
    if not all(names) or len(set(names)) < len(names) or len(set(keys)) < len(keys):
        raise Misconfigured(
            "BELOWLINE_SCORING_KEYS is a list of name=key, with each name and each key once.",
            code="bad_scoring_key",
        )
    if any(map(_is_weak, keys)):
        raise Misconfigured(
            f"Each key in BELOWLINE_SCORING_KEYS has at least {KEY_LENGTH} random characters, for "
            "example from `openssl rand -hex 16`.",
            code="weak_scoring_key",
        )


def _check_metrics_key(settings: Settings) -> None:
    if settings.metrics_key and _is_weak(settings.metrics_key):
        raise Misconfigured(
            f"BELOWLINE_METRICS_KEY has at least {KEY_LENGTH} random characters, for example from "
            "`openssl rand -hex 16`.",
            code="weak_metrics_key",
        )


def _is_weak(key: str) -> bool:
    return len(key) < KEY_LENGTH or len(set(key)) < 8


def _check_network(network: str, *, name: str, code: str) -> None:
    try:
        ipaddress.ip_network(network, strict=False)
    except ValueError as error:
        raise Misconfigured(
            f"BELOWLINE_{name}: {network!r} is not an address or network", code=code
        ) from error


def _check_proxies(settings: Settings) -> None:
    for network in settings.trusted_proxies:
        _check_network(network, name="TRUSTED_PROXIES", code="bad_proxy")
        if ipaddress.ip_network(network, strict=False).prefixlen == 0:
            raise Misconfigured(
                "BELOWLINE_TRUSTED_PROXIES trusts the whole internet; name your proxy's address.",
                code="wildcard_proxy",
            )


def check_origin(origin: str) -> str:
    """Return an origin in its one exact form, or refuse it.

    Raises:
        Misconfigured: it is a wildcard, has a path, user, or is not http(s).
    """
    if "*" in origin:
        raise Misconfigured(
            "A wildcard origin would let any site act for your readers; list each origin.",
            code="wildcard_origin",
        )
    exact = origin.rstrip("/")
    if not _ORIGIN.fullmatch(exact):
        raise Misconfigured(
            f"{origin!r} is not an origin such as https://www.paper.example", code="bad_origin"
        )
    return exact


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
