"""Which stories of a source are one, and which are stories that are here already.

Two stories of the source whose addresses come out the same become one thread, under the first. A
story that is here under the same key and address is the same page, whether an earlier import or an
embed on it brought it. Another page's key is left to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import sqlalchemy as sa

from belowline.core.terms import SiteId, StoryId
from belowline.stories import past as stories
from belowline.stories.policy import KEY, TAKEN, key_from_url
from belowline.transfer.codes import Repair
from belowline.transfer.landing import Landing
from belowline.transfer.mapping import KeyFrom, Rules, ident_of, map_url, same_page

AT_ONCE = 500

_JOINED = (
    "INSERT INTO remarks (stage, kind, source_id, tally, why, detail)"
    " SELECT 2, 'story', ?, 'repaired', ?, source_id FROM stories WHERE id = ?"
)


@dataclass(frozen=True, slots=True)
class _Story:
    """A story in the landing; ``target`` is what it is here, from an earlier run."""

    id: int
    source_id: str
    url: str
    key: str | None
    target: int | None


@dataclass(frozen=True, slots=True)
class Joining:
    """Where stories go and by which rules."""

    site_id: SiteId
    source: str
    rules: Rules


def join_stories(conn: sa.Connection, landing: Landing, joining: Joining) -> None:
    """Settle for each story of the landing under which story, of it or of ours, it goes."""
    landing.run("BEGIN")
    # What an earlier run brought and this file only speaks of.
    landing.run(
        "INSERT OR IGNORE INTO stories (source_id, url, title, is_open, visible, met)"
        " SELECT source_id, '', '', 1, 1, 0 FROM here WHERE kind = 'story'"
    )
    last = 0
    while rows := landing.run(
        "SELECT s.id, s.source_id, s.url, s.key, h.target FROM stories s LEFT JOIN here h"
        " ON h.kind = 'story' AND h.source_id = s.source_id WHERE s.id > ? ORDER BY s.id LIMIT ?",
        last,
        AT_ONCE,
    ).fetchall():
        _join(conn, landing, joining, [_Story(*row) for row in rows])
        last = rows[-1][0]
    landing.run("COMMIT")


def _join(conn: sa.Connection, landing: Landing, joining: Joining, portion: list[_Story]) -> None:
    wanted = {one.id: _wanted(one, joining) for one in portion}
    there = stories.find_addresses(conn, joining.site_id, [key for _, key in wanted.values()])
    for one in portion:
        mapped, key = wanted[one.id]
        ident = f"here\n{one.target}" if one.target is not None else _ident(one, mapped)
        first = landing.one("SELECT story FROM idents WHERE ident = ?", ident)
        if first is not None:
            landing.run(
                "UPDATE stories SET mapped = ?, under = ? WHERE id = ?", mapped, *first, one.id
            )
            if one.target is None:
                landing.run(_JOINED, one.source_id, Repair.STORY_JOINED.value, *first)
            continue
        target = one.target or _same(there, key, mapped)
        if target is None and (key in there or _is_taken(landing, key)):
            key = _first_free(conn, landing, joining, _names(key, one, joining))
        landing.run("INSERT INTO idents VALUES (?, ?)", ident, one.id)
        landing.run("INSERT OR IGNORE INTO idents VALUES (?, ?)", f"key\n{key}", one.id)
        landing.run(
            "UPDATE stories SET mapped = ?, new_key = ?, under = id, target = ? WHERE id = ?",
            mapped,
            key,
            target,
            one.id,
        )


def _wanted(one: _Story, joining: Joining) -> tuple[str | None, str]:
    mapped = map_url(one.url, joining.rules)
    fallback = f"{joining.source}-{one.source_id}"
    if one.key is not None:
        is_fit = KEY.fullmatch(one.key) and one.key not in TAKEN
        return mapped, one.key if is_fit else key_from_url("", fallback=one.key)
    if joining.rules.key_from is KeyFrom.PATH and mapped is not None:
        return mapped, key_from_url("", fallback=urlsplit(mapped).path.strip("/") or fallback)
    return mapped, key_from_url(mapped or "", fallback=fallback)


def _ident(one: _Story, mapped: str | None) -> str:
    """Return what two stories that are one page share: the publisher's key, or the address."""
    if one.key is not None:
        return f"own\n{one.key}"
    return f"url\n{ident_of(mapped)}" if mapped is not None else f"id\n{one.source_id}"


def _same(there: Mapping[str, tuple[StoryId, str]], key: str, mapped: str | None) -> StoryId | None:
    story_id, url = there.get(key, (None, ""))
    return story_id if mapped is not None and same_page(url, mapped) else None


def _names(key: str, one: _Story, joining: Joining) -> tuple[str, ...]:
    """Return the keys that a story may have, the best first; the last is surely its own."""
    longer = key_from_url("", fallback=f"{key[:80]}-{joining.source}-{one.source_id}")
    told = hashlib.sha256(f"{joining.source}\n{one.source_id}".encode()).hexdigest()
    return key, longer, f"{key[:80]}-{told[:24]}"


def _first_free(
    conn: sa.Connection, landing: Landing, joining: Joining, names: tuple[str, ...]
) -> str:
    there = stories.find_addresses(conn, joining.site_id, names)
    free = (name for name in names if name not in there and not _is_taken(landing, name))
    return next(free, names[-1])


def _is_taken(landing: Landing, key: str) -> bool:
    return landing.one("SELECT story FROM idents WHERE ident = ?", f"key\n{key}") is not None
