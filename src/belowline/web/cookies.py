"""The cookies: the session's, first-party or partitioned, and a signing-in browser's secret.

All are HttpOnly and, over TLS, Secure under a ``__Host-`` name, so that no script, no other host
and no subdomain can read or plant them.
"""

from __future__ import annotations

import secrets
from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie

from belowline.web.auth import cookie_names
from belowline.web.house import House

BROWSER_FOR = 3600
"""Seconds for which a browser's sign-in secret is kept; a code lives for ten minutes."""


class Partitioned(Cookie):
    """A third-party cookie that is kept apart for each page that embeds."""

    def to_header(self, **kwargs: Any) -> str:  # noqa: ANN401 - Litestar's signature
        """Add what Litestar's cookie does not know."""
        return f"{super().to_header(**kwargs)}; Partitioned"


def set_session(
    response: Response[Any], house: House, token: str, *, cross_site: bool = False
) -> None:
    """Put the session's token into a cookie.

    ``cross_site`` is for an embed on another site: that cookie is kept apart for the page that
    embeds, and never serves as the first-party one.
    """
    age = house.settings.session_days * 86400
    first, embedded = cookie_names(house)
    if cross_site:
        response.set_cookie(_make_partitioned(embedded, token, age))
    else:
        response.set_cookie(_make_first_party(house, first, token, age=age))


def drop_session(response: Response[Any], house: House) -> None:
    """Take both session cookies away."""
    first, embedded = cookie_names(house)
    response.set_cookie(_make_first_party(house, first, "", age=0))
    response.set_cookie(_make_partitioned(embedded, "", 0))


def find_tokens(request: Request[Any, Any, Any], house: House) -> list[str]:
    """Return the session tokens that the browser sent in cookies."""
    found = (request.cookies.get(name) for name in cookie_names(house))
    return [token for token in found if token]


def find_browser_secret(request: Request[Any, Any, Any], house: House) -> str:
    """Return the secret to which a sign-in code is bound, or an empty string."""
    return request.cookies.get(_browser_name(house), "")


def make_browser_secret() -> str:
    """Make a fresh secret for a browser that asks for a code."""
    return secrets.token_urlsafe(24)


def set_browser_secret(response: Response[Any], house: House, secret: str) -> None:
    """Let this browser keep the secret for the code that it asked for."""
    response.set_cookie(_make_first_party(house, _browser_name(house), secret, age=BROWSER_FOR))


def drop_browser_secret(response: Response[Any], house: House) -> None:
    """Take the secret away once it has served."""
    response.set_cookie(_make_first_party(house, _browser_name(house), "", age=0))


def _browser_name(house: House) -> str:
    return f"{'__Host-' if house.settings.is_https else ''}belowline-browser"


def _make_first_party(house: House, name: str, value: str, *, age: int) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        max_age=age,
        httponly=True,
        samesite="lax",
        secure=house.settings.is_https,
    )


def _make_partitioned(name: str, value: str, age: int) -> Cookie:
    # Browsers take SameSite=None and Partitioned only together with Secure, also on localhost.
    return Partitioned(
        key=name, value=value, max_age=age, httponly=True, samesite="none", secure=True
    )
