"""Every module says in its first lines what it holds."""

from __future__ import annotations

import ast

from tests.house.tree import modules


def test_every_module_opens_with_a_docstring() -> None:
    silent = [module.path for module in modules() if not ast.get_docstring(module.tree)]

    assert silent == []
