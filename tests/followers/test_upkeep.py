"""What has expired is forgotten, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from belowline.followers.upkeep import Upkeep
from belowline.storage.database import Database
from belowline.storage.tables import (
    attempts,
    network_traces,
    sessions,
    sign_in_codes,
    used_tokens,
)
from tests.conftest import SettableClock
from tests.followers.newsroom import SYSTEM, Newsroom


def test_what_is_over_is_forgotten_and_nothing_else(db: Database, clock: SettableClock) -> None:
    room = Newsroom(db)
    reader, now, hour = room.people["author"], clock(), timedelta(hours=1)
    with db.write(SYSTEM) as tx:
        for number, (at, old) in enumerate([(now - hour, True), (now + hour, False)]):
            key = bytes([number])
            rows = {
                sign_in_codes: {
                    "browser_hash": key,
                    "site_id": room.site,
                    "email": "a@b.example",
                    "code_hash": key,
                    "expires_at": at,
                },
                sessions: {
                    "token_hash": key,
                    "reader_id": reader,
                    "created_at": now,
                    "expires_at": at,
                },
                used_tokens: {"site_id": room.site, "jti": str(number), "expires_at": at},
                attempts: {
                    "kind": "x",
                    "key_hash": key,
                    "at": now - timedelta(days=2) if old else now,
                },
                network_traces: {
                    "reader_id": reader,
                    "network_hash": key,
                    "seen_at": now - timedelta(days=31 if old else 29),
                },
            }
            for table, values in rows.items():
                tx.conn.execute(sa.insert(table).values(**values))
    assert not Upkeep(db).work()
    assert not Upkeep(db).work()
    with db.read() as conn:
        for table in (sign_in_codes, sessions, used_tokens, attempts, network_traces):
            assert conn.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 1
