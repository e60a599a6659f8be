"""Publishers' public keys: fetched from their JWKS address and remembered, or given for tests.

What fetching and reading them needs is imported when the first are wanted, as in ``identity.py``.
"""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from belowline.core.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, RSAKey

    PublicKey = RSAKey | ECKey

TIMEOUT_SECONDS = 3.0
LARGEST_SET = 256 * 1024
MOST_KEYS = 64
KEPT_SECONDS = 600.0
STALE_SECONDS = 3600.0
"""While the publisher's server does not answer, keys that were good an hour ago still are."""
AGAIN_SECONDS = 60.0
"""Not more often than this is an unknown key looked up or an error tried again."""
SMALLEST_RSA_BITS = 2048


class Keys(Protocol):
    """Wherever public keys come from."""

    def find_key(self, jwks_url: str, *, kid: str | None) -> PublicKey | None:
        """Return the key with this id, or the only key if no id is given, or None.

        Raises Unavailable when the keys cannot be fetched.
        """
        ...


class NullKeys:
    """No keys are known: every token signed with one is refused."""

    def find_key(self, jwks_url: str, *, kid: str | None) -> PublicKey | None:  # noqa: ARG002
        """Find nothing."""
        return None


class StaticKeys:
    """Keys that were given once, the same for every address."""

    def __init__(self, jwks: Mapping[str, Any]) -> None:
        self._keys = read_keys(jwks)

    def find_key(self, jwks_url: str, *, kid: str | None) -> PublicKey | None:  # noqa: ARG002
        """Return the given key with this id."""
        return _pick(self._keys, kid)


@dataclass(slots=True)
class _Kept:
    keys: dict[str, PublicKey]
    fetched: float
    tried: float


class JwksKeys:
    """Keys fetched over https, kept for ten minutes, and looked up again for an unknown id."""

    def __init__(self, *, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._stopwatch = stopwatch
        self._kept: dict[str, _Kept] = {}
        self._turns: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def find_key(self, jwks_url: str, *, kid: str | None) -> PublicKey | None:
        """Return the publisher's key with this id. Raises Unavailable."""
        kept = self._kept.get(jwks_url)
        if kept is not None and not self._is_due(kept, kid):
            return self._answer(kept, kid)
        # One fetch at a time, so that a rush of sign-ins is one request to the publisher. A server
        # that is slow keeps nobody waiting whose key is known, and no other site's readers at all.
        can_wait = kept is None or _pick(kept.keys, kid) is None
        turn = self._turns[jwks_url]
        if turn.acquire(timeout=TIMEOUT_SECONDS if can_wait else 0):
            try:
                kept = self._kept.get(jwks_url)
                if kept is None or self._is_due(kept, kid):
                    kept = self._refresh(jwks_url, kept, self._stopwatch())
            finally:
                turn.release()
        if kept is None:
            raise _unavailable()
        return self._answer(kept, kid)

    def _answer(self, kept: _Kept, kid: str | None) -> PublicKey | None:
        if not kept.keys and self._stopwatch() - kept.fetched >= STALE_SECONDS:
            raise _unavailable()
        return _pick(kept.keys, kid)

    def _is_due(self, kept: _Kept, kid: str | None) -> bool:
        now = self._stopwatch()
        if now - kept.tried < AGAIN_SECONDS:
            return False
        return _pick(kept.keys, kid) is None or now - kept.fetched >= KEPT_SECONDS

    def _refresh(self, jwks_url: str, kept: _Kept | None, now: float) -> _Kept:
        try:
            new = _Kept(read_keys(fetch_jwks(jwks_url)), now, now)
        except Unavailable:
            new = kept or _Kept({}, now - STALE_SECONDS, now)
            new.tried = now
            if now - new.fetched >= STALE_SECONDS:
                new.keys = {}
        self._kept[jwks_url] = new
        return new


def check_jwks_url(url: str) -> str:
    """Return the address of a key set, or refuse it.

    Raises:
        Misconfigured: it is not https; plain http is only for this machine itself.
    """
    parts = urlsplit(url)
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if (
        not parts.hostname
        or parts.username is not None
        or not (parts.scheme == "https" or (parts.scheme == "http" and is_here))
    ):
        raise Misconfigured("The address of the keys must begin with https://", code="bad_jwks_url")
    return url


def fetch_jwks(url: str) -> Mapping[str, Any]:
    """Fetch a key set: no redirects, three seconds, a quarter of a megabyte.

    Raises:
        Unavailable: it cannot be had within that, or is no key set.
    """
    import httpx  # noqa: PLC0415 - see above

    check_jwks_url(url)
    failed = _unavailable()
    deadline = time.monotonic() + TIMEOUT_SECONDS
    body = bytearray()
    try:
        with httpx.stream(
            "GET",
            url,
            timeout=TIMEOUT_SECONDS,
            follow_redirects=False,
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        ) as answer:
            if answer.status_code != httpx.codes.OK:
                raise failed
            for chunk in answer.iter_raw():
                body += chunk
                if len(body) > LARGEST_SET or time.monotonic() > deadline:
                    raise failed
        found = json.loads(bytes(body))
    except (httpx.HTTPError, ValueError, RecursionError) as error:
        raise failed from error
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        raise failed
    return found


def _unavailable() -> Unavailable:
    return Unavailable("The publisher's keys cannot be fetched.", code="no_keys")


def read_keys(jwks: Mapping[str, Any]) -> dict[str, PublicKey]:
    """Return the usable public keys of a set by id; others are passed over.

    Only RSA of 2048 bits or more and P-256, and only for signatures. A symmetric key in a public
    set would let everybody sign, so none is taken.
    """
    from joserfc.errors import JoseError  # noqa: PLC0415 - see above
    from joserfc.jwk import ECKey, JWKRegistry, RSAKey  # noqa: PLC0415

    found: dict[str, PublicKey] = {}
    for number, data in enumerate(jwks["keys"][:MOST_KEYS]):
        if not isinstance(data, dict) or data.get("use", "sig") != "sig":
            continue
        # Compared one by one: what came over the network may be a list, which no set can look up.
        if data.get("kty") != "RSA" and data.get("kty") != "EC":
            continue
        try:
            key = JWKRegistry.import_key(data)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        kid = data.get("kid")
        name = kid if isinstance(kid, str) else f"#{number}"
        if (isinstance(key, RSAKey) and key.public_key.key_size >= SMALLEST_RSA_BITS) or (
            isinstance(key, ECKey) and key.curve_name == "P-256"
        ):
            found[name] = key
    return found


def _pick(keys: Mapping[str, PublicKey], kid: str | None) -> PublicKey | None:
    if kid is not None:
        return keys.get(kid)
    return next(iter(keys.values())) if len(keys) == 1 else None
