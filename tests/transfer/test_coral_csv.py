"""The three CSV files of Coral's importer, which have no heading."""

from __future__ import annotations

from pathlib import Path

import pytest

from belowline.core.errors import InvalidInput
from belowline.core.terms import Role, SanctionKind
from belowline.transfer.codes import ImportStatus
from belowline.transfer.coral.tables import read_coral_csv
from belowline.transfer.gathering import gather
from belowline.transfer.recognise import Format, recognise_files
from belowline.transfer.shape import Record
from tests.transfer.newsroom import (
    NOW,
    accounts,
    at,
    comments,
    left_out,
    sanctions,
    stories,
)

USERS = """\
1,ada@reader.example,Ada,,,
2,ben@reader.example,"Ben, the baker",MODERATOR,true,2020-01-01T00:00:00Z
"""
STORIES = '''\
s1,https://courier.example/1,,,,,
s2,https://courier.example/2,"Bridge ""closed""",Jo,2021-05-01T09:30:00Z,2021-06-01T00:00:00Z,QA
'''
COMMENTS = """\
c2,2,s1,2021-05-01T09:31:00Z,"<b>No</b>,
or yes",c1,REJECTED,
c1,1,s1,2021-05-01T09:30:00Z,Yes,,,4
c3,1,s2,2021-05-01T09:30:00Z,Yes,,SPAM,
"""


def read(folder: Path, **tables: str) -> list[Record]:
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return list(read_coral_csv(gather([folder]), now=NOW))


@pytest.mark.parametrize("names", [("comments", "stories", "users"), ("a", "b", "c")])
def test_the_three_files_come_stories_first_under_any_name(tmp_path: Path, names: tuple[str, ...]):
    records = read(tmp_path, **dict(zip(names, (COMMENTS, STORIES, USERS), strict=True)))
    first, second = stories(records)
    assert records[:2] == [first, second]
    assert (first.source_id, first.url, first.open, first.key) == (
        "s1", "https://courier.example/1", True, "s1",
    )  # fmt: skip
    assert (second.title, second.open, second.published_at) == ('Bridge "closed"', False, at())
    ada, ben = accounts(records)
    assert (ada.name, ada.email, ada.email_verified, ada.role) == (
        "Ada", "ada@reader.example", False, None,
    )  # fmt: skip
    assert (ben.name, ben.role) == ("Ben, the baker", Role.MODERATOR)
    (out,) = sanctions(records)
    assert (out.account_source_id, out.kind, out.ends_at) == ("2", SanctionKind.WITHDRAWAL, None)
    said = {one.source_id: one for one in comments(records)}
    assert {key: one.status for key, one in said.items()} == {
        "c1": ImportStatus.PUBLISHED,
        "c2": ImportStatus.REMOVED,
        "c3": ImportStatus.HIDDEN,
    }
    assert (said["c1"].text, said["c2"].text) == ("★★★★☆\n\nYes", "**No**, or yes")
    assert (said["c2"].parent_source_id, said["c2"].author.source_id) == ("c1", "2")


def test_a_row_of_another_width_is_left_out_with_its_line(tmp_path: Path):
    records = read(tmp_path, comments=COMMENTS + "c4,1,s1\nReader's words, with a comma\n")
    assert left_out(records) == [("comment", "damaged"), ("comment", "damaged")]
    assert "line 5, 3 cells" in repr(records)
    assert "Reader" not in repr(records[3:])


def test_a_heading_is_no_record(tmp_path: Path):
    heading = "id,email,username,role,banned,created_at\n"
    assert len(accounts(read(tmp_path, users=heading + USERS))) == 2


def test_a_table_of_another_width_is_refused_with_the_widths_that_there_are(tmp_path: Path):
    with pytest.raises(InvalidInput, match=r"3 cells.*comments 8") as caught:
        read(tmp_path, other="1,2,3\n")
    assert caught.value.code == "unknown_format"


@pytest.mark.parametrize("table", [USERS, STORIES, COMMENTS])
def test_each_table_is_recognised_by_its_first_row(tmp_path: Path, table: str):
    (tmp_path / "x.csv").write_text(table, encoding="utf-8")
    assert recognise_files(gather([tmp_path])) is Format.CORAL_CSV


@pytest.mark.parametrize("text", ["1,2,3\n", "1,a,b,c,d,e\n", '1,"2'])
def test_other_tables_without_a_heading_are_not(tmp_path: Path, text: str):
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput):
        recognise_files(gather([tmp_path]))
