"""Who is who in the demo newspaper: everybody with what they are there to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never
from urllib.parse import quote

import sqlalchemy as sa

from belowline.core.terms import (
    AppealState,
    CommentStatus,
    ReaderId,
    Role,
    SanctionInForce,
    SanctionKind,
)
from belowline.readers.standing import in_force
from belowline.sanctions import store as sanctions
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.tables import appeals, comments, readers, staff, stories

ROLES = {
    Role.OWNER: "Owner: everything, and who else works here",
    Role.EDITOR: "Editor: decides, features, opens and closes stories, writes the rules",
    Role.MODERATOR: "Moderator: decides about comments and appeals",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to sign in as. ``shows`` says what there is to see with their eyes."""

    id: ReaderId
    name: str
    email: str
    role: Role | None
    published: int
    standing: str
    shows: tuple[str, ...]

    @property
    def is_special(self) -> bool:
        """Say whether there is more to see than a reader in good standing."""
        return self.role is not None or bool(self.shows) or self.standing != "In good standing"


def list_people(conn: sa.Connection, site: Site, *, now: datetime) -> list[Person]:
    """Return everybody: staff first, then whoever has most to show, then by name."""
    counts = _counts(conn, site)
    appealed = set(
        conn.execute(
            sa.select(appeals.c.reader_id).where(
                appeals.c.site_id == site.id, appeals.c.state == AppealState.OPEN
            )
        ).scalars()
    )
    rows: sa.CursorResult[Any] = conn.execute(
        sa.select(readers.c.id, readers.c.name, readers.c.email, staff.c.role)
        .outerjoin(staff, sa.and_(staff.c.reader_id == readers.c.id, staff.c.site_id == site.id))
        .where(readers.c.erased_at.is_(None), readers.c.email.is_not(None))
        .order_by(readers.c.name)
    )
    found = [
        _person(
            row,
            counts.get(row.id, {}),
            has_appealed=row.id in appealed,
            in_force=in_force(sanctions.list_unlifted(conn, site.id, row.id), now=now),
        )
        for row in rows
    ]
    order = {role: place for place, role in enumerate(ROLES)}
    return sorted(
        found,
        key=lambda one: (order.get(one.role, 9) if one.role else 9, not one.is_special, one.name),
    )


def where_next(conn: sa.Connection, site: Site, reader_id: ReaderId) -> str:
    """Return where somebody goes after signing in: the desk, or the story they last wrote under."""
    if sites.find_role(conn, site.id, reader_id) is not None:
        return f"/console/{quote(site.key)}"
    url = conn.execute(
        sa.select(stories.c.url)
        .join(comments, comments.c.story_id == stories.c.id)
        .where(comments.c.site_id == site.id, comments.c.author_id == reader_id)
        .order_by(comments.c.id.desc())
        .limit(1)
    ).scalar()
    return f"{url}#comments" if url else site.origins[0]


def _person(
    row: sa.Row[Any],
    counts: dict[str, int],
    *,
    has_appealed: bool,
    in_force: list[SanctionInForce],
) -> Person:
    role = Role(row.role) if row.role is not None else None
    shows = []
    for status, words in (
        (CommentStatus.HELD, "waiting for a moderator"),
        (CommentStatus.REFUSED, "refused"),
        (CommentStatus.REMOVED, "removed"),
        (CommentStatus.WITHDRAWN, "taken back"),
    ):
        if counts.get(status):
            shows.append(f"{counts[status]} {words}")
    if has_appealed:
        shows.append("an appeal waits")
    return Person(
        row.id,
        row.name,
        row.email,
        role,
        counts.get(CommentStatus.PUBLISHED, 0),
        ROLES[role] if role is not None else _standing(in_force, counts),
        tuple(shows),
    )


def _standing(found: list[SanctionInForce], counts: dict[str, int]) -> str:
    if found:
        return _in_words(max(found, key=lambda one: list(SanctionKind).index(one.kind)))
    return "In good standing" if counts.get(CommentStatus.PUBLISHED) else "New here"


def _in_words(sanction: SanctionInForce) -> str:
    match sanction.kind:
        case SanctionKind.WARNING:
            return "Warned" if sanction.acknowledged else "Warned, and has to acknowledge it first"
        case SanctionKind.SLOWED:
            return f"Slowed down until {_day(sanction.ends_at)}"
        case SanctionKind.HOLD_FIRST:
            return f"Comments are held first until {_day(sanction.ends_at)}"
        case SanctionKind.SUSPENSION:
            return f"Suspended until {_day(sanction.ends_at)}"
        case SanctionKind.WITHDRAWAL:
            return "The privilege to comment is withdrawn"
        case SanctionKind.REPORT_WARNING:
            return "Warned about their reports"
        case SanctionKind.REPORT_PAUSE:
            return f"Reports are paused until {_day(sanction.ends_at)}"
        case _:
            assert_never(sanction.kind)


def _day(moment: datetime | None) -> str:
    return f"{moment:%-d %B}" if moment is not None else ""


def _counts(conn: sa.Connection, site: Site) -> dict[int, dict[str, int]]:
    rows = conn.execute(
        sa.select(comments.c.author_id, comments.c.status, sa.func.count())
        .where(comments.c.site_id == site.id)
        .group_by(comments.c.author_id, comments.c.status)
    )
    found: dict[int, dict[str, int]] = {}
    for author_id, status, count in rows:
        found.setdefault(author_id, {})[status] = count
    return found
