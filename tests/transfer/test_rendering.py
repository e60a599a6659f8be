"""Texts that a helper renders are what this process would have made of them."""

from __future__ import annotations

import os
import signal

import pytest

from belowline.core.markup import is_plain, render
from belowline.transfer.rendering import WORTH_IT, Renderer

TEXTS = ["Plain words.", "*Loud* words.", "> quoted\n\nand plain", "See https://a.example/x", ""]


@pytest.mark.parametrize("expected", [1, WORTH_IT])
def test_a_batch_comes_back_rendered_and_in_its_order(expected: int) -> None:
    with Renderer(expected=expected) as renderer:
        for texts in (TEXTS, TEXTS[:1], TEXTS[::-1], TEXTS * 3000):
            renderer.ask(texts)
            assert renderer.fetch() == [render(text) for text in texts]


def test_the_work_of_a_helper_that_died_is_done_here() -> None:
    with Renderer(expected=WORTH_IT) as renderer:
        assert renderer.helper is not None
        os.kill(renderer.helper.pid, signal.SIGKILL)
        renderer.helper.wait()
        for _ in range(2):
            renderer.ask(TEXTS)
            assert renderer.fetch() == [render(text) for text in TEXTS]


def test_what_is_called_plain_needs_no_markdown() -> None:
    assert [is_plain(text) for text in TEXTS] == [True, False, False, False, True]
