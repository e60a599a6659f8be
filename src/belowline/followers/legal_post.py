"""The chore that sends the letters to whoever gave notice of illegal content.

As in ``post``: no transaction is open while a letter is sent. It is claimed, sent, and marked; if
the process dies in between, it goes again under the same Message-ID.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from belowline.actions.legal_notices import make_notice_token
from belowline.core.errors import InvalidInput, Unavailable
from belowline.core.language import language_of
from belowline.core.settings import Settings
from belowline.core.terms import Actor
from belowline.outside.mail import Letter, Mail
from belowline.reports import legal_letters, legal_notices
from belowline.reports import store as reports
from belowline.reports.legal_letters import MOST_TRIES, LegalLetter
from belowline.reports.letters import Posted, make_notice_letter
from belowline.sites import store as sites
from belowline.storage.database import Database

BATCH = 10

logger = logging.getLogger("belowline.followers")


class LegalPost:
    """Sends what waits, a batch at a time."""

    name = "legal_post"
    every = timedelta(seconds=5)

    def __init__(self, db: Database, *, mail: Mail, settings: Settings) -> None:
        self._db = db
        self._mail = mail
        self._settings = settings

    def work(self) -> bool:
        """Send one batch; say whether there may be another that is worth trying at once."""
        with self._db.write(Actor.of_system(self.name)) as tx:
            claimed = legal_letters.claim_letters(tx, limit=BATCH)
        delivered = [self._deliver(one) for one in claimed]
        return len(claimed) == BATCH and any(delivered)

    def _deliver(self, claimed: LegalLetter) -> bool:
        """Send one letter and note what became of it; say whether it need not be tried again."""
        letter = self._make(claimed)
        sent = False
        if letter is not None:
            try:
                self._mail.send(letter)
                sent = True
            except InvalidInput:
                logger.warning("legal letter %d cannot be put into a letter", claimed.id)
            except Unavailable:
                logger.warning("legal letter %d was not sent, try %d", claimed.id, claimed.tries)
                if claimed.tries < MOST_TRIES:
                    return False
        with self._db.write(Actor.of_system(self.name)) as tx:
            legal_letters.mark_letter(tx, claimed, sent=sent)
        return True

    def _make(self, claimed: LegalLetter) -> Letter | None:
        """Make the letter as things stand now, or None if its sender has been forgotten."""
        with self._db.read() as conn:
            site = sites.get_site_by_id(conn, claimed.site_id)
            found = legal_notices.list_notices(conn, site.id, [claimed.legal_notice_id])
            states = [one.state for one in reports.list_of_notice(conn, claimed.legal_notice_id)]
        notice = found.get(claimed.legal_notice_id)
        if notice is None or not notice.email:
            return None
        base = self._settings.base_url
        token = make_notice_token(self._settings.secret, site.id, notice.number)
        host = urlsplit(base).hostname or "localhost"
        return make_notice_letter(
            claimed.kind,
            Posted(
                notice.email,
                notice.number,
                site.name,
                f"{base}/notice/{site.key}/{token}",
                f"<legal-{claimed.id}@{host}>",
                states,
            ),
            language=language_of(site.language),
        )
