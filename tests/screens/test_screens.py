"""Each screen's rule, as tables: length, shouting, links, repeats, words, newcomer, rate."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from belowline.core.terms import Finding, RuleKey
from belowline.screens.length import screen_length
from belowline.screens.links import screen_links
from belowline.screens.model import Draft, ListedWord, ScreenSettings
from belowline.screens.newcomer import screen_newcomer
from belowline.screens.rate import screen_rate
from belowline.screens.repeats import screen_repeats
from belowline.screens.shouting import screen_shouting
from belowline.screens.words import screen_words
from tests.screens.facts import cut, make_facts, sent

MINUTE = timedelta(minutes=1)
PLEA = (
    "The council must not sell the old library, because it was given to the town by its people "
    "in 1911 and it belongs to all of us who learned to read there."
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\u200b\u3164", "empty"),
        ("x", "too_short"),
        ("ok", "clean"),
        ("x" * 5000, "clean"),
        ("x" * 5001, "too_long"),
    ],
)
def test_a_comment_has_a_length(text: str, code: str) -> None:
    verdict = screen_length(Draft(text), make_facts())
    assert verdict.code == code
    assert verdict.finding is (Finding.PASS if code == "clean" else Finding.REFUSE)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("?!?!...", "no_words", id="punctuation alone"),
        pytest.param("👍", "clean", id="a picture says something"),
        pytest.param("+1", "clean", id="a number says something"),
        pytest.param("", "clean", id="nothing is for the length screen"),
        pytest.param("THIS IS AN OUTRAGE AND NOBODY CARES", "shouting", id="capitals"),
        pytest.param("NATO, the EU and the UN met in the USA", "clean", id="abbreviations"),
        pytest.param("HONORIFICABILITUDINITATIBUS", "clean", id="one long word"),
        pytest.param("ДОЛОЙ ВСЕХ И НЕМЕДЛЕННО ОТСЮДА", "shouting", id="Cyrillic capitals"),
        pytest.param("h" + "\u0301\u0315\u0317" * 4 + "ello", "zalgo", id="a stack of marks"),
        pytest.param("".join(f"{c}\u0301\u0315" for c in "nothing"), "zalgo", id="light zalgo"),
        pytest.param("Tie\u0302\u0301ng Vie\u0302\u0323t", "clean", id="Vietnamese taken apart"),
        pytest.param("שָׁלוֹם עֲלֵיכֶם", "clean", id="Hebrew with vowels"),
        pytest.param("No" + "o" * 40, "flood", id="one letter without end"),
        pytest.param("Nooooooo way!!!!!", "clean", id="an exclamation"),
        pytest.param("first " * 30, "flood", id="one word without end"),
        pytest.param("ha " * 10, "clean", id="laughter"),
        pytest.param(PLEA, "clean", id="a comment"),
    ],
)
def test_noise_is_told_from_speech(text: str, code: str) -> None:
    verdict = screen_shouting(Draft(text), make_facts())
    assert verdict.code == code
    assert verdict.rule == (None if code == "clean" else "disruption")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("See https://example.com/a?b=c, and http://example.org.", 2),
        ("[one](https://example.com) <https://example.net>", 2),
        ("www.example.test and example.co.uk and shop.example.com/sale", 3),
        ("hxxp://example.com hxxps://example.org h**p://example.net", 3),
        ("example . com, example dot com, example[.]com, example (dot) org", 4),
        ("ｅｘａｍｐｌｅ.com ехаmple.com exam\u200bple.com", 3),
        ("https&#58;//example.com", 1),
        ("https : / / example.com", 1),
        ("Write to jo@example.com or a.b@example.co.uk", 0),
        ("I went.Then it.is over.So what, no.no e.g. i.e. 3.5 etc.", 0),
        ("the dot com bubble", 0),
        ("and/or", 0),
    ],
)
def test_links_are_counted_however_they_are_written(text: str, links: int) -> None:
    verdict = screen_links(Draft(text), make_facts())
    assert verdict.detail["links"] == links
    assert verdict.finding is (Finding.HOLD if links > 2 else Finding.PASS)


def test_links_to_the_papers_own_pages_are_not_counted() -> None:
    settings = ScreenSettings(own_domains=("Example.com",), max_links=0)
    facts = make_facts(settings=settings)
    own = "https://example.com/a http://www.example.com:80/ example.com"
    assert screen_links(Draft(own), facts).finding is Finding.PASS
    for foreign in ("https://notexample.com", "https://example.com@evil.test", "example.com.ru"):
        assert screen_links(Draft(foreign), facts).finding is Finding.HOLD


def test_too_many_links_are_spam_and_shown_where_they_are() -> None:
    text = "ﬁrst a.com then b.com then c.com"
    verdict = screen_links(Draft(text), make_facts())
    assert verdict.rule == "spam"
    assert cut(text, verdict.passages) == ["a.com", "b.com", "c.com"]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("[x](javascript:alert(1))", Finding.REFUSE),
        ("[x]( JAVA\nSCRIPT:alert(1))", Finding.REFUSE),
        ("<vbscript:run>", Finding.REFUSE),
        ("[x](data:text/html,boo)", Finding.REFUSE),
        ("try javascript:alert(1)", Finding.HOLD),
        ("I read JavaScript: The Good Parts", Finding.PASS),
    ],
)
def test_a_link_that_runs_a_program_is_refused(text: str, finding: Finding) -> None:
    assert screen_links(Draft(text), make_facts()).finding is finding


@pytest.mark.parametrize("unit", ["a", "a.", "a-", "[", "a dot ", "http:", "www.", "](", "a . "])
def test_a_hundred_kilobytes_are_searched_for_links_in_linear_time(unit: str) -> None:
    begun = time.process_time()
    screen_links(Draft(unit * (100_000 // len(unit))), make_facts())
    assert time.process_time() - begun < 1.5


@pytest.mark.parametrize(
    ("text", "recent", "code"),
    [
        pytest.param(PLEA, [], "clean", id="new"),
        pytest.param(PLEA, [PLEA], "repeated", id="the same"),
        pytest.param(PLEA.upper() + "!!", [f"  {PLEA}"], "repeated", id="the same, dressed up"),
        pytest.param(PLEA + " Sign!", [PLEA], "nearly_repeated", id="nearly the same"),
        pytest.param(PLEA, ["I like the old library, it is in a fine town."], "clean", id="other"),
        pytest.param("I agree", ["I agree"] * 2, "clean", id="short, for the third time"),
        pytest.param("I agree", ["I agree"] * 3, "repeated", id="short, for the fourth time"),
        pytest.param(f"> {PLEA}\n\nYes.", [PLEA], "clean", id="quoted and answered"),
        pytest.param(f"> {PLEA}", [PLEA], "repeated", id="nothing but quoted"),
    ],
)
def test_repeating_oneself_is_noticed(text: str, recent: list[str], code: str) -> None:
    facts = make_facts(recent=tuple(sent(earlier, ago=MINUTE) for earlier in recent))
    assert screen_repeats(Draft(text), facts).code == code


def test_what_was_said_before_the_window_or_is_being_edited_may_be_said_again() -> None:
    old = make_facts(recent=(sent(PLEA, ago=timedelta(days=2)),))
    fresh = make_facts(recent=(sent(PLEA, ago=MINUTE),))
    assert screen_repeats(Draft(PLEA), old).finding is Finding.PASS
    assert screen_repeats(Draft(PLEA, is_edit=True), fresh).finding is Finding.PASS
    assert screen_repeats(Draft(PLEA), fresh).finding is Finding.HOLD


def test_pasting_what_others_paste_is_a_campaign() -> None:
    verdict = screen_repeats(Draft(PLEA), make_facts(others=("x", PLEA + " Act now.", PLEA)))
    assert (verdict.code, verdict.rule, verdict.detail) == ("campaign", "spam", {"times": 2})
    assert screen_repeats(Draft("Well said"), make_facts(others=("Well said",))).code == "clean"


def test_the_strictest_word_decides_and_all_are_shown() -> None:
    settings = ScreenSettings(
        held_words=("drat",),
        refused_words=("begone",),
        listed_words=(ListedWord("scoundrel", RuleKey("personal-attack")),),
        use_default_words=False,
    )
    facts = make_facts(settings=settings)
    held = screen_words(Draft("Dr4t the scoundrel"), facts)
    assert (held.finding, held.rule, held.detail) == (Finding.HOLD, "personal-attack", {"hits": 2})
    text = "drat! b-e-g-o-n-e"
    refused = screen_words(Draft(text), facts)
    assert (refused.finding, refused.rule) == (Finding.REFUSE, "obscenity")
    assert cut(text, refused.passages) == ["drat", "b-e-g-o-n-e"]
    assert screen_words(Draft("shit"), facts).finding is Finding.PASS
    assert screen_words(Draft("shit"), make_facts()).finding is Finding.HOLD


@pytest.mark.parametrize(
    ("published", "holds", "is_staff", "code"),
    [
        (0, 2, False, "newcomer"),
        (1, 2, False, "newcomer"),
        (2, 2, False, "clean"),
        (0, 0, False, "clean"),
        (0, 2, True, "staff"),
    ],
)
def test_a_newcomers_first_comments_are_held(
    published: int, holds: int, *, is_staff: bool, code: str
) -> None:
    settings = ScreenSettings(newcomer_holds=holds)
    facts = make_facts(published=published, is_staff=is_staff, settings=settings)
    verdict = screen_newcomer(Draft("hello"), facts)
    assert (verdict.code, verdict.rule) == (code, None)


@pytest.mark.parametrize(
    ("earlier", "ago", "finding"),
    [
        pytest.param(2, 10, Finding.PASS, id="the third in a minute"),
        pytest.param(3, 10, Finding.HOLD, id="the fourth in a minute"),
        pytest.param(8, 10, Finding.HOLD, id="the ninth in a minute"),
        pytest.param(9, 10, Finding.REFUSE, id="the tenth in a minute"),
        pytest.param(50, 60, Finding.PASS, id="a minute has passed"),
    ],
)
def test_haste_is_held_and_a_flood_refused(earlier: int, ago: int, finding: Finding) -> None:
    recent = tuple(sent("x", ago=timedelta(seconds=ago)) for _ in range(earlier))
    assert screen_rate(Draft("x"), make_facts(recent=recent)).finding is finding
    assert screen_rate(Draft("x"), make_facts(recent=recent, is_staff=True)).code == "staff"
    assert screen_rate(Draft("x", is_edit=True), make_facts(recent=recent)).code == "edit"


def test_the_daily_limit_refuses_under_disruption() -> None:
    recent = tuple(sent("x", ago=timedelta(hours=hours)) for hours in range(1, 6))
    verdict = screen_rate(
        Draft("x"), make_facts(recent=recent, settings=ScreenSettings(rate_daily=5))
    )
    assert (verdict.finding, verdict.rule, verdict.code) == (
        Finding.REFUSE,
        "disruption",
        "daily_limit",
    )
