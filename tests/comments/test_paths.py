"""Sort keys of replies: reading order, and a bounded length however deep people argue."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from belowline.comments.paths import WIDTH, path_below, segment
from belowline.comments.policy import DEEPEST_INDENT
from belowline.core.terms import CommentId

IDS = st.integers(min_value=1, max_value=36**WIDTH - 1).map(CommentId)


@given(IDS, IDS)
def test_text_order_is_id_order(one: CommentId, other: CommentId) -> None:
    assert (segment(one) < segment(other)) == (one < other)


@given(st.lists(IDS, max_size=200))
def test_a_chain_of_any_depth_has_a_bounded_key(ids: list[CommentId]) -> None:
    path = ""
    for comment_id in ids:
        path = path_below(path, comment_id)

    assert len(path) <= DEEPEST_INDENT * WIDTH


@given(st.lists(st.integers(min_value=0, max_value=30), min_size=1, max_size=30))
def test_a_reply_stands_after_its_parent_and_before_the_parents_next_sibling(
    parents: list[int],
) -> None:
    paths = {0: ""}
    depth = {0: 0}
    for number, wish in enumerate(parents, start=1):
        parent = wish % number
        paths[number] = path_below(paths[parent], CommentId(number))
        depth[number] = depth[parent] + 1
    order = sorted((path, number) for number, path in paths.items())

    for position, (_, number) in enumerate(order):
        if number == 0 or depth[number] > DEEPEST_INDENT:
            continue
        # All that stand between a comment and its earlier sibling are below that sibling.
        before = [other for _, other in order[:position]]
        parent = next(
            other for other in paths if other != number and _is_parent(other, number, parents)
        )
        assert parent in before


def _is_parent(other: int, number: int, parents: list[int]) -> bool:
    return parents[number - 1] % number == other
