"""A year's report is counted from the log, stays as it was published, and can be made again."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from belowline.actions.appeals import Ruling, decide_appeal, file_appeal
from belowline.actions.hearings import Asker, ask_again
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.sanctions import SanctionDraft, impose
from belowline.actions.transparency_reports import find_departures, make_report, publish_report
from belowline.core.errors import InvalidInput, NotAllowed
from belowline.core.terms import AppealId, Outcome, ReaderId, Role, RuleKey, SanctionKind
from belowline.events import kinds
from belowline.moderation.model import Decision
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.transparency.published import list_reports, to_csv
from belowline.transparency.quality import CONTEXT, quality_of
from belowline.transparency.recount import read_ledger, recount_ledger
from belowline.transparency.yearly import Row, period_of
from tests.actions.test_any_order import AnyOrder
from tests.conftest import START, SettableClock
from tests.factories import (
    REFUSING,
    events_of,
    make_comment,
    make_reader,
    make_site,
    make_staff,
    reread,
    rows_of,
)
from tests.factories import (
    make_report as report_it,
)

RULE = RuleKey("personal-attack")
BEGIN, END = START - timedelta(days=400), START + timedelta(days=4000)


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def people(db: Database, site: Site) -> tuple[ReaderId, ReaderId]:
    return make_staff(db, site.id), make_staff(db, site.id, Role.EDITOR)


def removal(db: Database, site: Site, by: ReaderId, *, reported: bool = True) -> Decision:
    comment = make_comment(db, site.id, author_id=make_reader(db))
    if reported:
        report_it(db, comment)
    draft = DecisionDraft(Outcome.REMOVE, RULE, "It insults.", reread(db, comment).version)
    return decide(db, comment.id, site_id=site.id, by=by, decision=draft)


def value(rows: tuple[Row, ...], section: int, indicator: str, breakdown: str = "") -> object:
    (found,) = (
        one
        for one in rows
        if (one.section, one.indicator, one.breakdown) == (section, indicator, breakdown)
    )
    return found.value


def figures(db: Database, site: Site, year: int = 2026) -> tuple[Row, ...]:
    with db.read() as conn:
        return make_report(conn, site, year=year, as_of=END)


def test_what_happened_is_counted_where_the_form_asks_for_it(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId], clock: SettableClock
) -> None:
    moderator, editor = people
    reversed_later = removal(db, site, moderator)
    removal(db, site, moderator, reported=False)
    refused = make_comment(db, site.id, verdicts=[REFUSING])
    (refusal,) = (one for one in rows_of(db, tables.decisions) if one.comment_id == refused.id)
    taken_back = removal(db, site, moderator)
    undo(db, taken_back.id, site_id=site.id, by=moderator, undo_for=timedelta(minutes=1))
    impose(
        db,
        site_id=site.id,
        reader_id=removal(db, site, moderator).reader_id,
        by=editor,
        sanction=SanctionDraft(SanctionKind.WARNING, None, "Once more.", RULE),
    )
    clock.advance(timedelta(hours=3))
    for one, upheld in ((reversed_later.id, True), (refusal.id, False)):
        reader = next(row.reader_id for row in rows_of(db, tables.decisions) if row.id == one)
        appeal = file_appeal(db, one, site_id=site.id, by=ReaderId(reader), text="Look again.")
        clock.advance(timedelta(hours=2))
        decide_appeal(
            db, AppealId(appeal.id), site_id=site.id, by=editor, ruling=Ruling(upheld, "I looked.")
        )

    found = figures(db, site)

    assert value(found, 3, "reports_received") == 3
    assert value(found, 3, "reports_received", "OTHER_VIOLATION_TC") == 3
    assert value(found, 3, "reports_answered", "upheld") == 1
    assert value(found, 3, "reports_answered", "dismissed") == 1, "the appeal reversed it"
    assert value(found, 3, "reports_answered", "not_answered") == 1, "the decision was taken back"
    assert value(found, 3, "measures") == 2
    assert value(found, 5, "measures") == 2
    assert value(found, 5, "measures_by_detection", "automatic") == 1
    assert value(found, 5, "measures_by_kind", "comment_refused") == 1
    assert value(found, 4, "measures") == 0
    assert value(found, 6, "complaints_received") == 2
    assert value(found, 6, "complaints_received_from", "author") == 2
    assert value(found, 6, "complaints_received_from", "reporter") == 0
    assert value(found, 6, "decisions_reversed_for", "author") == 1
    assert value(found, 6, "decisions_reversed") == 1
    assert value(found, 6, "decisions_upheld", "comment_refused") == 1
    assert value(found, 6, "median_time_to_answer") == 7200.0
    assert value(found, 7, "readers_kept_from_commenting", "suspension") == 0
    assert value(found, 8, "refused_automatically") == 1
    assert value(found, 8, "error_rate", "en") == 0.0
    assert value(found, 2, "orders_to_act") == 0


def test_complaints_of_those_who_were_told_no_are_counted_apart(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId], clock: SettableClock
) -> None:
    moderator, editor = people
    for upheld in (True, False):
        comment = make_comment(db, site.id)
        report = report_it(db, comment)
        draft = DecisionDraft(Outcome.KEEP, None, "", reread(db, comment).version)
        decide(db, comment.id, site_id=site.id, by=moderator, decision=draft)
        assert report.reporter_id is not None
        asker = Asker(report.reporter_id, b"a network")
        filed = ask_again(db, report.id, site_id=site.id, by=asker, text="Look again.")
        clock.advance(timedelta(hours=2))
        ruling = Ruling(upheld, "I looked.", RULE, reread(db, comment).version)
        decide_appeal(db, filed.id, site_id=site.id, by=editor, ruling=ruling)

    found = figures(db, site)

    assert value(found, 6, "complaints_received") == 2
    assert value(found, 6, "complaints_received", "comment_left") == 2
    assert value(found, 6, "complaints_received_from", "author") == 0
    assert value(found, 6, "complaints_received_from", "reporter") == 2
    assert value(found, 6, "decisions_reversed_for", "reporter") == 1
    assert value(found, 6, "decisions_upheld_for", "reporter") == 1
    assert value(found, 3, "reports_answered", "upheld") == 1
    assert value(found, 3, "measures_by_kind", "comment_removed") == 1


def test_a_year_has_its_own_and_no_other(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId], clock: SettableClock
) -> None:
    clock.now = datetime(2025, 2, 16, 23, 59, tzinfo=UTC)
    removal(db, site, people[0])
    clock.now = datetime(2025, 2, 17, tzinfo=UTC)
    removal(db, site, people[0])
    clock.now = datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)
    removal(db, site, people[0])
    clock.now = datetime(2026, 1, 1, tzinfo=UTC)
    removal(db, site, people[0])
    assert [value(figures(db, site, year), 3, "measures") for year in (2025, 2026)] == [2, 1]
    assert period_of(2025)[0].isoformat() == "2025-02-17"


def test_a_published_version_stays_and_the_log_gives_it_again(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId], clock: SettableClock
) -> None:
    moderator, editor = people
    clock.now = datetime(2026, 11, 1, tzinfo=UTC)
    first = removal(db, site, moderator)
    with pytest.raises(InvalidInput, match="not over"):
        publish_report(db, site, year=2026, by=editor, notes={})
    clock.now = datetime(2027, 1, 1, 2, tzinfo=UTC)
    one = publish_report(db, site, year=2026, by=editor, notes={"automated": "  Words.\r\n"})
    assert (one.version, one.notes["automated"]) == (1, "Words.")
    again = publish_report(db, site, year=2026, by=editor, notes={"automated": "Words."})
    assert again == one, "nothing is new"

    clock.advance(timedelta(days=3))
    appeal = file_appeal(db, first.id, site_id=site.id, by=first.reader_id, text="Look again.")
    ruling = Ruling(upheld=True, reason="I looked.")
    decide_appeal(db, appeal.id, site_id=site.id, by=editor, ruling=ruling)
    clock.advance(timedelta(days=3))
    two = publish_report(db, site, year=2026, by=editor, notes={"automated": "Words."})

    assert two.version == 2
    assert value(two.rows, 3, "reports_answered", "dismissed") == 1
    with db.read() as conn:
        assert list_reports(conn, site.id) == [two, one]
        assert find_departures(conn, site, one) == []
        assert find_departures(conn, site, two) == []
    events = events_of(db, kinds.TransparencyReportPublished)
    assert [dict(event.data) for event in events] == [
        {"year": 2026, "version": 1},
        {"year": 2026, "version": 2},
    ]


def test_only_who_answers_for_the_site_publishes(
    db: Database, site: Site, people: tuple[ReaderId, ReaderId]
) -> None:
    for by in (people[0], make_reader(db)):
        with pytest.raises(NotAllowed):
            publish_report(db, site, year=2025, by=by, notes={})
    with pytest.raises(InvalidInput, match="no report about"):
        publish_report(db, site, year=2024, by=people[1], notes={})
    with pytest.raises(InvalidInput, match="characters"):
        publish_report(db, site, year=2025, by=people[1], notes={"automated": "x" * 5001})
    assert rows_of(db, tables.transparency_reports) == []


def test_the_csv_holds_every_line(db: Database, site: Site) -> None:
    found = figures(db, site)
    rows = [*csv.reader(io.StringIO(to_csv(found, {"automated": 'Words, "and" more'}), newline=""))]
    assert rows[0] == ["section", "indicator", "breakdown", "value", "unit"]
    assert len(rows) == len(found) + 2
    assert rows[-1] == ["0", "automated", "", 'Words, "and" more', "text"]


AGAIN = """
import json, sys
from datetime import datetime
from belowline.core.happened import Happened
from belowline.transparency.quality import CONTEXT, quality_of
from belowline.transparency.replay import replay
from belowline.transparency.yearly import Service, report_rows

said = json.load(sys.stdin)
events = [
    Happened(seq, 0, datetime.fromisoformat(at), kind, site, actor, data)
    for seq, at, kind, site, actor, data in said["events"]
]
categories = {(book, rule): category for book, rule, category in said["categories"]}
ledger = replay(events)
rows = report_rows(
    ledger,
    Service(*said["service"]),
    year=said["year"],
    category=lambda book, rule: categories.get((book, rule), "OTHER_VIOLATION_TC"),
)
quality = quality_of(ledger, since=datetime.fromisoformat(said["since"]),
                     until=datetime.fromisoformat(said["until"]))
print(json.dumps([[list(map(str, vars_of)) for vars_of in
                   ((r.section, r.indicator, r.breakdown, r.value, r.unit) for r in rows)],
                  repr(quality)]))
"""


def replayed_elsewhere(db: Database, site: Site) -> tuple[list[list[str]], str]:
    """Give the log to a process that has no database, and return the figures that it makes."""
    happened = [one for one in events_of(db) if one.site_id == site.id]
    categories = [[row.rulebook_id, row.key, row.eu_category] for row in rows_of(db, tables.rules)]
    said = {
        "events": [
            [one.seq, one.at.isoformat(), one.kind, one.site_id, one.actor, dict(one.data)]
            for one in happened
        ],
        "categories": categories,
        "service": [site.name, site.key, site.language, False, False],
        "year": 2026,
        "since": BEGIN.isoformat(),
        "until": END.isoformat(),
    }
    done = subprocess.run(
        [sys.executable, "-c", AGAIN],
        input=json.dumps(said),
        capture_output=True,
        text=True,
        check=True,
    )
    rows, quality = json.loads(done.stdout)
    return rows, quality


def assert_derived(db: Database, site: Site) -> None:
    """Check that rows, the log and another process all give the same figures."""
    with db.read() as conn:
        said, kept = read_ledger(conn, site.id), recount_ledger(conn, site.id)
        rows = make_report(conn, site, year=2026, as_of=END)
    quality = quality_of(said, since=BEGIN, until=END)
    # Whoever has left took their open appeals along; only the log still knows of those.
    filed = tuple(one for one in said.appeals if not one.withdrawn)
    assert quality_of(replace(said, appeals=filed), since=BEGIN, until=END) == quality_of(
        kept, since=BEGIN, until=END
    )
    # What a page reads of the log is enough for its days.
    for ago in (timedelta(hours=7), timedelta(days=9)):
        since = db.clock() - ago
        with db.read() as conn:
            short = read_ledger(conn, site.id, since=since - CONTEXT)
        assert quality_of(short, since=since, until=END) == quality_of(said, since=since, until=END)
    elsewhere, quality_elsewhere = replayed_elsewhere(db, site)
    assert elsewhere == [[str(part) for part in asdict(one).values()] for one in rows]
    assert quality_elsewhere == repr(quality)


class Accounted(AnyOrder):
    """Whole days as they come, and at their end the account of them."""

    def teardown(self) -> None:
        """Derive every figure again."""
        if hasattr(self, "site"):
            assert_derived(self.db, self.site)
        super().teardown()


def test_every_figure_comes_out_of_the_log_alone(db: Database, clock: SettableClock) -> None:
    make: Callable[[], Accounted] = lambda: Accounted(db, clock)  # noqa: E731 - typed for hypothesis
    run_state_machine_as_test(
        make,
        settings=settings(
            max_examples=6 if db.is_sqlite else 3,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
