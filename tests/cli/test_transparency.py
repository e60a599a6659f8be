"""Statements and reports from the command line, and what they are checked against."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.transparency_reports import publish_report
from belowline.core.clock import system_clock
from belowline.core.terms import Outcome, Role, RuleKey
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from tests import factories
from tests.cli.conftest import Run


@pytest.fixture
def site(sqlite_url: str) -> Site:
    """Give a site on which a comment was taken down two hours ago, and a report of 2025."""
    db = Database(sqlite_url, clock=lambda: system_clock() - timedelta(hours=2))
    made = factories.make_site(db)
    editor = factories.make_staff(db, made.id, Role.EDITOR)
    comment = factories.make_comment(db, made.id, text="My secret words")
    factories.make_report(db, comment)
    draft = DecisionDraft(Outcome.REMOVE, RuleKey("hate"), "It is hatred.", comment.version)
    decide(db, comment.id, site_id=made.id, by=editor, decision=draft)
    publish_report(db, made, year=2025, by=editor, notes={"automated": "Words."})
    db.close()
    return made


def change(sqlite_url: str, statement: sa.Update) -> None:
    """Change the database behind everybody's back."""
    db = Database(sqlite_url)
    with db.write(factories.SYSTEM) as tx:
        tx.conn.execute(statement)
    db.close()


def test_statements_are_written_in_both_forms(run: Run, site: Site) -> None:
    lines = run("transparency", "statements", site.key)
    table = run("transparency", "statements", site.key, "--form", "csv")

    (record,) = map(json.loads, lines.out.splitlines())
    (row,) = csv.DictReader(io.StringIO(table.out, newline=""))
    assert (lines.status, table.status) == (0, 0)
    assert record["category"] == row["category"] == "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
    assert "secret" not in lines.out + table.out


def test_a_check_writes_nothing_but_what_it_found(run: Run, site: Site) -> None:
    answer = run("transparency", "statements", site.key, "--check")
    assert (answer.status, answer.out) == (0, "1 statements, 0 complaints.\n")
    assert run("transparency", "statements", site.key, "--since", "soon").refuses("2026-03-31")
    assert run("transparency", "statements", "nowhere").refuses("no such site")


def test_a_report_is_written_and_published_ones_are_made_again(
    run: Run, site: Site, sqlite_url: str
) -> None:
    year = str(system_clock().year)
    rows = [*csv.reader(io.StringIO(run("transparency", "report", site.key, year).out))]
    assert rows[0] == ["section", "indicator", "breakdown", "value", "unit"]
    assert run("transparency", "report", site.key, "1999").refuses("no report about this year")
    same = run("transparency", "verify", site.key)
    assert (same.status, same.out.splitlines()) == (
        0,
        ["2025, version 1: the same", "log and rows: the same"],
    )

    change(sqlite_url, sa.update(tables.reports).values(state="dismissed"))
    departs = run("transparency", "verify", site.key)

    assert (departs.status, departs.out.splitlines()[-1]) == (1, "log and rows: 1 differ")


def test_a_report_that_was_tampered_with_is_found(run: Run, site: Site, sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with db.read() as conn:
        rows = conn.execute(sa.select(tables.transparency_reports.c.rows)).scalar_one()
    db.close()
    assert rows[7][1:3] == ["reports_received", ""]
    rows[7][3] = 5
    change(sqlite_url, sa.update(tables.transparency_reports).values(rows=rows))

    answer = run("transparency", "verify", site.key)

    # The figure that was put there, and the one that should be.
    assert (answer.status, answer.out.splitlines()[0]) == (1, "2025, version 1: 2 differ")
