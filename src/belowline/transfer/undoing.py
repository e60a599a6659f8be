"""Taking an import back: what it brought goes, except what people here have touched since.

A comment stays if it has been answered, respected, reported, decided about, changed or put on
record here, and with it all that it hangs on: what it replies to, its story, its author. What stays
is told, with why; asked for once more, what nothing holds any longer goes too. It goes in portions,
the latest first, so that replies go before what they reply to; stopped at whatever point, it goes
on when it is asked for again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from belowline.comments.erase import erase_reactions
from belowline.comments.removing import remove_comments
from belowline.core.errors import Conflict
from belowline.core.terms import Actor, CommentId, ReaderId
from belowline.events import kinds, log
from belowline.moderation.past import PastKind
from belowline.readers.claiming import ClaimAnswer
from belowline.readers.claims import find_owners
from belowline.search import index
from belowline.storage.database import Database, Tx
from belowline.storage.imported import ImportId, drop_targets, list_brought
from belowline.storage.imports import Import, ImportState, lock_import, set_state
from belowline.storage.references import drop_referring, find_referred
from belowline.storage.tables import (
    cases,
    comment_words,
    comments,
    decision_words,
    decisions,
    imported,
    leases,
    past_claims,
    past_proofs,
    past_records,
    places,
    rankings,
    reactions,
    readers,
    readings,
    revisions,
    sanctions,
    screenings,
    stories,
    visits,
)

AT_ONCE = 200
MOST_KEPT_LISTED = 20

_OF_COMMENTS = (
    revisions, screenings, places, readings, leases, cases, comment_words, reactions, past_records,
)  # fmt: skip
"""What goes with a comment; whatever else refers to one has been made by people here."""
_OF_STORIES = (places, visits, rankings, readings)

_WHY = {
    ("comment", "comments"): "answered",
    ("comment", "reports"): "reported",
    ("comment", "decisions"): "decided_about",
    ("comment", "batch_members"): "decided_about",
    ("comment", "spot_checks"): "decided_about",
    ("comment", "case_notes"): "noted",
    ("story", "comments"): "has_comments",
    ("author", "comments"): "wrote_what_stays",
}


@dataclass(slots=True)
class Undone:
    """What an undo came to: how much went, and what stayed, with why."""

    removed: Counter[str] = field(default_factory=Counter)
    kept: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))


def undo_import(
    db: Database, import_id: ImportId, *, progress: Callable[[int], None] = lambda _done: None
) -> Undone:
    """Take back what an import has brought; return what went and what stayed.

    Raises:
        NotFound: there is no such import.
        Conflict: it has been undone already, and nothing had to stay.
    """
    actor = Actor.of_system("import")
    done = Undone()
    with db.write(actor) as tx:
        one = lock_import(tx, import_id)
        if one.state is ImportState.UNDONE and not any(
            list_brought(tx.conn, import_id, kind=kind, below=None, limit=1) for kind, _ in STEPS
        ):
            raise Conflict("This import has been undone already.", code="already_undone")
        set_state(tx, import_id, ImportState.UNDOING)
        # Also those that it brought of authors who had come with another.
        tx.conn.execute(sa.delete(past_proofs).where(past_proofs.c.import_id == import_id))
    for kind, step in STEPS:
        below: int | None = None
        while True:
            with db.write(actor) as tx:
                ids = list_brought(tx.conn, import_id, kind=kind, below=below, limit=AT_ONCE)
                if not ids:
                    break
                kept = step(tx, one, ids)
                gone = [each for each in ids if each not in kept]
                drop_targets(tx, kind=kind, ids=gone)
                if gone and kind in {"comment", "story"}:
                    numbers = (len(gone), 0) if kind == "comment" else (0, len(gone))
                    log.append(tx, one.site_id, kinds.ImportUndone(import_id, *numbers))
            below = ids[-1]
            done.removed[kind] += len(gone)
            for each, why in sorted(kept.items()):
                done.kept[kind, _WHY.get((kind, why), why)].append(each)
            progress(done.removed.total())
    with db.write(actor) as tx:
        set_state(tx, import_id, ImportState.UNDONE)
    return done


def _undo_sanctions(tx: Tx, _one: Import, ids: Sequence[int]) -> dict[int, str]:
    """Take sanctions away that were carried over; one that was appealed is lifted and stays."""
    rows = tx.conn.execute(
        sa.select(sanctions.c.id, sanctions.c.decision_id).where(sanctions.c.id.in_(ids))
    ).all()
    by_decision = {row.decision_id: row.id for row in rows}
    kept = find_referred(tx.conn, sanctions, ids, besides=())
    for decision_id, table in find_referred(
        tx.conn, decisions, sorted(by_decision), besides=(sanctions, decision_words)
    ).items():
        kept[by_decision[decision_id]] = table
    tx.conn.execute(
        sa.update(sanctions)
        .where(sanctions.c.id.in_(kept), sanctions.c.lifted_at.is_(None))
        .values(lifted_at=tx.now)
    )
    gone = [one for one in ids if one not in kept]
    tx.conn.execute(sa.delete(sanctions).where(sanctions.c.id.in_(gone)))
    orphans = [decision for decision, one in by_decision.items() if one not in kept]
    index.DECISIONS.drop(tx.conn, orphans)
    tx.conn.execute(sa.delete(decisions).where(decisions.c.id.in_(orphans)))
    return kept


def _undo_records(tx: Tx, _one: Import, ids: Sequence[int]) -> dict[int, str]:
    tx.conn.execute(sa.delete(past_records).where(past_records.c.id.in_(ids)))
    return {}


def _undo_comments(tx: Tx, one: Import, ids: Sequence[int]) -> dict[int, str]:
    kept = find_referred(tx.conn, comments, ids, besides=_OF_COMMENTS)
    # A reply of the same portion is no reason if it goes itself; the next look finds out.
    kept = {each: why for each, why in kept.items() if why != comments.name}
    kept |= _changed(tx, ids) | _respected(tx, one, ids) | _elsewhere(tx, one, ids)
    kept |= _claimed(tx, ids)
    rows = tx.conn.execute(
        sa.select(comments.c.id, comments.c.parent_id).where(
            comments.c.parent_id.in_(ids), comments.c.id.not_in(ids)
        )
    )
    kept |= {row.parent_id: comments.name for row in rows}
    found = tx.conn.execute(
        sa.select(comments.c.id, comments.c.parent_id).where(comments.c.id.in_(ids))
    )
    parents = {row.id: row.parent_id for row in found}
    # From the latest to the earliest: what holds up something that stays, stays.
    for each in sorted(ids, reverse=True):
        parent = parents.get(each)
        if each in kept and parent is not None and parent in parents:
            kept.setdefault(parent, comments.name)
    gone = [CommentId(each) for each in ids if each not in kept]
    index.COMMENTS.drop(tx.conn, gone)
    remove_comments(tx, one.site_id, gone, of=_OF_COMMENTS)
    return kept


def _changed(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    query = sa.select(comments.c.id).where(comments.c.id.in_(ids), comments.c.version > 1)
    return dict.fromkeys(tx.conn.execute(query).scalars(), "changed")


def _claimed(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    query = (
        sa.select(comments.c.id)
        .join(past_claims, past_claims.c.reader_id == comments.c.author_id)
        .where(comments.c.id.in_(ids), past_claims.c.answer == ClaimAnswer.JOINED)
    )
    return dict.fromkeys(tx.conn.execute(query).scalars(), "claimed")


def _respected(tx: Tx, one: Import, ids: Sequence[int]) -> dict[int, str]:
    brought = sa.exists().where(
        imported.c.kind == "author",
        imported.c.target_id == reactions.c.reader_id,
        imported.c.site_id == one.site_id,
        imported.c.source == one.file.source,
    )
    query = sa.select(reactions.c.comment_id).where(reactions.c.comment_id.in_(ids), ~brought)
    return dict.fromkeys(tx.conn.execute(query).scalars(), "respected")


def _elsewhere(tx: Tx, one: Import, ids: Sequence[int]) -> dict[int, str]:
    query = sa.select(past_records.c.comment_id).where(
        past_records.c.comment_id.in_(ids), past_records.c.import_id != one.id
    )
    return dict.fromkeys(tx.conn.execute(query).scalars(), "in_another_import")


def _undo_stories(tx: Tx, _one: Import, ids: Sequence[int]) -> dict[int, str]:
    kept = find_referred(tx.conn, stories, ids, besides=_OF_STORIES)
    gone = [each for each in ids if each not in kept]
    drop_referring(tx.conn, stories, gone, of=_OF_STORIES)
    tx.conn.execute(sa.delete(stories).where(stories.c.id.in_(gone)))
    return kept


def _undo_authors(tx: Tx, _one: Import, ids: Sequence[int]) -> dict[int, str]:
    # Whoever somebody has become stays, so that a later import knows whose the comments are.
    kept = dict.fromkeys(find_owners(tx.conn, ids), "claimed")
    kept |= find_referred(tx.conn, readers, ids, besides=(reactions, past_claims))
    gone = [each for each in ids if each not in kept]
    drop_referring(tx.conn, readers, gone, of=(past_claims,))
    for each in gone:
        erase_reactions(tx, ReaderId(each))
    tx.conn.execute(sa.delete(readers).where(readers.c.id.in_(gone)))
    return kept


STEPS: tuple[tuple[str, Callable[[Tx, Import, Sequence[int]], dict[int, str]]], ...] = (
    ("carried", _undo_sanctions),
    *((kind.value, _undo_records) for kind in PastKind),
    ("comment", _undo_comments),
    ("story", _undo_stories),
    ("author", _undo_authors),
)
"""Kinds of records in the order in which they go, and how."""
