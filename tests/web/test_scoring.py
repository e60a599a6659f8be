"""Comments that are scored where they are screened: held for a person, shown with why."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from belowline.actions.sites import change_site
from belowline.sites.model import SiteSettings
from belowline.storage.database import Database
from tests import factories
from tests.web.asking import Asker, asking

RUDE = "You are a fucking idiot, shut the fuck up you stupid bitch."
CALM = "The bridge at the mill needs a footpath, because children walk there to school."
FRENCH = "Je ne pense pas que la mairie ait réfléchi à ce que cela veut dire pour les gens."


@pytest.fixture
def scored(db: Database) -> Iterator[Asker]:
    """Give a site whose comments are scored, and nothing else that would hold them."""
    with asking(db, scoring="linear") as asker:
        settings = SiteSettings(newcomer_holds=0, use_default_words=False, hold_capitals=False)
        change_site(db, asker.site, settings=settings)
        factories.make_story(db, asker.site.id, "bridge")
        yield asker


def send(scored: Asker, text: str) -> dict[str, Any]:
    _, token = scored.reader()
    body = {"text": text, "client_key": uuid.uuid4().hex}
    answer = scored.ask("POST", "stories/bridge/comments", by=token, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_what_scores_high_is_held_for_a_person_and_never_refused(scored: Asker) -> None:
    told = send(scored, RUDE)

    assert told["status"] == "held"
    assert send(scored, CALM)["status"] == "published"


def test_a_language_that_no_model_knows_is_held_and_not_guessed_at(scored: Asker) -> None:
    assert send(scored, FRENCH)["status"] == "held"


def test_the_desk_sees_what_it_is_how_sure_and_where(scored: Asker) -> None:
    comment = send(scored, RUDE)
    moderator = scored.token(factories.make_staff(scored.db, scored.site.id))

    page = scored.ask("GET", f"/console/echo/cases/{comment['id']}", by=moderator).text

    assert "of 100 people would say so" in page
    assert '<q class="as-written" dir="auto">' in page
    assert "high_score" in page


def test_health_says_nothing_of_models_that_can_be_read(scored: Asker) -> None:
    assert "models_broken" not in scored.ask("GET", "/healthz").json()
