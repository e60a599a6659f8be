"""Our ids of what lies in the landing, as far as one run knows them.

Eight bytes a record, however many there are; what an earlier batch or run stored is looked up when
it is asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from belowline.readers.claims import find_owners
from belowline.storage.imported import Origin, find_targets
from belowline.transfer.landing import Landing

_NAMES = {
    "story": ("stories", "source_id"),
    "comment": ("comments", "source_id"),
    "author": ("authors", "key"),
}
AT_ONCE = 500


class Targets:
    """Our ids of one kind of record, by the landing's own numbers."""

    def __init__(self, landing: Landing, origin: Origin, kind: str) -> None:
        self.kind = kind
        self._landing = landing
        self._origin = origin
        self._table, self._name = _NAMES[kind]
        most = landing.count(f"SELECT max(id) FROM {self._table}")
        self._ids = array("q", bytes(8 * (most + 1)))

    def __getitem__(self, number: int) -> int:
        return self._ids[number]

    def __setitem__(self, number: int, target: int) -> None:
        self._ids[number] = target

    def find(self, conn: sa.Connection, numbers: Collection[int]) -> None:
        """Look up those that are not known yet; what is not here stays 0."""
        unknown = sorted({one for one in numbers if not self._ids[one]})
        if not unknown:
            return
        names = self.names(unknown)
        found = find_targets(
            conn,
            self._origin.site_id,
            source=self._origin.source,
            kind=self.kind,
            ids=list(names.values()),
        )
        if self.kind == "author":
            # What comes in later of somebody who has claimed their old comments is theirs as well.
            owners = find_owners(conn, found.values())
            found = {name: owners.get(target, target) for name, target in found.items()}
        for number, name in names.items():
            self._ids[number] = found.get(name, 0)

    def names(self, numbers: Sequence[int]) -> Mapping[int, str]:
        """Return the source's ids of these."""
        found: dict[int, str] = {}
        for start in range(0, len(numbers), AT_ONCE):
            part = numbers[start : start + AT_ONCE]
            marks = ", ".join("?" for _ in part)
            query = f"SELECT id, {self._name} FROM {self._table} WHERE id IN ({marks})"
            found |= dict(self._landing.run(query, *part))
        return found
