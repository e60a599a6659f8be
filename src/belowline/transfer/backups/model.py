"""What a backup is called, and so when it was made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

PLAIN = ".zip"
SEALED = ".zip.age"
_NAME = re.compile(r"belowline-(?P<at>\d{8}T\d{6}Z)\.zip(?P<sealed>\.age)?")
_AT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """One backup at its place."""

    made_at: datetime
    name: str
    bytes: int = 0

    @property
    def is_sealed(self) -> bool:
        """Say whether only the holder of a key can read it."""
        return self.name.endswith(SEALED)


def name_of(at: datetime, *, sealed: bool) -> str:
    """Return the name of a backup of this moment."""
    return f"belowline-{at.astimezone(UTC).strftime(_AT)}{SEALED if sealed else PLAIN}"


def read_name(name: str, *, size: int = 0) -> Backup | None:
    """Return the backup of this name, or None if it is no backup's."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        at = datetime.strptime(found["at"], _AT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Backup(at, name, size)
