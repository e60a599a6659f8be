"""The demo newspaper's past, as the real actions leave it in a database."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from belowline.actions.facts import standing_facts
from belowline.actions.sites import create_site
from belowline.cli.demo import make_settings, prepare
from belowline.core.errors import Misconfigured
from belowline.core.settings import Settings
from belowline.core.terms import (
    AppealState,
    CommentStatus,
    Privilege,
    ReaderId,
    ReportState,
    SanctionKind,
    StoryMode,
)
from belowline.demo.content import load_content
from belowline.demo.people import list_people, where_next
from belowline.demo.schedule import Respect, Write, make_schedule
from belowline.demo.seed import Found, Plan, look, printed_at, seed
from belowline.outside.mail import OutboxMail, list_letters
from belowline.readers.standing import in_force, may
from belowline.sites import store as sites
from belowline.storage import migrate
from belowline.storage.database import Database
from belowline.storage.tables import (
    appeals,
    authority_orders,
    case_notes,
    comments,
    dangers,
    decisions,
    defamation_notices,
    events,
    legal_holds,
    legal_notices,
    legal_statuses,
    listed_names,
    notices,
    readers,
    reports,
    saved_reasons,
    stories,
    trusted_reporters,
)
from belowline.transparency.counts import find_disagreements
from belowline.transparency.log import public_log

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:8001"
NEWSPAPER = load_content()
SMALL = replace(
    NEWSPAPER,
    stories=NEWSPAPER.stories[-1:],
    threads={NEWSPAPER.stories[-1].key: NEWSPAPER.threads[NEWSPAPER.stories[-1].key]},
    desk=(),
)


@dataclass(frozen=True)
class Seeded:
    """The whole newspaper in a database, seeded once for this module."""

    db: Database
    outbox: Path

    def count(self, column: sa.Column[str]) -> Counter[str]:
        with self.db.read() as conn:
            return Counter(conn.execute(sa.select(column)).scalars())


@pytest.fixture(scope="module")
def seeded(ram_folder: Path) -> Iterator[Seeded]:
    url = f"sqlite:///{ram_folder}/seeded.db"
    outbox = ram_folder / "outbox"
    migrate.upgrade(url)
    settings = Settings(secret="made up for the demo's test only", outbox=str(outbox))
    seed(url, Plan(NEWSPAPER, NOW, ORIGIN, settings, OutboxMail(outbox)))
    db = Database(url, clock=lambda: NOW)
    yield Seeded(db, outbox)
    db.close()


def test_every_comment_is_where_the_newspaper_says(seeded: Seeded) -> None:
    assert seeded.count(comments.c.status) == {
        CommentStatus.PUBLISHED: 348,
        CommentStatus.HELD: 10,
        CommentStatus.REMOVED: 14,
        CommentStatus.WITHDRAWN: 2,
    }
    with seeded.db.read() as conn:
        edited = conn.execute(sa.select(comments.c.id).where(comments.c.revision > 1)).all()
        featured = conn.execute(
            sa.select(comments.c.id).where(comments.c.featured_at.is_not(None))
        ).all()
    assert len(edited) == 4
    assert len(featured) == 4


def test_stories_are_open_held_closed_and_suspended(seeded: Seeded) -> None:
    assert set(seeded.count(stories.c.mode)) == set(StoryMode)


def test_reports_and_appeals_wait_and_are_answered(seeded: Seeded) -> None:
    states = seeded.count(reports.c.state)
    assert states[ReportState.OPEN] == 9
    assert states[ReportState.UPHELD] > states[ReportState.DISMISSED] > 0
    assert seeded.count(appeals.c.state) == {
        AppealState.OPEN: 3,
        AppealState.UPHELD: 1,
        AppealState.REJECTED: 1,
    }


def test_the_desk_has_more_to_see_to_than_reports(seeded: Seeded) -> None:
    tables = {
        dangers: 1,
        legal_holds: 1,
        legal_notices: 1,
        defamation_notices: 1,
        authority_orders: 1,
        trusted_reporters: 1,
        listed_names: 1,
        saved_reasons: 3,
        case_notes: 1,
    }
    with seeded.db.read() as conn:
        found = {
            table: conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in tables
        }
        statuses = conn.execute(sa.select(legal_statuses.c.status)).scalars().all()
    assert found == tables
    assert statuses == ["trial"]


def test_there_are_readers_in_every_standing(seeded: Seeded) -> None:
    with seeded.db.read() as conn:
        site = sites.get_site(conn, NEWSPAPER.site.key)
        ids = [ReaderId(one) for one in conn.execute(sa.select(readers.c.id)).scalars()]
        facts = [standing_facts(conn, site.id, one) for one in ids]
    found = Counter(one.kind for each in facts for one in in_force(each.sanctions, now=NOW))
    refusals = Counter(
        refusal.code
        for each in facts
        if (refusal := may(Privilege.POST, each, now=NOW)) is not None
    )
    assert found == {
        SanctionKind.WARNING: 2,
        SanctionKind.HOLD_FIRST: 1,
        SanctionKind.SUSPENSION: 1,
        SanctionKind.WITHDRAWAL: 1,
    }
    assert refusals == {"warned": 1, "suspended": 1, "withdrawn": 1}


def test_the_upheld_appeal_put_the_comment_back_in_its_place(seeded: Seeded) -> None:
    with seeded.db.read() as conn:
        [overturned] = conn.execute(
            sa.select(decisions).where(decisions.c.overturned_at.is_not(None))
        ).all()
        comment = conn.execute(
            sa.select(comments).where(comments.c.id == overturned.comment_id)
        ).one()
    assert comment.status == CommentStatus.PUBLISHED
    assert comment.created_at < overturned.decided_at < overturned.overturned_at


def test_all_counts_agree_and_nothing_comes_from_the_future(seeded: Seeded) -> None:
    with seeded.db.read() as conn:
        assert find_disagreements(conn) == []
        assert conn.execute(sa.select(sa.func.max(events.c.at))).scalar_one() < NOW
        order = list(conn.execute(sa.select(events.c.at).order_by(events.c.seq)).scalars())
    assert order == sorted(order)


def test_recent_notices_are_unread_and_went_out_as_letters(seeded: Seeded) -> None:
    with seeded.db.read() as conn:
        rows = conn.execute(sa.select(notices)).all()
    unread = [row for row in rows if row.read_at is None]
    assert 20 < len(unread) < len(rows) / 2
    assert all(row.due_at > NOW - timedelta(hours=8) for row in unread)
    assert len(list_letters(seeded.outbox)) == sum(row.mail == "sent" for row in rows) > 20


def test_the_moderation_log_can_be_read(seeded: Seeded) -> None:
    with seeded.db.read() as conn:
        site = sites.get_site(conn, NEWSPAPER.site.key)
        lines = public_log(conn, site.id, until=NOW, limit=20)
    assert len(lines) == 20


def test_everybody_can_be_signed_in_as_and_leads_somewhere(seeded: Seeded) -> None:
    with seeded.db.read() as conn:
        site = sites.get_site(conn, NEWSPAPER.site.key)
        people = list_people(conn, site, now=NOW)
        ways = {one.name: where_next(conn, site, one.id) for one in people}
    assert len(people) == len(NEWSPAPER.staff) + len(NEWSPAPER.readers)
    assert [one.role for one in people[:2]] == ["owner", "editor"]
    assert ways["Hester Lonsdale"] == "/console/skelderby-courier"
    assert ways["Jenny L"] == f"{ORIGIN}/news/western-bypass#comments"
    standings = {one.name: one.standing for one in people}
    assert standings["Angry of Haybeck"] == "Suspended until 27 November"


def test_the_paper_is_dated_by_the_moment_of_seeding(seeded: Seeded) -> None:
    assert NOW - printed_at(seeded.db, NEWSPAPER) < timedelta(minutes=5)


def test_the_same_moment_gives_the_same_schedule() -> None:
    one, other = (make_schedule(NEWSPAPER, now=NOW) for _ in range(2))
    assert one == other
    assert [step.act for step in one] == [step.act for step in other]


def test_nobody_respects_a_comment_before_it_is_written() -> None:
    written = {}
    for step in make_schedule(NEWSPAPER, now=NOW):
        match step.act:
            case Write(comment=comment):
                written[comment.key] = step.at
            case Respect(comment=comment):
                assert step.at > written[comment.key]


def start(folder: Path, *, port: int = 8000) -> Settings:
    settings = make_settings(folder, port=port, database_url=None)
    prepare(settings, SMALL, origin=f"http://127.0.0.1:{port + 1}", own_file=True)
    return settings


def events_of(settings: Settings) -> list[tuple[int, str]]:
    db = Database(settings.database_url)
    try:
        with db.read() as conn:
            return [(row.seq, row.kind) for row in conn.execute(sa.select(events))]
    finally:
        db.close()


def test_a_second_start_finds_what_the_first_left(tmp_path: Path) -> None:
    first = start(tmp_path)
    before = events_of(first)
    second = start(tmp_path)

    assert second == first
    assert events_of(second) == before


def test_the_secret_is_kept_for_this_user_alone(tmp_path: Path) -> None:
    make_settings(tmp_path / "demo", port=8000, database_url=None)

    assert (tmp_path / "demo" / "secret").stat().st_mode & 0o777 == 0o600


def test_a_start_on_another_port_moves_the_paper(tmp_path: Path) -> None:
    start(tmp_path)
    settings = start(tmp_path, port=9000)

    db = Database(settings.database_url)
    with db.read() as conn:
        assert sites.get_site(conn, SMALL.site.key).origins == ("http://127.0.0.1:9001",)
        urls = list(conn.execute(sa.select(stories.c.url)).scalars())
    db.close()
    assert urls == ["http://127.0.0.1:9001/life/chip-shop"]


def half_seed(folder: Path) -> Settings:
    settings = make_settings(folder, port=8000, database_url=None)
    migrate.upgrade(settings.database_url)
    db = Database(settings.database_url)
    create_site(db, key=SMALL.site.key, name="Half", origins=[ORIGIN])
    assert look(db, SMALL) is Found.HALF
    db.close()
    return settings


def test_a_start_that_broke_off_is_begun_anew(tmp_path: Path) -> None:
    half_seed(tmp_path)
    settings = start(tmp_path)

    db = Database(settings.database_url)
    assert look(db, SMALL) is Found.COMPLETE
    db.close()


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    settings = half_seed(tmp_path)
    with pytest.raises(Misconfigured, match="something else"):
        prepare(settings, SMALL, origin=ORIGIN, own_file=False)


def free_port() -> int:
    """Return a port that is free, and its neighbour too."""
    for port in range(18_000, 19_000, 2):
        try:
            with (
                socket.create_server(("127.0.0.1", port)),
                socket.create_server(("127.0.0.1", port + 1)),
            ):
                return port
        except OSError:
            continue
    pytest.skip("no two free ports beside each other")


def wait_for(address: str, process: subprocess.Popen[bytes]) -> httpx.Response:
    for _ in range(150):
        assert process.poll() is None
        try:
            answer = httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        # Just started, it may still be catching up with what was left to follow.
        if answer.status_code != 503:
            return answer
        time.sleep(0.1)
    pytest.fail(f"{address} never answered")


def test_the_demo_serves_the_paper_and_its_comments_until_it_is_stopped(
    seeded: Seeded, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "demo.db") as copy:
        original = seeded.db.engine.raw_connection()
        original.driver_connection.backup(copy)  # type: ignore[union-attr]
        original.close()
    copy.close()
    port = free_port()
    base, paper = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    command = [sys.executable, "-m", "belowline.cli", "demo", "--port", str(port)]
    with subprocess.Popen([*command, "--folder", str(tmp_path)]) as process:
        try:
            front = wait_for(f"{paper}/", process)
            story = httpx.get(f"{paper}/news/western-bypass")
            health = wait_for(f"{base}/healthz", process)
            people = httpx.get(f"{base}/demo")
            jenny = re.search(r"Jenny L.*?value=\"(\d+)\"", people.text, re.DOTALL)
            assert jenny
            signed_in = httpx.post(
                f"{base}/demo/sign-in", data={"reader": jenny[1]}, headers={"Origin": base}
            )
            counts = httpx.get(
                f"{base}/api/v1/sites/skelderby-courier/counts?story=chip-shop&story=none"
            )
        finally:
            process.send_signal(signal.SIGINT)
            asked = time.monotonic()
            status = process.wait(timeout=10)
    assert time.monotonic() - asked < 5
    assert status == 0
    assert front.status_code == story.status_code == health.status_code == 200
    assert "Western bypass" in front.text
    assert f'src="{base}/static/embed.js"' in story.text
    assert "default-src 'none'" in story.headers["content-security-policy"]
    assert httpx.URL(signed_in.headers["location"]).path == "/news/western-bypass"
    assert "HttpOnly" in signed_in.headers["set-cookie"]
    assert counts.json()["counts"]["none"] == 0
    assert counts.json()["counts"]["chip-shop"] > 30
