"""Every word that people read is in every language: collected, translated, with the same gaps."""

from __future__ import annotations

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from belowline.core.language import FORMS, NAMES, TWO_FORMS, language_of
from tests.house.tree import PACKAGE, ROOT, modules

OTHERS = sorted(set(NAMES) - {"en"})
GAP = re.compile(r"%\(\w+\)s")
LINK = re.compile(r"\[[^\]]+\]")
WORD = re.compile(r"[A-Za-z]{2,}")
ATTRIBUTE = re.compile(r"[a-z-]+=")
"""What a macro for attributes leaves over."""

SAID_BY_NOBODY = {
    "Belowline": "Its own name, on pages that belong to no site.",
    "CSV": "A kind of file.",
    "JSON": "A kind of file.",
    "Ctrl": "A key of the keyboard.",
    "Enter": "A key of the keyboard.",
    "Esc": "A key of the keyboard.",
    "Shift": "A key of the keyboard.",
    "belowline site add": "A command.",
    "UTC": "A name of a time zone.",
}
"""What stands in templates without being translated, with the reason."""

SENTENCE = re.compile(r"[A-Z][a-z’']*[ .,].*[a-z]")
FOR_ENGINEERS = {
    "core/settings.py": "Settings are read by whoever runs the installation.",
    "core/settings_checks.py": "Settings are read by whoever runs the installation.",
    "web/app.py": "The description of the API is English.",
    "web/openapi.py": "The description of the API is English.",
    "web/payloads.py": "The description of the API is English.",
    "web/embed/counts.py": "The description of the API is English.",
    "readers/names.py": "Names that nobody may take, in several languages.",
}
"""Modules whose unmarked sentences no reader sees, with the reason."""
CALLS_FOR_ENGINEERS = frozenset(
    {"error", "warning", "info", "debug", "exception", "critical"}
    | {"ValueError", "TypeError", "RuntimeError", "KeyError", "AssertionError"}
    | {"Misconfigured", "_misconfigured", "Column"}
)


@cache
def collector() -> ModuleType:
    """Return the script behind ``make languages``."""
    spec = importlib.util.spec_from_file_location("languages", ROOT / "dev" / "languages.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@cache
def catalogue(language: str) -> Catalog:
    with collector().path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def spoken(language: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return each message as its English forms and its forms in the language."""
    found = []
    for one in catalogue(language):
        if one.id:
            english = one.id if isinstance(one.id, tuple) else (one.id,)
            said = one.string if isinstance(one.string, (tuple, list)) else (one.string,)
            found.append((tuple(english), tuple(str(form or "") for form in said)))
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_everything(language: str) -> None:
    missing = [english[0] for english, said in spoken(language) if not all(said)]

    assert missing == [], f"{len(missing)} are missing"


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_as_the_collector_writes_it(language: str) -> None:
    """Nothing new is left out, nothing old is left in; run `make languages`."""
    script = collector()

    assert script.path_of(language).read_bytes() == script.updated(language, script.collect())


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_guessed_or_left_over(language: str) -> None:
    found = catalogue(language)

    assert [one.id for one in found if one.id and one.fuzzy] == []
    assert list(found.obsolete) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_gaps_and_links_of_the_english(language: str) -> None:
    wrong = []
    for english, said in spoken(language):
        gaps = sorted(GAP.findall(english[-1]))
        links = len(LINK.findall(english[-1]))
        for form in filter(None, said):
            theirs = sorted(GAP.findall(form))
            # In a form for one number alone, a word may stand for the number.
            fits = theirs == gaps or (len(english) > 1 and [*theirs, "%(num)s"] == gaps)
            fits = fits or (len(english) > 1 and sorted([*theirs, "%(num)s"]) == gaps)
            rest = GAP.sub("", form).replace("%%", "")
            if not fits or len(LINK.findall(form)) != links or (gaps and "%" in rest):
                wrong.append(form)

    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_number_has_its_form(language: str) -> None:
    forms = FORMS.get(language, TWO_FORMS)
    locale = Locale.parse(language)
    counted = {locale.plural_form(number) for number in range(1001)}

    assert set(forms) == counted
    assert catalogue(language).num_plurals == len(forms)
    wrong = [
        english[0]
        for english, said in spoken(language)
        if len(english) > 1 < len(forms) != len(said)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogue_counts_as_unicode_does(language: str) -> None:
    """The rule in the file, which translators' tools read, and ours say the same."""
    forms = FORMS.get(language, TWO_FORMS)
    rule = catalogue(language).plural_expr
    expression = _as_python(rule)
    # French counts nothing as one, in gettext's rule and in Unicode's.
    for number in range(250):
        index = int(eval(expression, {"n": number}))  # noqa: S307 - our own file's rule
        assert forms[index] == language_of(language).form_of(number), number


def _as_python(rule: str) -> str:
    """Turn gettext's C expression into Python's; conditionals hang on the right."""
    rule = rule.strip("() ").replace("&&", " and ").replace("||", " or ")
    condition, found, rest = rule.partition("?")
    if not found:
        return rule
    yes, _, no = rest.partition(":")
    return f"({yes}) if ({condition}) else ({_as_python(no)})"


def test_templates_say_nothing_that_is_not_translated() -> None:
    bare = []
    for file in sorted((PACKAGE / "web" / "templates").rglob("*.html")):
        name = file.relative_to(PACKAGE).as_posix()
        if "/demo/" not in name:
            bare += [(name, text) for text in bare_words(file.read_text(encoding="utf-8"))]

    assert bare == []


def bare_words(source: str) -> list[str]:
    """Return the text of a template that is not in an expression, also in telling attributes."""
    source = re.sub(r"\{#.*?#\}", " ", source, flags=re.DOTALL)
    telling = re.findall(r'(?:title|aria-label|placeholder|alt)="([^"{]*)"', source)
    source = re.sub(r"\{[{%].*?[%}]\}", " ", source, flags=re.DOTALL)
    source = re.sub(r"<(script|style)\b.*?</\1>", " ", source, flags=re.DOTALL)
    texts = re.split(r"<[^>]*>", source)
    found = [" ".join(text.split()) for text in (*texts, *telling)]
    return [
        text
        for text in found
        if WORD.search(text) and text not in SAID_BY_NOBODY and not ATTRIBUTE.match(text)
    ]


def test_a_template_with_bare_words_is_found() -> None:
    assert bare_words('<p title="Why">{{ _("One") }} two</p>{% if a %}<b>Three</b>{% endif %}') == [
        "two",
        "Three",
        "Why",
    ]


def test_scripts_say_nothing_that_is_not_translated() -> None:
    bare = []
    for file in sorted((PACKAGE / "web" / "static").glob("*.js")):
        source = re.sub(r"/\*.*?\*/|(?<![:\"])//[^\n]*", " ", file.read_text(), flags=re.DOTALL)
        said = {
            text
            for message in collector().messages_of_script(source)
            for text in ((message,) if isinstance(message, str) else message)
        }
        bare += [(file.name, label) for label in re.findall(r'button\("([A-Z][^"]*)"', source)]
        for quoted in re.findall(r'"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\])*)`', source):
            text = re.sub(r"\$\{[^}]*\}", "", "".join(quoted)).replace('\\"', '"')
            if re.match(
                r"[A-Z]?[a-z]+[,.;]? [a-z]+ [a-z]+|[A-Z][a-z]+ [a-z]+|[A-Z][a-z]+ ?[.:]$",
                text.strip(),
            ):
                bare += [(file.name, text)] if text not in said else []

    assert bare == []


def test_code_says_nothing_to_readers_that_is_not_marked() -> None:
    bare = []
    for module in modules():
        if module.path in FOR_ENGINEERS or module.path.startswith(collector().SPEAKS_ENGLISH):
            continue
        bare += [(module.path, text) for text in unmarked(module.text)]

    assert bare == []


def unmarked(source: str) -> list[str]:
    """Return sentences of a module that are not collected; docstrings and logs aside."""
    said: set[str] = set()
    for message in collector().messages_of_python(source):
        said.update((message,) if isinstance(message, str) else message)
    tree = ast.parse(source)
    aside: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()):
                aside.add(node.value)
            case ast.Call() if collector().name_of(node.func) in CALLS_FOR_ENGINEERS:
                aside.update(ast.walk(node))
            case ast.JoinedStr():
                aside.update(node.values)
    found = []
    for node in ast.walk(tree):
        text = _text_of(node) if node not in aside else ""
        if SENTENCE.match(text) and text not in said:
            found.append(text)
    return found


def _text_of(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr():
            return "".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
        case _:
            return ""


def test_an_unmarked_sentence_is_found() -> None:
    source = (
        'def a():\n    """Do it."""\n    log.info("Is done.")\n    return f"You are {b} here."\n'
    )

    assert unmarked(source) == ["You are  here."]


def test_the_languages_are_those_of_the_collector() -> None:
    assert set(collector().LANGUAGES) == set(OTHERS)
    assert {path.name for path in Path(collector().LOCALE).iterdir()} == set(OTHERS)
