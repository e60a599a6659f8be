"""Scoring what is stored already: a score for each comment, and nothing else changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from belowline.actions.past_scores import BATCH, PastScored, Scoring, score_past
from belowline.actions.screening import screen_settings, screen_settings_of
from belowline.actions.trying import try_screens
from belowline.comments import past
from belowline.comments import store as comments
from belowline.comments.model import NewComment
from belowline.comments.model import PastComment as Imported
from belowline.core.errors import Unavailable
from belowline.core.terms import (
    CommentId,
    CommentStatus,
    Finding,
    Role,
    RuleKey,
    ScreenName,
    Verdict,
)
from belowline.outside.classifier import ClassifierAnswer
from belowline.screens.silent import find_silent
from belowline.screens.store import list_verdicts
from belowline.screens.trial import Trial
from belowline.sites.model import Site, SiteSettings
from belowline.storage import tables
from belowline.storage.database import Database
from tests import factories
from tests.conftest import SettableClock

NOT_SCORED = Verdict(ScreenName.CLASSIFIER, Finding.PASS, "not_configured")
PASSED = Verdict(ScreenName.CLASSIFIER, Finding.PASS, detail={"attribute": "insult", "score": 0.2})


class Says:
    """A classifier that finds in the text itself what to say."""

    waits = False
    problems: dict[str, str] = {}  # noqa: RUF012

    def __init__(self, more: float = 0.0) -> None:
        self.more = more
        self.asked: list[str] = []

    def score(self, text: str, *, language: str, deadline: timedelta) -> ClassifierAnswer | None:
        assert (language, deadline > timedelta()) == ("en", True)
        self.asked.append(text)
        if text.startswith("Je "):
            raise Unavailable("No model knows the language of this text.", code="language")
        if text.startswith("broken"):
            raise Unavailable("The model is broken.", code="no_model")
        score = 0.95 if text.startswith("rude") else 0.1
        return ClassifierAnswer({"toxicity": score + self.more, "constructive": 0.99})


@pytest.fixture
def site(db: Database) -> Site:
    return factories.make_site(db)


def bring(db: Database, site: Site, texts: Sequence[str]) -> list[CommentId]:
    """Bring comments in as an import does: published, an hour apart, no screen ever saw them."""
    story_id, by = factories.make_story(db, site.id), factories.make_reader(db)
    with db.write(factories.SYSTEM) as tx:
        made = past.add_past(
            tx,
            [
                Imported(
                    NewComment(
                        site.id,
                        story_id,
                        None,
                        by,
                        None,
                        text,
                        f"<p>{text}</p>",
                        CommentStatus.PUBLISHED,
                        created_at=tx.now - timedelta(hours=number + 1),
                    ),
                    None,
                )
                for number, text in enumerate(texts)
            ],
        )
    return [one.id for one in made]


def run(db: Database, site: Site, *, by: str = "m1", **given: Any) -> PastScored:  # noqa: ANN401
    again = given.pop("again", False)
    classifier = given.pop("classifier", None) or Says()
    return score_past(db, site, Scoring(classifier, by, again), **given)


def kept(db: Database, comment_id: CommentId) -> list[dict[str, Any]]:
    with db.read() as conn:
        found = conn.execute(
            sa.select(tables.screenings.c.verdicts).where(
                tables.screenings.c.comment_id == comment_id
            )
        )
        return [one for row in found for one in row.verdicts]


def attempt(db: Database, site: Site, **values: Any) -> Trial:  # noqa: ANN401
    editor = factories.make_staff(db, site.id, Role.EDITOR)
    after = screen_settings_of(site, SiteSettings(**values))
    return try_screens(db, site.id, by=editor, before=screen_settings(site), after=after)


def everything_else(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but the one in which verdicts are kept."""
    with db.read() as conn:
        return {
            name: sorted(map(tuple, conn.execute(sa.select(table))), key=repr)
            for name, table in tables.metadata.tables.items()
            if name != "screenings"
        }


def test_only_a_score_is_kept_and_nothing_else_changes(db: Database, site: Site) -> None:
    rude, calm, french, broken = bring(db, site, ["rude one", "calm", "Je ne", "broken"])
    before = everything_else(db)

    done = run(db, site)

    assert done == PastScored(scored=2, no_language=1, unavailable=1)
    assert everything_else(db) == before
    assert [one["detail"] for one in kept(db, rude)] == [
        {"attribute": "toxicity", "score": 0.95, "by": "m1"}
    ]
    assert [one["finding"] for one in kept(db, rude) + kept(db, calm)] == ["pass", "pass"]
    assert kept(db, french) == kept(db, broken) == []


def test_what_is_scored_already_is_not_scored_again_but_for_a_new_model(
    db: Database, site: Site
) -> None:
    bring(db, site, ["rude one", "calm"])
    run(db, site)

    second, new = run(db, site), run(db, site, by="m2", again=True, classifier=Says(0.01))
    stopped_and_repeated = run(db, site, by="m2", again=True)

    assert second == PastScored(already=2)
    assert new == PastScored(scored=2)
    assert stopped_and_repeated == PastScored(already=2)
    assert attempt(db, site, classifier_hold=0.955).held == 1


def test_what_the_screens_said_when_it_was_sent_stays_as_it_was(db: Database, site: Site) -> None:
    held = (Verdict(ScreenName.LINKS, Finding.HOLD, "too_many_links", RuleKey("spam")), NOT_SCORED)
    before = factories.make_comment(db, site.id, text="rude and linked", verdicts=held)
    scored = factories.make_comment(db, site.id, text="rude and scored", verdicts=(PASSED,))

    assert run(db, site) == PastScored(scored=1, already=1)
    assert run(db, site, by="m2", again=True) == PastScored(scored=2)

    with db.read() as conn:
        assert list_verdicts(conn, before.id) == [*held]
        assert list_verdicts(conn, scored.id) == [PASSED]
    assert [one.get("code") for one in kept(db, before.id)] == [
        *("too_many_links", "not_configured", "scored_later")
    ]
    assert factories.reread(db, before) == before


def test_a_trial_counts_what_was_only_scored_and_not_as_held_then(db: Database, site: Site) -> None:
    rude, _, _ = bring(db, site, ["rude one", "calm", "Je ne"])
    assert attempt(db, site, classifier_hold=0.8).looked_at == 0
    run(db, site)

    stricter, same, links = (
        attempt(db, site, classifier_hold=0.8),
        attempt(db, site),
        attempt(db, site, max_links=0),
    )

    assert (stricter.looked_at, stricter.held_then, stricter.held) == (2, 0, 1)
    assert stricter.caught == same.caught == (rude,)
    assert attempt(db, site, classifier_hold=0.96).held == 0
    # No other screen ever saw them, so what it would say is no change.
    assert (links.looked_at, links.held) == (0, 0)


def test_a_later_score_stands_for_the_earlier_in_a_trial(db: Database, site: Site) -> None:
    high = {"attribute": "toxicity", "score": 0.97}
    held = Verdict(
        ScreenName.CLASSIFIER, Finding.HOLD, "high_score", RuleKey("personal-attack"), detail=high
    )
    comment = factories.make_comment(db, site.id, text="calm after all", verdicts=(held,))
    run(db, site, again=True)

    trial = attempt(db, site, classifier_hold=0.8)

    assert (trial.held_then, trial.held, trial.let_through) == (1, 0, (comment.id,))


def test_the_score_is_of_the_current_wording(db: Database, site: Site) -> None:
    comment = factories.make_comment(db, site.id, text="calm at first", verdicts=(NOT_SCORED,))
    with db.write(factories.SYSTEM) as tx:
        comments.add_revision(tx, comment, text="rude in the end", html="<p>rude</p>")

    run(db, site)

    trial = attempt(db, site, classifier_hold=0.8)
    assert (trial.looked_at, trial.held_then, trial.caught) == (1, 0, (comment.id,))


def test_erased_comments_get_none_and_other_sites_stay_out(db: Database, site: Site) -> None:
    (erased,) = bring(db, site, ["rude but gone"])
    other = factories.make_site(db, "other")
    (elsewhere,) = bring(db, other, ["rude elsewhere"])
    with db.write(factories.SYSTEM) as tx:
        tx.conn.execute(
            sa.update(tables.revisions)
            .where(tables.revisions.c.comment_id == erased)
            .values(text="", html="")
        )

    assert run(db, site) == PastScored(empty=1)
    assert kept(db, erased) == kept(db, elsewhere) == []


def test_it_goes_on_where_it_was_and_newest_first(
    db: Database, site: Site, clock: SettableClock
) -> None:
    bring(db, site, [f"calm {number}" for number in range(BATCH + 2)])
    seen: list[tuple[int, int]] = []
    clock.advance(timedelta(minutes=1))

    class Stopped(Says):
        def score(
            self, text: str, *, language: str, deadline: timedelta
        ) -> ClassifierAnswer | None:
            if len(self.asked) == BATCH:
                raise KeyboardInterrupt
            return super().score(text, language=language, deadline=deadline)

    first = Stopped()
    with pytest.raises(KeyboardInterrupt):
        run(db, site, classifier=first)
    rest = run(db, site, progress=lambda done, total: seen.append((done, total)))

    assert first.asked == [f"calm {number}" for number in range(BATCH)]
    assert rest == PastScored(scored=2, already=BATCH)
    assert seen == [(BATCH, BATCH + 2), (BATCH + 2, BATCH + 2)]
    assert run(db, site, since=clock() - timedelta(hours=3)).total == 2


def test_what_is_edited_while_it_is_scored_waits_for_the_next_time(
    db: Database, site: Site
) -> None:
    comment = factories.make_comment(db, site.id, text="calm at first")

    class Meanwhile(Says):
        def score(
            self, text: str, *, language: str, deadline: timedelta
        ) -> ClassifierAnswer | None:
            with db.write(factories.SYSTEM) as tx:
                comments.add_revision(tx, comment, text="rude now", html="<p>rude</p>")
            return super().score(text, language=language, deadline=deadline)

    assert run(db, site, classifier=Meanwhile()) == PastScored(unavailable=1)
    assert kept(db, comment.id) == []
    assert run(db, site) == PastScored(scored=1)


def test_what_somebody_is_changing_is_waited_for(db: Database, site: Site) -> None:
    one, other = bring(db, site, ["calm one", "calm other"])
    holding, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with db.write(factories.SYSTEM) as tx:
            comments.lock_comment(tx, site.id, one)
            holding.set()
            go_on.wait(10)

    class Releases(Says):
        def score(
            self, text: str, *, language: str, deadline: timedelta
        ) -> ClassifierAnswer | None:
            if self.asked:
                threading.Timer(0.1, go_on.set).start()
            return super().score(text, language=language, deadline=deadline)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(10)
    assert run(db, site, classifier=Releases()) == PastScored(scored=2)
    thread.join()
    assert len(kept(db, one)) == len(kept(db, other)) == 1


def test_a_screen_that_is_silent_has_not_answered_by_a_later_score(
    db: Database, site: Site
) -> None:
    silent = Verdict(ScreenName.CLASSIFIER, Finding.UNAVAILABLE, "unavailable")
    factories.make_comment(db, site.id, text="calm", verdicts=(silent,))

    assert run(db, site) == PastScored(scored=1)

    with db.read() as conn:
        (found,) = find_silent(conn, site.id, now=db.clock())
    assert (found.screen, found.until, found.held) == (ScreenName.CLASSIFIER, None, 1)
