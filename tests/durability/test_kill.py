"""Killed at any moment: what was acknowledged is there once, and what follows from it follows once.

The moments are random, from a seed, and the processes are real.
"""

from __future__ import annotations

import json
import queue
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Lock, Thread

import pytest
import sqlalchemy as sa

from belowline.core.terms import CommentStatus, NoticeKind, Outcome, ReaderId, SiteId
from belowline.followers.cursors import lag, step
from belowline.followers.notify import Notify
from belowline.readers import sessions
from belowline.rules import store as rules
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.transparency.counts import find_disagreements
from tests.durability.serving import SECRET, Served, environment
from tests.factories import (
    HOLDING,
    SYSTEM,
    make_comment,
    make_reader,
    make_site,
    make_staff,
    make_story,
    rows_of,
)

ROUNDS = 6
WRITERS = 4
READERS = 60
WORDS = (
    *("ferry", "bypass", "tram", "library", "harbour", "parking"),
    *("bakery", "school", "bridge", "market", "river", "council"),
)


@dataclass
class Crowd:
    """Readers who write over HTTP and send again whatever was not answered."""

    served: Served
    tokens: dict[ReaderId, str]
    root_id: int
    chances: random.Random
    stop: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    acknowledged: dict[str, int] = field(default_factory=dict)
    unanswered: queue.SimpleQueue[tuple[ReaderId, dict[str, object]]] = field(
        default_factory=queue.SimpleQueue
    )
    unexpected: list[tuple[int, str]] = field(default_factory=list)
    sent: int = 0

    def next(self) -> tuple[ReaderId, dict[str, object]]:
        """Return something to send: what was not answered first."""
        try:
            return self.unanswered.get_nowait()
        except queue.Empty:
            pass
        with self.lock:
            self.sent += 1
            by = list(self.tokens)[self.sent % len(self.tokens)]
            words = " ".join(self.chances.sample(WORDS, 4))
            parent = self.chances.choice([None, self.root_id, *self.acknowledged.values()])
            return by, {
                "text": f"Number {self.sent}: {words}.",
                "client_key": f"key-{self.sent:08}",
                "parent": parent,
            }

    def send(self, by: ReaderId, comment: dict[str, object]) -> bool:
        """Send a comment; say whether it was answered."""
        path = "/api/v1/sites/echo/stories/bridge/comments"
        try:
            status, body = self.served.ask("POST", path, comment, self.tokens[by])
        except OSError:
            self.unanswered.put((by, comment))
            return False
        if status == 201:
            key, made = str(comment["client_key"]), json.loads(body)
            with self.lock:
                assert self.acknowledged.setdefault(key, made["id"]) == made["id"]
        elif "parent_gone" not in body:
            self.unexpected.append((status, body))
        return True

    def write(self) -> None:
        """Write until stopped."""
        while not self.stop.is_set():
            if not self.send(*self.next()):
                time.sleep(0.02)

    def finish(self) -> None:
        """Send once more what was never answered."""
        while not self.unanswered.empty():
            assert self.send(*self.next())


@pytest.fixture
def real(database_url: str) -> Iterator[Database]:
    """Give the database by the computer's own clock, as the killed processes see it."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def sign_in_many(db: Database, site_id: SiteId) -> dict[ReaderId, str]:
    readers = [make_reader(db) for _ in range(READERS)]
    tokens = {reader_id: sessions.make_token() for reader_id in readers}
    with db.write(SYSTEM) as tx:
        rulebook = rules.get_current_rulebook(tx.conn, site_id)
        for reader_id, token in tokens.items():
            rules.accept(tx, reader_id, rulebook.id)
            token_hash = sessions.hash_token(SECRET, token)
            ends = tx.now + timedelta(days=1)
            sessions.add_session(
                tx, sessions.Session(token_hash, reader_id, None, None, tx.now, ends)
            )
    return tokens


def test_what_was_acknowledged_survives_being_killed(
    real: Database, database_url: str, folder: Path
) -> None:
    site = make_site(real)
    root = make_comment(real, site.id, story_id=make_story(real, site.id, "bridge"))
    tokens = sign_in_many(real, site.id)
    chances = random.Random(20260302)  # noqa: S311 - the same moments every time
    served = Served(database_url, folder)
    crowd = Crowd(served, tokens, root.id, chances)
    writers = [Thread(target=crowd.write) for _ in range(WRITERS)]
    try:
        served.start()
        for writer in writers:
            writer.start()
        for _ in range(ROUNDS):
            time.sleep(chances.uniform(0.2, 1.0))
            served.kill()
            served.start()
        crowd.stop.set()
        for writer in writers:
            writer.join()
        crowd.finish()
        wait_for_followers(real)
    finally:
        crowd.stop.set()
        for writer in writers:
            writer.join()
        served.stop()

    assert crowd.unexpected == []
    assert len(crowd.acknowledged) > 10 * ROUNDS
    kept = rows_of(real, tables.comments)
    assert {row.client_key: row.id for row in kept if row.client_key} == crowd.acknowledged
    assert max(Counter(row.client_key for row in kept).values()) == 1
    assert_sound(real)
    # Each comment that came over HTTP, published or not, has its one event.
    told = Counter(
        row.data["comment_id"]
        for row in rows_of(real, tables.events)
        if row.kind == "CommentPosted"
    )
    assert told == Counter(crowd.acknowledged.values())
    assert_each_reply_was_told_once(real)


def test_decisions_survive_being_killed_in_the_middle(
    real: Database, database_url: str, folder: Path
) -> None:
    site = make_site(real)
    story_id, author = make_story(real, site.id, "bridge"), make_reader(real)
    moderator = make_staff(real, site.id)
    root = make_comment(real, site.id, story_id=story_id)
    for _ in range(150):
        make_comment(
            real, site.id, story_id=story_id, author_id=author, parent=root, verdicts=[HOLDING]
        )
    chances = random.Random(20260303)  # noqa: S311 - the same moments every time
    said: list[str] = []
    for round_ in range(ROUNDS):
        program = [sys.executable, "-m", "tests.durability.deciding", str(site.id), str(moderator)]
        complaints = folder / f"said-{round_}.txt"
        with (
            complaints.open("wb") as complaining,
            subprocess.Popen(
                program,
                env=environment(database_url),
                cwd=Path(__file__).parents[2],
                stdout=subprocess.PIPE,
                stderr=complaining,
                text=True,
            ) as process,
        ):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", complaints.read_text()
            time.sleep(chances.uniform(0.02, 0.2))
            process.kill()
            # A line that broke off acknowledges nothing.
            said += [line for line in process.stdout if line.endswith("\n")]
    # What PostgreSQL was committing when its client died, it still commits.
    time.sleep(0.2)

    decided = {int(line.split()[1]) for line in said if line.startswith("decided")}
    undone = {int(line.split()[1]) for line in said if line.startswith("undone")}
    kept = {row.id: row for row in rows_of(real, tables.decisions)}
    assert decided
    assert decided <= set(kept)
    assert all(kept[one].undone_at is not None for one in undone)
    assert_sound(real)
    events = rows_of(real, tables.events)
    made = Counter(row.data["decision_id"] for row in events if row.kind == "DecisionMade")
    assert made == Counter(dict.fromkeys(kept, 1))
    taken_back = Counter(row.data["decision_id"] for row in events if row.kind == "DecisionUndone")
    assert taken_back == Counter({one: 1 for one, row in kept.items() if row.undone_at is not None})
    assert_comments_stand_as_decided(real)
    for _ in range(3):
        while step(real, Notify(undo_for=timedelta(seconds=60), mail_works=False)):
            pass
        time.sleep(0.05)
    told = Counter(
        (row.kind, row.event_seq, row.reader_id) for row in rows_of(real, tables.notices)
    )
    assert max(told.values(), default=1) == 1


def assert_comments_stand_as_decided(db: Database) -> None:
    """Check that a comment, its case and the latest decision that stands say the same."""
    latest = {
        row.comment_id: row.outcome
        for row in rows_of(db, tables.decisions)
        if row.undone_at is None
    }
    cases = {row.comment_id: row.state for row in rows_of(db, tables.cases)}
    after = {Outcome.REMOVE: CommentStatus.REMOVED, Outcome.PUBLISH: CommentStatus.PUBLISHED}
    for row in rows_of(db, tables.comments):
        if row.parent_id is not None:
            outcome = latest.get(row.id)
            expected = after[Outcome(outcome)] if outcome else CommentStatus.HELD
            assert row.status == expected
            assert cases[row.id] == ("closed" if outcome else "open")


def wait_for_followers(db: Database) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with db.read() as conn:
            behind = lag(conn)
        if behind and all(one.behind == 0 for one in behind):
            return
        time.sleep(0.05)
    raise AssertionError(behind)


def assert_sound(db: Database) -> None:
    with db.read() as conn:
        assert find_disagreements(conn) == []
        if db.is_sqlite:
            assert conn.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"
            assert conn.execute(sa.text("PRAGMA foreign_key_check")).all() == []
    numbers = Counter((row.comment_id, row.number) for row in rows_of(db, tables.revisions))
    assert numbers == Counter((row.id, 1) for row in rows_of(db, tables.comments))


def assert_each_reply_was_told_once(db: Database) -> None:
    kept = {row.id: row for row in rows_of(db, tables.comments)}
    expected = {
        (kept[row.parent_id].author_id, row.id)
        for row in kept.values()
        if row.parent_id is not None
        and row.status == CommentStatus.PUBLISHED
        and row.author_id != kept[row.parent_id].author_id
    }
    told = Counter(
        (row.reader_id, row.facts["comment_id"])
        for row in rows_of(db, tables.notices)
        if row.kind == NoticeKind.REPLY
    )
    assert expected
    assert told == Counter(expected)
