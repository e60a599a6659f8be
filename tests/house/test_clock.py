"""The time is an argument: only ``core/clock.py`` and ``storage`` ask the computer for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.tree import modules

MAY_LOOK = ("core/clock.py", "storage/")

READINGS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns"},
}


def readings(tree: ast.AST) -> Iterator[int]:
    """Give the lines on which a module reads the clock, called or handed on as a function."""
    for node in ast.walk(tree):
        match node:
            # datetime.now, and datetime.datetime.now alike: what counts is the last two names.
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name):
                if name in READINGS.get(owner, ()):
                    yield node.lineno
            case ast.ImportFrom(module="time", names=names):
                if READINGS["time"].intersection(alias.name for alias in names):
                    yield node.lineno
            case _:
                pass


def test_nobody_else_reads_the_clock() -> None:
    found = [
        f"{module.path}:{line}"
        for module in modules()
        if not module.path.startswith(MAY_LOOK)
        for line in readings(module.tree)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("code", "reads"),
    [
        pytest.param("datetime.now(UTC)", True, id="the class"),
        pytest.param("x = datetime.datetime.utcnow()", True, id="the class in its module"),
        pytest.param("f(default_factory=time.time)", True, id="handed on, not called"),
        pytest.param("from time import time", True, id="imported by name"),
        pytest.param("tx.now", False, id="a time that was given"),
        pytest.param("time.monotonic()", False, id="a stopwatch is no clock"),
    ],
)
def test_a_reading_of_the_clock_is_found(code: str, *, reads: bool) -> None:
    assert bool(list(readings(ast.parse(code)))) is reads
