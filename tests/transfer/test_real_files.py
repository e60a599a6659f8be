"""Other projects' export files, where they lie beside the checkout: each as the reference says.

The table in ``docs/reference/imports-tried.md`` is what was counted by hand; it is the expectation.
"""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from belowline.actions.sites import create_site
from belowline.core.errors import InvalidInput
from belowline.storage.database import Database
from belowline.storage.tables import comments as comments_table
from belowline.storage.tables import events, readers
from belowline.storage.tables import stories as stories_table
from belowline.transfer.codes import ImportStatus
from belowline.transfer.intake import Intake, take_in
from belowline.transfer.opening import find_files
from belowline.transfer.recognise import recognise
from belowline.transfer.shape import Record, Skipped
from tests.house.tree import ROOT
from tests.transfer.reading import EXPORTS, comments, read_any, real, stories

PAGE = ROOT / "docs/reference/imports-tried.md"


def rows() -> dict[str, list[str]]:
    """Give the table's rows by the name of the file."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    return {name.strip("`"): rest for name, *rest in cells}


TRIED = rows()
READ = {name: row for name, row in TRIED.items() if row[0] != "refused"}
REFUSED = {name: row for name, row in TRIED.items() if row[0] == "refused"}


def left_out(records: list[Record]) -> str:
    """Say what was left out in the table's way."""
    counts = Counter(
        f"{record.kind} {record.reason_code}".replace("_", " ")
        for record in records
        if isinstance(record, Skipped)
    )
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "–"


@pytest.mark.parametrize("name", list(READ))
def test_each_file_is_read_as_it_was_counted_by_hand(name: str):
    path = real(name)
    with find_files(path)[0].open() as stream:
        found = recognise(stream)
    records = read_any(path)
    said = comments(records)
    hidden = sum(comment.status is not ImportStatus.PUBLISHED for comment in said)
    assert [found, str(len(stories(records))), str(len(said)), str(hidden), left_out(records)] == (
        READ[name]
    )


@pytest.mark.parametrize("name", list(REFUSED))
def test_each_other_file_is_refused_in_one_line_that_says_where_and_why(name: str):
    with pytest.raises(InvalidInput) as refused:
        read_any(real(name))
    assert refused.value.message == REFUSED[name][-1]


def test_no_file_was_passed_over():
    if not EXPORTS.exists():
        pytest.skip("the real exports are not beside this checkout")
    assert {path.name for path in EXPORTS.iterdir()} - {"NOTICE.txt"} == set(TRIED)


@pytest.mark.parametrize("name", list(READ))
def test_a_second_time_changes_nothing(db: Database, name: str):
    records = read_any(real(name))
    site = create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])
    intake = Intake(db, site, READ[name][0], "made up for the tests of real files")

    def state() -> list[list[object]]:
        with db.read() as conn:
            return [
                list(conn.execute(sa.select(table).order_by(*table.primary_key)))
                for table in (stories_table, comments_table, readers, events)
            ]

    take_in(intake, records)
    before = state()
    take_in(intake, read_any(real(name)))
    assert state() == before
