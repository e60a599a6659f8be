"""Commento and Comentario: two versions, and what each has no mark for."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest

from belowline.core.errors import InvalidInput
from belowline.core.terms import Role, SanctionKind
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.commento import read_commento
from belowline.transfer.shape import (
    Record,
    SourceAccount,
    SourceDecision,
    SourceOutcome,
    SourceSanction,
)
from tests.transfer.reading import NOW, comments, repairs, skips, stories, the_comment

ADA = "a1" * 32
UUID = "0198c0de-0000-4000-8000-00000000000{}"
NIL = "00000000-0000-0000-0000-000000000000"


def first(**fields: object) -> dict[str, object]:
    given: dict[str, object] = {
        "commentHex": "c1", "domain": "courier.example", "url": "/a", "commenterHex": ADA,
        "markdown": "Hello **you**", "html": "", "parentHex": "root", "score": 2,
        "state": "approved", "creationDate": "2021-03-12T11:21:56Z", "direction": 0,
        "deleted": False,
    }  # fmt: skip
    return given | fields


def account(**fields: object) -> dict[str, object]:
    given: dict[str, object] = {
        "commenterHex": ADA, "email": "ada@example.org", "name": "Ada", "link": "undefined",
        "provider": "commento", "joinDate": "2020-01-01T00:00:00Z", "isModerator": False,
    }  # fmt: skip
    return given | fields


def third(**fields: object) -> dict[str, object]:
    given: dict[str, object] = {
        "id": UUID.format(1), "parentId": NIL, "pageId": UUID.format(9), "markdown": "Hello",
        "html": "<p>Hello</p>", "score": 0, "isApproved": True, "isPending": False,
        "isDeleted": False, "isSticky": False, "createdTime": "2023-03-12T11:21:56Z",
        "moderatedTime": "0001-01-01T00:00:00.000Z", "userCreated": UUID.format(2),
    }  # fmt: skip
    return given | fields


def page(**fields: object) -> dict[str, object]:
    given: dict[str, object] = {
        "id": UUID.format(9), "domainId": UUID.format(8), "path": "/a", "title": "A",
        "isReadonly": False, "createdTime": "2023-03-01T00:00:00Z", "countComments": 1,
    }  # fmt: skip
    return given | fields


def read(
    *said: object, version: object = 1, pages: object = None, people: object = (),
    base_url: str | None = None,
) -> list[Record]:  # fmt: skip
    whole: dict[str, object] = {"version": version}
    if pages is not None:
        whole["pages"] = pages
    whole |= {"comments": list(said), "commenters": list(people)}  # type: ignore[call-overload]
    data = io.BytesIO(json.dumps(whole).encode())
    return list(read_commento(data, now=NOW, base_url=base_url))


def read_third(*said: object, people: object = (), **of_page: object) -> list[Record]:
    return read(
        *said, version=3, pages=[page(**of_page)], people=people, base_url="https://courier.example"
    )


def test_a_comment_of_version_1_comes_with_its_story():
    records = read(first(), people=[account()])
    (story,) = stories(records)
    comment = the_comment(records)
    assert (story.url, story.source_id) == ("https://courier.example/a",) * 2
    assert (comment.author.source_id, comment.text) == (ADA, "Hello **you**")
    assert (comment.respect, comment.parent_source_id) == (2, None)
    assert comment.created_at == datetime(2021, 3, 12, 11, 21, 56, tzinfo=UTC)


def test_comentarios_own_version_1_calls_the_page_otherwise():
    fields: dict[str, object] = {"host": "courier.example", "path": "a/b", "url": ""}
    comment = first(**fields)
    del comment["domain"]
    assert stories(read(comment))[0].url == "https://courier.example/a/b"
    moved = read(first(), base_url="https://www.courier.example/")
    assert stories(moved)[0].url == "https://www.courier.example/a"


@pytest.mark.parametrize("nobody", ["anonymous", "0" * 64])
def test_anybody_is_nobody(nobody: str):
    records = read(first(commenterHex=nobody), people=[account(commenterHex=nobody)])
    assert the_comment(records).author.source_id is None
    assert not any(isinstance(record, SourceAccount) for record in records)


@pytest.mark.parametrize(
    ("fields", "status", "why"),
    [
        ({"state": "unapproved"}, ImportStatus.HELD, Hide.PENDING),
        ({"state": "flagged"}, ImportStatus.HELD, Hide.PENDING),
        ({"state": ""}, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        ({"state": "APPROVED"}, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        ({"deleted": True}, ImportStatus.DELETED, Hide.DELETED),
        ({"deleted": "perhaps"}, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        ({"markdown": "[deleted]"}, ImportStatus.DELETED, Hide.DELETED),
        ({"markdown": ""}, ImportStatus.DELETED, Hide.DELETED),
    ],
)
def test_what_was_not_public_in_version_1_is_not(
    fields: dict[str, object], status: ImportStatus, why: Hide
):
    comment = the_comment(read(first(**fields)))
    assert (comment.status, comment.hidden_because) == (status, why)


def test_accounts_are_repeated_there_and_told_once_here():
    records = read(first(), people=[account(), account(), account(isModerator=True)])
    (told,) = [record for record in records if isinstance(record, SourceAccount)]
    assert (told.name, told.email, told.email_verified) == ("Ada", "ada@example.org", False)
    assert told.role is None
    (moderator,) = read(people=[account(isModerator=True)])
    assert isinstance(moderator, SourceAccount)
    assert moderator.role is Role.MODERATOR


def test_what_is_not_an_address_is_named_unless_it_is_how_nothing_is_written():
    assert repairs(read(people=[account(email="undefined")])) == {}
    assert repairs(read(people=[account(email="ada")])) == {Repair.EMAIL_DROPPED: 1}


def test_a_sign_in_elsewhere_is_known_by_the_address_used_there():
    (told,) = read(people=[account(provider="google")])
    assert isinstance(told, SourceAccount)
    assert told.identities == (("commento:google", "ada@example.org"),)


def test_version_3_knows_pages_and_takes_their_site_from_whoever_asks():
    records = read_third(third(isSticky=True, editedTime="2023-03-13T00:00:00Z"), isReadonly=True)
    (story,) = stories(records)
    comment = the_comment(records)
    assert (story.url, story.title, story.open) == ("https://courier.example/a", "A", False)
    assert comment.story_source_id == story.source_id
    assert (comment.parent_source_id, comment.text) == (None, "Hello")
    assert comment.featured_at is not None
    assert comment.edited_at == datetime(2023, 3, 13, tzinfo=UTC)
    with pytest.raises(InvalidInput) as refused:
        read(third(), version=3, pages=[page()])
    assert refused.value.code == "base_url_needed"


@pytest.mark.parametrize(
    ("fields", "status", "why"),
    [
        ({"isPending": True, "isApproved": False}, ImportStatus.HELD, Hide.PENDING),
        ({"isPending": True}, ImportStatus.HELD, Hide.PENDING),
        ({"isApproved": False}, ImportStatus.REMOVED, Hide.TRASHED),
        ({"isDeleted": True}, ImportStatus.DELETED, Hide.DELETED),
        (
            {"isDeleted": True, "userDeleted": UUID.format(3)},
            ImportStatus.REMOVED, Hide.TRASHED,
        ),
        (
            {"isDeleted": True, "userDeleted": UUID.format(3), "markdown": "", "html": ""},
            ImportStatus.DELETED, Hide.DELETED,
        ),
        ({"isApproved": "so"}, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        ({"isDeleted": {}}, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
    ],
)  # fmt: skip
def test_what_was_not_public_in_version_3_is_not(
    fields: dict[str, object], status: ImportStatus, why: Hide
):
    comment = the_comment(read_third(third(**fields)))
    assert (comment.status, comment.hidden_because) == (status, why)


def test_who_decided_is_known_where_the_file_says_so():
    said = third(
        isApproved=False, userModerated=UUID.format(3), moderatedTime="2023-03-12T12:00:00Z"
    )
    (decision,) = [r for r in read_third(said) if isinstance(r, SourceDecision)]
    assert (decision.account_source_id, decision.outcome) == (
        UUID.format(3), SourceOutcome.REMOVED,
    )  # fmt: skip
    nobody = third(moderatedTime="2023-03-12T12:00:00Z")
    assert not any(isinstance(r, SourceDecision) for r in read_third(nobody))


def test_an_account_that_may_only_read_is_sanctioned():
    reader = {"id": UUID.format(2), "name": "Ada", "isCommenter": False}
    (sanction,) = [r for r in read_third(people=[reader]) if isinstance(r, SourceSanction)]
    assert (sanction.kind, sanction.ends_at) == (SanctionKind.WITHDRAWAL, None)


def test_a_name_without_an_account_is_kept():
    said = third(userCreated=NIL, authorName="Guest")
    author = the_comment(read_third(said)).author
    assert (author.source_id, author.name) == (None, "Guest")


def test_damage_is_named_and_costs_only_itself():
    records = read(5, first(commentHex=""), first(creationDate=""), first(domain="", url=""))
    assert skips(records) == [Skip.DAMAGED, Skip.NO_ID, Skip.NO_DATE, Skip.STORY_MISSING]
    pages = [page(id=""), page(), page(), page(id="p", path="")]
    records = read(version=3, pages=pages, base_url="https://courier.example")
    assert skips(records, RecordKind.STORY) == [Skip.NO_ID, Skip.DUPLICATE, Skip.NO_ADDRESS]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('{"version": 2, "comments": []}', "version 2"),
        ('{"comments": [], "commenters": []}', "no version"),
        ("[]", "object"),
        ('{"version": 1, "comments": [{]}', "line 1"),
        ('{"version": 1, "comments": [', "cut off"),
    ],
)
def test_what_is_something_else_is_refused_in_words(data: str, words: str):
    with pytest.raises(InvalidInput, match=words):
        list(read_commento(io.BytesIO(data.encode()), now=NOW))


def test_an_export_of_nothing_is_nothing():
    assert read() == []
    assert comments(read_third()) == []
