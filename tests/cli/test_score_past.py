"""``belowline score-past``, as from a shell."""

from __future__ import annotations

import pytest

from belowline.sites import store as sites
from belowline.storage.database import Database
from tests import factories
from tests.cli.conftest import Run

RUDE = "You are a fucking idiot, shut the fuck up."
FRENCH = "Je ne pense pas que la mairie ait réfléchi à ce que cela veut dire pour les gens."


def lines(told: str) -> dict[str, str]:
    rows = [line.strip(" │").split("│") for line in told.splitlines() if line.count("│") == 3]
    return {what.strip(): count.strip() for what, count in rows}


def test_what_is_there_is_scored_once_and_it_is_said_that_nothing_else_is(
    courier: Run, sqlite_url: str
) -> None:
    db = Database(sqlite_url)
    with db.read() as conn:
        site = sites.get_site(conn, "courier")
    for text in (RUDE, FRENCH, "The footpath at the mill is needed."):
        factories.make_comment(db, site.id, text=text)
    db.close()

    first = courier("score-past", "--site", "courier")
    second = courier("score-past", "--site", "courier", "--since", "2026-01-01")

    assert (first.status, second.status) == (0, 0)
    assert "Scoring is off" in first.err
    counts = [lines(one.out) for one in (first, second)]
    assert [one["scored"] for one in counts] == ["2", "0"]
    assert [one["already scored"] for one in counts] == ["0", "2"]
    assert [one["of no known language"] for one in counts] == ["1", "1"]
    assert RUDE not in first.out + first.err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--site", "nowhere"), "no such site"),
        (("--site", "courier", "--since", "yesterday"), "--since"),
        ((), "--site"),
    ],
)
def test_what_cannot_be_is_refused(courier: Run, given: tuple[str, ...], said: str) -> None:
    answer = courier("score-past", *given)

    assert answer.status == 2
    assert said.lower() in answer.err.lower()


def test_a_site_whose_language_has_no_model_is_told_so(courier: Run) -> None:
    courier("site", "set", "courier", "--language", "cy")

    answer = courier("score-past", "--site", "courier")

    assert answer.status == 2
    assert "cy" in answer.err
