"""What ``belowline check`` finds about backups: how old the last one is, and the last drill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from belowline.cli.finding import Finding, State
from belowline.core.settings import Settings
from belowline.storage.database import Database
from belowline.transfer.backups.record import find_last

OLD = timedelta(days=2)
"""One each night, and one that failed."""
UNPROVEN = timedelta(days=35)
"""One drill each month, and a few days' grace."""


def check_backups(db: Database, settings: Settings) -> Iterator[Finding]:
    """Say whether there is a fresh backup, and whether one was restored lately."""
    with db.read() as conn:
        known = find_last(conn)
    now = db.clock()
    if known.made_at is None:
        yield Finding(
            State.WARN,
            "backups",
            "none was made yet" if settings.backup_to else "Belowline makes none",
            "Run `belowline backup make` each night."
            if settings.backup_to
            else "Set BELOWLINE_BACKUP_TO, or see to it in another way.",
        )
        return
    days = (now - known.made_at).days
    if now - known.made_at > OLD:
        yield Finding(
            State.WARN,
            "backups",
            f"the last one is {days} days old",
            "Run `belowline backup make`, and see why it does not run each night.",
        )
    else:
        yield Finding(State.OK, "backups", f"the last one is of {known.made_at:%Y-%m-%d %H:%M} UTC")
    if known.proven_at is None or now - known.proven_at > UNPROVEN:
        said = "none"
        if known.proven_at is not None:
            said = f"the last was {(now - known.proven_at).days} days ago"
        yield Finding(State.WARN, "backup drills", said, "Run `belowline backup drill`.")
    else:
        yield Finding(State.OK, "backup drills", f"the last was on {known.proven_at:%Y-%m-%d}")
