"""``belowline import wordpress`` on a made-up export and, where it is at hand, on a real one."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from belowline.core.terms import CommentStatus
from belowline.storage.database import Database
from belowline.storage.tables import comments, events, stories
from tests.cli.conftest import Answer, Run

EXPORTS = Path(__file__).parents[2].parent / "shared/data/exports"
EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<wp:wxr_version>1.2</wp:wxr_version>
<item><title>A story</title><link>https://paper.example/a</link><wp:post_id>3</wp:post_id>
<wp:post_date_gmt>2024-05-01 08:00:00</wp:post_date_gmt><wp:comment_status>open</wp:comment_status>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<wp:comment><wp:comment_id>7</wp:comment_id><wp:comment_author>Ada</wp:comment_author>
<wp:comment_author_email>ada@paper.example</wp:comment_author_email>
<wp:comment_date_gmt>2024-05-01 12:00:00</wp:comment_date_gmt>
<wp:comment_content>Hello</wp:comment_content><wp:comment_approved>1</wp:comment_approved>
</wp:comment>
<wp:comment><wp:comment_id>8</wp:comment_id><wp:comment_author>Bo</wp:comment_author>
<wp:comment_date_gmt>2024-05-01 13:00:00</wp:comment_date_gmt>
<wp:comment_content>Hello back</wp:comment_content><wp:comment_approved>0</wp:comment_approved>
<wp:comment_parent>7</wp:comment_parent></wp:comment>
</item></channel></rss>
"""


def real(name: str) -> Path:
    path = EXPORTS / name
    if not path.exists():
        pytest.skip(f"the real export {name} is not beside this checkout")
    return path


def rows(url: str, table: sa.Table) -> list[sa.Row[Any]]:
    """Return all rows of a table."""
    db = Database(url)
    try:
        with db.read() as conn:
            return [*conn.execute(sa.select(table))]
    finally:
        db.close()


def everything(url: str) -> dict[str, list[object]]:
    """Return all rows that an import may write."""
    return {
        table.name: [tuple(row) for row in rows(url, table)]
        for table in (stories, comments, events)
    }


def count(answer: Answer, what: str) -> int:
    """Return the figure in the line of the report that begins so."""
    found = re.search(rf"{what}[^\n]*?(\d+) *│?\n", answer.out)
    assert found, answer
    return int(found[1])


def test_a_dry_run_reports_and_changes_nothing(
    courier: Run, sqlite_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "export.xml"
    file.write_text(EXPORT)
    before = everything(sqlite_url)
    answer = courier("import", "wordpress", str(file), "--site", "courier", "--dry-run")

    assert answer.status == 0, answer
    assert "Nothing was changed" in answer.out
    assert count(answer, "comments that would be imported") == 2
    assert everything(sqlite_url) == before


def test_what_waited_there_waits_here(courier: Run, sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    file.write_text(EXPORT)
    assert courier("import", "wordpress", str(file), "--site", "courier").status == 0

    db = Database(sqlite_url)
    with db.read() as conn:
        rows = conn.execute(sa.select(comments).order_by(comments.c.id)).all()
    db.close()
    assert [row.status for row in rows] == [CommentStatus.PUBLISHED, CommentStatus.HELD]
    assert rows[1].parent_id == rows[0].id


def test_a_real_export_comes_in_once(courier: Run, sqlite_url: str) -> None:
    file = str(real("wp_theme-unit-test-data.xml.gz"))
    first = courier("import", "wordpress", file, "--site", "courier")
    after_first = everything(sqlite_url)
    second = courier("import", "wordpress", file, "--site", "courier")

    assert first.status == second.status == 0
    assert count(first, "comments imported") == count(second, "comments already here") == 29
    assert (count(first, "stories imported"), count(second, "stories imported")) == (79, 0)
    assert count(second, "comments imported") == 0
    assert everything(sqlite_url) == after_first
    # Counted by hand in the file: 33 comments, of which two are pingbacks and two trackbacks, three
    # wait for approval and one stands under a story with a password.
    stood = Counter(row.status for row in rows(sqlite_url, comments))
    assert stood == {"published": 25, "held": 3, "withdrawn": 1}
    assert len(rows(sqlite_url, stories)) == 79
    assert courier("check").status == 0


def test_a_real_malformed_file_is_one_line(courier: Run, sqlite_url: str) -> None:
    file = str(real("wp_malformed.xml"))
    before = everything(sqlite_url)

    answer = courier("import", "wordpress", file, "--site", "courier")
    assert answer.refuses("line 90")
    assert answer.out == ""
    assert everything(sqlite_url) == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(EXPORT[:-9].encode(), "well-formed", id="cut-off"),
        pytest.param(b"\x1f\x8b" + bytes(30), "gzip", id="damaged-gzip"),
        pytest.param(b"PK\x03\x04rest", "zip", id="zip"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_and_leaves_nothing(
    courier: Run, sqlite_url: str, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "export.xml"
    file.write_bytes(content)
    before = everything(sqlite_url)

    assert courier("import", "wordpress", str(file), "--site", "courier").refuses(says)
    assert everything(sqlite_url) == before


def test_what_is_not_there_is_said(courier: Run, tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    missing = courier("import", "wordpress", str(file), "--site", "courier")
    assert missing.status == 2
    assert "does not exist" in missing.err
    file.write_text(EXPORT)

    assert courier("import", "wordpress", str(file), "--site", "tribune").refuses("no such site")
    zone = courier("import", "wordpress", str(file), "--site", "courier", "--zone", "Nowhere/Here")
    assert zone.status == 2
    assert "Nowhere/Here" in zone.err


@pytest.fixture
def export(tmp_path: Path) -> str:
    """Write a small export, under a name that says nothing."""
    file = tmp_path / "download"
    file.write_text(EXPORT)
    return str(file)


def test_the_content_says_what_a_file_is(courier: Run, sqlite_url: str, export: str) -> None:
    answer = courier("import", export, "--site", "courier")

    assert answer.status == 0, answer
    assert len(rows(sqlite_url, comments)) == 2


def test_what_nobody_knows_is_refused_with_a_hint(courier: Run, tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    file.write_text("<feed/>")

    assert courier("import", str(file), "--site", "courier").refuses("--from")


def test_imports_are_listed_and_taken_back(courier: Run, sqlite_url: str, export: str) -> None:
    assert courier("import", export, "--site", "courier").status == 0
    listed = courier("import", "list", "--site", "courier")
    assert re.search(
        r"1 +│ courier +│ wordpress +│ download [0-9a-f]{12}.* done .*2 comment", listed.out
    )
    undone = courier("import", "undo", "1", "--yes")

    assert undone.status == 0, undone
    assert re.search(r"taken back: comment[^\n]*2", undone.out)
    assert rows(sqlite_url, comments) == rows(sqlite_url, stories) == []
    assert " undone " in courier("import", "list").out
    assert courier("import", "undo", "1", "--yes").refuses("undone already")
    assert courier("import", "undo", "9", "--yes").refuses("no such import")


def test_a_report_names_every_record_and_nobody(
    courier: Run, sqlite_url: str, export: str, tmp_path: Path
) -> None:
    before = everything(sqlite_url)
    for name in ("report.jsonl", "report.csv"):
        file = tmp_path / name
        asked = ("--site", "courier", "--dry-run", "--report", str(file))
        assert courier("import", export, *asked).status == 0
        told = file.read_text()
        assert "hidden" in told
        assert "pending" in told
        assert not re.search("Ada|ada@|Hello", told)
    lines = (tmp_path / "report.csv").read_text().splitlines()
    assert lines[0] == "kind,source_id,what,why,detail"
    assert "comment,7,imported,,3" in lines
    assert "comment,8,hidden,pending,3" in lines
    assert "story,3,imported,,a" in lines
    assert everything(sqlite_url) == before


def test_a_preview_shows_where_addresses_lead(
    courier: Run, sqlite_url: str, export: str, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('https = true\n[hosts]\n"paper.example" = "www.courier.example"\n')
    shown = courier("import", "map-preview", export, "--site", "courier", "--map", str(rules))

    assert shown.status == 0, shown
    assert "https://www.courier.example/a" in shown.out
    assert "a new story" in shown.out
    assert rows(sqlite_url, stories) == []
    asked = ("--site", "courier", "--map", str(rules), "--key-from", "path")
    assert courier("import", export, *asked).status == 0
    [story] = rows(sqlite_url, stories)
    assert (story.key, story.url) == ("a", "https://www.courier.example/a")


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (("--map-host", "a.example"), "OLD=NEW"),
        (("--map-host", "a b=c.example"), "not a host"),
        (("--map-path", "blog=/news"), "begin with a slash"),
        (("--from", "coralreef"), "coralreef"),
    ],
)
def test_rules_that_mean_nothing_are_refused(
    courier: Run, export: str, option: tuple[str, str], says: str
) -> None:
    answer = courier("import", export, "--site", "courier", *option)

    assert answer.status == 2
    assert says in answer.err
