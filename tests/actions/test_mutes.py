"""Muting a reader for oneself: who may, whom, and that it leaves no trace for anybody else."""

from __future__ import annotations

import pytest

from belowline.actions.mutes import mute_author, undo_mute, unmute_author
from belowline.actions.readers import erase_account
from belowline.core.errors import Conflict, NotAllowed, NotFound
from belowline.core.terms import ReaderId, SiteId
from belowline.readers import mutes
from belowline.readers.export import collect
from belowline.storage.database import Database
from belowline.storage.tables import mutes as table
from tests.factories import (
    HOLDING,
    events_of,
    make_comment,
    make_reader,
    make_site,
    make_story,
    rows_of,
)


def muted_by(db: Database, site_id: SiteId, reader_id: ReaderId) -> list[ReaderId]:
    with db.read() as conn:
        return [one.muted_id for one in mutes.list_mutes(conn, site_id, reader_id)]


def test_a_reader_is_muted_once_and_read_again(db: Database) -> None:
    site_id = make_site(db).id
    comment, me = make_comment(db, site_id), make_reader(db)
    before = events_of(db)

    for _ in range(2):
        mute_author(db, comment.id, site_id=site_id, by=me)
        assert muted_by(db, site_id, me) == [comment.author_id]
    assert muted_by(db, site_id, comment.author_id) == []
    for _ in range(2):
        unmute_author(db, comment.id, site_id=site_id, by=me)
        assert muted_by(db, site_id, me) == []
    assert events_of(db) == before, "nobody else's business is in no log"


def test_nobody_undoes_what_somebody_else_muted(db: Database) -> None:
    site_id = make_site(db).id
    other_site = make_site(db, "other").id
    comment, me, somebody = make_comment(db, site_id), make_reader(db), make_reader(db)
    mute_author(db, comment.id, site_id=site_id, by=me)
    with db.read() as conn:
        (mute,) = mutes.list_mutes(conn, site_id, me)

    undo_mute(db, mute.id, site_id=site_id, by=somebody)
    undo_mute(db, mute.id, site_id=other_site, by=me)
    assert muted_by(db, site_id, me) == [comment.author_id]
    undo_mute(db, mute.id, site_id=site_id, by=me)
    assert muted_by(db, site_id, me) == []


def test_only_who_is_read_in_public_can_be_muted(db: Database) -> None:
    site_id = make_site(db).id
    elsewhere = make_site(db, "other").id
    me = make_reader(db)
    held = make_comment(db, site_id, verdicts=[HOLDING])
    foreign = make_comment(db, elsewhere, story_id=make_story(db, elsewhere))
    own = make_comment(db, site_id, author_id=me)

    for comment in (held, foreign):
        with pytest.raises(NotFound):
            mute_author(db, comment.id, site_id=site_id, by=me)
    with pytest.raises(NotAllowed):
        mute_author(db, own.id, site_id=site_id, by=me)
    assert rows_of(db, table) == []


def test_a_list_has_its_measure(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutes, "MOST", 2)
    site_id, me = make_site(db).id, make_reader(db)
    first, second, third = (make_comment(db, site_id) for _ in range(3))
    mute_author(db, first.id, site_id=site_id, by=me)
    mute_author(db, second.id, site_id=site_id, by=me)

    with pytest.raises(Conflict):
        mute_author(db, third.id, site_id=site_id, by=me)
    mute_author(db, first.id, site_id=site_id, by=me)
    unmute_author(db, first.id, site_id=site_id, by=me)
    mute_author(db, third.id, site_id=site_id, by=me)
    assert set(muted_by(db, site_id, me)) == {second.author_id, third.author_id}


def test_mutes_are_in_a_readers_data_without_names_and_go_with_either_of_the_two(
    db: Database,
) -> None:
    site_id, me, somebody = make_site(db).id, make_reader(db), make_reader(db)
    ottoline = make_reader(db, "Ottoline Fairweather")
    comment = make_comment(db, site_id, author_id=ottoline)
    mine = make_comment(db, site_id, author_id=me)
    mute_author(db, comment.id, site_id=site_id, by=me)
    mute_author(db, mine.id, site_id=site_id, by=somebody)
    with db.read() as conn:
        kept = collect(conn, me)
    assert [one["site"] for one in kept["mutes"]] == ["echo"]
    assert "Ottoline" not in str(kept)

    erase_account(db, me)

    assert rows_of(db, table) == []
