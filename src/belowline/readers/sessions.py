"""Sessions, and the network traces beside them: tokens and addresses only as keyed hashes."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from belowline.core.keyed import keyed_hash
from belowline.core.terms import ReaderId, SiteId
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.many import Each
from belowline.storage.tables import network_traces, sessions, used_tokens
from belowline.storage.types import UtcTime

_FIND = Each(
    lambda token_hash, now: sa.select(sessions).where(
        sessions.c.token_hash == token_hash, sessions.c.expires_at > now
    ),
    token_hash=sa.LargeBinary(),
    now=UtcTime(),
)
TOKEN_BYTES = 32
LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in. One with an ``origin`` works only there, at its site, for minutes."""

    token_hash: bytes = field(repr=False)
    reader_id: ReaderId
    site_id: SiteId | None
    origin: str | None
    created_at: datetime
    expires_at: datetime


def make_token() -> str:
    """Make a session token that cannot be guessed."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(secret: str, token: str) -> bytes:
    """Return the form in which a session's token is kept."""
    return keyed_hash(secret, "session", token)


def hash_network(secret: str, address: str) -> bytes:
    """Return the keyed hash of a network address, of an IPv6 one's /64.

    A household has one IPv4 address or one IPv6 /64; within it a device changes its address daily.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return keyed_hash(secret, "network", "unknown")
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return keyed_hash(secret, "network", str(parsed.ipv4_mapped))
        network = ipaddress.ip_network((parsed, 64), strict=False)
        return keyed_hash(secret, "network", str(network))
    return keyed_hash(secret, "network", str(parsed))


def add_session(tx: Tx, session: Session) -> None:
    """Keep a session that has just begun."""
    tx.conn.execute(
        sa.insert(sessions).values(
            token_hash=session.token_hash,
            reader_id=session.reader_id,
            site_id=session.site_id,
            origin=session.origin,
            created_at=session.created_at,
            expires_at=session.expires_at,
        )
    )


def find_session(conn: sa.Connection, token_hash: bytes, *, now: datetime) -> Session | None:
    """Return the session that is still running under this hash, or None."""
    return find_sessions(conn, [token_hash], now=now)[0]


def find_sessions(
    conn: sa.Connection, token_hashes: Sequence[bytes], *, now: datetime
) -> list[Session | None]:
    """Return what ``find_session`` does for each of these hashes."""
    rows = _FIND.find(conn, [{"token_hash": one, "now": now} for one in token_hashes])
    return [
        None
        if row is None
        else Session(
            row.token_hash,
            ReaderId(row.reader_id),
            SiteId(row.site_id) if row.site_id is not None else None,
            row.origin,
            row.created_at,
            row.expires_at,
        )
        for row in rows
    ]


def end_session(tx: Tx, token_hash: bytes) -> bool:
    """End a session; say whether it was there."""
    done = tx.conn.execute(sa.delete(sessions).where(sessions.c.token_hash == token_hash))
    return done.rowcount > 0


def end_all_sessions(tx: Tx, reader_id: ReaderId) -> int:
    """Sign the reader out everywhere; return how many sessions that ended."""
    return tx.conn.execute(sa.delete(sessions).where(sessions.c.reader_id == reader_id)).rowcount


def end_other_sessions(tx: Tx, reader_id: ReaderId, *, keep: bytes) -> int:
    """Sign the reader out everywhere else; return how many sessions that ended."""
    done = tx.conn.execute(
        sa.delete(sessions).where(sessions.c.reader_id == reader_id, sessions.c.token_hash != keep)
    )
    return done.rowcount


def use_once(tx: Tx, site_id: SiteId, *, jti: str, expires_at: datetime) -> bool:
    """Note that a token was used at the site; say whether this is the first time."""
    return insert_ignore(
        tx.conn, used_tokens, {"site_id": site_id, "jti": jti, "expires_at": expires_at}
    )


def put_network_trace(tx: Tx, reader_id: ReaderId, *, network_hash: bytes) -> None:
    """Note that the reader acts from this network now."""
    values = {"reader_id": reader_id, "network_hash": network_hash, "seen_at": tx.now}
    if not insert_ignore(tx.conn, network_traces, values):
        tx.conn.execute(
            sa.update(network_traces)
            .where(
                network_traces.c.reader_id == reader_id,
                network_traces.c.network_hash == network_hash,
            )
            .values(seen_at=tx.now)
        )


def load_session(conn: sa.Connection, *, secret: str, token: str, now: datetime) -> Session | None:
    """Return the running session of a token that a browser sent, or None."""
    return load_sessions(conn, secret=secret, tokens=[token], now=now)[0]


def load_sessions(
    conn: sa.Connection, *, secret: str, tokens: Sequence[str], now: datetime
) -> list[Session | None]:
    """Return for each token that a browser sent its running session, or None."""
    # No session has the hash of nothing, which stands for what is no token.
    hashes = [
        hash_token(secret, token) if 0 < len(token) <= LONGEST_TOKEN else b"" for token in tokens
    ]
    return find_sessions(conn, hashes, now=now)


def note_network(tx: Tx, reader_id: ReaderId, *, secret: str, address: str) -> None:
    """Note from which network the reader acts, as a keyed hash, for abuse work."""
    put_network_trace(tx, reader_id, network_hash=hash_network(secret, address))
