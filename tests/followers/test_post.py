"""Letters of notices: sent once in quiet times, again after a failure, and never without need."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.core.errors import Unavailable
from belowline.core.settings import Settings
from belowline.core.terms import Outcome
from belowline.followers.post import Post
from belowline.notifications import store
from belowline.outside.mail import Letter, NullMail
from belowline.storage.database import Database
from belowline.storage.tables import notices, readers
from tests.conftest import SettableClock
from tests.followers.newsroom import SYSTEM, UNDO, Newsroom

SETTINGS = Settings(
    secret="0123456789abcdef0123456789abcdef", base_url="https://talk.packet.example"
)


class Postbox:
    """Takes letters, or does not while it is ``shut``."""

    works = True

    def __init__(self, db: Database) -> None:
        self.db = db
        self.letters: list[Letter] = []
        self.shut = False

    def send(self, letter: Letter) -> None:
        # Nothing may be locked while a letter is on its way.
        with self.db.write(SYSTEM):
            pass
        if self.shut:
            raise Unavailable("Shut.")
        self.letters.append(letter)


@pytest.fixture
def room(db: Database) -> Newsroom:
    room = Newsroom(db)
    room.decide(room.comment("author"), Outcome.REMOVE)
    room.notify()
    return room


@pytest.fixture
def postbox(db: Database) -> Postbox:
    return Postbox(db)


@pytest.fixture
def post(db: Database, postbox: Postbox) -> Post:
    return Post(db, mail=postbox, settings=SETTINGS)


def states(db: Database) -> list[tuple[str, int]]:
    """Return what became of each letter, and after how many tries."""
    with db.read() as conn:
        rows = conn.execute(sa.select(notices.c.mail, notices.c.mail_tries)).all()
    return [(row.mail, row.mail_tries) for row in rows]


def test_a_letter_goes_out_once_and_only_when_it_is_due(
    room: Newsroom, post: Post, postbox: Postbox, clock: SettableClock
) -> None:
    assert not post.work()
    assert postbox.letters == []
    clock.advance(UNDO)
    post.work()
    post.work()
    (letter,) = postbox.letters
    assert letter.to == "author@reader.example"
    assert letter.subject == "The Packet: your comment has been removed"
    assert "Argue with the point" in letter.text
    assert "version 1" in letter.text
    assert "Secret words" not in letter.text + letter.html
    assert letter.headers["List-Unsubscribe"].startswith("<https://talk.packet.example/unsub")
    assert states(room.db) == [("sent", 1)]


def test_a_letter_is_tried_again_later_and_at_last_given_up(
    room: Newsroom, post: Post, postbox: Postbox, clock: SettableClock
) -> None:
    clock.advance(UNDO)
    postbox.shut = True
    post.work()
    post.work()
    assert states(room.db) == [("waiting", 1)]
    with room.db.read() as conn:
        author = room.people["author"]
        assert store.count_unread(conn, author, site_id=room.site, now=clock()) == 1
    for wait in store.WAITS:
        clock.advance(wait)
        post.work()
    assert states(room.db) == [("failed", 1 + len(store.WAITS))]


def test_a_letter_of_a_process_that_died_goes_out_again_under_the_same_id(
    room: Newsroom, post: Post, postbox: Postbox, clock: SettableClock
) -> None:
    clock.advance(UNDO)
    with room.db.write(SYSTEM) as tx:
        (claimed,) = store.claim_mails(tx, limit=10)
    post.work()
    assert postbox.letters == [], "somebody else is sending it"
    clock.advance(store.LEASE)
    post.work()
    (letter,) = postbox.letters
    assert letter.message_id == f"<notice-{claimed.id}@talk.packet.example>"
    # The first one was only slow and comes back now; it does not undo what the second one noted.
    with room.db.write(SYSTEM) as tx:
        store.put_off_mail(tx, claimed)
    assert states(room.db) == [("sent", 2)]


@pytest.mark.parametrize(
    "values",
    [{"email": None}, {"mail_notices": False}, {"erased_at": sa.func.now()}],
    ids=["no address", "not wanted", "erased"],
)
def test_no_letter_goes_to_who_has_since_said_no(
    room: Newsroom, post: Post, postbox: Postbox, clock: SettableClock, values: dict[str, object]
) -> None:
    with room.db.write(SYSTEM) as tx:
        values = {**values, "erased_at": tx.now} if "erased_at" in values else values
        tx.conn.execute(sa.update(readers).values(**values))
    clock.advance(UNDO)
    post.work()
    assert postbox.letters == []
    assert states(room.db) == [("none", 1)]


def test_no_letter_goes_out_for_what_was_read_on_the_page(
    room: Newsroom, post: Post, postbox: Postbox, clock: SettableClock
) -> None:
    clock.advance(UNDO)
    with room.db.write(SYSTEM) as tx:
        store.mark_read(tx, room.people["author"], site_id=room.site)
    post.work()
    assert postbox.letters == []


def test_one_letter_that_is_not_taken_does_not_hold_up_the_next(
    room: Newsroom,
    post: Post,
    postbox: Postbox,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(3):
        room.decide(room.comment("replier"), Outcome.REMOVE)
    room.notify()
    clock.advance(UNDO + timedelta(seconds=1))
    take = postbox.send

    def send(letter: Letter) -> None:
        if letter.to.startswith("author"):
            raise Unavailable("No such mailbox.")
        take(letter)

    monkeypatch.setattr(postbox, "send", send)
    post.work()
    assert len(postbox.letters) == 3


def test_without_mail_nothing_waits(room: Newsroom, clock: SettableClock) -> None:
    clock.advance(UNDO)
    Post(room.db, mail=NullMail(), settings=SETTINGS).work()
    assert states(room.db) == [("none", 1)]
