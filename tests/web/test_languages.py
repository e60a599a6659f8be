"""A site speaks one language: its pages, its refusals, its letters and the embed's script."""

from __future__ import annotations

import json
import re

import pytest

from belowline.actions.sites import change_site, create_site
from belowline.core.language import language_of
from belowline.core.text import Text, numbered, together
from belowline.rules import store as rules
from belowline.rules.default import DEFAULT_RULES
from tests import factories
from tests.web.asking import Asker

ARABIC, GERMAN = language_of("ar"), language_of("de")


def speak(echo: Asker, language: str) -> None:
    change_site(echo.db, echo.site, language=language)


def test_a_page_says_its_language_and_its_direction(echo: Asker) -> None:
    factories.make_story(echo.db, echo.site.id, "quay")
    for tag, direction in (("en", "ltr"), ("de", "ltr"), ("ar", "rtl")):
        speak(echo, tag)
        for path in ("/s/echo", "/s/echo/quay", "/rules/echo", "/sign-in/echo", "/s/echo/nowhere"):
            assert f'<html lang="{tag}" dir="{direction}">' in echo.ask("GET", path).text
        fragment = echo.ask("GET", "stories/quay/thread.html").text
        assert f'<section class="thread" lang="{tag}" dir="{direction}"' in fragment


def test_a_thread_is_in_the_new_language_at_once(echo: Asker) -> None:
    comment = factories.make_comment(echo.db, echo.site.id)
    path = f"/s/echo/{comment_story(echo, comment.story_id)}"
    first = echo.ask("GET", path)
    speak(echo, "de")

    answer = echo.ask("GET", path)

    assert answer.headers["etag"] != first.headers["etag"]
    assert GERMAN.say("Write a comment") in answer.text
    assert "Write a comment" not in answer.text


def comment_story(echo: Asker, story_id: int) -> str:
    found = re.findall(r'href="/s/echo/([^"/?]+)"', echo.ask("GET", "/s/echo").text)
    assert found, story_id
    return str(found[0])


def test_a_refusal_keeps_its_code_and_changes_its_words(echo: Asker) -> None:
    english = echo.ask("GET", "comments/4711/why").json()["error"]
    speak(echo, "de")

    german = echo.ask("GET", "comments/4711/why").json()["error"]

    assert (german["code"], german["message"]) == (english["code"], GERMAN.say(english["message"]))
    assert german["message"] != english["message"]


@pytest.mark.parametrize("path", ["/", "/nowhere", "/unsubscribe/x"])
def test_a_page_of_no_site_is_in_the_language_that_all_share(echo: Asker, path: str) -> None:
    create_site(echo.db, key="second", name="S", origins=["https://s.example"], language="de")
    assert 'lang="en"' in echo.ask("GET", path).text

    speak(echo, "de")

    assert 'lang="de"' in echo.ask("GET", path).text


def test_a_language_that_is_not_spoken_is_answered_in_english(echo: Asker) -> None:
    speak(echo, "nl")

    page = echo.ask("GET", "/rules/echo").text

    assert '<html lang="en" dir="ltr">' in page
    assert "Rules for commenting" in page


def test_a_new_site_has_its_rules_in_its_language(echo: Asker) -> None:
    site = create_site(echo.db, key="bote", name="B", origins=["https://b.example"], language="de")

    with echo.db.read() as conn:
        book = rules.get_current_rulebook(conn, site.id)

    assert [rule.title for rule in book.rules] == [GERMAN.say(one.title) for one in DEFAULT_RULES]
    assert book.rules[0].title != DEFAULT_RULES[0].title


def test_the_scripts_words_come_as_a_module(echo: Asker) -> None:
    answer = echo.ask("GET", "/static/words-ar.js")

    words = json.loads(re.findall(r"export const words = (\{.*\});", answer.text)[0])
    assert answer.headers["content-type"].startswith("text/javascript")
    assert words["Write something first."] == ARABIC.say("Write something first.")
    assert set(words) <= set(ARABIC.catalogue.in_scripts)
    assert "Queue" not in words
    assert echo.ask("GET", "/static/words-en.js").status_code == 404


def test_a_text_is_put_together_in_the_language() -> None:
    said = Text(
        "“%(rule)s”: %(why)s", rule="R % 1", why=Text("No story can have the key %(key)s.", key="x")
    )

    assert said == "“R % 1”: No story can have the key x."
    inner = GERMAN.find("No story can have the key %(key)s.") % {"key": "x"}
    assert GERMAN.say(said) == f"“R % 1”: {inner}"
    assert together("", Text("A %(b)s", b=1), "") == "A 1"


@pytest.mark.parametrize("number", [0, 1, 2, 3, 11, 100, 101, 1000])
def test_a_number_has_the_form_of_the_language(number: int) -> None:
    one, other = "%(num)s comment", "%(num)s comments"
    said = ARABIC.say(numbered(one, other, number))

    forms = ARABIC.catalogue.plurals[one]
    form = forms[ARABIC.forms.index(ARABIC.form_of(number))]
    assert said == form % {"num": number}
