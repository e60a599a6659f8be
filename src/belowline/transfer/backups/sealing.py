"""Sealing a backup for the holders of keys, in the format of age, and opening it again.

The machine that makes backups holds public keys alone, so that whoever breaks into it cannot read
those of last year. Any tool that knows age opens them without Belowline.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from belowline.core.errors import InvalidInput, Misconfigured, Unavailable
from belowline.transfer.whole.source import SEALED


def is_sealed(file: Path) -> bool:
    """Say whether a file begins as age's do, whatever it is called. Raises InvalidInput."""
    try:
        with file.open("rb") as stream:
            return stream.read(len(SEALED)) == SEALED
    except OSError as error:
        raise InvalidInput(
            f"{file} cannot be read: {error.strerror}.", field="file", code="unreadable_file"
        ) from error


def check_keys(keys: Sequence[str]) -> list[Any]:
    """Return the public keys as age knows them. Raises Misconfigured if one is none."""
    # Only who seals or opens pays for the library.
    from pyrage import RecipientError, ssh, x25519  # noqa: PLC0415

    found: list[Any] = []
    for key in keys:
        make = ssh.Recipient if key.startswith("ssh-") else x25519.Recipient
        try:
            found.append(make.from_str(key))
        except RecipientError as error:
            raise Misconfigured(
                f"BELOWLINE_BACKUP_KEYS: {key[:12]}… is no public key of age or SSH.",
                code="bad_backup_key",
            ) from error
    return found


def seal_file(plain: Path, sealed: Path, keys: Sequence[str]) -> None:
    """Seal a file for these public keys, in constant memory. Raises Misconfigured, Unavailable."""
    import pyrage  # noqa: PLC0415

    recipients = check_keys(keys)
    try:
        pyrage.encrypt_file(str(plain), str(sealed), recipients)
    except (pyrage.EncryptError, OSError) as error:
        raise Unavailable("The backup cannot be sealed.", code="cannot_seal") from error


def open_file(sealed: Path, plain: Path, key_file: Path | None) -> None:
    """Open a sealed file with the secret key in a file, in constant memory.

    Raises:
        InvalidInput: there is no key, it is another one, or the file was damaged.
    """
    import pyrage  # noqa: PLC0415

    if key_file is None:
        raise InvalidInput(
            "The backup is sealed. Name the file with its secret key: --key FILE.",
            field="key",
            code="sealed_backup",
        )
    identities = _read_keys(key_file)
    try:
        pyrage.decrypt_file(str(sealed), str(plain), identities)
    except pyrage.DecryptError as error:
        raise InvalidInput(
            "The backup does not open: it is sealed for another key, or it is damaged.",
            field="key",
            code="cannot_open_backup",
        ) from error


def make_key() -> tuple[str, str]:
    """Return a new pair, the secret key and the public one."""
    from pyrage import x25519  # noqa: PLC0415

    secret = x25519.Identity.generate()
    return str(secret), str(secret.to_public())


def _read_keys(file: Path) -> list[Any]:
    from pyrage import IdentityError, ssh, x25519  # noqa: PLC0415

    try:
        raw = file.read_bytes()
    except OSError as error:
        raise _no_key(file) from error
    try:
        if raw.startswith(b"-----BEGIN"):
            return [ssh.Identity.from_buffer(raw)]
        lines = [line.strip() for line in raw.decode().splitlines()]
        found = [
            x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")
        ]
    except (IdentityError, UnicodeDecodeError) as error:
        raise _no_key(file) from error
    if not found:
        raise _no_key(file)
    return found


def _no_key(file: Path) -> InvalidInput:
    return InvalidInput(
        f"{file} holds no secret key of age or SSH.", field="key", code="bad_backup_key"
    )
