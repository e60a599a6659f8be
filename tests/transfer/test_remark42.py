"""Remark42's backup: what only staff could see there, and what nobody could."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from belowline.core.errors import InvalidInput
from belowline.core.terms import Role, SanctionKind
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.remark42 import read_remark42
from belowline.transfer.shape import (
    Record,
    SourceAccount,
    SourceAuthor,
    SourceNote,
    SourceSanction,
)
from tests.transfer.reading import NOW, comments, repairs, skips, stories, the_comment

GITHUB = "github_" + "a" * 40
URL = "https://courier.example/a"


def said(source_id: str = "c1", **fields: object) -> dict[str, object]:
    given: dict[str, object] = {
        "id": source_id, "pid": "", "text": "<p>Hello <em>you</em></p>\n",
        "user": {"name": "Ada", "id": GITHUB, "picture": "", "ip": "293ec5b0cf", "admin": False},
        "locator": {"site": "courier", "url": URL}, "score": 3, "vote": 0,
        "time": "2021-03-05T12:30:00.123456789+01:00", "title": "A",
    }  # fmt: skip
    return given | fields


def person(**fields: object) -> dict[str, object]:
    return {"name": "Ada", "id": GITHUB, "admin": False} | fields


def meta(*people: dict[str, object], pages: object = (), version: object = 1) -> dict[str, object]:
    return {"version": version, "users": list(people), "posts": list(pages)}  # type: ignore[call-overload]


def known(source_id: str = GITHUB, **fields: object) -> dict[str, object]:
    given: dict[str, object] = {
        "id": source_id,
        "blocked": {"status": False, "until": "0001-01-01T00:00:00Z"},
        "verified": False,
    }
    return given | fields


def blocked(until: str) -> dict[str, object]:
    return known(blocked={"status": True, "until": until})


def read(*values: object, only_site: str | None = None) -> list[Record]:
    data = "\n".join(json.dumps(value) for value in values).encode()
    return list(read_remark42(io.BytesIO(data), now=NOW, only_site=only_site))


T = TypeVar("T")


def of(records: list[Record], kind: type[T]) -> list[T]:
    return [record for record in records if isinstance(record, kind)]


def test_a_comment_comes_with_its_story_and_its_author():
    records = read(meta(), said(edit={"time": "2021-03-05T12:40:00+01:00", "summary": ""}))
    (story,) = stories(records)
    (account,) = of(records, SourceAccount)
    comment = the_comment(records)
    assert (story.source_id, story.url, story.title, story.open) == (URL, URL, "A", True)
    assert comment.author == SourceAuthor(GITHUB, "Ada", None)
    assert comment.created_at == datetime(2021, 3, 5, 11, 30, 0, 123456, tzinfo=UTC)
    assert comment.edited_at == datetime(2021, 3, 5, 11, 40, tzinfo=UTC)
    assert (comment.text, comment.respect, comment.parent_source_id) == ("Hello *you*", 3, None)
    assert account.identities == (("remark42:github", "a" * 40),)


def test_what_was_typed_is_rendered_anew_and_what_was_rendered_is_not_trusted():
    typed = the_comment(read(meta(), said(orig="**Hi** <script>x</script>", text="<p>other</p>")))
    assert typed.text.startswith("**Hi**")
    assert "script" not in typed.text
    assert the_comment(read(meta(), said(text="Hi<script>x</script>"))).text == "Hi"


def test_the_oldest_backups_have_no_first_value():
    assert len(comments(read(said(), said("c2", pid="c1")))) == 2
    assert comments(read(said(), said("c2", pid="c1")))[1].parent_source_id == "c1"


def test_white_space_of_any_kind_parts_the_values():
    data = json.dumps(meta()) + json.dumps(said(), indent=2) + "\t" + json.dumps(said("c2"))
    assert len(comments(read_remark42(io.BytesIO(data.encode()), now=NOW))) == 2


def test_a_deleted_comment_is_only_its_place():
    soft = the_comment(read(meta(), said(delete=True, text="")))
    gone = person(name="deleted", id="deleted")
    hard = the_comment(read(meta(), said(delete=True, text="", user=gone)))
    assert (soft.status, soft.hidden_because, soft.text) == (
        ImportStatus.DELETED, Hide.DELETED, "",
    )  # fmt: skip
    assert hard.author == SourceAuthor(None, "", None)


def test_who_is_blocked_now_is_read_by_nobody():
    """A backup is made with an administrator's eyes, and holds the words all the same."""
    marked = said(delete=True, user=person(block=True))
    for records in (read(meta(), marked), read(meta(blocked("2121-01-01T00:00:00Z")), said())):
        comment = the_comment(records)
        assert (comment.status, comment.hidden_because) == (ImportStatus.REMOVED, Hide.TRASHED)


def test_after_a_block_the_comments_are_public_again_as_they_were_there():
    records = read(meta(blocked("2018-12-23T02:55:22-06:00")), said())
    assert the_comment(records).status is ImportStatus.PUBLISHED
    (sanction,) = of(records, SourceSanction)
    assert sanction.ends_at == datetime(2018, 12, 23, 8, 55, 22, tzinfo=UTC)
    assert sanction.starts_at <= sanction.ends_at


@pytest.mark.parametrize(
    ("until", "kind", "ends"),
    [
        ("2026-01-08T00:00:00Z", SanctionKind.SUSPENSION, datetime(2026, 1, 8, tzinfo=UTC)),
        ("2121-01-08T00:00:00Z", SanctionKind.WITHDRAWAL, None),
        ("", SanctionKind.WITHDRAWAL, None),
    ],
)
def test_a_block_becomes_a_sanction_with_its_end(
    until: str, kind: SanctionKind, ends: datetime | None
):
    records = read(meta(blocked(until)))
    (sanction,) = of(records, SourceSanction)
    assert (sanction.kind, sanction.starts_at, sanction.ends_at) == (kind, NOW, ends)
    assert sanction.account_source_id == of(records, SourceAccount)[0].source_id == GITHUB


def test_what_is_known_of_an_account_comes_along_once():
    details = known(verified=True, details={"email": "ada@example.org", "telegram": "x"})
    records = read(meta(details), said(user=person(admin=True)), said("c2"))
    (account,) = of(records, SourceAccount)
    assert (account.email, account.email_verified) == ("ada@example.org", True)
    assert (account.role, account.name) == (Role.MODERATOR, "Ada")
    assert [note.account_source_id for note in of(records, SourceNote)] == [GITHUB]


def test_the_same_typed_name_makes_nobody_the_same_person():
    nameless = person(id="anonymous_" + "b" * 40)
    records = read(meta(), said(user=nameless))
    assert the_comment(records).author == SourceAuthor(None, "Ada", None)
    assert of(records, SourceAccount) == []


def test_a_page_that_takes_no_comments_is_closed_even_without_any():
    pages = [{"url": URL, "read_only": True}, {"url": f"{URL}b", "read_only": True}]
    commented, silent = stories(read(meta(pages=pages), said()))
    assert (commented.url, commented.open) == (URL, False)
    assert (silent.url, silent.open) == (f"{URL}b", False)


def test_agreement_is_the_balance_or_the_people_where_they_are_in_the_file():
    assert the_comment(read(meta(), said(score=-4))).respect == 0
    votes = {"a": True, "b": False, "c": True}
    assert the_comment(read(meta(), said(score=1, votes=votes))).respect == 2
    assert the_comment(read(meta(), said(score=10**30))).respect == 0


def test_a_pinned_comment_is_featured():
    assert the_comment(read(meta(), said(pin=True))).featured_at is not None
    assert the_comment(read(meta(), said())).featured_at is None


def test_of_several_sites_one_is_taken():
    other = said("c2", locator={"site": "post", "url": "https://post.example/a"})
    assert skips(read(meta(), said(), other)) == [Skip.OTHER_SITE]
    records = read(meta(), said(), other, only_site="post")
    assert the_comment(records).source_id == "c2"
    assert len(stories(records)) == 1


def test_a_tree_as_the_api_answers_is_flattened():
    tree = {
        "comments": [
            {
                "comment": said("a"),
                "replies": [
                    {"comment": said("b", pid="a"), "replies": [{"comment": said("c", pid="b")}]},
                    {"comment": said("d", pid="a")},
                ],
            },
            {"comment": said("e")},
        ],
        "info": {"url": URL, "count": 5},
    }
    assert [c.source_id for c in comments(read(tree))] == ["a", "b", "c", "d", "e"]


def test_a_list_of_comments_is_read_too():
    assert len(comments(read([said("a"), said("b")]))) == 2


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": ""}, Skip.NO_ID),
        ({"id": None}, Skip.NO_ID),
        ({"text": ""}, Skip.EMPTY),
        ({"text": "<script>x</script>"}, Skip.EMPTY),
        ({"text": "x" * 100_001}, Skip.TOO_LONG),
        ({"time": "0001-01-01T00:00:00Z"}, Skip.NO_DATE),
        ({"locator": {"site": "courier", "url": "url"}}, Skip.STORY_SKIPPED),
    ],
)
def test_what_cannot_be_kept_is_left_out_with_its_reason(fields: dict[str, object], reason: Skip):
    assert skips(read(meta(), said(**fields))) == [reason]


def test_damage_is_named_and_costs_only_itself():
    records = read(meta(), 5, said(time="2099-01-01T00:00:00Z"), said("c2", delete=[]))
    assert skips(records) == [Skip.DAMAGED]
    assert repairs(records) == {Repair.DATE_IN_FUTURE: 1}
    assert [c.status for c in comments(records)] == [ImportStatus.PUBLISHED, ImportStatus.HIDDEN]


def test_a_page_without_an_address_is_named_once():
    bad = {"locator": {"site": "courier", "url": "javascript:x"}}
    records = read(meta(), said(**bad), said("c2", **bad))
    assert skips(records, RecordKind.STORY) == [Skip.NO_ADDRESS]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (json.dumps(meta(version=2)), "version 2"),
        ('{"version": {}, "users": []}', r"version \?"),
        ('{"tenantID": "x"}', "not a backup"),
        ("[1, 2]", "not a backup"),
        (json.dumps(meta()) + "\n{", "line 2"),
    ],
)
def test_what_is_something_else_is_refused_in_words(data: str, words: str):
    with pytest.raises(InvalidInput, match=words):
        list(read_remark42(io.BytesIO(data.encode()), now=NOW))
