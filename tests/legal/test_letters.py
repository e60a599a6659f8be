"""Every letter says what the Regulations ask of it, and nothing of who must not be named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from belowline.core.language import language_of
from belowline.legal.letters import REQUIRED, Matter, compose
from belowline.legal.model import Contact, Grounds, LetterKind
from tests.legal.test_calendar import london

ENGLISH = language_of("en")
SENT = london("2026-03-04 09:00")
GROUNDS = Grounds(
    words="He stole 100% of it.",
    why="A crime.",
    meaning="A thief.",
    wrong="I was away.",
    cannot_sue=True,
    consents=False,
)
MATTER = Matter(
    number="echo-7",
    site_name="The Echo",
    story_title="The car park",
    comment_url="https://talk.echo.example/s/echo/car-park/c/3",
    page_url="https://talk.echo.example/legal/echo/secret",
    grounds=GROUNDS,
    complainant=Contact("Jo Bloggs", "jo@mail.example"),
    author=Contact("Al Writer", "", "1 High Street\nLlanfair"),
)


def text(kind: LetterKind, matter: Matter = MATTER) -> str:
    return compose(kind, matter, language=ENGLISH, now=SENT).text


def test_a_defective_notice_is_answered_with_everything_that_is_required() -> None:
    told = text(LetterKind.DEFECTIVE)

    for line in REQUIRED:
        assert line in told
    assert "section 5(6)(a) to (c)" in told
    assert "/about-me" in told


def test_the_author_is_told_the_day_and_what_an_answer_must_hold() -> None:
    told = text(LetterKind.AUTHOR)

    assert "midnight, London time, at the end of 9 March 2026" in told
    assert "full name and the postal address" in told
    assert "unless you agree or a court orders it" in told
    for said in (GROUNDS.words, GROUNDS.why, GROUNDS.meaning, GROUNDS.wrong):
        assert said in told


@pytest.mark.parametrize("consents", [False, None])
def test_who_complains_stays_unnamed_without_their_consent(*, consents: bool | None) -> None:
    matter = replace(MATTER, grounds=replace(GROUNDS, consents=consents))
    told = text(LetterKind.AUTHOR, matter)

    assert "Jo Bloggs" not in told
    assert "jo@mail.example" not in told
    assert "not passed on" in told


def test_who_complains_is_named_with_their_consent() -> None:
    told = text(LetterKind.AUTHOR, replace(MATTER, grounds=replace(GROUNDS, consents=True)))

    assert "Jo Bloggs" in told
    assert "jo@mail.example" in told


def test_the_acknowledgement_says_which_was_done() -> None:
    assert "paragraph 2 of the Schedule" in text(LetterKind.ACKNOWLEDGED)
    assert "has been removed" in text(LetterKind.ACKNOWLEDGED, replace(MATTER, is_down=True))


def test_a_refusal_names_the_author_only_if_they_agreed() -> None:
    without = text(LetterKind.REFUSED)
    with_them = text(LetterKind.REFUSED, replace(MATTER, author_consents=True))

    assert "does not wish the comment to be removed" in without
    assert "not agreed" in without
    assert "Al Writer" not in without
    assert "1 High Street" not in without
    assert "Al Writer\n1 High Street\nLlanfair" in with_them


@pytest.mark.parametrize("kind", LetterKind)
def test_no_letter_to_the_complainant_names_an_author_who_did_not_agree(kind: LetterKind) -> None:
    assert "Al Writer" not in text(kind)
    assert "echo-7" in compose(kind, MATTER, language=ENGLISH, now=SENT).subject
    assert "The Echo" in compose(kind, MATTER, language=ENGLISH, now=SENT).subject
