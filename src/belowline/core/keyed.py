"""Keyed hashes and signed values: everything that hangs on the installation's secret.

Each use names its purpose, and the purpose goes into the key's message, so that what was made for
one use is worthless for another.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from belowline.core.errors import NotAllowed

LONGEST_SIGNED = 4096

Payload = dict[str, str | int | None]


def keyed_hash(secret: str, purpose: str, *parts: str | bytes) -> bytes:
    """Hash the parts under the secret, for one purpose.

    Each part goes in with its length, so that ``("ab", "c")`` and ``("a", "bc")`` differ.
    """
    mac = hmac.new(secret.encode(), digestmod=hashlib.sha256)
    for part in (purpose, *parts):
        raw = part.encode() if isinstance(part, str) else part
        mac.update(len(raw).to_bytes(8, "big") + raw)
    return mac.digest()


def sign(
    secret: str,
    purpose: str,
    payload: Mapping[str, str | int | None],
    *,
    expires_at: datetime | None,
) -> str:
    """Make a compact signed value that anybody can read and nobody can change.

    ``expires_at`` is None only for what must work as long as a letter is kept.
    """
    end = int(expires_at.timestamp()) if expires_at is not None else None
    body = json.dumps([dict(payload), end], separators=(",", ":"), sort_keys=True)
    text = _encode(body.encode())
    return f"{text}.{_encode(keyed_hash(secret, f'sign:{purpose}', text))}"


def read_signed(secret: str, purpose: str, signed: str, *, now: datetime) -> Payload:
    """Return what was signed for this purpose.

    Raises:
        NotAllowed: it was changed, is for another purpose (``forged``), or is over (``expired``).
    """
    text, _, mac = signed.partition(".")
    if len(signed) > LONGEST_SIGNED or not signed.isascii():
        raise _bad("forged")
    # Base64 has several spellings of the same bytes, so the spelling is what is signed.
    if not hmac.compare_digest(mac, _encode(keyed_hash(secret, f"sign:{purpose}", text))):
        raise _bad("forged")
    payload, end = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if end is not None and now.timestamp() >= end:
        raise _bad("expired")
    found: Payload = payload
    return found


def _bad(reason: str) -> NotAllowed:
    return NotAllowed(
        "This link or ticket does not work any more.", code="bad_signature", reason=reason
    )


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
