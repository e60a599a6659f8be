"""Collect everything that people read into the catalogues: `make languages`.

English stands in the code and is the key; ``src/belowline/locale/<language>/LC_MESSAGES`` has the
translations. A message that is new is added empty, one that is gone is dropped; nothing is
guessed, so nothing is fuzzy. Neither dates nor line numbers are written, so that a change shows
what it changed. ``python dev/languages.py --list cy`` prints what a language still lacks.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "belowline"
LOCALE = PACKAGE / "locale"
LANGUAGES = {
    "ar": (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
        "n%100>=11 && n%100<=99 ? 4 : 5);"
    ),
    "cy": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5);",
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "pl": ("nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"),
}
"""Each language with its plural forms, in the order of ``core.language.FORMS``."""

MARKS = {"later": 1, "Text": 1, "numbered": 2, "_": 1}
"""Functions whose first arguments are for people."""
REFUSALS = frozenset(
    {
        "InvalidInput",
        "NotSignedIn",
        "NotAllowed",
        "NotFound",
        "Conflict",
        "StaleVersion",
        "TooMany",
        "Unavailable",
    }
)
"""Errors, whose first argument is what a person is told."""
CODED = frozenset({"Refusal", "Reason"})
"""Values whose first argument is a code, and the second a sentence."""

SPEAKS_ENGLISH = (
    "cli/",
    "demo/",
    "transfer/",
    "storage/",
    "locale/",
    "scoring/",
    "web/scores/",
    "web/metrics/",
)
"""Folders whose words are for whoever runs an installation or writes programs, or for its demo."""

SAYS = re.compile(r'(?<![.\w])tn?\(\s*("(?:\\.|[^"\\])*")(?:,\s*("(?:\\.|[^"\\])*"))?')

Found = tuple[str, str | tuple[str, str]]
"""A file, and a message of it: one text, or two for one and many."""


def find_messages() -> Iterator[Found]:
    """Yield every message with the file that says it, in a steady order."""
    for file in sorted(PACKAGE.rglob("*")):
        name = file.relative_to(PACKAGE).as_posix()
        if name.startswith(SPEAKS_ENGLISH) or "templates/demo/" in name:
            continue
        match file.suffix:
            case ".py":
                yield from ((name, one) for one in messages_of_python(file.read_text()))
            case ".html" | ".xml":
                yield from ((name, one) for one in messages_of_template(file))
            case ".js":
                yield from ((name, one) for one in messages_of_script(file.read_text()))


def messages_of_python(source: str) -> Iterator[str | tuple[str, str]]:
    """Yield the messages of a module, in the order in which they stand there."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = name_of(node.func)
        if name == "numbered":
            first, second = (next(texts_of(one)) for one in node.args[:2])
            yield (first, second)
        elif name in MARKS or name in REFUSALS:
            yield from texts_of(node.args[0]) if node.args else ()
        elif name in CODED and len(node.args) > 1:
            yield from texts_of(node.args[1])


def texts_of(node: ast.expr) -> Iterator[str]:
    """Yield the constant texts that an argument can be."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from texts_of(node.body)
            yield from texts_of(node.orelse)
        case ast.BoolOp():
            for one in node.values:
                yield from texts_of(one)


def name_of(function: ast.expr) -> str:
    """Return what a call calls, without what stands before the dot."""
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def messages_of_template(file: Path) -> Iterator[str | tuple[str, str]]:
    """Yield what a template says."""
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    keywords = {"_": None, "ngettext": (1, 2)}
    with file.open("rb") as source:
        found = extract("jinja2.ext:babel_extract", source, keywords=keywords, options=options)
        for _, message, _, _ in found:
            yield message if isinstance(message, str) else (message[0], message[1])


def messages_of_script(source: str) -> Iterator[str | tuple[str, str]]:
    """Yield what a script says through ``t`` and ``tn``, also from inside a template literal."""
    for call in SAYS.finditer(source):
        one, other = (json.loads(text) if text else "" for text in call.groups())
        yield (one, other) if other else one


def collect() -> Catalog:
    """Return the English catalogue: every message once, with the files that say it."""
    catalog = Catalog(project="Belowline", charset="utf-8")
    for name, message in find_messages():
        catalog.add(message, locations=[(name, 0)])
    return catalog


def path_of(language: str) -> Path:
    """Return where a language's words are kept."""
    return LOCALE / language / "LC_MESSAGES" / "belowline.po"


def updated(language: str, template: Catalog) -> bytes:
    """Return a catalogue as it should be: the messages of today with the words that it has."""
    file = path_of(language)
    known = Catalog(locale=language)
    if file.is_file():
        with file.open("rb") as source:
            known = read_po(source, locale=language, ignore_obsolete=True)
    made = Catalog(locale=language, charset="utf-8")
    # Babel has one form fewer for some languages than their catalogues.
    made.mime_headers = [("Plural-Forms", LANGUAGES[language])]
    count = int(LANGUAGES[language].partition("nplurals=")[2].partition(";")[0])
    for message in sorted(template, key=lambda one: str(one.id)):
        if not message.id:
            continue
        old = known.get(message.id[0] if isinstance(message.id, tuple) else message.id)
        words = old.string if old is not None and isinstance(old.id, type(message.id)) else None
        if isinstance(message.id, tuple) and (not words or len(words) != count):
            words = ("",) * count
        where = sorted({(name, 0) for name, _ in message.locations})
        made.add(message.id, words or "", locations=where)
    return _written(made, LANGUAGES[language])


def _written(catalog: Catalog, plural: str) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, width=100, include_lineno=False, omit_header=True)
    head = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale_identifier}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {plural}\\n"\n\n'
    )
    return head.encode() + out.getvalue()


def missing_of(language: str) -> list[str]:
    """Return what a language does not say yet."""
    with path_of(language).open("rb") as source:
        catalog = read_po(source, locale=language)
    return [
        str(one.id)
        for one in catalog
        if one.id and not (all(one.string) if isinstance(one.string, tuple) else one.string)
    ]


def main(arguments: list[str]) -> int:
    """Update every catalogue; or with ``--list``, say what one lacks."""
    if arguments[:1] == ["--list"]:
        print("\n".join(missing_of(arguments[1])))
        return 0
    template = collect()
    for language in LANGUAGES:
        file = path_of(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(updated(language, template))
        print(f"{language}: {len(missing_of(language))} of {len(template)} missing")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
