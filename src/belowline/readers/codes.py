"""One-time codes, the counting of attempts, and the end of what is only kept for a while."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.core.errors import TooMany
from belowline.core.terms import SiteId
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import (
    attempts,
    network_traces,
    sessions,
    sign_in_codes,
    used_tokens,
)

MOST_TRIES = 5
TRACES_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be tried in a while."""

    kind: str
    most: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Code:
    """A code that went to an address, for one browser."""

    browser_hash: bytes = field(repr=False)
    site_id: SiteId
    email: str = field(repr=False)
    code_hash: bytes = field(repr=False)
    expires_at: datetime
    attempts: int = 0
    used_at: datetime | None = None

    def works(self, now: datetime) -> bool:
        """Say whether it can still be redeemed."""
        return self.used_at is None and self.attempts < MOST_TRIES and now < self.expires_at


def take_turn(tx: Tx, key_hash: bytes) -> None:
    """Wait until nobody else is at the same thing, and keep others waiting until the commit.

    SQLite has one writer, so there everybody has their turn already.
    """
    if tx.conn.dialect.name == "postgresql":
        number = int.from_bytes(key_hash[:8], "big", signed=True)
        tx.conn.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def count_attempt(tx: Tx, limit: Limit, *, key_hash: bytes) -> None:
    """Note an attempt, unless there were too many lately.

    Raises:
        TooMany: with the seconds after which one more is taken. The refused one does not count.
    """
    take_turn(tx, key_hash)
    of_this = (attempts.c.kind == limit.kind, attempts.c.key_hash == key_hash)
    recent = (
        tx.conn.execute(
            sa.select(attempts.c.at)
            .where(*of_this, attempts.c.at > tx.now - limit.within)
            .order_by(attempts.c.at.desc())
            .limit(limit.most)
        )
        .scalars()
        .all()
    )
    if len(recent) >= limit.most:
        wait = recent[-1] + limit.within - tx.now
        raise TooMany(
            "That was too often. Please wait a little.",
            retry_after=max(1, -(-int(wait.total_seconds() * 1000) // 1000)),
        )
    tx.conn.execute(sa.insert(attempts).values(kind=limit.kind, key_hash=key_hash, at=tx.now))


def put_code(tx: Tx, code: Code) -> None:
    """Keep a code, in place of an earlier one of the same browser."""
    values = {
        "browser_hash": code.browser_hash,
        "site_id": code.site_id,
        "email": code.email,
        "code_hash": code.code_hash,
        "attempts": 0,
        "expires_at": code.expires_at,
        "used_at": None,
    }
    if not insert_ignore(tx.conn, sign_in_codes, values):
        tx.conn.execute(
            sa.update(sign_in_codes)
            .where(sign_in_codes.c.browser_hash == code.browser_hash)
            .values(**values)
        )


def lock_code(tx: Tx, browser_hash: bytes) -> Code | None:
    """Return the browser's code, or None, and keep others from trying it until the end."""
    row = tx.conn.execute(
        sa.select(sign_in_codes)
        .where(sign_in_codes.c.browser_hash == browser_hash)
        .with_for_update()
    ).first()
    if row is None:
        return None
    return Code(
        row.browser_hash,
        SiteId(row.site_id),
        row.email,
        row.code_hash,
        row.expires_at,
        row.attempts,
        row.used_at,
    )


def note_wrong_try(tx: Tx, browser_hash: bytes) -> None:
    """Count a wrong try of the browser's code."""
    tx.conn.execute(
        sa.update(sign_in_codes)
        .where(sign_in_codes.c.browser_hash == browser_hash)
        .values(attempts=sign_in_codes.c.attempts + 1)
    )


def use_code(tx: Tx, browser_hash: bytes) -> bool:
    """Mark the browser's code as used; say whether it was not."""
    done = tx.conn.execute(
        sa.update(sign_in_codes)
        .where(sign_in_codes.c.browser_hash == browser_hash, sign_in_codes.c.used_at.is_(None))
        .values(used_at=tx.now)
    )
    return done.rowcount == 1


def drop_expired(tx: Tx) -> int:
    """Delete what is over: sessions, codes, used tokens, attempts and traces of networks."""
    over = (
        (sessions, sessions.c.expires_at <= tx.now),
        (sign_in_codes, sign_in_codes.c.expires_at <= tx.now),
        # A day later than needed, so that a clock set back does not let a token in again.
        (used_tokens, used_tokens.c.expires_at <= tx.now - timedelta(days=1)),
        (attempts, attempts.c.at <= tx.now - timedelta(days=1)),
        (network_traces, network_traces.c.seen_at <= tx.now - TRACES_FOR),
    )
    return sum(tx.conn.execute(sa.delete(table).where(when)).rowcount for table, when in over)
