"""The second pass of an import: what lies in the landing is put in order, by the landing's own SQL.

Each comment finds its story and what it replies to, wherever in the file that stood. Missing
parents are let go and circles are cut, and each of these repairs is noted. Then comments stand in
the order in which they are stored: story by story, each after what it replies to, by time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from datetime import timedelta

from belowline.storage.imported import Known
from belowline.transfer.arranging_others import arrange_others
from belowline.transfer.codes import STRICTNESS, ImportStatus, Repair, Skip
from belowline.transfer.keeping import EPOCH, as_micros
from belowline.transfer.landing import Landing

_DELETED = STRICTNESS[ImportStatus.DELETED]

_REMARK = "INSERT INTO remarks (stage, kind, source_id, tally, why, detail) "
_PLANT = """
INSERT INTO tree
SELECT c.id, s.under, p.id, iif(p.id IS NULL, above.target, NULL), c.at, c.strict, h.target,
    iif(s.id IS NULL, 'story_missing', NULL)
FROM comments c
LEFT JOIN stories s ON s.source_id = c.story
LEFT JOIN comments p ON p.source_id = c.parent
LEFT JOIN here h ON h.kind = 'comment' AND h.source_id = c.source_id
LEFT JOIN here above ON above.kind = 'comment' AND above.source_id = c.parent
ORDER BY c.id
"""
_DAY_AND_MORE = as_micros(EPOCH + timedelta(hours=26))
"""Between the first and the last time zone: another ``--zone`` makes no other comment."""
_STRANGERS = """
UPDATE tree SET skip = 'other_comment', target = NULL WHERE skip IS NULL AND id IN (
    SELECT t.id FROM tree t JOIN comments c ON c.id = t.id
    JOIN here h ON h.kind = 'comment' AND h.source_id = c.source_id
    WHERE abs(c.at - h.at) > ? AND c.source_id NOT IN (
        SELECT source_id FROM remarks WHERE kind = 'comment' AND why = ?))
"""
_FORGET_STRANGERS = """
DELETE FROM here WHERE kind = 'comment' AND source_id IN (
    SELECT c.source_id FROM tree t JOIN comments c ON c.id = t.id WHERE t.skip = 'other_comment')
"""
_LOOSE = """
SELECT t.id FROM tree t JOIN comments c ON c.id = t.id LEFT JOIN tree p ON p.id = t.parent
WHERE c.parent IS NOT NULL AND t.skip IS NULL AND t.above IS NULL AND {which}
"""
_MISSING = "(p.id IS NULL OR p.skip IS NOT NULL)"
_ELSEWHERE = "p.skip IS NULL AND p.story <> t.story"
_WALK = """
INSERT INTO walked
WITH RECURSIVE walk (id, depth, at) AS (
    SELECT t.id, 0, t.at FROM tree t
    WHERE t.parent IS NULL AND t.skip IS NULL AND t.id NOT IN (SELECT id FROM walked)
    UNION ALL
    SELECT t.id, w.depth + 1, max(t.at, w.at) FROM walk w JOIN tree t ON t.parent = w.id
    WHERE t.skip IS NULL
)
SELECT id, depth, at FROM walk
"""
_HOLDING = f"""
CREATE TABLE holding AS
WITH RECURSIVE up (id) AS (
    SELECT p.id FROM tree t JOIN tree p ON p.id = t.parent
    WHERE t.skip IS NULL AND t.strict <> {_DELETED} AND p.strict = {_DELETED}
    UNION
    SELECT q.id FROM up JOIN tree p ON p.id = up.id JOIN tree q ON q.id = p.parent
    WHERE q.strict = {_DELETED}
)
SELECT id FROM up
"""
_BARE = f"strict = {_DELETED} AND target IS NULL AND id NOT IN (SELECT id FROM holding)"
_ORDER = """
INSERT INTO ordered (id)
SELECT t.id FROM tree t JOIN walked w ON w.id = t.id JOIN comments c ON c.id = t.id
WHERE t.skip IS NULL AND t.target IS NULL
ORDER BY t.story, w.at, w.depth, t.at, c.source_id
"""
_AUTHORS = """
INSERT INTO authors (key, name)
SELECT f.author, coalesce(nullif(a.name, ''), f.name)
FROM (
    SELECT c.author, c.name, min(o.place) AS first FROM ordered o JOIN comments c ON c.id = o.id
    GROUP BY c.author
) f
LEFT JOIN accounts a
    ON a.source_id = iif(substr(f.author, 1, 8) = 'account:', substr(f.author, 9), NULL)
ORDER BY f.first
"""


_TAKEN_BACK = "SELECT id FROM comments WHERE status = 'deleted'"


def put_known(landing: Landing, known: Iterable[Known]) -> None:
    """Note what of the source is here already, from earlier runs."""
    landing.run_each(
        "INSERT INTO here VALUES (?, ?, ?, ?, ?)",
        (
            (one.kind, one.source_id, one.target_id, one.status, one.at and as_micros(one.at))
            for one in known
        ),
    )


def arrange(landing: Landing) -> None:
    """Put the comments in order; their stories have been joined before.

    A comment met twice counts once, as it first stood but with the strictest status met. A parent
    that is missing, left out or under another story is let go, and the comment becomes a root. A
    circle is cut at its earliest comment. A deleted comment is kept only to hold up what replies
    to it. Without repeats, the order of the file does not matter.
    """
    landing.run("BEGIN")
    landing.run(_PLANT)
    _remark_repeats(landing)
    # Met once with its words and once as deleted: then they were not to be kept.
    landing.run(f"UPDATE texts SET text = '' WHERE id IN ({_TAKEN_BACK})")
    landing.run(f"DELETE FROM wordings WHERE id IN ({_TAKEN_BACK})")
    landing.run(_STRANGERS, _DAY_AND_MORE, Repair.DATE_IN_FUTURE.value)
    # What is about them is not about the comment that is here.
    landing.run(_FORGET_STRANGERS)
    _remark(landing, "skipped", Skip.OTHER_COMMENT, where="skip = 'other_comment'")
    _remark(landing, "skipped", Skip.STORY_MISSING, where="skip = 'story_missing'")
    _let_go(landing, _MISSING, Repair.PARENT_MISSING)
    _let_go(landing, _ELSEWHERE, Repair.PARENT_ELSEWHERE)
    landing.run("CREATE INDEX tree_parent ON tree (parent) WHERE parent IS NOT NULL")
    landing.run(_WALK)
    if _is_circular(landing):
        _cut_circles(landing)
        landing.run(_WALK)
    landing.run(_HOLDING)
    _remark(landing, "skipped", Skip.DELETED, where=f"skip IS NULL AND {_BARE}")
    landing.run(f"UPDATE tree SET skip = 'deleted' WHERE skip IS NULL AND {_BARE}")
    landing.run(_ORDER)
    landing.run(_AUTHORS)
    arrange_others(landing)
    landing.run("COMMIT")


def _remark_repeats(landing: Landing) -> None:
    for kind, table, source_id in (
        ("story", "stories", "source_id"),
        ("comment", "comments", "source_id"),
        ("author", "accounts", "source_id"),
        ("reaction", "reactions", "comment"),
    ):
        landing.run(
            f"{_REMARK} SELECT 2, ?, {source_id}, 'skipped', ?, met - 1 FROM {table} WHERE met > 1",
            kind,
            Skip.DUPLICATE.value,
        )
    landing.run(
        f"{_REMARK} SELECT 2, kind, source_id, 'skipped', ?, met - 1 FROM history WHERE met > 1",
        Skip.DUPLICATE.value,
    )
    landing.run(
        f"{_REMARK} SELECT 2, 'comment', source_id, 'repaired', ?, status FROM comments "
        "WHERE tightened > 0",
        Repair.STATUS_TIGHTENED.value,
    )


def _remark(landing: Landing, tally: str, why: Skip | Repair, *, where: str) -> None:
    landing.run(
        f"{_REMARK} SELECT 2, 'comment', c.source_id, ?, ?, '' FROM tree t "
        f"JOIN comments c USING (id) WHERE t.id IN (SELECT id FROM tree WHERE {where}) "
        "ORDER BY t.id",
        tally,
        why.value,
    )


def _let_go(landing: Landing, which: str, why: Repair) -> None:
    loose = _LOOSE.format(which=which)
    landing.run(
        f"{_REMARK} SELECT 2, 'comment', source_id, 'repaired', ?, parent FROM comments "
        f"WHERE id IN ({loose}) ORDER BY id",
        why.value,
    )
    landing.run(f"UPDATE tree SET parent = NULL WHERE id IN ({loose})")


def _is_circular(landing: Landing) -> bool:
    walked = landing.count("SELECT count(*) FROM walked")
    return walked < landing.count("SELECT count(*) FROM tree WHERE skip IS NULL")


def _cut_circles(landing: Landing) -> None:
    for circle in list(_find_circles(landing)):
        cut = min(circle, key=lambda one: _when(landing, one))
        landing.run(
            f"{_REMARK} SELECT 2, 'comment', source_id, 'repaired', ?, parent FROM comments "
            "WHERE id = ?",
            Repair.PARENT_CYCLE.value,
            cut,
        )
        landing.run("UPDATE tree SET parent = NULL WHERE id = ?", cut)


def _find_circles(landing: Landing) -> Iterator[list[int]]:
    """Give the circles among what no root leads to, each as the ids that are in it."""
    most = landing.count("SELECT max(id) FROM tree")
    # Eight bytes a comment, whatever a hostile file holds.
    parents = array("q", bytes(8 * (most + 1)))
    settled = bytearray(most + 1)
    unreached = "FROM tree WHERE skip IS NULL AND id NOT IN (SELECT id FROM walked)"
    for comment, parent in landing.run(f"SELECT id, parent {unreached}"):
        parents[comment] = parent
    for start in range(most + 1):
        path: list[int] = []
        here = start
        while parents[here] and settled[here] == 0:
            settled[here] = 1
            path.append(here)
            here = parents[here]
        if path and settled[here] == 1:
            yield path[path.index(here) :]
        for one in path:
            settled[one] = 2


def _when(landing: Landing, comment: int) -> tuple[int, str]:
    row: tuple[int, str] = landing.one("SELECT at, source_id FROM comments WHERE id = ?", comment)
    return row
