"""Scripts and styles: from memory, compressed, revalidated, and nothing else of the disk."""

from __future__ import annotations

import re

import pytest

from belowline.web.encoding import choose_encoding, is_unchanged
from belowline.web.static_files import FOLDER, StaticFiles, read_file, tight, without_comments


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        (b"", ""),
        (b"gzip, deflate, br, zstd", "zstd"),
        (b"gzip;q=1.0, br;q=0", "gzip"),
        (b"identity", ""),
        (b"GZIP", "gzip"),
    ],
)
def test_the_best_encoding_that_the_client_takes(accepts: bytes, encoding: str) -> None:
    assert choose_encoding(accepts) == encoding


@pytest.mark.parametrize(
    ("known", "unchanged"),
    [
        (b"", False),
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"b", "a"', True),
        (b'"b"', False),
        (b"*", True),
    ],
)
def test_a_known_tag_is_recognised(known: bytes, *, unchanged: bool) -> None:
    assert is_unchanged(b'"a"', known) is unchanged


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/", "/static/x.css", "/embed.js"])
def test_only_files_of_the_folder_are_known(path: str) -> None:
    assert not StaticFiles().knows(path)


def first_load() -> set[str]:
    """Return what every reader of an embed loads: what its scripts import, and what they name.

    Forms, dialogs and their styles come when the first one opens.
    """
    found, waiting = {"thread.css"}, {"embed.js"}
    while waiting:
        name = waiting.pop()
        found.add(name)
        text = (FOLDER / name).read_text()
        waiting |= set(re.findall(r'(?:from |[^.\w]import\()"\./([\w.]+)"', text)) - found
    return found


def test_what_every_reader_of_an_embed_loads_stays_small() -> None:
    """Scripts and styles together, compressed as they are sent."""
    names = first_load()
    assert {"embed.js", "api.js", "dom.js", "live.js", "reading.js", "thread.js"} <= names
    assert not names & {"ask.js", "write.js", "drafts.js", "keys.js", "write.css"}

    sizes = {name: len(read_file(FOLDER / name).bodies["br"]) for name in sorted(names)}

    assert sum(sizes.values()) <= 15_000, sizes


def test_comments_and_indents_are_not_sent() -> None:
    text = "/* What it is,\n   and why. */\n\nif (a) { // Stays.\n  // Goes.\n  b();\n}\n"

    assert without_comments(text) == "if (a) { // Stays.\nb();\n}\n"


def test_no_text_in_a_script_spans_lines() -> None:
    """Its indents would be lost."""
    for file in FOLDER.glob("*.js"):
        for line in without_comments(file.read_text()).splitlines():
            assert line.count("`") % 2 == 0, f"{file.name}: {line}"


def test_stylesheets_are_sent_without_spaces_around_signs() -> None:
    assert (
        tight("a, b c { d: e f; g: h; }\n.i > :is(j, k) { l: m }")
        == "a,b c{d:e f;g:h;}.i > :is(j,k){l:m}"
    )
