"""Coral's export as a whole: its files, its sites, what of it comes and what never does."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from belowline.core.errors import InvalidInput
from belowline.transfer.coral.reading import read_coral
from belowline.transfer.gathering import gather
from belowline.transfer.recognise import Format, recognise_files
from belowline.transfer.shape import Record, SourceDecision, SourceReaction, SourceReport
from tests.transfer.newsroom import (
    COURIER,
    HERALD,
    NOW,
    SECRETS,
    TENANT,
    account,
    accounts,
    act,
    as_canonical,
    as_relaxed,
    cid,
    comment,
    comments,
    decision,
    everything,
    left_out,
    lines,
    put,
    put_right,
    sanctions,
    site,
    stories,
    story,
    tenant,
)


def read(
    folder: Path, only_site: str | None = None, **files: list[dict[str, object]]
) -> list[Record]:
    written = {name: lines(records) for name, records in files.items()}
    return list(read_coral(put(folder, **written), now=NOW, only_site=only_site))


def test_a_whole_export_comes_with_every_record_accounted_for(tmp_path: Path):
    records = read(tmp_path, **everything())
    kinds = Counter(type(record).__name__ for record in records)
    assert kinds == {
        "SourceStory": 3,
        "SourceAccount": 4,
        "SourceComment": 10,
        "SourceReaction": 2,
        "SourceReport": 3,
        "SourceDecision": 2,
        "Skipped": 4,
        "Repaired": 1,
    }
    assert sorted(left_out(records)) == [
        ("author", "deleted"),
        ("decision", "other_kind"),
        ("reaction", "other_kind"),
        ("report", "other_kind"),
    ]
    assert put_right(records) == ["email_dropped"]


@pytest.mark.parametrize("write", [as_relaxed, as_canonical])
def test_mongoexport_says_the_same_as_corals_own_tool(
    tmp_path: Path, write: Callable[[object], object]
):
    made = everything()
    plain = put(tmp_path / "plain", **{name: lines(them) for name, them in made.items()})
    other = put(tmp_path / "other", **{name: lines(them, write) for name, them in made.items()})
    array = put(
        tmp_path / "array",
        **{name: json.dumps(write(them), indent=1).encode() for name, them in made.items()},
    )
    expected = list(read_coral(plain, now=NOW))
    assert list(read_coral(other, now=NOW)) == expected
    assert list(read_coral(array, now=NOW)) == expected


def test_files_may_have_any_names_and_come_in_any_order(tmp_path: Path):
    made = everything()
    expected = read(tmp_path / "a", **made)
    renamed = {
        f"{number:02d}-{'archived-' if 'archived' in name else ''}dump": lines(them)
        for number, (name, them) in enumerate(sorted(made.items(), reverse=True))
        if name != "notifications"
    }
    other = list(read_coral(put(tmp_path / "b", **renamed), now=NOW))
    assert sorted(map(repr, other)) == sorted(map(repr, expected))


def test_no_secret_is_ever_in_a_record(tmp_path: Path):
    told = repr(read(tmp_path, **everything()))
    for secret in SECRETS:
        assert secret not in told


def test_nothing_is_public_that_was_not(tmp_path: Path):
    public = {
        one.source_id for one in comments(read(tmp_path, **everything())) if not one.hidden_because
    }
    assert public == {cid(1), cid(2), cid(7), cid(9)}


def test_of_a_comment_in_both_places_the_story_says_which_counts(tmp_path: Path):
    archived = story(2, isArchived=True)
    stale, kept = comment(1, storyID=archived["id"]), comment(2)
    copies = {
        "archivedComments": [
            comment(1, storyID=archived["id"], revisions=[{"id": "r", "body": "archived"}]),
            comment(2, revisions=[{"id": "r", "body": "half archived"}]),
        ],
        "comments": [stale, kept],
    }
    found = comments(read(tmp_path, stories=[story(), archived], **copies))
    # What is met first stands; the landing lets a later copy only tighten it.
    first = {one.source_id: one.text for one in reversed(found)}
    assert first == {cid(1): "archived", cid(2): "Words **2**"}
    assert len(found) == 4


def test_an_archive_alone_is_read_whole(tmp_path: Path):
    found = comments(read(tmp_path, stories=[story()], archivedComments=[comment(1), comment(2)]))
    assert [one.source_id for one in found] == [cid(1), cid(2)]


HERALDS = [
    story(7, siteID=HERALD),
    story(8, siteID=HERALD, url="https://herald.example/8"),
]


def two_sites() -> dict[str, list[dict[str, object]]]:
    theirs = {"siteID": HERALD, "storyID": HERALDS[0]["id"]}
    return {
        "sites": [site(), site(HERALD, "The Herald", "herald.example")],
        "stories": [story(), *HERALDS],
        "comments": [comment(1), comment(2, **theirs), comment(3, **(theirs | {"siteID": None}))],
        "commentActions": [act(1), act(2, **theirs)],
        "commentModerationActions": [
            decision(1, "APPROVED"),
            decision(2, "REJECTED", storyID=HERALDS[0]["id"]),
        ],
        "users": [account()],
    }


@pytest.mark.parametrize("name", [COURIER, "The Courier", "the courier", "courier.example"])
def test_one_site_of_several_is_taken_and_the_others_are_counted(tmp_path: Path, name: str):
    records = read(tmp_path, only_site=name, **two_sites())
    assert [one.source_id for one in comments(records)] == [cid(1)]
    assert len(stories(records)) == 1
    assert Counter(left_out(records)) == {
        ("story", "other_site"): 2,
        ("comment", "other_site"): 2,
        ("reaction", "other_site"): 1,
        ("decision", "other_site"): 1,
    }


def test_several_sites_are_not_guessed_among(tmp_path: Path):
    with pytest.raises(
        InvalidInput, match=r"The Herald, herald\.example|herald\.example, The Herald"
    ) as caught:
        read(tmp_path, **two_sites())
    assert caught.value.code == "several_sites"
    without_names = two_sites()
    del without_names["sites"]
    with pytest.raises(InvalidInput, match=HERALD) as caught:
        read(tmp_path / "without", **without_names)
    assert caught.value.code == "several_sites"


def test_a_site_that_is_not_there_is_named_with_those_that_are(tmp_path: Path):
    with pytest.raises(InvalidInput, match="The Courier") as caught:
        read(tmp_path, only_site="The Globe", **two_sites())
    assert caught.value.code == "unknown_source_site"
    without_names = two_sites()
    del without_names["sites"]
    with pytest.raises(InvalidInput, match=COURIER):
        read(tmp_path / "without", only_site="The Globe", **without_names)
    records = read(tmp_path / "by id", only_site=HERALD, **without_names)
    assert [one.source_id for one in comments(records)] == [cid(2), cid(3)]


def test_an_export_from_before_sites_is_one_site(tmp_path: Path):
    old = [comment(1, siteID=None), comment(2)]
    del old[1]["siteID"]
    assert len(comments(read(tmp_path, stories=[story(siteID=None)], comments=old))) == 2


def test_two_tenants_are_never_mixed(tmp_path: Path):
    with pytest.raises(InvalidInput, match="tenants") as caught:
        read(tmp_path, stories=[story(), story(2, tenantID="another")])
    assert caught.value.code == "several_sites"


def test_when_stories_close_by_themselves_comes_from_the_tenant(tmp_path: Path):
    closing = tenant(closeCommenting={"auto": True, "timeout": 14 * 86400})
    fresh = story(2, createdAt=NOW)
    forced = story(3, closedAt=False)
    records = read(tmp_path, tenants=[closing], stories=[story(), fresh, forced])
    assert [one.open for one in stories(records)] == [False, True, True]
    records = read(tmp_path / "never", tenants=[tenant()], stories=[story(), fresh, forced])
    assert [one.open for one in stories(records)] == [True, True, True]


def test_a_record_that_is_none_is_counted_with_its_line(tmp_path: Path):
    files = put(
        tmp_path, stories=lines([story()]), comments=lines([comment(1), ["x"], {"id": "c9"}])
    )
    records = list(read_coral(files, now=NOW))
    assert left_out(records) == [("comment", "damaged"), ("comment", "damaged")]
    assert "line 2" in repr(records)


def test_a_broken_file_is_named_with_its_line(tmp_path: Path):
    files = put(tmp_path, stories=lines([story()]), comments=lines([comment(1)]) + b'{"id": ')
    with pytest.raises(InvalidInput, match=r"comments\.json: .*line 2"):
        list(read_coral(files, now=NOW))


def test_files_with_nothing_in_them_are_passed_over(tmp_path: Path):
    files = put(
        tmp_path, stories=lines([story()]), users=b"", archivedComments=b"\n", migrations=b""
    )
    assert len(stories(list(read_coral(files, now=NOW)))) == 1
    with pytest.raises(InvalidInput) as caught:
        list(read_coral(put(tmp_path / "empty", stories=b"", comments=b""), now=NOW))
    assert caught.value.code == "empty_file"


def test_a_dump_of_talk_4_says_what_to_do(tmp_path: Path):
    old = {"id": "c", "asset_id": "a", "author_id": "u", "body": "x", "status": "ACCEPTED",
           "body_history": [], "created_at": "2017-01-01T00:00:00Z"}  # fmt: skip
    with pytest.raises(InvalidInput, match="Talk 4"):
        list(read_coral(put(tmp_path, comments=lines([old])), now=NOW))


def test_what_was_done_comes_by_person(tmp_path: Path):
    records = read(tmp_path, **everything())
    reactions = [one for one in records if isinstance(one, SourceReaction)]
    assert {(one.comment_source_id, one.account_source_id[-1]) for one in reactions} == {
        (cid(1), "2"),
        (cid(9), "2"),
    }
    # The legal report and its trace among the actions bear one id, so that it counts once.
    reports = [one for one in records if isinstance(one, SourceReport)]
    assert Counter(one.source_id[:3] for one in reports) == {"dsa": 2, "666": 1}
    assert {one.source_id for one in reports if one.reason == "ILLEGAL"} == {
        "dsa:99999999-0000-4000-8000-000000000001"
    }
    decided = [one for one in records if isinstance(one, SourceDecision)]
    assert [(one.outcome.value, one.reason) for one in decided] == [
        ("kept", ""),
        ("removed", "HATE_SPEECH"),
    ]
    assert sanctions(records) == []
    assert {one.name for one in accounts(records)} == {"Ada", "Ben", "Dora"}
    assert TENANT not in repr(records)


def test_a_file_that_holds_something_else_is_refused_by_its_name(tmp_path: Path):
    files = put(tmp_path, stories=lines([story()]), config=b'{"mongoURI": "x"}')
    with pytest.raises(InvalidInput, match=r"config\.json: ") as caught:
        list(read_coral(files, now=NOW))
    assert caught.value.code == "unknown_format"
    files = put(tmp_path / "damaged", comments=lines([["x"], comment(1)]))
    assert left_out(list(read_coral(files, now=NOW))) == [("comment", "damaged")]


def test_an_export_is_recognised_as_a_folder_and_as_an_archive(tmp_path: Path):
    files = put(tmp_path / "coral", **{name: lines(them) for name, them in everything().items()})
    assert recognise_files(files) is Format.CORAL
    with zipfile.ZipFile(tmp_path / "coral.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file.path, f"ThePress/{file.name}")
    packed = gather([tmp_path / "coral.zip"])
    assert recognise_files(packed) is Format.CORAL
    assert list(read_coral(packed, now=NOW)) == list(read_coral(files, now=NOW))
    with pytest.raises(InvalidInput) as caught:
        recognise_files(put(tmp_path / "other", a=b"", b=b'{"x": 1}'))
    assert caught.value.code == "unknown_format"
    with pytest.raises(InvalidInput) as caught:
        recognise_files(put(tmp_path / "empty", a=b""))
    assert caught.value.code == "empty_file"
