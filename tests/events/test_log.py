"""The event log: nothing is ever rewritten, and nobody who reads it steps over anything."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.core.terms import Actor, ReaderId, SiteId
from belowline.events import kinds, log
from belowline.events.log import Cursor
from belowline.storage.database import Database
from belowline.storage.tables import events
from tests.conftest import SettableClock
from tests.factories import SYSTEM, at_once, events_of

SITE = SiteId(7)


def append(db: Database, *happened: kinds.Kind, actor: Actor = SYSTEM) -> list[int]:
    with db.write(actor) as tx:
        return [log.append(tx, SITE, one) for one in happened]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = 'system:somebody'",
        "UPDATE events SET actor = actor WHERE seq = 1",
        "DELETE FROM events",
        "DELETE FROM events WHERE seq = 2",
        "TRUNCATE events",
        (
            "INSERT OR REPLACE INTO events (seq, xid, at, kind, site_id, actor, data)"
            " VALUES (1, 0, '2026-01-01 00:00:00', 'SiteChanged', 1, 'system:x', '{}')"
        ),
        (
            "INSERT INTO events (seq, xid, at, kind, site_id, actor, data)"
            " VALUES (1, 0, '2026-01-01 00:00:00', 'SiteChanged', 1, 'system:x', '{}')"
            " ON CONFLICT (seq) DO UPDATE SET actor = 'system:x'"
        ),
    ],
)
def test_what_happened_is_never_rewritten(db: Database, statement: str) -> None:
    append(db, kinds.SiteCreated(), kinds.SiteChanged())
    before = events_of(db)

    with pytest.raises(sa.exc.DBAPIError), db.engine.connect() as plain:  # noqa: PT012
        conn = plain.execution_options(belowline_write=True)
        conn.exec_driver_sql(statement)
        conn.commit()

    assert events_of(db) == before
    assert len(before) == 2


def test_an_event_says_when_where_by_whom_and_what(db: Database, clock: SettableClock) -> None:
    clock.advance(timedelta(microseconds=1))
    (seq,) = append(db, kinds.StoryAdded(42), actor=Actor(ReaderId(5)))
    (event,) = events_of(db)

    assert (event.seq, event.at, event.kind, event.site_id) == (seq, clock.now, "StoryAdded", SITE)
    assert (event.actor, event.actor_id(), event.data) == ("reader:5", 5, {"story_id": 42})


def test_events_are_read_past_a_cursor_in_their_order_and_in_portions(db: Database) -> None:
    for number in range(5):
        append(db, kinds.StoryAdded(2 * number), kinds.StoryAdded(2 * number + 1))
    cursor, read = Cursor(), []
    # On a server that others use too, an event may wait a little for their transactions.
    while len(read) < 10:
        with db.read() as conn:
            behind = log.count_after(conn, cursor)
            portion = log.read_after(conn, cursor, limit=3)
        assert behind == 10 - len(read)
        read += [event.data["story_id"] for event in portion]
        cursor = log.place_of(portion[-1]) if portion else cursor

    assert read == list(range(10))


def test_nobody_steps_over_an_event_that_is_committed_late(db: Database) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite has one writer, so nothing is committed late")
    with db.write(SYSTEM) as early:
        log.append(early, SITE, kinds.StoryAdded(1))
        append(db, kinds.StoryAdded(2))
        with db.read() as conn:
            # The later event is there, and waits for the earlier one.
            assert log.count_after(conn, Cursor()) == 1
            assert log.read_after(conn, Cursor()) == []
    while True:
        with db.read() as conn:
            read = [event.data["story_id"] for event in log.read_after(conn, Cursor())]
        if 2 in read:
            break
        assert read in ([], [1])
    assert read == [1, 2]


def test_somebody_who_reads_while_many_write_misses_nothing_and_reads_nothing_twice(
    db: Database,
) -> None:
    read: list[int] = []

    def write(first: int) -> None:
        for number in range(first, first + 20):
            append(db, kinds.StoryAdded(number))

    def follow() -> None:
        cursor = Cursor()
        while len(read) < 120:
            with db.read() as conn:
                portion = log.read_after(conn, cursor, limit=7)
            if portion:
                read.extend(event.number("story_id") for event in portion)
                cursor = log.place_of(portion[-1])

    at_once(follow, *[lambda n=n: write(100 * n) for n in range(6)])

    assert sorted(read) == sorted(100 * n + each for n in range(6) for each in range(20))


def test_a_change_that_fails_leaves_no_event(db: Database) -> None:
    with pytest.raises(RuntimeError), db.write(SYSTEM) as tx:  # noqa: PT012
        log.append(tx, SITE, kinds.SiteChanged())
        raise RuntimeError
    assert events_of(db) == []


def test_a_page_of_the_log_holds_one_site_s_latest_of_the_kinds_asked_for(db: Database) -> None:
    append(db, kinds.StoryAdded(1), kinds.SiteChanged(), kinds.StoryAdded(2))
    with db.write(SYSTEM) as tx:
        log.append(tx, SiteId(8), kinds.StoryAdded(3))
    with db.read() as conn:
        wanted = ["StoryAdded"]
        (latest,) = log.read_page(conn, SITE, kinds=wanted, before=None, limit=1)
        (first,) = log.read_page(conn, SITE, kinds=wanted, before=latest.seq, limit=5)
    assert (latest.data["story_id"], first.data["story_id"]) == (2, 1)


def test_no_event_has_a_place_for_words_names_or_addresses() -> None:
    """Erasing a reader does not touch the log, so nothing of theirs may stand in it."""
    named = {field.name for kind in kinds.KINDS.values() for field in fields(kind)}

    assert named & {"text", "html", "name", "email", "reason", "note", "title", "url"} == set()
    assert set(events.c.keys()) == {"seq", "xid", "at", "kind", "site_id", "actor", "data"}
