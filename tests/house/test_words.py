"""The glossary's words, and only they: no name in the package uses a word that it rules out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.house.tree import modules

INSTEAD = {
    "flag": "report, or what the boolean says",
    "flagged": "reported",
    "user": "reader",
    "ban": "suspension or withdrawal",
    "banned": "suspended",
    "karma": "standing",
    "asset": "story",
    # `post` is a verb here (post_comment, Privilege.POST); in the plural it can only be the noun.
    "posts": "comments",
    "poster": "author",
}
INSTEAD |= {f"{word}s": better for word, better in INSTEAD.items() if not word.endswith("s")}

MODULES_NAMED_FOR_NOTHING = {
    "common",
    "handler",
    "handlers",
    "helper",
    "helpers",
    "lib",
    "manager",
    "misc",
    "service",
    "services",
    "util",
    "utils",
}

OTHERS_WORDS = {
    "user_agent": "HTTP's name for a header.",
}

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Give every name that a module makes up, with its line; names of others' making are theirs."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node.lineno
            case ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name):
                yield name, node.lineno
            case ast.Name(id=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno
            case _:
                pass


def ruled_out(name: str) -> str | None:
    """Say which word of a name is ruled out, and what to write instead."""
    if name.lower() in OTHERS_WORDS:
        return None
    for word in WORD.findall(name):
        if better := INSTEAD.get(word.lower()):
            return f"{name}: not '{word}' but {better}"
    return None


def test_names_use_the_words_of_the_glossary() -> None:
    found = [
        f"{module.path}:{line}: {complaint}"
        for module in modules()
        for name, line in names(module.tree)
        if (complaint := ruled_out(name))
    ]

    assert found == []


def test_modules_are_named_for_what_they_hold() -> None:
    found = [
        module.path
        for module in modules()
        for part in PurePosixPath(module.path).with_suffix("").parts
        if part in MODULES_NAMED_FOR_NOTHING or ruled_out(part)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        pytest.param("may_reply", False, id="words of ours"),
        pytest.param("is_flag", True, id="a part of a name"),
        pytest.param("UserRow", True, id="a part of a class"),
        pytest.param("USERS", True, id="the plural, as a constant"),
        pytest.param("urban", False, id="inside a word"),
        pytest.param("post_comment", False, id="the verb"),
        pytest.param("recent_posts", True, id="the noun"),
        pytest.param("user_agent", False, id="somebody else's word"),
    ],
)
def test_a_ruled_out_word_is_found(name: str, *, wrong: bool) -> None:
    assert (ruled_out(name) is not None) is wrong
