"""Misuse of reporting: counted by what people say of it, warned of, and only then paused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.misuse import misuse_of
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.sanctions import SanctionDraft, acknowledge, impose, lift
from belowline.core.errors import InvalidInput, NotAllowed
from belowline.core.terms import Outcome, ReaderId, Role, RuleKey, SanctionKind
from belowline.events import kinds
from belowline.reports.model import Report
from belowline.sanctions.model import Sanction
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import (
    events_of,
    make_comment,
    make_notice,
    make_reader,
    make_report,
    make_site,
    make_staff,
    rows_of,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def moderator(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id, Role.EDITOR)


def dismissed(
    db: Database, site: Site, reader: ReaderId, *, by: ReaderId, unfounded: bool = True
) -> Report:
    """Let the reader report a comment that is kept."""
    comment = make_comment(db, site.id)
    report = make_report(db, comment, by=reader)
    ticked = frozenset({report.id}) if unfounded else frozenset()
    draft = DecisionDraft(Outcome.KEEP, None, "", comment.version, unfounded=ticked)
    decide(db, comment.id, site_id=site.id, by=by, decision=draft)
    return report


def sanction(
    db: Database, site: Site, reader: ReaderId, *, by: ReaderId, kind: SanctionKind
) -> Sanction:
    lasts_for = timedelta(days=14) if kind is SanctionKind.REPORT_PAUSE else None
    draft = SanctionDraft(kind, lasts_for, "No ground, three times.", RuleKey("disruption"))
    return impose(db, site_id=site.id, reader_id=reader, by=by, sanction=draft)


def proposed(db: Database, site: Site, reader: ReaderId) -> SanctionKind | None:
    with db.read() as conn:
        return misuse_of(conn, site.id, reader, now=db.clock()).step.kind


def test_a_report_that_is_wrong_is_no_misuse(db: Database, site: Site, moderator: ReaderId) -> None:
    reader = make_reader(db)
    for _ in range(6):
        dismissed(db, site, reader, by=moderator, unfounded=False)

    assert proposed(db, site, reader) is None


def test_misuse_is_warned_of_then_paused_and_told_with_an_end(
    db: Database, site: Site, moderator: ReaderId, clock: SettableClock
) -> None:
    reader = make_reader(db)
    for _ in range(3):
        dismissed(db, site, reader, by=moderator)
    assert proposed(db, site, reader) is SanctionKind.REPORT_WARNING

    with pytest.raises(NotAllowed) as caught:
        sanction(db, site, reader, by=moderator, kind=SanctionKind.REPORT_PAUSE)
    assert caught.value.code == "warn_first"
    warning = sanction(db, site, reader, by=moderator, kind=SanctionKind.REPORT_WARNING)
    with pytest.raises(NotAllowed) as caught:
        make_report(db, make_comment(db, site.id), by=reader)
    assert caught.value.code == "report_warned"
    acknowledge(db, warning.id, site_id=site.id, by=reader)
    assert proposed(db, site, reader) is None

    clock.advance(HOUR)
    for _ in range(2):
        dismissed(db, site, reader, by=moderator)
    assert proposed(db, site, reader) is SanctionKind.REPORT_PAUSE
    pause = sanction(db, site, reader, by=moderator, kind=SanctionKind.REPORT_PAUSE)
    assert pause.ends_at == db.clock() + timedelta(days=14)
    comment = make_comment(db, site.id)
    with pytest.raises(NotAllowed) as caught:
        make_report(db, comment, by=reader)
    assert (caught.value.code, caught.value.context["until"]) == (
        "report_paused",
        pause.ends_at.isoformat(),
    )
    # Everything else stays, and it ends by itself.
    make_notice(db, comment, by=reader, kind="child_abuse")
    clock.advance(timedelta(days=14))
    make_report(db, comment, by=reader)


def test_a_lifted_warning_is_none(db: Database, site: Site, moderator: ReaderId) -> None:
    reader = make_reader(db)
    dismissed(db, site, reader, by=moderator)
    warning = sanction(db, site, reader, by=moderator, kind=SanctionKind.REPORT_WARNING)
    acknowledge(db, warning.id, site_id=site.id, by=reader)
    lift(db, warning.id, site_id=site.id, by=moderator, reason="A mistake of ours.")

    with pytest.raises(NotAllowed, match="Warn the reader"):
        sanction(db, site, reader, by=moderator, kind=SanctionKind.REPORT_PAUSE)


def test_only_reports_that_the_decision_answers_are_marked_and_an_undo_takes_it_back(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    reader, comment, other = make_reader(db), make_comment(db, site.id), make_comment(db, site.id)
    mine, elsewhere = make_report(db, comment, by=reader), make_report(db, other, by=reader)
    draft = DecisionDraft(
        Outcome.KEEP, None, "", comment.version, unfounded=frozenset({mine.id, elsewhere.id})
    )
    made = decide(db, comment.id, site_id=site.id, by=moderator, decision=draft)

    marked = {row.id: row.unfounded for row in rows_of(db, tables.reports)}
    assert marked == {mine.id: True, elsewhere.id: False}
    (event,) = events_of(db, kinds.DecisionMade)
    assert event.data["unfounded"] == [mine.id]
    undo(db, made.id, site_id=site.id, by=moderator, undo_for=HOUR)
    assert not any(row.unfounded for row in rows_of(db, tables.reports))


def test_a_report_that_is_upheld_is_never_without_ground(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    report = make_report(db, comment)
    draft = DecisionDraft(
        Outcome.REMOVE, RuleKey("spam"), "An advert.", 1, unfounded=frozenset({report.id})
    )
    decide(db, comment.id, site_id=site.id, by=moderator, decision=draft)

    (row,) = rows_of(db, tables.reports)
    assert not row.unfounded
    (event,) = events_of(db, kinds.DecisionMade)
    assert event.data["unfounded"] == []


def test_a_decision_about_a_notice_still_needs_its_reason(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    make_notice(db, comment)
    with pytest.raises(InvalidInput):
        decide(
            db,
            comment.id,
            site_id=site.id,
            by=moderator,
            decision=DecisionDraft(Outcome.KEEP, None, "", comment.version),
        )
