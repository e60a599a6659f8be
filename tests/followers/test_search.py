"""What the desk can find follows what is written, edited, taken back, decided and erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.comments import EditDraft, edit_comment, withdraw_comment
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.readers import erase_account
from belowline.comments.model import Comment
from belowline.core.terms import DecisionId, Outcome, ReaderId, RuleKey
from belowline.events import kinds, log
from belowline.followers import search
from belowline.outside.classifier import NullClassifier
from belowline.search import fills, index
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.tables import comment_words, decision_words
from tests import factories
from tests.factories import SYSTEM
from tests.search.worlds import fill, follow, found


@dataclass
class Desk:
    db: Database
    site: Site
    author: ReaderId
    moderator: ReaderId

    def write(self, text: str) -> Comment:
        """Write a comment and its event, as posting does."""
        comment = factories.make_comment(self.db, self.site.id, author_id=self.author, text=text)
        with self.db.write(SYSTEM) as tx:
            posted = kinds.CommentPosted(comment.id, comment.story_id, self.author, comment.status)
            log.append(tx, self.site.id, posted)
        return comment

    def find(self, typed: str) -> list[int]:
        follow(self.db)
        return found(self.db, [self.site.id], typed)

    def kept_words(self) -> list[str]:
        (row,) = factories.rows_of(self.db, comment_words)
        return str(row.words).split()

    def remove(self, comment: Comment) -> DecisionId:
        draft = DecisionDraft(Outcome.REMOVE, RuleKey("spam"), "An advertisement.", comment.version)
        return decide(
            self.db, comment.id, site_id=self.site.id, by=self.moderator, decision=draft
        ).id


@pytest.fixture
def desk(db: Database) -> Desk:
    site = factories.make_site(db)
    return Desk(db, site, factories.make_reader(db), factories.make_staff(db, site.id))


def test_a_comment_is_found_once_the_follower_has_read_of_it(desk: Desk) -> None:
    comment = desk.write("The ferry is late.")

    assert found(desk.db, [desk.site.id], "ferry") == []
    assert desk.find("ferry") == [comment.id]
    assert desk.find("ferry") == [comment.id]


def test_an_edited_comment_is_found_by_its_new_words_alone(desk: Desk) -> None:
    comment = desk.write("The ferry is late.")
    desk.find("ferry")

    edit_comment(
        desk.db,
        EditDraft(desk.site, comment.id, "The tram is late."),
        by=desk.author,
        classifier=NullClassifier(),
    )

    assert desk.find("tram") == [comment.id]
    assert desk.find("ferry") == []


def test_a_comment_that_was_taken_back_is_found_no_more(desk: Desk) -> None:
    comment = desk.write("The ferry is late.")
    desk.find("ferry")

    withdraw_comment(desk.db, comment.id, site_id=desk.site.id, by=desk.author)

    assert found(desk.db, [desk.site.id], "ferry") == [], "not even before the follower comes"
    assert desk.find("ferry") == []
    assert factories.rows_of(desk.db, comment_words) == []


def test_what_becomes_of_a_comment_is_found_and_undone(desk: Desk) -> None:
    comment = desk.write("Buy a ferry.")
    made = desk.remove(comment)

    assert desk.find("status:removed") == [comment.id]
    assert desk.find("rule:spam") == [comment.id]
    assert len(factories.rows_of(desk.db, decision_words)) == 1
    assert (
        index.judged_at(desk.site.id) in factories.rows_of(desk.db, comment_words)[0].words.split()
    )

    undo(
        desk.db,
        made,
        site_id=desk.site.id,
        by=desk.moderator,
        undo_for=timedelta(minutes=1),
    )

    assert desk.find("status:published") == [comment.id]
    assert desk.find("rule:spam") == []
    assert factories.rows_of(desk.db, decision_words) == []
    assert (
        index.judged_at(desk.site.id)
        not in factories.rows_of(desk.db, comment_words)[0].words.split()
    )


def test_what_an_erased_reader_wrote_leaves_the_index_to_the_last_byte(desk: Desk) -> None:
    desk.write("Qqkjzzz likes the ferry.")
    other = factories.make_comment(desk.db, desk.site.id, text="The ferry is late.")
    fill(desk.db)
    desk.find("ferry")
    if desk.db.is_sqlite:
        assert written_in_the_index(desk.db, b"qqkjzzz")

    erase_account(desk.db, desk.author)

    assert found(desk.db, [desk.site.id], "qqkjzzz") == [], "not even before the follower comes"
    assert desk.find("ferry") == [other.id]
    assert desk.find("qqkjzzz") == []
    assert [row.comment_id for row in factories.rows_of(desk.db, comment_words)] == [other.id]
    fill(desk.db)
    if desk.db.is_sqlite:
        assert not written_in_the_index(desk.db, b"qqkjzzz")
    assert desk.find("ferry") == [other.id]


def written_in_the_index(db: Database, word: bytes) -> bool:
    with db.read() as conn:
        blocks = conn.exec_driver_sql("SELECT block FROM comment_words_fts_data").scalars().all()
    return any(word in block for block in blocks)


def test_what_was_there_before_is_read_by_the_chore_in_portions(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PORTION", 2)
    made = [
        factories.make_comment(desk.db, desk.site.id, text=f"Ferry number {number}.").id
        for number in range(5)
    ]

    fill(desk.db)

    assert found(desk.db, [desk.site.id], "ferry") == made[::-1]


def test_imported_comments_are_read_although_they_have_no_events(desk: Desk) -> None:
    fill(desk.db)
    later = desk.write("A ferry.")
    fill(desk.db)
    with desk.db.write(SYSTEM) as tx:
        tx.conn.execute(sa.delete(comment_words))
        if desk.db.is_sqlite:
            tx.conn.exec_driver_sql(
                "INSERT INTO comment_words_fts (comment_words_fts) VALUES ('rebuild')"
            )
        log.append(tx, desk.site.id, kinds.CommentsImported("wordpress", 1, 0, later.id))
    fill(desk.db)
    assert found(desk.db, [desk.site.id], "ferry") == []

    follow(desk.db)
    fill(desk.db)

    assert found(desk.db, [desk.site.id], "ferry") == [later.id]


def test_a_check_counts_what_is_not_in_step(desk: Desk) -> None:
    comment = desk.write("The ferry is late.")
    gone = desk.write("The tram is late.")

    def out_of_step() -> int:
        with desk.db.read() as conn:
            return index.not_in_step(conn)

    assert out_of_step() == 2
    fill(desk.db)
    assert out_of_step() == 0
    withdraw_comment(desk.db, gone.id, site_id=desk.site.id, by=desk.author)
    assert out_of_step() == 1
    search.read_all_again(desk.db)
    assert out_of_step() == 0
    with desk.db.read() as conn:
        assert fills.find_place(conn, fills.COMMENTS) >= comment.id
