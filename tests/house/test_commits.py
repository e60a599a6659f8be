"""The lint of commit subjects lets through what the house writes, and nothing else."""

from __future__ import annotations

import pytest

from dev.commit_lint import complaint


@pytest.mark.parametrize(
    ("subject", "good"),
    [
        pytest.param("comments: Keep a refused comment for its appeal.", True, id="as it should"),
        pytest.param("web, actions: Say who may reply.", True, id="two areas"),
        pytest.param("dev: Seed the demo.", True, id="a verb that only looks past"),
        pytest.param("comments: keep it.", False, id="small letter"),
        pytest.param("comments: Keep it", False, id="no full stop"),
        pytest.param("Keep it.", False, id="no area"),
        pytest.param("comments: Added a column.", False, id="past tense"),
        pytest.param("comments: Adding a column.", False, id="gerund"),
        pytest.param("comments: " + "Keep on " * 8 + "it.", False, id="too long"),
    ],
)
def test_a_subject_is_an_area_and_an_imperative_sentence(subject: str, *, good: bool) -> None:
    assert (complaint(subject) is None) is good
