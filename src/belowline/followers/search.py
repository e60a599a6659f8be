"""The follower that keeps the desk's search in step, and the chore that fills what came before it.

A comment can be found within a second or so of being written; nobody who writes one waits for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from belowline.core.happened import Happened
from belowline.core.terms import Actor, CommentId, DecisionId, ReaderId
from belowline.search import fills, index
from belowline.storage.database import Database, Tx

ABOUT_A_COMMENT = frozenset(
    {
        "CommentPosted",
        "CommentEdited",
        "CommentWithdrawn",
        "CommentHeld",
        "DecisionMade",
        "DecisionUndone",
        "AppealDecided",
    }
)
PORTION = 200
"""Rows in a transaction: nobody who writes meanwhile waits longer than for some comments."""
MERGES = 4
"""Parts of the index that are merged in a transaction after an erasure."""


class Search:
    """Keeps what can be found in step. Reading an event twice changes nothing more."""

    name = "search"

    def handle(self, tx: Tx, happened: Sequence[Happened]) -> None:
        """Read everything that these events are about once more, as it stands now."""
        comments: set[CommentId] = set()
        decisions: set[DecisionId] = set()
        for event in happened:
            if event.kind in ABOUT_A_COMMENT and event.data.get("comment_id") is not None:
                comments.add(CommentId(event.number("comment_id")))
            if event.kind in {"DecisionMade", "DecisionUndone"}:
                decisions.add(DecisionId(event.number("decision_id")))
            elif event.kind == "ReaderErased":
                index.drop_author(tx, ReaderId(event.number("reader_id")))
                fills.move_place(tx, fills.ERASED, 1)
            elif event.kind == "CommentsImported":
                # They have no events of their own. One that does not say where it begins is old.
                begins = event.number("first_id") if event.data.get("first_id") else 1
                fills.begin_again(tx, fills.COMMENTS, after=begins - 1)
        index.put_comments(tx, comments)
        index.put_decisions(tx, decisions)


class FillSearch:
    """Reads what was there before the search, or was imported, into it; clears out what was erased.

    In short transactions, between which everybody else gets their turn.
    """

    name = "fill-search"
    every = timedelta(seconds=30)

    def __init__(self, db: Database) -> None:
        self._db = db

    def work(self) -> bool:
        """Do one portion of each; say whether there is more to do at once."""
        return any([self._fill_comments(), self._fill_decisions(), self._clear_out()])

    def _fill_comments(self) -> bool:
        with self._db.read() as conn:
            after = CommentId(fills.find_place(conn, fills.COMMENTS))
            if not index.list_comments(conn, after=after, limit=1):
                return False
        with self._db.write(Actor.of_system(self.name)) as tx:
            after = CommentId(fills.lock_place(tx, fills.COMMENTS))
            found = index.list_comments(tx.conn, after=after, limit=PORTION)
            index.put_comments(tx, [one for one, kept in found.items() if not kept])
            fills.move_place(tx, fills.COMMENTS, max(found, default=after))
        return len(found) == PORTION

    def _fill_decisions(self) -> bool:
        with self._db.read() as conn:
            after = DecisionId(fills.find_place(conn, fills.DECISIONS))
            if not index.list_decisions(conn, after=after, limit=1):
                return False
        with self._db.write(Actor.of_system(self.name)) as tx:
            after = DecisionId(fills.lock_place(tx, fills.DECISIONS))
            found = index.list_decisions(tx.conn, after=after, limit=PORTION)
            index.put_decisions(tx, [one for one, kept in found.items() if not kept])
            fills.move_place(tx, fills.DECISIONS, max(found, default=after))
        return len(found) == PORTION

    def _clear_out(self) -> bool:
        with self._db.read() as conn:
            if not fills.find_place(conn, fills.ERASED):
                return False
        with self._db.write(Actor.of_system(self.name)) as tx:
            begin = fills.lock_place(tx, fills.ERASED) == 1
            more = True
            for _ in range(MERGES):
                more = index.COMMENTS.clear_out(tx.conn, begin=begin)
                begin = False
                if not more:
                    break
            fills.move_place(tx, fills.ERASED, 2 if more else 0)
        return more


def read_all_again(db: Database) -> None:
    """Look at every comment and decision once more, and put right what is not as it stands."""
    with db.write(Actor.of_system(FillSearch.name)) as tx:
        fills.begin_again(tx, fills.COMMENTS, after=0)
        fills.begin_again(tx, fills.DECISIONS, after=0)
    chore = FillSearch(db)
    while chore.work():
        pass
