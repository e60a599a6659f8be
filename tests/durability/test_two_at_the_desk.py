"""Two moderators and the same queue: nothing is decided twice, lost or left locked.

A real server, and both work through its pages as fast as they can: they decide, take back, decide
again, hand on to each other and leave. One of them also decides and takes back many at once.
"""

from __future__ import annotations

import http.client
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest

from belowline.core.terms import CaseState, CommentStatus, Outcome, ReaderId, SiteId
from belowline.readers import sessions
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.transparency.counts import find_disagreements
from tests.durability.serving import SECRET, Served
from tests.factories import (
    HOLDING,
    SYSTEM,
    make_comment,
    make_report,
    make_site,
    make_staff,
    rows_of,
)

CASES = 40
DESK = "/console/echo"
CHOICE = re.compile(r'name="chosen" value="([\d-]+)"')
FIRST = re.compile(rf'href="({DESK}/cases/\d+\?view=all)"')
AFTER = {Outcome.PUBLISH: CommentStatus.PUBLISHED, Outcome.KEEP: CommentStatus.PUBLISHED}


@dataclass
class Moderator:
    """Somebody at the desk, with what the server has acknowledged to them."""

    served: Served
    cookie: str
    chances: random.Random
    hands_on: int
    """The rest, divided by four, of the comments that this one hands on the first time."""
    decided: list[int] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)
    handed_on: set[int] = field(default_factory=set)
    refused: Counter[int] = field(default_factory=Counter)
    together: bool = False
    """Whether this one now and then decides many at once."""
    batches: int = 0
    """How many times this one did."""

    def ask(self, method: str, path: str, **form: str | list[str]) -> tuple[int, str, str]:
        """Ask as a browser does; return the status, where it leads to and the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        headers = {
            "Cookie": f"belowline={self.cookie}",
            "Origin": f"http://127.0.0.1:{self.served.port}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request(method, path, urlencode(form, doseq=True) if form else None, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, answer.headers.get("location", ""), text
        finally:
            connection.close()

    def work(self) -> None:
        """Work until the queue has nothing for this one."""
        place = self.first()
        while place:
            place = self.work_on(place) or self.first()
            if self.together and self.chances.random() < 0.4:
                self.work_on_many()

    def first(self) -> str:
        """Return the first case of the queue that somebody else has not handed to others."""
        _, _, page = self.ask("GET", DESK)
        found = [unescape(one) for one in FIRST.findall(page)]
        # Until this one has handed something on, what is to be handed on comes first.
        found.sort(key=lambda one: bool(self.handed_on) or case_of(one) % 4 != self.hands_on)
        return next((one for one in found if case_of(one) not in self.handed_on), "")

    def work_on(self, place: str) -> str:
        """Do something about the case at an address; return where the desk leads next, if there."""
        _, _, page = self.ask("GET", place)
        comment = case_of(place)
        seen = re.search(r'name="seen_version" value="(\d+)"', page)
        reports = re.search(r'name="seen_reports" value="(\d+)"', page)
        waits = reports is not None and (reports[1] != "0" or 'value="publish"' in page)
        if seen is None or reports is None or not waits:
            # A colleague was faster, and the page says so.
            return ""
        onward = {"view": "all", "next": "1"}
        if comment % 4 == self.hands_on and comment not in self.handed_on:
            status, to, _ = self.ask(
                "POST", f"{DESK}/cases/{comment}/hand-on", note="What do you say?", **onward
            )
            self.refused[status] += status != 303
            if status == 303:
                self.handed_on.add(comment)
            return to if "/cases/" in to else ""
        removes = 'value="remove"' in page and self.chances.random() < 0.5
        left = "publish" if 'value="publish"' in page else "keep"
        status, to, _ = self.ask(
            "POST",
            f"{DESK}/cases/{comment}/decide",
            outcome="remove" if removes else left,
            seen_version=seen[1],
            seen_reports=reports[1],
            **({"rule": "spam", "reason": "It advertises."} if removes else {}),
            **onward,
        )
        self.refused[status] += status != 303
        made = re.search(r"did=(\d+)", to)
        if status != 303 or made is None:
            return ""
        self.decided.append(int(made[1]))
        if self.chances.random() < 0.25:
            return self.take_back(int(made[1]))
        return to if "/cases/" in to else ""

    def work_on_many(self) -> None:
        """Choose some lines of the queue and decide them together; often take all of it back."""
        _, _, page = self.ask("GET", DESK)
        lines = CHOICE.findall(page)
        if len(lines) < 2:
            return
        chosen = self.chances.sample(lines, min(len(lines), 6))
        removes = self.chances.random() < 0.5
        form = {"what": "remove", "rule": "spam", "reason": "They advertise."} if removes else {}
        form = {"view": "all", "what": "keep"} | form
        status, _, page = self.ask("POST", f"{DESK}/together", chosen=chosen, **form)
        assert status == 200
        # Somebody who has not looked again sends what they chose, whatever the page made of it.
        key = re.search(r'name="key" value="([^"]+)"', page)
        name = key[1] if key is not None else f"many {self.chances.random()}"
        offered = re.findall(r'name="offered" value="([^"]+)"', page)
        for _ in range(2 if self.chances.random() < 0.3 else 1):
            status, to, _ = self.ask(
                "POST", f"{DESK}/together/decide", chosen=chosen, offered=offered, key=name, **form
            )
            assert status == 303
        place = to.partition("?")[0]
        self.batches += 1
        if self.chances.random() < 0.5:
            status, _, _ = self.ask("POST", f"{place}/undo", view="all")
            assert status == 303

    def take_back(self, decision: int) -> str:
        """Undo a decision; it leads back to what it was about."""
        status, to, _ = self.ask("POST", f"{DESK}/decisions/{decision}/undo", view="all")
        self.refused[status] += status != 303
        if status == 303:
            self.undone.append(decision)
        return to


def case_of(place: str) -> int:
    found = re.search(r"/cases/(\d+)", place)
    assert found is not None
    return int(found[1])


@pytest.fixture
def real(database_url: str) -> Iterator[Database]:
    """Give the database by the computer's own clock, as the server sees it."""
    database = Database(database_url)
    yield database
    database.close()


def sign_in(db: Database, reader_id: ReaderId) -> str:
    token = sessions.make_token()
    with db.write(SYSTEM) as tx:
        session = sessions.Session(
            sessions.hash_token(SECRET, token),
            reader_id,
            None,
            None,
            tx.now,
            tx.now + timedelta(days=1),
        )
        sessions.add_session(tx, session)
    return token


def fill_the_queue(db: Database, site_id: SiteId) -> None:
    for number in range(CASES):
        if number % 2:
            make_comment(db, site_id, text=f"Held, number {number}.", verdicts=[HOLDING])
        else:
            make_report(db, make_comment(db, site_id, text=f"Reported, number {number}."))


def told_together(db: Database) -> tuple[list[int], set[int]]:
    """Return the decisions that batches tell of, and those of them that they took back."""
    begun = {row.id: row.undone_at for row in rows_of(db, tables.batches)}
    made = [row for row in rows_of(db, tables.batch_members) if row.decision_id is not None]
    taken_back = {row.decision_id for row in made if begun[row.batch_id] and not row.kept_for}
    return [row.decision_id for row in made], taken_back


def test_two_moderators_work_through_one_queue(
    real: Database, database_url: str, tmp_path: Path
) -> None:
    site = make_site(real)
    fill_the_queue(real, site.id)
    served = Served(database_url, tmp_path)
    desk = [
        Moderator(served, sign_in(real, make_staff(real, site.id)), random.Random(seed), seed)  # noqa: S311
        # Odd ones were reported and stand at the top, where both come by.
        for seed in (1, 3)
    ]
    desk[1].together = True
    served.start()
    try:
        threads = [Thread(target=one.work) for one in desk]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        # Whoever was quick may have left before the other handed the last case on.
        for one in desk:
            one.work()
    finally:
        served.stop()

    kept = rows_of(real, tables.decisions)
    undone = {row.id for row in kept if row.undone_at is not None}
    told, taken_back = told_together(real)
    # Each answer that somebody was given is true, and nothing was done that nobody was told of.
    assert sorted(row.id for row in kept) == sorted([*desk[0].decided, *desk[1].decided, *told])
    assert undone == {*desk[0].undone, *desk[1].undone, *taken_back}
    assert desk[1].batches
    assert told
    assert taken_back
    assert len(undone) > CASES / 20
    # Nothing was decided twice, and everything once.
    standing = [row for row in kept if row.undone_at is None]
    assert Counter(row.comment_id for row in standing) == Counter(
        row.id for row in rows_of(real, tables.comments)
    )
    status = {row.id: row.status for row in rows_of(real, tables.comments)}
    assert status == {
        row.comment_id: AFTER.get(Outcome(row.outcome), CommentStatus.REMOVED) for row in standing
    }
    assert {row.state for row in rows_of(real, tables.cases)} == {CaseState.CLOSED}
    assert {row.handed_on_by for row in rows_of(real, tables.cases)} == {None}
    assert rows_of(real, tables.leases) == []
    # They met, and neither was shown a mistake.
    assert {one for moderator in desk for one in moderator.refused} <= {303, 403, 409}
    assert all(moderator.decided and moderator.handed_on for moderator in desk)
    with real.read() as conn:
        assert find_disagreements(conn) == []
