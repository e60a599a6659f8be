from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from belowline.transfer.codes import Hide, ImportStatus, Repair
from belowline.transfer.shape import SourceAuthor, SourceComment
from belowline.transfer.tree import order_comments

START = datetime(2024, 1, 1, tzinfo=UTC)


def comment(
    source_id: str, parent: str | None = None, *, minute: int = 0, story: str = "s",
    hidden: Hide | None = None,
) -> SourceComment:  # fmt: skip
    return SourceComment(
        source_id=source_id,
        story_source_id=story,
        parent_source_id=parent,
        author=SourceAuthor(None, "Ada", None),
        html="x",
        text="x",
        created_at=START + timedelta(minutes=minute),
        status=ImportStatus.REMOVED if hidden else ImportStatus.PUBLISHED,
        hidden_because=hidden,
    )


def ids_and_parents(*comments: SourceComment) -> list[tuple[str, str | None]]:
    return [(c.source_id, c.parent_source_id) for c in order_comments(comments).comments]


def repairs(*comments: SourceComment) -> list[tuple[str, Repair]]:
    return [(r.source_id, r.reason_code) for r in order_comments(comments).repairs]


def test_a_parent_that_comes_later_in_the_file_is_put_first():
    given_in_reverse = (comment("2", "1", minute=2), comment("1", minute=1))
    assert ids_and_parents(*given_in_reverse) == [("1", None), ("2", "1")]
    assert repairs(*given_in_reverse) == []


def test_a_reply_dated_before_its_parent_still_comes_after_it():
    assert ids_and_parents(comment("1", minute=9), comment("2", "1"))[0] == ("1", None)


def test_a_reply_whose_parent_is_missing_becomes_a_root_and_the_report_says_so():
    assert ids_and_parents(comment("2", "1")) == [("2", None)]
    assert repairs(comment("2", "1")) == [("2", Repair.PARENT_MISSING)]


def test_a_reply_never_hangs_under_a_comment_of_another_story():
    pair = (comment("1"), comment("2", "1", story="t", minute=1))
    assert ids_and_parents(*pair) == [("1", None), ("2", None)]
    assert repairs(*pair) == [("2", Repair.PARENT_ELSEWHERE)]


def test_a_circle_is_cut_at_its_earliest_comment():
    circle = (comment("3", "2", minute=3), comment("1", "3", minute=1), comment("2", "1", minute=2))
    assert ids_and_parents(*circle) == [("1", None), ("2", "1"), ("3", "2")]
    assert repairs(*circle) == [("1", Repair.PARENT_CYCLE)]


def test_a_comment_that_answers_itself_becomes_a_root():
    assert repairs(comment("1", "1")) == [("1", Repair.PARENT_CYCLE)]


def test_a_comment_met_twice_counts_once_and_as_hidden_as_it_was_anywhere():
    for pair in (
        (comment("1"), comment("1", hidden=Hide.TRASHED)),
        (comment("1", hidden=Hide.TRASHED), comment("1")),
    ):
        (only,) = order_comments(pair).comments
        assert (only.status, only.hidden_because) == (ImportStatus.REMOVED, Hide.TRASHED)


@st.composite
def forests(draw: st.DrawFn) -> list[SourceComment]:
    size = draw(st.integers(0, 12))
    return [
        comment(
            str(number),
            draw(st.none() | st.integers(0, size).map(str)),
            minute=draw(st.integers(0, 5)),
            story=draw(st.sampled_from("st")),
        )
        for number in range(size)
    ]


@given(forests(), st.randoms(use_true_random=False))
def test_every_comment_survives_parents_lead_and_the_files_order_does_not_matter(
    comments: list[SourceComment], random: Random
):
    ordered = order_comments(comments)
    shuffled = list(comments)
    random.shuffle(shuffled)
    assert order_comments(shuffled) == ordered
    assert {c.source_id for c in ordered.comments} == {c.source_id for c in comments}
    seen: set[str] = set()
    for one in ordered.comments:
        assert one.parent_source_id is None or one.parent_source_id in seen
        seen.add(one.source_id)
    wanted = {c.source_id: c.parent_source_id for c in comments}
    repaired = {r.source_id for r in ordered.repairs}
    changed = {c.source_id for c in ordered.comments if c.parent_source_id != wanted[c.source_id]}
    assert changed == repaired
