"""Our own plain form: as tables and as JSON lines, and what it says when something is wrong."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.core.terms import Role, SanctionKind
from belowline.transfer.codes import Hide, ImportStatus
from belowline.transfer.gathering import gather
from belowline.transfer.plain.columns import SHAPES
from belowline.transfer.plain.reading import read_plain_csv, read_plain_json
from belowline.transfer.recognise import Format, recognise_files
from belowline.transfer.shape import (
    Record,
    SourceAccount,
    SourceAuthor,
    SourceComment,
    SourceDecision,
    SourceNote,
    SourceOutcome,
    SourceReaction,
    SourceReport,
    SourceRevision,
    SourceSanction,
    SourceStory,
)
from tests.transfer.newsroom import (
    NOW,
    Made,
    accounts,
    at,
    comments,
    left_out,
    put_right,
    sanctions,
    stories,
)

AT = "2021-05-01T09:30:00Z"
REFERENCE = Path(__file__).parents[2] / "docs/reference/plain-import.md"


def said(source_id: str = "c1", **fields: object) -> Made:
    given: Made = {
        "kind": "comment", "comment_id": source_id, "story_url": "https://courier.example/1",
        "text": "Hello", "created_at": AT, "status": "published",
    }  # fmt: skip
    return given | fields


ALL: list[Made] = [
    {"kind": "story", "story_id": "s1", "url": "https://courier.example/1",
     "title": "One &amp; all", "section": "News", "published_at": AT,
     "open": "false", "visible": "yes", "key": "one",
     "aliases": "https://m.courier.example/1 not-an-address"},
    {"kind": "author", "author_id": "a1", "name": "Ada", "email": "ada@reader.example",
     "email_verified": "true", "joined_at": "2020-01-01 08:00:00+01:00", "role": "moderator",
     "issuer": "google", "subject": "1092"},
    said(story_id="s1", author_id="a1", parent_id="c0", edited_at="2021-05-01T10:00:00Z",
         respect="3", featured_at="2021-05-02T00:00:00Z", x_mine="42"),
    {"kind": "reaction", "comment_id": "c1", "author_id": "a2", "created_at": AT},
    {"kind": "report", "report_id": "r1", "comment_id": "c1", "author_id": "a2", "reason": "rude",
     "note": "Very.", "created_at": AT},
    {"kind": "decision", "decision_id": "d1", "comment_id": "c1", "author_id": "a3",
     "outcome": "kept", "reason": "fine", "note": "It is.", "created_at": AT},
    {"kind": "sanction", "sanction_id": "x1", "author_id": "a1", "sanction": "suspension",
     "starts_at": AT, "ends_at": "2030-01-01T00:00:00Z", "note": "Again.", "by_author_id": "a3"},
    {"kind": "note", "note_id": "n1", "author_id": "a1", "by_author_id": "a3",
     "note": "Kind on the phone.", "created_at": AT},
]  # fmt: skip

EXPECTED: list[Record] = [
    SourceStory("s1", "https://courier.example/1", "One & all", "News", at(), open=False,
                visible=True, key="one", aliases=("https://m.courier.example/1",)),
    SourceAccount("a1", "Ada", "ada@reader.example", email_verified=True,
                  identities=(("google", "1092"),),
                  created_at=datetime(2020, 1, 1, 7, tzinfo=UTC), role=Role.MODERATOR),
    SourceComment("c1", "s1", "c0", SourceAuthor("a1", "", None), "Hello", "Hello", at(),
                  ImportStatus.PUBLISHED, None, (), at(30), 3,
                  datetime(2021, 5, 2, tzinfo=UTC)),
    SourceReaction("c1", "a2", at()),
    SourceReport("r1", "c1", "a2", "rude", "Very.", at()),
    SourceDecision("d1", "c1", "a3", SourceOutcome.KEPT, "fine", "It is.", at()),
    SourceSanction("x1", "a1", SanctionKind.SUSPENSION, at(), datetime(2030, 1, 1, tzinfo=UTC),
                   "Again.", "a3"),
    SourceNote("n1", "a1", "a3", "Kind on the phone.", at()),
]  # fmt: skip


def read_json(folder: Path, *records: object) -> list[Record]:
    folder.mkdir(exist_ok=True)
    data = "".join(json.dumps(one) + "\n" for one in records)
    (folder / "records.jsonl").write_text(data, encoding="utf-8")
    return list(read_plain_json(gather([folder]), zone=UTC, now=NOW))


def read_csv(folder: Path, *tables: list[Made], zone: str = "UTC") -> list[Record]:
    for number, table in enumerate(tables):
        written = io.StringIO(newline="")
        names = [name for name in table[0] if name != "kind"]
        writer = csv.DictWriter(written, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(table)
        write(folder, f"{number}.csv", written.getvalue())
    return list(read_plain_csv(gather([folder]), zone=ZoneInfo(zone), now=NOW))


def write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def refused(folder: Path, text: str, name: str = "a.csv") -> InvalidInput:
    write(folder, name, text)
    read = read_plain_csv if name.endswith("csv") else read_plain_json
    with pytest.raises(InvalidInput) as caught:
        list(read(gather([folder]), zone=UTC, now=NOW))
    return caught.value


def test_every_kind_of_record_comes_from_json_lines(tmp_path: Path):
    assert read_json(tmp_path, *ALL) == EXPECTED


def test_every_kind_of_record_comes_from_tables_stories_first(tmp_path: Path):
    assert read_csv(tmp_path, *[[one] for one in reversed(ALL)]) == EXPECTED


def test_one_table_of_comments_is_enough(tmp_path: Path):
    records = read_csv(
        tmp_path,
        [said(story_title="One", author_name="Ada", author_email="a@b.example"), said("c2")],
    )
    (story,) = stories(records)
    assert (story.source_id, story.url, story.title) == (*["https://courier.example/1"] * 2, "One")
    assert [one.story_source_id for one in comments(records)] == [story.source_id] * 2
    assert comments(records)[0].author == SourceAuthor(None, "Ada", "a@b.example")


def test_what_may_be_a_number_or_a_truth_in_json_may(tmp_path: Path):
    records = read_json(
        tmp_path,
        {"kind": "story", "story_id": 7, "url": "https://courier.example/7", "open": False},
        {"kind": "author", "author_id": 9, "name": "Ada", "email_verified": True, "email": None,
         "identities": [{"issuer": "google", "subject": 1092}, {"issuer": "x"}, "y"]},
        said(comment_id=1, story_id=7, respect=5, parent_id=None),
    )  # fmt: skip
    assert (stories(records)[0].source_id, stories(records)[0].open) == ("7", False)
    assert (accounts(records)[0].identities, accounts(records)[0].email_verified) == (
        (("google", "1092"),), False,
    )  # fmt: skip
    (one,) = comments(records)
    assert (one.source_id, one.story_source_id, one.respect) == ("1", "7", 5)


def test_earlier_wordings_come_in_json(tmp_path: Path):
    earlier = [{"text": "Hel", "created_at": AT}, {"html": "<b>Hell</b>"}, {"text": " "}, "x"]
    (one,) = comments(read_json(tmp_path, said(earlier=earlier)))
    assert one.earlier == (
        SourceRevision("Hel", "Hel", at()),
        SourceRevision("<b>Hell</b>", "**Hell**", at()),
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ({"text": "1 < 2 & *so*\n\nOn"}, "1 < 2 & \\*so\\*\n\nOn"),
        ({"text": "<b>x</b>"}, "\\<b>x\\</b>"),
        ({"text": "", "html": "<p>a</p>\n<p>b</p>"}, "a\n\nb"),
        ({"text": "", "markdown": "*a*\nb"}, "*a*\nb"),
        ({"html": "<i>html</i>", "markdown": "mark"}, "mark"),
    ],
)
def test_the_ways_in_which_words_are_given(tmp_path: Path, words: Made, text: str):
    (one,) = comments(read_json(tmp_path, said(**words)))
    assert one.text == text


@pytest.mark.parametrize(
    ("status", "here", "why"),
    [
        ("published", ImportStatus.PUBLISHED, None),
        (" Published ", ImportStatus.PUBLISHED, None),
        ("held", ImportStatus.HELD, Hide.PENDING),
        ("removed", ImportStatus.REMOVED, Hide.TRASHED),
        ("hidden", ImportStatus.HIDDEN, Hide.STORY_NOT_PUBLIC),
        ("deleted", ImportStatus.DELETED, Hide.DELETED),
        ("", ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        ("approved", ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
    ],
)
def test_only_what_is_said_to_be_published_is(
    tmp_path: Path, status: str, here: ImportStatus, why: Hide | None
):
    (one,) = comments(read_csv(tmp_path, [said(status=status, featured_at=AT)]))
    assert (one.status, one.hidden_because) == (here, why)
    assert (one.featured_at is None) is (here is not ImportStatus.PUBLISHED)
    assert (one.text == "") is (here is ImportStatus.DELETED)


@given(st.text().filter(lambda one: one.strip().lower() != "published"))
def test_no_other_word_publishes(status: str):
    from belowline.transfer.plain.fields import Fields  # noqa: PLC0415 - for this one alone
    from belowline.transfer.plain.records import read_comment  # noqa: PLC0415

    fields = Fields(said(status=status), "line 1", UTC, NOW)
    assert all(one.hidden_because for one in comments(read_comment(fields)))


def test_times_without_a_zone_are_in_the_one_that_was_named(tmp_path: Path):
    table = [
        said(created_at="2021-07-01 12:00:00"),
        said("c2", created_at="2021-07-01T12:00+02:00"),
    ]
    first, second = comments(read_csv(tmp_path, table, zone="Europe/London"))
    assert first.created_at == datetime(2021, 7, 1, 11, tzinfo=UTC)
    assert second.created_at == datetime(2021, 7, 1, 10, tzinfo=UTC)


def test_a_time_to_come_is_now_and_named(tmp_path: Path):
    records = read_csv(tmp_path, [said(created_at=(NOW + timedelta(days=9)).isoformat())])
    assert comments(records)[0].created_at == NOW
    assert put_right(records) == ["date_in_future"]


def test_what_is_wrong_with_one_record_leaves_it_out_with_its_line(tmp_path: Path):
    records = read_csv(
        tmp_path,
        [said(), said("c2", created_at="yesterday"), said("c 3"), said("c4", text=" "), said("c5")],
    )
    assert [one.source_id for one in comments(records)] == ["c1", "c5"]
    assert left_out(records) == [
        ("comment", "no_date"), ("comment", "no_id"), ("comment", "empty"),
    ]  # fmt: skip
    assert all(f"'line {line}'" in repr(records) for line in (3, 4, 5))


def test_what_stands_beside_the_words_and_cannot_be_read_is_named_with_its_column(tmp_path: Path):
    table = [
        said(edited_at="x", respect="-3", featured_at="?", author_id="a b", status="live",
             author_email="nobody", parent_id="")
    ]  # fmt: skip
    records = read_csv(tmp_path, table)
    (one,) = comments(records)
    assert (one.edited_at, one.respect, one.author.source_id) == (None, 0, None)
    assert sorted(put_right(records)) == ["email_dropped"] + ["value_dropped"] * 5
    for column in ("edited_at", "respect", "featured_at", "author_id", "status"):
        assert f"line 2, {column}" in repr(records)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({"kind": "story", "story_id": "s", "url": "/1"}, ("story", "no_address")),
        ({"kind": "story", "story_id": "", "url": "https://a.example"}, ("story", "no_id")),
        ({"kind": "author", "author_id": "", "name": "x"}, ("author", "no_id")),
        (ALL[3] | {"author_id": ""}, ("reaction", "author_missing")),
        (ALL[3] | {"comment_id": ""}, ("reaction", "comment_missing")),
        (ALL[4] | {"created_at": ""}, ("report", "no_date")),
        (ALL[4] | {"report_id": ""}, ("report", "no_id")),
        (ALL[5] | {"outcome": "perhaps"}, ("decision", "other_kind")),
        (ALL[5] | {"comment_id": ""}, ("decision", "comment_missing")),
        (ALL[6] | {"sanction": "shame"}, ("sanction", "other_kind")),
        (ALL[6] | {"ends_at": "never"}, ("sanction", "no_date")),
        (ALL[7] | {"note": " "}, ("note", "empty")),
        (ALL[7] | {"author_id": " "}, ("note", "author_missing")),
    ],
)
def test_what_cannot_be_kept_is_left_out(tmp_path: Path, made: Made, why: tuple[str, str]):
    records = read_json(tmp_path, made)
    assert left_out(records) == [why]
    assert len(records) == 1
    assert "line 1" in repr(records)


def test_a_sanction_without_an_end_has_none(tmp_path: Path):
    (one,) = sanctions(read_json(tmp_path, ALL[6] | {"sanction": "withdrawal", "ends_at": ""}))
    assert (one.kind, one.ends_at) == (SanctionKind.WITHDRAWAL, None)


def test_a_story_of_which_nothing_is_known_but_its_id_is_not_made_up(tmp_path: Path):
    records = read_json(tmp_path, said(story_id="s9", story_url=""))
    assert stories(records) == []
    assert comments(records)[0].story_source_id == "s9"


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("comment_id,story_url,text,created_at,status,likes", "likes (perhaps respect)"),
        ("comment_id,story_url,body,created_at,status", "body (perhaps text)"),
        ("comment_id,story_url,text,created_at,status,creatd_at", "creatd_at (perhaps created_at)"),
        ("comment_id,story_url,text,created_at,status,", "without a name"),
        ("id,content,date", "date (perhaps created_at), id (perhaps comment_id)"),
        ("Name;Wert", "name (perhaps author_name)"),
    ],
)
def test_a_column_that_is_not_known_is_named_with_what_may_be_meant(
    tmp_path: Path, heading: str, words: str
):
    error = refused(tmp_path, f"{heading}\n")
    assert error.code == "unknown_column"
    assert words in error.message
    assert error.message.startswith("a.csv: ")


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("comment_id,story_url,text,created_at", "lacks status"),
        ("comment_id,text,created_at,status", "lacks story_id or story_url"),
        ("comment_id,story_url,created_at,status", "lacks markdown or html or text"),
        ("report_id,created_at", "lacks comment_id"),
        ("author_id,joined_at", "lacks name or email"),
    ],
)
def test_a_column_that_is_needed_is_named(tmp_path: Path, heading: str, words: str):
    error = refused(tmp_path, f"{heading}\n")
    assert (error.code, error.context["line"]) == ("missing_column", 1)
    assert words in error.message


def test_a_column_that_stands_there_twice_is_refused(tmp_path: Path):
    error = refused(tmp_path, "comment_id,status,Status\n")
    assert (error.code, "status" in error.message) == ("duplicate_column", True)


def test_a_row_of_another_width_is_left_out_with_its_line(tmp_path: Path):
    write(tmp_path, "a.csv", "comment_id,story_url,text,created_at,status\nc1,b\nSecret words\n")
    records = list(read_plain_csv(gather([tmp_path]), zone=UTC, now=NOW))
    assert left_out(records) == [("comment", "damaged")] * 2
    assert "line 2, 2 cells for 5 columns" in repr(records)
    assert "Secret" not in repr(records)


@pytest.mark.parametrize(
    ("record", "code", "words"),
    [
        ({"comment_id": "c"}, "unknown_kind", "story, author, comment"),
        ({"kind": "post"}, "unknown_kind", "line 2"),
        (["x"], "unknown_kind", "line 2"),
        (said(body="x"), "unknown_column", "body (perhaps text)"),
        ({"kind": "comment", "comment_id": "c"}, "missing_column", "lacks story_id or story_url"),
    ],
)
def test_a_record_of_the_wrong_form_stops_with_its_line(
    tmp_path: Path, record: object, code: str, words: str
):
    error = refused(tmp_path, f"{json.dumps(said())}\n{json.dumps(record)}\n", "a.jsonl")
    assert (error.code, error.context["line"]) == (code, 2)
    assert words in error.message


def test_both_ways_of_writing_are_recognised(tmp_path: Path):
    read_csv(tmp_path / "csv", [said()])
    read_json(tmp_path / "json", *ALL)
    assert recognise_files(gather([tmp_path / "csv"])) is Format.PLAIN_CSV
    assert recognise_files(gather([tmp_path / "json"])) is Format.PLAIN_JSON


def test_every_column_is_in_the_reference():
    text = REFERENCE.read_text(encoding="utf-8")
    missing = [
        f"{shape.name}.{column}"
        for shape in SHAPES
        for column in shape.columns
        if not re.search(rf"^\| `{column}` \|", _section(text, shape.name), re.MULTILINE)
    ]
    assert missing == []


def _section(text: str, name: str) -> str:
    match = re.search(rf"^## `{name}`$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return match[1] if match else ""
