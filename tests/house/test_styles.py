"""Our style sheets read from right to left as well as from left to right.

They say where a line begins and ends, never left and right, where CSS has a word for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT

SHEETS = sorted((ROOT / "src" / "belowline").rglob("*.css"))
SIDE = r"(?:left|right)"
PHYSICAL = (
    re.compile(rf"^(?:scroll-)?(?:margin|padding|border)-{SIDE}(?:-.+)?$"),
    re.compile(rf"^border-(?:top|bottom)-{SIDE}-radius$"),
    re.compile(rf"^{SIDE}$"),
)
SIDED = {"text-align", "float", "clear"}
FOUR = {"margin", "padding", "inset", "border-width", "scroll-margin", "scroll-padding"}
DECLARATION = re.compile(r"(?:^|[{;])\s*([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def physical(sheet: str) -> Iterator[str]:
    """Give the declarations that name a side of the screen."""
    for name, value in DECLARATION.findall(COMMENT.sub("", sheet)):
        words = re.sub(r"\([^()]*\)", "()", value).split()
        named = any(one.match(name) for one in PHYSICAL)
        sided = name in SIDED and {"left", "right"} & set(words)
        if named or sided or (name in FOUR and len(words) == 4 and words[1] != words[3]):
            yield f"{name}: {value}"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_names_no_side_of_the_screen(sheet: Path) -> None:
    assert list(physical(sheet.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("declaration", "found"),
    [
        pytest.param("margin-left: 1rem", True, id="a margin"),
        pytest.param("border-top-left-radius: 1px", True, id="a corner"),
        pytest.param("left: 0", True, id="a place"),
        pytest.param("text-align: right", True, id="an alignment"),
        pytest.param("padding: 0 1px 0 2px", True, id="four that differ"),
        pytest.param("padding: 0 calc(1px + 2px) 0 0", True, id="four with a sum"),
        pytest.param("padding: 0 1px 2px 1px", False, id="four, the same on both sides"),
        pytest.param("margin-inline-start: 1rem", False, id="where the line begins"),
        pytest.param("float: inline-start", False, id="the logical float"),
        pytest.param("inset-inline-start: 0", False, id="the logical place"),
    ],
)
def test_a_side_is_found(declaration: str, *, found: bool) -> None:
    assert bool(list(physical(f"a {{ color: red; {declaration}; }}"))) is found
