"""The chore that sends the letters of notices.

A notice is there exactly once; its letter goes out at least once. No transaction is open while a
letter is sent: it is claimed, sent, and marked as sent. If the process dies in between, the letter
is sent again ten minutes later under the same Message-ID, and most mail programs show it once.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from belowline.actions.follows import make_unfollow_token
from belowline.actions.readers import make_unsubscribe_token
from belowline.core.errors import InvalidInput, Unavailable
from belowline.core.language import language_of
from belowline.core.settings import Settings
from belowline.core.terms import Actor, NoticeKind
from belowline.notifications import store
from belowline.notifications.facts import read_facts
from belowline.notifications.letters import Envelope, make_letter
from belowline.notifications.messages import compose
from belowline.notifications.model import Notice, NoticeFacts
from belowline.outside.mail import Letter, Mail
from belowline.storage.database import Database
from belowline.storage.tables import readers

BATCH = 10
"""Few enough that even a mail server at its slowest is done with them before the lease is over."""

logger = logging.getLogger("belowline.followers")


class Post:
    """Sends what waits, a batch at a time."""

    name = "post"
    every = timedelta(seconds=5)

    def __init__(self, db: Database, *, mail: Mail, settings: Settings) -> None:
        self._db = db
        self._mail = mail
        self._settings = settings

    def work(self) -> bool:
        """Send one batch; say whether there may be another that is worth trying at once.

        Every letter of the batch is tried, whatever became of the one before: a server that
        refuses one address must not keep the letters beside it from their readers.
        """
        with self._db.write(Actor.of_system(self.name)) as tx:
            claimed = store.claim_mails(tx, limit=BATCH)
        delivered = [self._deliver(notice, letter) for notice, letter in self._letters(claimed)]
        return len(claimed) == BATCH and any(delivered)

    def _deliver(self, notice: Notice, letter: Letter | None) -> bool:
        """Send one letter and note what became of it; say whether it need not be tried again."""
        end, is_done = store.mark_sent, True
        if letter is None:
            end = store.drop_mail
        else:
            try:
                self._mail.send(letter)
            except InvalidInput:
                # The same letter would be just as wrong next time.
                end = store.mark_failed
                logger.warning("notice %d cannot be put into a letter", notice.id)
            except Unavailable:
                end, is_done = store.put_off_mail, False
                logger.warning("notice %d was not sent, try %d", notice.id, notice.mail_tries)
        with self._db.write(Actor.of_system(self.name)) as tx:
            end(tx, notice)
        return is_done

    def _letters(self, claimed: list[Notice]) -> list[tuple[Notice, Letter | None]]:
        """Make each notice's letter; None if by now there should be none."""
        if not claimed:
            return []
        with self._db.read() as conn:
            facts = read_facts(conn, claimed)
            query = sa.select(readers).where(
                readers.c.id.in_({notice.reader_id for notice in claimed})
            )
            found = {row.id: row for row in conn.execute(query)}
        return [
            (
                notice,
                make_letter(
                    compose(notice.kind, facts[notice.id]),
                    notice.id,
                    envelope=self._envelope(notice, found[notice.reader_id], facts[notice.id]),
                    language=language_of(facts[notice.id].language),
                )
                if self._is_wanted(notice, found[notice.reader_id], facts[notice.id])
                else None,
            )
            for notice in claimed
        ]

    def _is_wanted(self, notice: Notice, reader: sa.Row[Any], facts: NoticeFacts) -> bool:
        if not self._mail.works or notice.read_at is not None:
            return False
        # What was new may be gone by now, or hidden with its story.
        if notice.kind is NoticeKind.NEW_COMMENTS and facts.new_count == 0:
            return False
        return bool(reader.email and reader.mail_notices and reader.erased_at is None)

    def _envelope(self, notice: Notice, reader: sa.Row[Any], facts: NoticeFacts) -> Envelope:
        token = make_unsubscribe_token(self._settings, notice.reader_id)
        base = self._settings.base_url
        unfollow = ""
        if facts.story_id is not None:
            ends = make_unfollow_token(self._settings, notice.reader_id, facts.story_id)
            unfollow = f"{base}/unsubscribe/story/{ends}"
        return Envelope(reader.email, base, f"{base}/unsubscribe/{token}", unfollow)
