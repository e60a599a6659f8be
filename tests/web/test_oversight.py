"""A site gives account of itself: profile, statements, quality, second looks and the report."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from html import unescape

import pytest

from belowline.core.terms import CommentStatus, DecisionId, Outcome, ReaderId, Role
from belowline.events import kinds
from belowline.moderation.second_looks import is_chosen
from belowline.sites import store as sites
from belowline.sites.model import SiteSettings
from belowline.storage import tables
from belowline.transparency.eu_check import check_each
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import SECRET, Asker
from tests.web.test_console import REMOVAL, Desk, make_desk

UNDONE_BY = timedelta(minutes=2)


@pytest.fixture
def desk(echo_on_both: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo_on_both, clock)


@pytest.fixture
def editor(desk: Desk) -> ReaderId:
    return desk.sign_in(factories.make_staff(desk.asker.db, desk.asker.site.id, Role.EDITOR))


def settings_of(desk: Desk) -> SiteSettings:
    with desk.asker.db.read() as conn:
        return sites.get_site(conn, "echo").settings


# The legal profile


def test_an_editor_sets_the_profile_and_the_log_keeps_who_did(desk: Desk, editor: ReaderId) -> None:
    page = unescape(desk.get("/legal-profile", by=editor).text)
    assert "Digital Services Act, article 3(i) and recital 13" in page

    answer = desk.send("/legal-profile", by=editor, hosting_tier="yes", press_code="ipso")

    assert answer.status_code == 303
    found = settings_of(desk)
    assert (found.hosting_tier, found.small_enterprise, found.press_code) == (True, False, "ipso")
    (event,) = factories.events_of(desk.asker.db, kinds.LegalProfileSet)
    assert event.actor_id() == editor
    assert event.data["hosting_tier"] is True


def test_an_unknown_code_of_practice_is_refused_beside_its_field(
    desk: Desk, editor: ReaderId
) -> None:
    answer = desk.send("/legal-profile", by=editor, press_code="made-up")
    assert answer.status_code == 422
    assert 'id="error-press_code"' in answer.text
    assert settings_of(desk) == SiteSettings()


def test_the_self_assessment_has_a_date_and_says_if_the_mode_is_off(
    desk: Desk, editor: ReaderId
) -> None:
    text = desk.get("/legal-profile/self-assessment", by=editor).text
    assert "Date: 2026-03-02" in text
    assert "The mode that keeps it so is on." in text
    desk.send("/legal-profile", by=editor, press_code="")
    assert "OFF" in desk.get("/legal-profile/self-assessment", by=editor).text


# Statements of reasons


def test_statements_are_written_of_what_stands_and_would_be_taken(
    desk: Desk, editor: ReaderId
) -> None:
    taken_back = desk.remove(desk.comment())
    desk.send(f"/decisions/{taken_back.id}/undo")
    stands = desk.remove(desk.comment("My secret words"))
    assert desk.get("/statements", by=editor).text == "", "it can still be taken back"
    desk.clock.advance(UNDONE_BY)

    lines = desk.get("/statements", by=editor)
    table = desk.get("/statements?form=csv", by=editor)

    (record,) = (json.loads(line) for line in lines.text.split("\n")[:-1])
    assert record["puid"] == f"belowline-echo-{stands.id}"
    assert [*check_each([record])] == []
    assert "secret" not in lines.text + table.text
    (row,) = csv.DictReader(io.StringIO(table.text, newline=""))
    assert row["category"] == "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
    assert table.headers["content-disposition"].endswith('.csv"')
    assert table.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    "query", ["?since=yesterday", "?since=2026-03-05&until=2026-03-01", "?form=xml"]
)
def test_days_that_are_none_are_refused(desk: Desk, editor: ReaderId, query: str) -> None:
    assert desk.get(f"/statements{query}", by=editor).status_code == 422


@pytest.mark.parametrize("owed", [True, False])
def test_an_author_reads_the_statement_where_the_profile_says_so(
    desk: Desk, editor: ReaderId, *, owed: bool
) -> None:
    if owed:
        desk.send("/legal-profile", by=editor, hosting_tier="yes", press_code="")
    author, token = desk.asker.reader("An author")
    comment = desk.comment(author_id=author)
    made = desk.remove(comment)

    for path in (f"/me/echo/appeal/{made.id}", f"/me/echo/comments/{comment.id}", "/me/echo"):
        page = unescape(desk.asker.ask("GET", path, by=token, origin=None).text)
        assert ("Statement of reasons" in page) is owed
        assert ("A reader’s comment was taken down." in page) is owed
        assert ("certified in the European Union" in page) is owed


# Quality


def test_the_quality_page_and_its_csv_say_the_same(desk: Desk, editor: ReaderId) -> None:
    comment = desk.comment()
    factories.make_report(desk.asker.db, comment)
    desk.clock.advance(timedelta(minutes=30))
    desk.send(f"/cases/{comment.id}/decide", seen_version=str(comment.version), **REMOVAL)

    page = unescape(desk.get("/quality", by=editor).text)
    table = desk.get("/quality.csv", by=editor)

    assert "1 case waited; half of them for 30 minutes at most" in page
    assert "<svg" in page
    rows = [*csv.DictReader(io.StringIO(table.text, newline=""))]
    waited = [row for row in rows if row["figure"] == "median wait in seconds"]
    assert {(row["part"], row["value"], row["of"]) for row in waited} == {
        ("rule", "1800.0", "1"),
        ("moderator", "1800.0", "1"),
    }
    (work,) = (row for row in rows if row["part"] == "workload")
    assert (work["day"], work["value"]) == ("2026-03-02", "1")


def test_a_page_without_anything_to_count_says_so(desk: Desk, editor: ReaderId) -> None:
    page = desk.get("/quality?since=2020-01-01&until=2020-02-01", by=editor).text
    assert "Nothing was decided or reported in these days." in page
    assert desk.get("/quality?since=never", by=editor).status_code == 422


# Second looks


def drawn(desk: Desk) -> tuple[DecisionId, str]:
    """Remove comments until the lot falls on one; return the decision and what was said."""
    story = desk.comment().story_id
    for number in range(2000):
        said = f"Said number {number} about the bridge."
        made = desk.remove(desk.comment(said, story_id=story))
        if is_chosen(SECRET, made.id):
            return made.id, said
    raise AssertionError("two in a hundred, and none of two thousand")


def test_a_second_look_does_not_tell_what_was_decided(desk: Desk, editor: ReaderId) -> None:
    made, said = drawn(desk)
    assert said not in desk.get("/second-look", by=editor).text
    desk.clock.advance(UNDONE_BY)

    listed = desk.get("/second-look", by=editor).text
    page = desk.get(f"/second-look/{made}", by=editor).text

    assert said in listed
    assert said in page
    for told in ("This goes for the person.", "Removed", "removed", "state bad"):
        assert told not in page
    assert desk.get(f"/second-look/{made}").status_code == 404, "they decided it themselves"

    bare = desk.send(f"/second-look/{made}", by=editor, outcome="remove")
    assert (bare.status_code, 'id="error-rule"' in bare.text) == (422, True)
    done = desk.send(f"/second-look/{made}", by=editor, outcome="keep")
    assert done.headers["location"] == "/console/echo/second-look?said=looked_again"
    seen = unescape(desk.get("/quality", by=editor).text)
    assert "Seen differently" in seen
    assert "on second look: Kept" in seen


def test_a_second_look_leaves_the_comment_as_it_is(desk: Desk, editor: ReaderId) -> None:
    made, _ = drawn(desk)
    desk.clock.advance(UNDONE_BY)
    desk.send(f"/second-look/{made}", by=editor, outcome="keep")
    (event,) = factories.events_of(desk.asker.db, kinds.SecondLookTaken)
    assert event.number("decision_id") == made
    statuses = {row.status for row in factories.rows_of(desk.asker.db, tables.comments)}
    assert CommentStatus.REMOVED in statuses
    assert all(
        row.outcome == Outcome.REMOVE for row in factories.rows_of(desk.asker.db, tables.decisions)
    )


# The report


def test_a_report_is_published_and_stays_public(desk: Desk, editor: ReaderId) -> None:
    public = "/sites/echo/transparency"
    nothing = desk.asker.ask("GET", public, origin=None)
    assert "Nothing has been published yet." in nothing.text
    early = desk.send("/transparency", by=editor, year="2026", own_initiative="", automated="")
    assert (early.status_code, "This year is not over yet." in early.text) == (422, True)

    done = desk.send(
        "/transparency", by=editor, year="2025", own_initiative="We <b>read</b>.", automated=""
    )
    desk.send("/transparency", by=editor, year="2025", own_initiative="We reread.", automated="")

    assert done.headers["location"] == "/console/echo/transparency?year=2025&said=report_published"
    page = desk.asker.ask("GET", public, origin=None)
    first = desk.asker.ask("GET", f"{public}/2025/1", origin=None)
    table = desk.asker.ask("GET", f"{public}/2025/1/report.csv", origin=None)
    assert "We reread." in page.text
    assert f'href="{public}/2025/1"' in page.text
    assert "We &lt;b&gt;read&lt;/b&gt;." in first.text
    rows = [*csv.reader(io.StringIO(table.text, newline=""))]
    assert ["1", "version", "", "1", "number"] in rows
    assert ["1", "published_on", "", "2026-03-02", "day"] in rows
    assert ["0", "own_initiative", "", "We <b>read</b>.", "text"] in rows
    for wrong in ("2025/3", "2024/1", "99999999999/1", "2025/99999999999"):
        assert desk.asker.ask("GET", f"{public}/{wrong}", origin=None).status_code == 404


def test_a_text_that_is_too_long_is_kept_in_the_form(desk: Desk, editor: ReaderId) -> None:
    answer = desk.send(
        "/transparency", by=editor, year="2025", own_initiative="x" * 5001, automated="Kept."
    )
    assert answer.status_code == 422
    assert 'id="error-own_initiative"' in answer.text
    assert "Kept." in answer.text
