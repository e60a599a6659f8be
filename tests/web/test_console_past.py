"""What came with an import stands beside the reader and the case, for staff alone."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.sites import store as sites
from belowline.storage.tables import imported
from belowline.transfer.intake import Intake, take_in
from tests.conftest import SettableClock
from tests.transfer.made import newsroom
from tests.web.asking import Asker
from tests.web.test_console import make_desk


def test_staff_see_what_happened_in_the_system_used_before(
    echo_on_both: Asker, clock: SettableClock
) -> None:
    desk = make_desk(echo_on_both, clock)
    db = desk.asker.db
    with db.read() as conn:
        site = sites.get_site(conn, "echo")
    take_in(Intake(db, site, "coral", "made up"), newsroom())
    with db.read() as conn:
        rows = conn.execute(sa.select(imported.c.kind, imported.c.source_id, imported.c.target_id))
        ids = {(row.kind, row.source_id): row.target_id for row in rows}
    bo = desk.get(f"/readers/{ids['author', 'account:bo']}")
    case = desk.get(f"/cases/{ids['comment', 'b']}")
    former = desk.get(f"/readers/{ids['author', 'account:mo']}")
    story = desk.asker.ask("GET", "/s/echo/s1")

    for page in (bo, case, former):
        assert page.status_code == 200
        assert "In the system used before" in page.text
        assert "coral" in page.text
    assert "Keep an eye on him." in bo.text
    assert "in the system used before" in bo.text
    assert "He is rude." in case.text
    assert "Keep an eye on him." not in case.text
    assert "Moderator" in former.text
    assert "Keep an eye" not in story.text
    assert "He is rude" not in story.text
