"""A service that is asked before publication: its word counts, its silence holds."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from belowline.actions.comments import CommentDraft, EditDraft, edit_comment, post_comment
from belowline.actions.drafts import Sent
from belowline.actions.external import (
    ExternalDraft,
    SetUp,
    drop_external,
    external_fingerprint,
    set_external,
    try_external,
)
from belowline.actions.posting import post_comments
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotAllowed, StaleVersion, Unavailable
from belowline.core.terms import CommentStatus, Finding, ReaderId, Role
from belowline.events.kinds import ScreensChanged
from belowline.outside.classifier import NullClassifier
from belowline.outside.external import ExternalAnswer, Question, Service
from belowline.rules import store as rules
from belowline.screens import store as verdicts
from belowline.screens.pipeline import NOTHING_BEYOND, Beyond
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Database
from tests import factories

DRAFT = ExternalDraft("Warden", "https://check.example/comments", 800)


@dataclass
class Answering:
    """A service that is not over the network."""

    answer: ExternalAnswer | Exception
    asked: list[tuple[Service, Question]] = field(default_factory=list)

    def ask(self, service: Service, question: Question) -> ExternalAnswer:
        """Answer, or raise."""
        self.asked.append((service, question))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def left_alone(self) -> int:
        """Return none."""
        return 0


@pytest.fixture
def site(db: Database) -> Site:
    return factories.make_site(db)


@pytest.fixture
def editor(db: Database, site: Site) -> ReaderId:
    return factories.make_staff(db, site.id, Role.EDITOR)


def now(db: Database, site: Site) -> Site:
    with db.read() as conn:
        return sites.get_site_by_id(conn, site.id)


def writer(db: Database, site: Site) -> ReaderId:
    by = factories.make_reader(db)
    with db.write(factories.SYSTEM) as tx:
        rules.accept(tx, by, rules.get_current_rulebook(tx.conn, site.id).id)
    return by


def set_up(db: Database, site: Site, editor: ReaderId) -> SetUp:
    return set_external(db, site.id, by=editor, draft=DRAFT)


def post(db: Database, site: Site, answer: ExternalAnswer | Exception | None) -> Comment:
    story_id = factories.make_story(db, site.id, "mill")
    assert story_id
    return post_comment(
        db,
        CommentDraft(now(db, site), "mill", "The bridge at the mill should stay."),
        by=writer(db, site),
        classifier=NullClassifier(),
        beyond=Beyond(Answering(answer)) if answer is not None else NOTHING_BEYOND,
    )


@pytest.mark.parametrize(
    ("answer", "status", "code", "rule"),
    [
        pytest.param(ExternalAnswer(Finding.PASS), "published", "clean", None, id="pass"),
        pytest.param(
            ExternalAnswer(Finding.HOLD, "spam"), "held", "external_check", "spam", id="hold"
        ),
        pytest.param(ExternalAnswer(Finding.HOLD), "held", "external_check", None, id="no-rule"),
        pytest.param(
            ExternalAnswer(Finding.REFUSE, "hate"), "refused", "external_check", "hate", id="refuse"
        ),
        pytest.param(Unavailable("No."), "held", "unavailable", None, id="silent"),
        pytest.param(TimeoutError(), "held", "unavailable", None, id="too-late"),
        pytest.param(None, "held", "unavailable", None, id="nobody-can-ask"),
        pytest.param(
            ExternalAnswer(Finding.REFUSE), "held", "unavailable", None, id="refused-for-nothing"
        ),
        pytest.param(
            ExternalAnswer(Finding.HOLD, "No Rule!"), "held", "unavailable", None, id="no-key"
        ),
        pytest.param(
            ExternalAnswer(Finding.HOLD, "spam", "", ((5, 9999),)),
            "held",
            "unavailable",
            None,
            id="beyond-the-text",
        ),
        pytest.param(
            ExternalAnswer(Finding.PASS, None, "The bridge at the mill"),
            "held",
            "unavailable",
            None,
            id="words-come-back",
        ),
        pytest.param(
            ExternalAnswer(Finding.UNAVAILABLE), "held", "unavailable", None, id="says-so-itself"
        ),
    ],
)
def test_its_word_counts_and_its_silence_holds(  # noqa: PLR0917 - a row of the table
    db: Database,
    site: Site,
    editor: ReaderId,
    answer: ExternalAnswer | Exception | None,
    status: str,
    code: str,
    rule: str | None,
) -> None:
    set_up(db, site, editor)

    comment = post(db, site, answer)

    assert (comment.status, comment.rule_key) == (status, rule)
    assert comment.reason in {code, ""} or status == "published"
    with db.read() as conn:
        said = verdicts.list_verdicts(conn, comment.id)
    assert said[-1].screen == "external"
    if rule or status == "held":
        assert said[-1].code == code


def test_where_no_service_is_set_up_nobody_is_asked_and_nothing_is_said(
    db: Database, site: Site
) -> None:
    comment = post(db, site, None)

    assert comment.status is CommentStatus.PUBLISHED
    with db.read() as conn:
        assert {one.screen for one in verdicts.list_verdicts(conn, comment.id)} == {
            "length", "shouting", "links", "repeats", "words", "newcomer", "rate", "classifier",
        }  # fmt: skip


def test_an_edit_is_asked_about_too(db: Database, site: Site, editor: ReaderId) -> None:
    factories.make_story(db, site.id, "mill")
    by = writer(db, site)
    draft = CommentDraft(site, "mill", "The bridge at the mill should stay.")
    comment = post_comment(db, draft, by=by, classifier=NullClassifier())
    set_up(db, site, editor)
    service = Answering(ExternalAnswer(Finding.HOLD, "spam"))

    edited = edit_comment(
        db,
        EditDraft(now(db, site), comment.id, "Buy a bridge of mine."),
        by=by,
        classifier=NullClassifier(),
        beyond=Beyond(service),
    )

    assert edited.status is CommentStatus.HELD
    ((_, question),) = service.asked
    assert (question.text, question.is_edit) == ("Buy a bridge of mine.", True)


def test_who_posts_together_does_not_wait_for_another_sites_service(
    db: Database, site: Site, editor: ReaderId
) -> None:
    """One slow service would keep everybody in the group waiting, so each goes alone."""
    factories.make_story(db, site.id, "mill")
    set_up(db, site, editor)
    service = Answering(ExternalAnswer(Finding.PASS))
    sent = Sent(CommentDraft(now(db, site), "mill", "One of them."), writer(db, site))

    fates = post_comments(db, [sent], classifier=NullClassifier(), beyond=Beyond(service))

    assert (fates, service.asked) == ([None], [])


def test_the_secret_is_made_once_and_again_when_it_is_wanted(
    db: Database, site: Site, editor: ReaderId
) -> None:
    first = set_up(db, site, editor)
    same = set_external(db, site.id, by=editor, draft=ExternalDraft("Warden", DRAFT.url, 900))
    other = set_external(db, site.id, by=editor, draft=DRAFT, new_secret=True)

    assert first.secret is not None
    assert len(first.secret) == 64
    assert (same.secret, same.external.secret) == (None, first.secret)
    assert other.secret not in {None, first.secret}
    assert first.secret not in repr(now(db, site))
    events = factories.events_of(db, ScreensChanged)
    assert [event.data["changed"] for event in events] == [["external"]] * 3
    assert first.secret not in str(events)


def test_setting_it_up_asks_standing_bounds_and_what_was_seen(
    db: Database, site: Site, editor: ReaderId
) -> None:
    moderator = factories.make_staff(db, site.id)
    set_up(db, site, editor)

    with pytest.raises(NotAllowed):
        set_external(db, site.id, by=moderator, draft=DRAFT)
    with pytest.raises(NotAllowed):
        drop_external(db, site.id, by=moderator)
    external = Answering(ExternalAnswer(Finding.PASS))
    with pytest.raises(NotAllowed):
        try_external(db, now(db, site), by=moderator, external=external)
    for draft in (
        ExternalDraft("", DRAFT.url, 800),
        ExternalDraft("Warden", "http://check.example", 800),
        ExternalDraft("Warden", DRAFT.url, 50),
        ExternalDraft("Warden", DRAFT.url, 60_000),
    ):
        with pytest.raises(InvalidInput):
            set_external(db, site.id, by=editor, draft=draft)
    with pytest.raises(StaleVersion):
        set_external(db, site.id, by=editor, draft=DRAFT, seen=external_fingerprint(None))


def test_asking_once_tells_whether_it_answers(db: Database, site: Site, editor: ReaderId) -> None:
    set_up(db, site, editor)
    found = now(db, site)

    good = Answering(ExternalAnswer(Finding.HOLD, "spam"))
    silent = Answering(TimeoutError())

    assert try_external(db, found, by=editor, external=good).finding is Finding.HOLD
    assert try_external(db, found, by=editor, external=silent).finding is Finding.UNAVAILABLE


def test_dropped_it_is_asked_no_more(db: Database, site: Site, editor: ReaderId) -> None:
    set_up(db, site, editor)
    drop_external(db, site.id, by=editor)
    drop_external(db, site.id, by=editor)

    assert now(db, site).external is None
    assert post(db, site, None).status is CommentStatus.PUBLISHED
