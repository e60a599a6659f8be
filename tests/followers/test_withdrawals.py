"""Who hears of a proposed withdrawal and of its review, and what they are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.reviews import Found, decide_review, open_due_reviews
from belowline.actions.sanctions import SanctionDraft
from belowline.actions.withdrawals import confirm_withdrawal, propose_withdrawal
from belowline.core.terms import NoticeKind, ReaderId, Role, RuleKey, SanctionKind
from belowline.followers.notify import Notify
from belowline.notifications import store
from belowline.notifications.facts import read_facts
from belowline.notifications.messages import compose
from belowline.sanctions.model import ReviewOutcome
from belowline.sanctions.reviews import list_waiting
from belowline.sanctions.withdrawal import REVIEW_AFTER
from belowline.sites.model import Site
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import SYSTEM, events_of, make_comment, make_site, make_staff

UNDO = timedelta(seconds=60)


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


def told(db: Database, site: Site, reader_id: ReaderId) -> list[tuple[NoticeKind, str]]:
    """Let the follower see everything, and return what a reader is told, oldest first."""
    with db.write(SYSTEM) as tx:
        Notify(undo_for=UNDO, mail_works=False).handle(tx, events_of(db))
    with db.read() as conn:
        later = db.clock() + timedelta(days=1)
        found = store.list_for_reader(conn, reader_id, site_id=site.id, now=later)
        facts = read_facts(conn, found)
    return [
        (one.kind, " ".join(compose(one.kind, facts[one.id]).paragraphs)) for one in reversed(found)
    ]


def test_everybody_hears_of_what_concerns_them_and_nobody_else(
    db: Database, site: Site, clock: SettableClock
) -> None:
    author = make_comment(db, site.id).author_id
    mo, eda, ola = (make_staff(db, site.id, role) for role in (*[Role.MODERATOR] * 2, Role.EDITOR))
    draft = SanctionDraft(SanctionKind.WITHDRAWAL, None, "A threat.", RuleKey("threat"))

    found = propose_withdrawal(db, site_id=site.id, reader_id=author, by=mo, draft=draft)
    clock.advance(2 * UNDO)

    assert told(db, site, mo) == []
    ((kind, words),) = told(db, site, ola)
    assert kind is NoticeKind.WITHDRAWAL_WAITS
    assert "until 9 March 2026" in words
    assert [one for one, _ in told(db, site, author)] == [NoticeKind.SANCTION_IMPOSED]

    confirm_withdrawal(db, found.id, site_id=site.id, by=ola)
    clock.advance(2 * UNDO)
    # That the suspension went on as a withdrawal is one piece of news, not two.
    assert [one for one, _ in told(db, site, author)] == [NoticeKind.SANCTION_IMPOSED] * 2
    assert "after six months" in told(db, site, author)[-1][1]

    clock.advance(REVIEW_AFTER)
    open_due_reviews(db, site.id)
    assert "looked at last then" in told(db, site, eda)[-1][1]
    with db.read() as conn:
        (due,) = list_waiting(conn, site.id)
    kept = Found(ReviewOutcome.KEPT, "It is too early.")
    decide_review(db, due.id, site_id=site.id, by=eda, finding=kept)
    kind, words = told(db, site, author)[-1]
    assert kind is NoticeKind.WITHDRAWAL_REVIEWED
    assert "It stays" in words
    assert "It is too early." in words
    # Reading the log again tells nobody twice.
    assert len(told(db, site, author)) == 3
