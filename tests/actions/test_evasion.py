"""Who may be back after a withdrawal: shown to moderators with its grounds, and nothing follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.evasion import Suspected, find_suspected
from belowline.actions.sanctions import lift
from belowline.core.terms import ReaderId, Role
from belowline.followers.upkeep import Upkeep
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import (
    make_comment,
    make_connected,
    make_reader,
    make_site,
    make_staff,
    rows_of,
    withdraw,
)

RANT = "They want to close our bridge because the mayor is in their pocket, mark my words."
DAY = timedelta(days=1)


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


def writer(db: Database, site: Site, name: str, text: str = "A calm word.") -> ReaderId:
    reader_id = make_reader(db, name)
    make_comment(db, site.id, author_id=reader_id, text=text)
    return reader_id


def suspected(
    db: Database, site: Site, reader_id: ReaderId, *, in_full: bool = True
) -> list[Suspected]:
    with db.read() as conn:
        return find_suspected(conn, site, reader_id, in_full=in_full)


def codes(found: list[Suspected]) -> dict[ReaderId, set[str]]:
    return {one.reader_id: {sign.code for sign in one.signs} for one in found}


def test_a_new_reader_from_the_same_network_is_shown_on_both_pages(
    db: Database, site: Site, clock: SettableClock
) -> None:
    gone = writer(db, site, "Jim")
    withdraw(db, site.id, gone)
    clock.advance(2 * DAY)
    new = writer(db, site, "Fred")
    bystander = writer(db, site, "Ann")
    make_connected(db, gone, new)

    grounds = {"same_network", "came_soon_after"}
    assert codes(suspected(db, site, new)) == {gone: grounds}
    assert codes(suspected(db, site, new, in_full=False)) == {gone: grounds}
    assert codes(suspected(db, site, gone)) == {new: grounds}
    assert suspected(db, site, bystander) == []


def test_the_same_words_are_found_where_there_is_time_to_compare_them(
    db: Database, site: Site, clock: SettableClock
) -> None:
    gone = writer(db, site, "Jim", RANT)
    withdraw(db, site.id, gone)
    clock.advance(100 * DAY)
    new = writer(db, site, "Fred", RANT)
    assert codes(suspected(db, site, new)) == {gone: {"same_phrases"}}
    assert suspected(db, site, new, in_full=False) == []


def test_networks_are_forgotten_after_thirty_days(
    db: Database, site: Site, clock: SettableClock
) -> None:
    gone, new = writer(db, site, "Jim"), writer(db, site, "Fred")
    withdraw(db, site.id, gone)
    make_connected(db, gone, new)
    assert codes(suspected(db, site, new)) == {gone: {"same_network", "came_soon_after"}}
    clock.advance(30 * DAY)
    Upkeep(db).work()
    assert suspected(db, site, new) == []


def test_looking_leaves_no_trace_and_changes_nothing(db: Database, site: Site) -> None:
    gone, new = writer(db, site, "Jim", RANT), writer(db, site, "Jim ", RANT)
    withdraw(db, site.id, gone)
    before = len(rows_of(db, tables.events))
    assert codes(suspected(db, site, new))
    assert len(rows_of(db, tables.events)) == before
    assert not [row for row in rows_of(db, tables.sanctions) if row.reader_id == new]


def test_staff_and_other_sites_are_left_out(db: Database, site: Site) -> None:
    gone = writer(db, site, "Jim", RANT)
    withdraw(db, site.id, gone)
    moderator = make_staff(db, site.id)
    make_comment(db, site.id, author_id=moderator, text=RANT)
    elsewhere = make_site(db, "mercury")
    other = writer(db, elsewhere, "Jim", RANT)
    assert suspected(db, site, moderator) == []
    assert suspected(db, elsewhere, other) == []


def test_a_privilege_that_was_given_back_is_held_against_nobody(db: Database, site: Site) -> None:
    gone, new = writer(db, site, "Jim", RANT), writer(db, site, "Fred", RANT)
    withdrawn = withdraw(db, site.id, gone)
    assert suspected(db, site, new)
    editor = make_staff(db, site.id, Role.EDITOR)
    lift(db, withdrawn.id, site_id=site.id, by=editor, reason="It was long ago.")
    assert suspected(db, site, new) == []
    assert suspected(db, site, gone) == []
