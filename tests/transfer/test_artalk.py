"""Artrans: every value a text, the zone in the time, the page known by its key."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from belowline.core.errors import InvalidInput
from belowline.transfer.artalk import read_artalk
from belowline.transfer.codes import Hide, ImportStatus, Repair, Skip
from belowline.transfer.shape import Record, SourceAuthor
from tests.transfer.reading import NOW, comments, repairs, skips, stories, the_comment


def said(**fields: object) -> dict[str, object]:
    given: dict[str, object] = {
        "id": "7", "rid": "0", "content": "Hello **you**", "ua": "Mozilla", "ip": "203.0.113.9",
        "is_collapsed": "false", "is_pending": "false", "is_pinned": "false", "vote_up": "3",
        "vote_down": "9", "created_at": "2021-10-28 14:44:04 +0800",
        "updated_at": "2021-10-29 14:44:04 +0800", "nick": "Ada", "email": "ada@example.org",
        "link": "", "badge_name": "", "badge_color": "", "page_key": "/a", "page_title": "A",
        "page_admin_only": "false", "site_name": "Courier",
        "site_urls": "https://courier.example,https://old.example",
    }  # fmt: skip
    return given | fields


def read(*values: object, **options: str) -> list[Record]:
    data = io.BytesIO(json.dumps(list(values)).encode())
    return list(read_artalk(data, zone=ZoneInfo("Asia/Tokyo"), now=NOW, **options))


def test_a_comment_comes_with_its_page():
    records = read(said())
    (story,) = stories(records)
    comment = the_comment(records)
    assert (story.url, story.title, story.open) == ("https://courier.example/a", "A", True)
    assert comment.author == SourceAuthor(None, "Ada", "ada@example.org")
    assert (comment.text, comment.respect, comment.status) == (
        "Hello **you**", 3, ImportStatus.PUBLISHED,
    )  # fmt: skip
    assert comment.created_at == datetime(2021, 10, 28, 6, 44, 4, tzinfo=UTC)
    assert "203.0.113" not in repr(records)


def test_a_time_that_names_no_zone_is_in_the_one_that_is_given():
    assert the_comment(read(said(created_at="2021-10-28 14:44:04"))).created_at == datetime(
        2021, 10, 28, 5, 44, 4, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("pending", "status", "why"),
    [
        ("true", ImportStatus.HELD, Hide.PENDING),
        (True, ImportStatus.HELD, Hide.PENDING),
        ("1", ImportStatus.HELD, Hide.PENDING),
        ("", ImportStatus.PUBLISHED, None),
        ("sometimes", ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        ([], ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
    ],
)
def test_what_waited_there_waits_here(pending: object, status: ImportStatus, why: Hide | None):
    comment = the_comment(read(said(is_pending=pending)))
    assert (comment.status, comment.hidden_because) == (status, why)


def test_pinned_is_featured_and_pages_for_staff_are_closed():
    records = read(said(is_pinned="true", page_admin_only="true"))
    assert the_comment(records).featured_at is not None
    assert not stories(records)[0].open


def test_replies_know_their_parent():
    assert [c.parent_source_id for c in comments(read(said(), said(id="8", rid="7")))] == [
        None, "7",
    ]  # fmt: skip


def test_a_page_may_be_known_by_its_address():
    assert stories(read(said(page_key="https://new.example/b", site_urls="")))[0].url == (
        "https://new.example/b"
    )
    moved = read(said(), base_url="https://www.courier.example")
    assert stories(moved)[0].url == "https://www.courier.example/a"


def test_without_any_address_of_the_site_one_is_asked_for():
    with pytest.raises(InvalidInput) as refused:
        read(said(site_urls=""))
    assert refused.value.code == "base_url_needed"


def test_of_several_sites_one_is_taken():
    other = said(id="8", site_name="Post")
    assert skips(read(said(), other)) == [Skip.OTHER_SITE]
    assert the_comment(read(said(), other, only_site="Post")).source_id == "8"


def test_damage_is_named_and_costs_only_itself():
    records = read(
        said(id=""), 5, said(content=" "), said(created_at="soon"), said(page_key=""),
        said(email="x", created_at="2099-01-01 00:00:00 +0000"),
    )  # fmt: skip
    assert skips(records) == [
        Skip.NO_ID, Skip.DAMAGED, Skip.EMPTY, Skip.NO_DATE, Skip.STORY_MISSING,
    ]  # fmt: skip
    assert repairs(records) == {Repair.EMAIL_DROPPED: 1, Repair.DATE_IN_FUTURE: 1}
