"""The chores of the law: the letters of notices to the mail's door, and their clocks.

No transaction is open while a letter is sent. A letter is made at the moment at which it goes,
because the day until which an author may answer stands in it.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from belowline.actions.defamation import keep_in_step
from belowline.actions.legal_facts import Office
from belowline.actions.legal_letters import claim_letters, make_letter, note_refused, note_sent
from belowline.actions.legal_removal import remove_when_due
from belowline.core.errors import InvalidInput, Unavailable
from belowline.core.settings import Settings
from belowline.core.terms import Actor, SiteId
from belowline.legal.model import Letter
from belowline.legal.store import empty_old
from belowline.outside.mail import Mail
from belowline.sites import store as sites
from belowline.storage.database import Database

BATCH = 10
AT_ONCE = 500
"""Open notices of one site that are looked at in one round; a site has a handful."""

logger = logging.getLogger("belowline.followers")


class DefamationPost:
    """Sends the letters that were ordered."""

    name = "legal_post"
    every = timedelta(seconds=5)

    def __init__(self, db: Database, *, mail: Mail, settings: Settings) -> None:
        self._db = db
        self._mail = mail
        self._office = Office(settings, mail.works)

    def work(self) -> bool:
        """Send a batch; say whether there may be more that is worth trying at once."""
        if not self._mail.works:
            return False
        claimed = claim_letters(self._db, limit=BATCH)
        done = [self._send(site_id, letter) for site_id, letter in claimed]
        return len(claimed) == BATCH and any(done)

    def _send(self, site_id: SiteId, letter: Letter) -> bool:
        made = make_letter(self._db, site_id, letter, office=self._office)
        if made is None:
            return True
        try:
            self._mail.send(made.mailed)
        except InvalidInput:
            logger.warning("legal letter %d cannot be put into a letter", letter.id)
            note_refused(self._db, site_id, letter, for_good=True, office=self._office)
            return True
        except Unavailable:
            logger.warning("legal letter %d was not sent, try %d", letter.id, letter.tries)
            note_refused(self._db, site_id, letter, for_good=False, office=self._office)
            return False
        note_sent(self._db, made, office=self._office)
        return True


class LegalClock:
    """Keeps notices in step with time, removes where a site lets the clock do it, and forgets."""

    name = "legal_clock"
    every = timedelta(minutes=5)

    def __init__(self, db: Database, *, mail: Mail, settings: Settings) -> None:
        self._db = db
        self._office = Office(settings, mail.works)

    def work(self) -> bool:
        """Look at every open notice, in short transactions."""
        with self._db.read() as conn:
            found = sites.list_sites(conn)
        for site in found:
            # Also where the lane was switched off: what has begun is brought to its end.
            places = keep_in_step(self._db, site, office=self._office, limit=AT_ONCE)
            if site.settings.defamation_removes:
                for where in places:
                    if where.position.must_come_down:
                        remove_when_due(self._db, where, office=self._office)
        with self._db.write(Actor.of_system(self.name)) as tx:
            return empty_old(tx, limit=BATCH) == BATCH
