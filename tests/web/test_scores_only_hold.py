"""Whatever a classifier says, a comment is published or held for a person, and nobody is punished.

Through the public doors, with everything that follows from a change by itself. The other half is
``tests/house/test_scores_decide_nothing.py``: nobody who decides or sanctions can see a score.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from belowline.actions.ladders import publish_ladder
from belowline.core.errors import Unavailable
from belowline.core.terms import Actor, Finding, Role, SiteId, StoryMode
from belowline.outside.classifier import ClassifierAnswer
from belowline.rules import store as rules
from belowline.sanctions.thresholds import BOUNDS, USUAL, LadderSettings
from belowline.scoring import classifier as local
from belowline.scoring.attributes import Attribute
from belowline.screens.classifier import judge_kept_score, judge_score
from belowline.screens.later import judge_later
from belowline.screens.model import ScreenSettings
from belowline.storage import tables
from belowline.storage.database import Database
from tests import factories
from tests.conftest import SettableClock
from tests.screens.facts import make_facts
from tests.web.asking import Asker, asking

HIGHEST = {one.value: 1.0 for one in Attribute}
GENTLEST, STRICTEST = (
    LadderSettings(
        **{
            name: bound.most if bound.stricter_up is strict else bound.least
            for name, bound in BOUNDS.items()
        }
    )
    for strict in (False, True)
)
LADDERS = {"echo": USUAL, "gentle": GENTLEST, "strict": STRICTEST}
"""The ladder of each site."""
TAKEN = {StoryMode.OPEN, StoryMode.HOLD_FIRST}
PUNISHING = ("decisions", "sanctions", "withdrawal_proposals", "withdrawal_reviews", "appeals")
"""Where a decision, a sanction and the points behind it would be, and what would follow."""

NAMES = st.sampled_from(
    [*HIGHEST, "hate", "harassment", "sexual", "obscene", "child-selfharm", "refuse", ""]
)
VALUES = st.one_of(
    st.floats(0, 1), st.sampled_from([0.9, 1.0, 1.5, -1.0, math.nan, math.inf, -math.inf])
)
ANSWERS = st.one_of(
    st.dictionaries(NAMES, VALUES, max_size=10).map(ClassifierAnswer),
    st.sampled_from([None, Unavailable("It is broken.", code="no_model"), TimeoutError()]),
)
WHO = st.sampled_from(["reader", "moderator"])


@dataclass
class Says:
    """A classifier that says what a test wants."""

    answer: ClassifierAnswer | Exception | None = None
    waits: bool = False
    problems: dict[str, str] = field(default_factory=dict)

    def score(self, *_: object, **__: object) -> ClassifierAnswer | None:
        """Say it."""
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def says() -> Says:
    return Says()


@pytest.fixture
def scored(sqlite: Database, says: Says, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asker]:
    """Give an application that asks what the test wants: three ladders, a story in each mode."""
    monkeypatch.setattr(local, "read_classifier", lambda *_, **__: says)
    with asking(sqlite, scoring="linear") as asker:
        for key, ladder in LADDERS.items():
            site = asker.site if key == "echo" else factories.make_site(sqlite, key)
            if ladder != USUAL:
                owner = factories.make_staff(sqlite, site.id, Role.OWNER)
                publish_ladder(sqlite, site.id, ladder, by=owner, seen=0)
            for mode in StoryMode:
                factories.make_story(sqlite, site.id, story_of(mode), mode=mode)
        yield asker


def story_of(mode: StoryMode) -> str:
    return mode.value.replace("_", "-")


def post(scored: Asker, place: tuple[str, StoryMode], who: str) -> dict[str, Any] | None:
    """Post as somebody new, and edit; return both answers' statuses, or None if it is closed."""
    site, mode = place
    by = writer(scored, site, who)
    number = uuid.uuid4().hex
    body = {"text": f"The bridge at the mill stays open {number}.", "client_key": number}
    base = f"/api/v1/sites/{site}"
    origin = f"https://www.{site}.example"
    sent = scored.ask(
        "POST", f"{base}/stories/{story_of(mode)}/comments", by=by, json=body, origin=origin
    )
    if mode not in TAKEN:
        assert sent.status_code == 403
        return None
    assert sent.status_code == 201, sent.text
    path = f"{base}/comments/{sent.json()['id']}"
    edited = scored.ask("PATCH", path, by=by, json={"text": f"Changed {number}."}, origin=origin)
    assert edited.status_code == 200, edited.text
    return {"id": sent.json()["id"], "sent": sent.json()["status"], "then": edited.json()["status"]}


def writer(scored: Asker, site: str, who: str) -> str:
    """Make a reader, or a moderator, of a site who accepted its rules; return a session's token."""
    with scored.db.read() as conn:
        row = conn.execute(sa.select(tables.sites.c.id).where(tables.sites.c.key == site)).one()
        rulebook = rules.get_current_rulebook(conn, SiteId(row.id)).id
    is_staff = who == "moderator"
    reader_id = (
        factories.make_staff(scored.db, SiteId(row.id))
        if is_staff
        else factories.make_reader(scored.db)
    )
    with scored.db.write(Actor(reader_id)) as tx:
        rules.accept(tx, reader_id, rulebook)
    return scored.token(reader_id)


def punished(db: Database) -> dict[str, int]:
    with db.read() as conn:
        counts = {
            name: conn.execute(
                sa.select(sa.func.count()).select_from(tables.metadata.tables[name])
            ).scalar_one()
            for name in PUNISHING
        }
    return {name: count for name, count in counts.items() if count}


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    answer=ANSWERS,
    place=st.tuples(
        st.sampled_from([*LADDERS]),
        st.sampled_from([*StoryMode, StoryMode.OPEN, StoryMode.HOLD_FIRST]),
    ),
    who=WHO,
)
@example(answer=ClassifierAnswer(HIGHEST), place=("echo", StoryMode.OPEN), who="reader")
@example(answer=ClassifierAnswer(HIGHEST), place=("strict", StoryMode.HOLD_FIRST), who="reader")
@example(answer=ClassifierAnswer(HIGHEST), place=("gentle", StoryMode.OPEN), who="moderator")
def test_a_comment_is_published_or_held_whatever_the_scores_are(
    scored: Asker,
    says: Says,
    answer: ClassifierAnswer | Exception | None,
    place: tuple[str, StoryMode],
    who: str,
) -> None:
    says.answer = answer

    became = post(scored, place, who)

    assert became is None or {became["sent"], became["then"]} <= {"published", "held"}
    if became is not None and isinstance(answer, ClassifierAnswer) and answer.attributes == HIGHEST:
        assert (became["sent"], became["then"]) == ("held", "held")
    assert punished(scored.db) == {}


def test_nothing_follows_by_itself_from_many_that_were_held_for_their_scores(
    db: Database, says: Says, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not from all of an author's in a week either, a third of which would earn a sanction."""
    monkeypatch.setattr(local, "read_classifier", lambda *_, **__: says)
    says.answer = ClassifierAnswer(HIGHEST)
    with asking(db, scoring="linear") as scored:
        factories.make_story(db, scored.site.id, "open")
        reader_id, token = scored.reader()
        sent = [send(scored, token) for _ in range(3)]
        clock.advance(timedelta(days=2))
        before = len(factories.events_of(db))
        for line in scored.house.runner._lines:  # noqa: SLF001 - all that a process does by itself
            line.attempt()

        assert sent == [(201, "held")] * 3
        assert len(factories.events_of(db)) == before
        assert punished(db) == {}
        with db.read() as conn:
            found = conn.execute(sa.select(tables.comments.c.status)).scalars().all()
        assert set(found) == {"held"}
        assert send(scored, scored.token(reader_id)) == (201, "held")


def send(scored: Asker, token: str) -> tuple[int, str]:
    number = uuid.uuid4().hex
    body = {"text": f"Remark {number}.", "client_key": number}
    answer = scored.ask("POST", "stories/open/comments", by=token, json=body)
    return answer.status_code, answer.json()["status"]


@given(
    scores=st.dictionaries(st.one_of(NAMES, st.text(max_size=8)), VALUES, max_size=10),
    threshold=st.floats(0, 1),
)
@example(scores=HIGHEST, threshold=0.0)
def test_no_score_refuses_and_a_later_one_holds_not_even(
    scores: dict[str, float], threshold: float
) -> None:
    facts = make_facts(settings=ScreenSettings(classifier_hold=threshold))
    answer = ClassifierAnswer(scores)

    judged = judge_score(answer, facts)
    later = judge_later(answer, facts, by="m")

    assert judged.finding in {Finding.PASS, Finding.HOLD, Finding.UNAVAILABLE}
    assert judge_kept_score(judged, facts).finding is not Finding.REFUSE
    assert later is None or later.finding is Finding.PASS
