"""Following a story: told once until it is read, by page and by mail, and never of one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.follows import (
    follow_story,
    make_unfollow_token,
    unfollow_by_token,
    unfollow_story,
)
from belowline.actions.readers import erase_account, export_data
from belowline.core.errors import Conflict, NotAllowed, NotFound, NotSignedIn
from belowline.core.settings import Settings
from belowline.core.terms import CommentStatus, NoticeKind, Outcome, ReaderId
from belowline.followers.following import GATHERED_FOR
from belowline.followers.post import Post
from belowline.notifications import store
from belowline.notifications.facts import read_facts
from belowline.notifications.messages import compose
from belowline.notifications.model import Notice
from belowline.readers import follows
from belowline.readers.mutes import put_mute
from belowline.storage import tables
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import SYSTEM, make_reader, make_site, make_story, rows_of
from tests.followers.newsroom import Newsroom
from tests.web.asking import KeptMail

SETTINGS = Settings(secret="0123456789abcdef0123456789abcdef")


class Hall(Newsroom):
    """The newsroom, with somebody who follows its story."""

    def follow(self, name: str = "reporter") -> None:
        follow_story(self.db, "bus", site_id=self.site, by=self.people[name])

    def notices(self, name: str = "reporter") -> list[Notice]:
        """Return what somebody may know of the story some time later."""
        with self.db.read() as conn:
            return store.list_for_reader(
                conn,
                self.people[name],
                site_id=self.site,
                now=self.db.clock() + timedelta(days=1),
            )

    def said(self, name: str = "reporter") -> list[str]:
        found = self.notices(name)
        with self.db.read() as conn:
            facts = read_facts(conn, found)
        return [compose(one.kind, facts[one.id]).paragraphs[0] for one in found]


@pytest.fixture
def hall(db: Database) -> Hall:
    return Hall(db)


def test_one_notice_tells_of_all_that_came_until_it_is_read(
    hall: Hall, clock: SettableClock
) -> None:
    hall.comment("author")
    clock.advance(timedelta(seconds=1))
    hall.follow()
    for _ in range(3):
        clock.advance(timedelta(seconds=1))
        hall.comment("author")
        hall.notify()
    assert [one.kind for one in hall.notices()] == [NoticeKind.NEW_COMMENTS]
    assert hall.said() == ["There are 3 new comments under “Bus cuts”."]

    clock.advance(GATHERED_FOR)
    with hall.db.write(SYSTEM) as tx:
        assert store.mark_read(tx, hall.people["reporter"], site_id=hall.site) == 1
    clock.advance(timedelta(seconds=1))
    hall.comment("replier")
    hall.notify()
    hall.notify()
    assert hall.said() == [
        "There is 1 new comment under “Bus cuts”.",
        "There are 3 new comments under “Bus cuts”.",
    ]


def test_what_is_read_in_the_thread_is_told_of_no_more(hall: Hall, clock: SettableClock) -> None:
    hall.follow()
    hall.comment("author")
    hall.notify()
    clock.advance(timedelta(seconds=1))
    hall.follow()
    assert all(one.read_at is not None for one in hall.notices())
    hall.comment("author")
    hall.notify()
    assert len(hall.notices()) == 2


def test_nobody_is_told_of_their_own_or_of_what_they_hear_as_a_reply(hall: Hall) -> None:
    root = hall.comment("author")
    hall.follow("author")
    hall.comment("author")
    hall.comment("replier", under=root)
    hall.notify()
    assert [one.kind for one in hall.notices("author")] == [NoticeKind.REPLY]


def test_held_comments_count_once_they_are_published(hall: Hall, clock: SettableClock) -> None:
    hall.follow()
    held = hall.comment("author", status=CommentStatus.HELD)
    hall.notify()
    assert hall.notices() == []
    clock.advance(timedelta(hours=3))
    hall.decide(held, Outcome.PUBLISH)
    hall.notify()
    assert hall.said() == ["There is 1 new comment under “Bus cuts”."]


def test_what_a_muted_reader_writes_is_no_news(hall: Hall) -> None:
    hall.follow()
    with hall.db.write(SYSTEM) as tx:
        put_mute(tx, hall.site, hall.people["reporter"], muted_id=hall.people["author"])
    hall.comment("author")
    hall.notify()
    assert hall.notices() == []
    hall.comment("replier")
    hall.comment("author")
    hall.notify()
    assert hall.said() == ["There is 1 new comment under “Bus cuts”."]


def test_where_very_many_follow_the_rest_are_told_of_the_next_comment(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follows, "TOLD_AT_ONCE", 1)
    hall.follow()
    hall.follow("moderator")
    hall.comment("author")
    hall.notify()
    assert [len(hall.notices(name)) for name in ("reporter", "moderator")] == [1, 0]
    hall.comment("author")
    hall.notify()
    assert [len(hall.notices(name)) for name in ("reporter", "moderator")] == [1, 1]


def test_who_writes_follows_nothing_by_that(hall: Hall) -> None:
    hall.comment("author")
    hall.comment("replier")
    hall.notify()
    assert rows_of(hall.db, tables.follows) == []
    assert hall.notices("author") == []


def test_nobody_is_told_of_a_suspended_story(hall: Hall) -> None:
    hall.follow()
    hall.comment("author")
    hall.notify()
    with hall.db.write(SYSTEM) as tx:
        tx.conn.execute(tables.stories.update().values(mode="suspended"))
    hall.comment("replier")
    hall.notify()
    assert len(hall.notices()) == 1
    assert "Bus" not in hall.said()[0]
    with pytest.raises(NotFound):
        hall.follow("author")


def test_a_letter_tells_of_all_that_came_together_and_ends_it_without_a_sign_in(
    hall: Hall, clock: SettableClock
) -> None:
    mail = KeptMail()
    post = Post(hall.db, mail=mail, settings=SETTINGS)
    hall.follow()
    hall.comment("author")
    hall.comment("author")
    hall.notify()
    post.work()
    assert mail.letters == []
    clock.advance(GATHERED_FOR)
    post.work()

    (letter,) = mail.letters
    assert "There are 2 new comments under “Bus cuts”." in letter.text
    token = letter.text.partition("/unsubscribe/story/")[2].split()[0]
    assert f"/unsubscribe/story/{token}" in letter.html
    with pytest.raises(NotAllowed):
        unfollow_by_token(hall.db, settings=SETTINGS, token=token + "x")
    unfollow_by_token(hall.db, settings=SETTINGS, token=token)
    unfollow_by_token(hall.db, settings=SETTINGS, token=token)
    assert rows_of(hall.db, tables.follows) == []
    hall.comment("author")
    hall.notify()
    assert len(hall.notices()) == 1


def test_no_letter_tells_of_what_is_gone_again_or_was_read(
    hall: Hall, clock: SettableClock
) -> None:
    mail = KeptMail()
    hall.follow()
    gone = hall.comment("author")
    hall.notify()
    with hall.db.write(SYSTEM) as tx:
        tx.conn.execute(
            tables.comments.update()
            .where(tables.comments.c.id == gone.id)
            .values(status=CommentStatus.REMOVED)
        )
    clock.advance(GATHERED_FOR)
    Post(hall.db, mail=mail, settings=SETTINGS).work()
    assert mail.letters == []
    assert hall.said() == ["What was new under “Bus cuts” is not there any more."]


def test_following_can_be_ended_and_is_bounded(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = hall.people["reporter"]
    hall.follow()
    hall.follow()
    assert len(rows_of(hall.db, tables.follows)) == 1
    unfollow_story(hall.db, "bus", site_id=hall.site, by=reader)
    unfollow_story(hall.db, "bus", site_id=hall.site, by=reader)
    assert rows_of(hall.db, tables.follows) == []
    monkeypatch.setattr(follows, "MOST", 0)
    with pytest.raises(Conflict):
        hall.follow()
    with pytest.raises(NotFound):
        follow_story(hall.db, "no-such-story", site_id=hall.site, by=reader)


def test_another_sites_story_is_none_of_ours(hall: Hall) -> None:
    other = make_site(hall.db, "echo")
    make_story(hall.db, other.id, "tram")
    with pytest.raises(NotFound):
        follow_story(hall.db, "tram", site_id=hall.site, by=hall.people["reporter"])


def test_somebody_who_is_not_there_follows_nothing(hall: Hall) -> None:
    with pytest.raises((NotSignedIn, NotFound, NotAllowed)):
        follow_story(hall.db, "bus", site_id=hall.site, by=ReaderId(10**6))


def test_what_a_reader_follows_is_theirs_to_take_and_to_erase(hall: Hall) -> None:
    reader = make_reader(hall.db)
    follow_story(hall.db, "bus", site_id=hall.site, by=reader)
    with hall.db.read() as conn:
        copy = export_data(conn, reader)
    assert [one["story"] for one in copy["follows"]] == ["https://packet.example/bus"]
    hall.comment("author")
    hall.notify()
    erase_account(hall.db, reader)
    assert rows_of(hall.db, tables.follows) == []


def test_a_token_is_about_one_reader_and_one_story(hall: Hall) -> None:
    hall.follow()
    hall.follow("author")
    token = make_unfollow_token(SETTINGS, hall.people["author"], hall.story)
    unfollow_by_token(hall.db, settings=SETTINGS, token=token)
    assert [row.reader_id for row in rows_of(hall.db, tables.follows)] == [hall.people["reporter"]]
