"""Trusted reporters: named by an editor, first in the queue, weighed by their record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.readers import erase_account, export_data
from belowline.actions.trusted import drop_trusted, name_trusted
from belowline.core.errors import InvalidInput, NotAllowed, NotFound
from belowline.core.terms import CommentStatus, Outcome, ReaderId, Role
from belowline.events import legal_kinds
from belowline.moderation import store as cases
from belowline.reports.trusted import is_trusted, list_trusted
from belowline.sites.model import Site
from belowline.storage.database import Database
from tests.factories import (
    events_of,
    make_comment,
    make_notice,
    make_reader,
    make_report,
    make_site,
    make_staff,
    reread,
)


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def editor(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id, Role.EDITOR)


def name(db: Database, site: Site, editor: ReaderId, field: str = "Hatred") -> ReaderId:
    reader = make_reader(db, "Helpline", joined=timedelta(days=1))
    name_trusted(db, reader, site_id=site.id, by=editor, field=field)
    return reader


def test_their_notices_come_before_others(db: Database, site: Site, editor: ReaderId) -> None:
    trusted = name(db, site, editor)
    crowd, single = make_comment(db, site.id), make_comment(db, site.id)
    for number in range(6):
        make_notice(db, crowd, network=b"network %d" % number)
    make_notice(db, single, by=trusted)

    with db.read() as conn:
        assert [card.case.comment_id for card in cases.list_queue(conn, site.id)] == [
            single.id,
            crowd.id,
        ]
    # And they hide nothing alone.
    assert reread(db, single).status is CommentStatus.PUBLISHED


def test_their_record_speaks_for_them_once_there_is_one(
    db: Database, site: Site, editor: ReaderId
) -> None:
    trusted = name(db, site, editor)
    assert make_report(db, make_comment(db, site.id), by=trusted).weight == pytest.approx(0.9)
    for _ in range(10):
        comment = make_comment(db, site.id)
        make_report(db, comment, by=trusted)
        draft = DecisionDraft(Outcome.KEEP, None, "", comment.version)
        decide(db, comment.id, site_id=site.id, by=editor, decision=draft)

    assert make_report(db, make_comment(db, site.id), by=trusted).weight < 0.2


def test_only_an_editor_names_and_each_change_is_in_the_log(
    db: Database, site: Site, editor: ReaderId
) -> None:
    trusted = name(db, site, editor)
    name_trusted(db, trusted, site_id=site.id, by=editor, field="Hatred online")
    with db.read() as conn:
        (one,) = list_trusted(conn, site.id)
    assert (one.name, one.field, one.named_by) == ("Helpline", "Hatred online", editor)

    for act in (
        lambda by: name_trusted(db, trusted, site_id=site.id, by=by, field="All"),
        lambda by: drop_trusted(db, trusted, site_id=site.id, by=by),
    ):
        for who in (make_staff(db, site.id), make_reader(db)):
            with pytest.raises(NotAllowed):
                act(who)
    drop_trusted(db, trusted, site_id=site.id, by=editor)
    drop_trusted(db, trusted, site_id=site.id, by=editor)
    events = events_of(db, legal_kinds.TrustedReporterNamed)
    assert [event.data["named"] for event in events] == [True, False]
    assert all("Hatred" not in str(event.data) for event in events)


def test_a_name_counts_at_its_own_site_alone(db: Database, site: Site, editor: ReaderId) -> None:
    trusted, other = name(db, site, editor), make_site(db, "elsewhere")

    assert not make_report(db, make_comment(db, other.id), by=trusted).trusted
    with pytest.raises(InvalidInput):
        name_trusted(db, trusted, site_id=site.id, by=editor, field="  ")


def test_whoever_leaves_is_named_no_longer(db: Database, site: Site, editor: ReaderId) -> None:
    trusted = name(db, site, editor)
    with db.read() as conn:
        assert export_data(conn, trusted)["trusted_in"][0]["field"] == "Hatred"
    erase_account(db, trusted)
    with db.read() as conn:
        assert not is_trusted(conn, site.id, trusted)
    with pytest.raises(NotFound):
        name_trusted(db, trusted, site_id=site.id, by=editor, field="Hatred")
