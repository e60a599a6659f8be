"""Put imported comments in an order in which each parent comes before its replies.

Pure: values in, values out. Replies may come before their parents in a file, parents may be
missing, and broken exports hold circles; each repair is named, none loses a comment.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from belowline.transfer.codes import STRICTNESS, RecordKind, Repair
from belowline.transfer.shape import Repaired, SourceComment


@dataclass(frozen=True, slots=True)
class Ordered:
    """Comments with every parent before its replies, and what had to be put right for that."""

    comments: tuple[SourceComment, ...]
    repairs: tuple[Repaired, ...]


def order_comments(comments: Iterable[SourceComment]) -> Ordered:
    """Order comments by time, each parent before its replies.

    A comment met twice counts once, as it first stood but with the strictest status met. A parent
    that is missing or stands under another story is let go, and the comment becomes a root. A
    circle is cut at its earliest comment. Without repeats, the order given does not matter.
    """
    repairs: list[Repaired] = []
    by_id = _without_repeats(comments, repairs=repairs)
    parents = _known_parents(by_id, repairs=repairs)
    _cut_circles(by_id, parents=parents, repairs=repairs)
    ordered = tuple(
        comment
        if comment.parent_source_id == parents[comment.source_id]
        else replace(comment, parent_source_id=parents[comment.source_id])
        for comment in _parents_first(by_id, parents=parents)
    )
    return Ordered(ordered, tuple(sorted(repairs, key=lambda r: (r.source_id, r.reason_code))))


def _when(comment: SourceComment) -> tuple[datetime, str]:
    return comment.created_at, comment.source_id


def _repaired(source_id: str, reason: Repair, detail: str = "") -> Repaired:
    return Repaired(RecordKind.COMMENT, source_id, reason, detail)


def _without_repeats(
    comments: Iterable[SourceComment], *, repairs: list[Repaired]
) -> dict[str, SourceComment]:
    by_id: dict[str, SourceComment] = {}
    for comment in comments:
        first = by_id.setdefault(comment.source_id, comment)
        if STRICTNESS[comment.status] > STRICTNESS[first.status]:
            by_id[first.source_id] = replace(
                first, status=comment.status, hidden_because=comment.hidden_because
            )
            repairs.append(_repaired(first.source_id, Repair.STATUS_TIGHTENED, comment.status))
    return by_id


def _known_parents(
    by_id: dict[str, SourceComment], *, repairs: list[Repaired]
) -> dict[str, str | None]:
    parents: dict[str, str | None] = {}
    for source_id, comment in by_id.items():
        wanted = comment.parent_source_id
        parents[source_id] = None
        if wanted is None:
            continue
        parent = by_id.get(wanted)
        if parent is None:
            repairs.append(_repaired(source_id, Repair.PARENT_MISSING, wanted))
        elif parent.story_source_id != comment.story_source_id:
            repairs.append(_repaired(source_id, Repair.PARENT_ELSEWHERE, wanted))
        else:
            parents[source_id] = wanted
    return parents


def _cut_circles(
    by_id: dict[str, SourceComment],
    *,
    parents: dict[str, str | None],
    repairs: list[Repaired],
) -> None:
    settled: set[str] = set()
    for start in by_id:
        path: list[str] = []
        on_path: set[str] = set()
        here: str | None = start
        while here is not None and here not in settled and here not in on_path:
            path.append(here)
            on_path.add(here)
            here = parents[here]
        if here is not None and here in on_path:
            circle = path[path.index(here) :]
            cut = min(circle, key=lambda source_id: _when(by_id[source_id]))
            repairs.append(_repaired(cut, Repair.PARENT_CYCLE, parents[cut] or ""))
            parents[cut] = None
        settled |= on_path


def _parents_first(
    by_id: dict[str, SourceComment], *, parents: dict[str, str | None]
) -> Iterable[SourceComment]:
    replies: defaultdict[str, list[str]] = defaultdict(list)
    ready: list[tuple[datetime, str]] = []
    for source_id, parent in parents.items():
        if parent is None:
            ready.append(_when(by_id[source_id]))
        else:
            replies[parent].append(source_id)
    heapq.heapify(ready)
    while ready:
        _, source_id = heapq.heappop(ready)
        yield by_id[source_id]
        for reply in replies[source_id]:
            heapq.heappush(ready, _when(by_id[reply]))
