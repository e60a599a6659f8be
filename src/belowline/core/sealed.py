"""Sealing what must not be read by whoever reads the database: AES-GCM under the secret.

Each use names its purpose and what the sealed text belongs to; moved to another row, it does not
open. Whoever changes ``BELOWLINE_SECRET`` loses what was sealed under the old one.
"""

from __future__ import annotations

import json
import secrets

from belowline.core.errors import Unavailable
from belowline.core.keyed import keyed_hash

NONCE_BYTES = 12


def seal(secret: str, purpose: str, fields: dict[str, str], *, of: str) -> bytes:
    """Seal some named texts for one purpose, as belonging to ``of``, such as ``notice 7``."""
    # Only who seals pays for the library; an idle server does not hold it.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    nonce = secrets.token_bytes(NONCE_BYTES)
    raw = json.dumps(fields, ensure_ascii=False).encode()
    return nonce + AESGCM(_key(secret, purpose)).encrypt(nonce, raw, of.encode())


def unseal(secret: str, purpose: str, sealed: bytes, *, of: str) -> dict[str, str]:
    """Return what was sealed for this purpose and belongs there.

    Raises:
        Unavailable: it was sealed under another secret, or belongs elsewhere.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        # Not even a whole nonce is a ValueError.
        raw = AESGCM(_key(secret, purpose)).decrypt(nonce, text, of.encode())
    except (InvalidTag, ValueError) as error:
        raise Unavailable(
            "This was sealed under another secret and cannot be read.", code="cannot_unseal"
        ) from error
    found: dict[str, str] = json.loads(raw)
    return found


def _key(secret: str, purpose: str) -> bytes:
    return keyed_hash(secret, f"seal:{purpose}")
