"""What follows from the steps of the demo newspaper, hour by hour: notices, letters and readers.

The same follower and the same chore as in a running Belowline do the work, at the time at which
they would have done it. Letters go out for the last hours alone; what is older was read meanwhile.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from belowline.core.clock import system_clock
from belowline.core.settings import Settings
from belowline.core.terms import Actor
from belowline.demo.company import Company
from belowline.followers.cursors import step
from belowline.followers.notify import Notify
from belowline.followers.post import Post
from belowline.notifications import store as notices
from belowline.outside.mail import Mail, OutboxMail

TICK = timedelta(minutes=20)
LOOK_BACK = timedelta(days=6)
"""Before this nothing happened that anybody is told of."""
UNREAD_FOR = timedelta(hours=7)
"""Notices older than this have been read."""


@dataclass(slots=True)
class SettableClock:
    """A clock that shows the moment of the step that is being performed."""

    now: datetime = field(default_factory=system_clock)

    def __call__(self) -> datetime:
        """Return the moment that was set."""
        return self.now


class Aftermath:
    """Keeps notices and letters up with the steps, in a database that tells ``clock``'s time.

    It begins with the clock at the present, to which everything else is relative.
    """

    def __init__(
        self, company: Company, clock: SettableClock, *, settings: Settings, mail: Mail
    ) -> None:
        now = clock.now
        self._db = company.db
        self._company = company
        self._clock = clock
        self._at = now - LOOK_BACK
        self._unread_from = now - UNREAD_FOR
        self._notify = Notify(undo_for=settings.undo_for, mail_works=mail.works)
        self._post = Post(company.db, mail=mail, settings=settings)
        self._outbox = mail.folder if isinstance(mail, OutboxMail) else None
        self._dated: set[Path] = set()

    def catch_up(self, until: datetime) -> None:
        """Let happen what would have by now; the clock ends somewhere before ``until``."""
        while self._at + TICK <= until:
            self._at += TICK
            self._work()

    def finish(self, now: datetime) -> None:
        """Let happen all that is left; the clock ends at the present."""
        self.catch_up(now)
        self._at = now
        self._work()

    def _work(self) -> None:
        self._clock.now = self._at
        while step(self._db, self._notify):
            pass
        if self._at <= self._unread_from < self._at + TICK:
            self._read_all()
        if self._at > self._unread_from:
            while self._post.work():
                pass
            self._date_letters()

    def _read_all(self) -> None:
        with self._db.write(Actor.of_system("demo")) as tx:
            for reader_id in self._company.people.values():
                notices.mark_read(tx, reader_id, site_id=self._company.site.id)

    def _date_letters(self) -> None:
        """Let the outbox list each letter at the time at which it went out."""
        if self._outbox is None:
            return
        moment = self._at.timestamp()
        for file in set(self._outbox.glob("*.json")) - self._dated:
            os.utime(file, (moment, moment))
            self._dated.add(file)
