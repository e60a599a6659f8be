"""How rulebooks are kept. A published one is never changed; a change is a new version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import ReaderId, RulebookId, RuleKey, SiteId
from belowline.rules.model import Consent, Rulebook, RuleDraft, UsualAction
from belowline.storage.database import Tx, insert_id, insert_ignore
from belowline.storage.many import Each
from belowline.storage.prepared import Prepared, Soon
from belowline.storage.tables import rule_acceptances, rulebooks, rules

LARGEST_VERSION = 2**31 - 1


def _in_force(site_id: sa.ColumnElement[int]) -> sa.Select[Any]:
    return (
        sa.select(rulebooks)
        .where(rulebooks.c.site_id == site_id, rulebooks.c.published_at.is_not(None))
        .order_by(rulebooks.c.version.desc())
        .limit(1)
    )


def _consent(site_id: sa.ColumnElement[int], reader_id: sa.ColumnElement[int]) -> sa.Select[Any]:
    accepted = sa.and_(
        rule_acceptances.c.rulebook_id == rulebooks.c.id,
        rule_acceptances.c.reader_id == reader_id,
    )
    return (
        _in_force(site_id)
        .with_only_columns(rulebooks.c.id, rulebooks.c.version, rule_acceptances.c.accepted_at)
        .select_from(rulebooks.outerjoin(rule_acceptances, accepted))
    )


_CURRENT = Prepared(_in_force(sa.bindparam("site_id")))
_CONSENT = Each(_consent, site_id=sa.BigInteger(), reader_id=sa.BigInteger())
_RULES = Prepared(
    sa.select(rules)
    .where(rules.c.rulebook_id == sa.bindparam("rulebook_id"))
    .order_by(rules.c.position)
)


def get_current_rulebook(conn: sa.Connection, site_id: SiteId) -> Rulebook:
    """Return the rulebook in force. Raises NotFound before the first is published."""
    row = _CURRENT.first(conn, site_id=site_id)
    if row is None:
        raise _no_rulebook()
    return _with_rules(conn, row)


def get_consent(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> Consent:
    """Return which rulebook is in force and whether the reader accepted it. Raises NotFound."""
    return require_rules(consents_soon(conn, [(site_id, reader_id)])()[0])


def require_rules(consent: Consent | None) -> Consent:
    """Return the consent. Raises NotFound where there are no rules that it could be to."""
    if consent is None:
        raise _no_rulebook()
    return consent


def consents_soon(
    conn: sa.Connection, asked: Sequence[tuple[SiteId, ReaderId]]
) -> Soon[list[Consent | None]]:
    """Ask what ``get_consent`` does for each reader at each site; None without rules."""
    pairs = [{"site_id": site_id, "reader_id": reader_id} for site_id, reader_id in asked]
    found = _CONSENT.soon(conn, pairs)
    return lambda: [
        None
        if row is None
        else Consent(RulebookId(row.id), row.version, row.accepted_at is not None)
        for row in found()
    ]


def get_current_version(conn: sa.Connection, site_id: SiteId) -> int:
    """Return the number of the version in force, without its rules; 0 if there is none."""
    latest = sa.select(sa.func.max(rulebooks.c.version)).where(
        rulebooks.c.site_id == site_id, rulebooks.c.published_at.is_not(None)
    )
    return conn.execute(latest).scalar() or 0


def find_draft(conn: sa.Connection, site_id: SiteId) -> Rulebook | None:
    """Return the site's unpublished version, or None."""
    return _find(conn, rulebooks.c.site_id == site_id, rulebooks.c.published_at.is_(None))


def get_rulebook(conn: sa.Connection, site_id: SiteId, *, version: int) -> Rulebook:
    """Return a published version. Raises NotFound."""
    # PostgreSQL does not even compare its column of 32 bits with a larger number.
    found = version <= LARGEST_VERSION and _find(
        conn,
        rulebooks.c.site_id == site_id,
        rulebooks.c.version == version,
        rulebooks.c.published_at.is_not(None),
    )
    if not found:
        raise NotFound("There is no such version of the rules.", code="no_rulebook")
    return found


def get_rulebook_by_id(conn: sa.Connection, site_id: SiteId, rulebook_id: RulebookId) -> Rulebook:
    """Return a version of the site's rules by id. Raises NotFound."""
    found = _find(conn, rulebooks.c.site_id == site_id, rulebooks.c.id == rulebook_id)
    if found is None:
        raise NotFound("There is no such version of the rules.", code="no_rulebook")
    return found


def list_versions(conn: sa.Connection, site_id: SiteId) -> list[Rulebook]:
    """Return the published versions without their rules, newest first."""
    query = (
        sa.select(rulebooks)
        .where(rulebooks.c.site_id == site_id, rulebooks.c.published_at.is_not(None))
        .order_by(rulebooks.c.version.desc())
    )
    return [_rulebook(row, ()) for row in conn.execute(query)]


def put_draft(tx: Tx, site_id: SiteId, *, intro: str, drafts: Sequence[RuleDraft]) -> RulebookId:
    """Write the site's one draft, in place of an earlier one."""
    existing = find_draft(tx.conn, site_id)
    if existing is not None:
        rulebook_id = existing.id
        tx.conn.execute(sa.delete(rules).where(rules.c.rulebook_id == rulebook_id))
        tx.conn.execute(
            sa.update(rulebooks).where(rulebooks.c.id == rulebook_id).values(intro=intro)
        )
    else:
        last = tx.conn.execute(
            sa.select(sa.func.max(rulebooks.c.version)).where(rulebooks.c.site_id == site_id)
        ).scalar()
        rulebook_id = RulebookId(
            insert_id(
                tx.conn,
                rulebooks,
                {"site_id": site_id, "version": (last or 0) + 1, "intro": intro},
            )
        )
    for position, rule in enumerate(drafts):
        tx.conn.execute(
            sa.insert(rules).values(
                rulebook_id=rulebook_id,
                key=rule.key,
                position=position,
                title=rule.title,
                text=rule.text,
                severity=rule.severity,
                eu_category=rule.eu_category,
                guidance=rule.guidance,
                stays=rule.stays,
                goes=rule.goes,
                default_action=rule.default_action,
                shared=rule.shared,
            )
        )
    return rulebook_id


def mark_published(tx: Tx, rulebook_id: RulebookId, *, by: ReaderId | None) -> bool:
    """Put a draft in force; say whether it was still a draft."""
    done = tx.conn.execute(
        sa.update(rulebooks)
        .where(rulebooks.c.id == rulebook_id, rulebooks.c.published_at.is_(None))
        .values(published_at=tx.now, published_by=by)
    )
    return done.rowcount == 1


def has_accepted(conn: sa.Connection, reader_id: ReaderId, rulebook_id: RulebookId) -> bool:
    """Say whether the reader accepted this version."""
    query = sa.select(rule_acceptances.c.reader_id).where(
        rule_acceptances.c.reader_id == reader_id, rule_acceptances.c.rulebook_id == rulebook_id
    )
    return conn.execute(query).first() is not None


def find_accepted(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> int | None:
    """Return the latest version of the site's rules that the reader accepted, or None."""
    query = (
        sa.select(sa.func.max(rulebooks.c.version))
        .join(rule_acceptances, rule_acceptances.c.rulebook_id == rulebooks.c.id)
        .where(rulebooks.c.site_id == site_id, rule_acceptances.c.reader_id == reader_id)
    )
    return conn.execute(query).scalar()


def accept(tx: Tx, reader_id: ReaderId, rulebook_id: RulebookId) -> bool:
    """Note that the reader accepts this version; say whether that is new."""
    return insert_ignore(
        tx.conn,
        rule_acceptances,
        {"reader_id": reader_id, "rulebook_id": rulebook_id, "accepted_at": tx.now},
    )


def _find(conn: sa.Connection, *conditions: sa.ColumnElement[bool]) -> Rulebook | None:
    row = conn.execute(
        sa.select(rulebooks).where(*conditions).order_by(rulebooks.c.version.desc()).limit(1)
    ).first()
    return _with_rules(conn, row) if row is not None else None


def _with_rules(conn: sa.Connection, row: sa.Row[Any]) -> Rulebook:
    return _rulebook(row, tuple(map(_rule, _RULES.all(conn, rulebook_id=row.id))))


def _no_rulebook() -> NotFound:
    return NotFound("This site has not published its rules yet.", code="no_rulebook")


def _rulebook(row: sa.Row[Any], drafts: tuple[RuleDraft, ...]) -> Rulebook:
    return Rulebook(
        RulebookId(row.id), SiteId(row.site_id), row.version, row.intro, row.published_at, drafts
    )


def _rule(row: sa.Row[Any]) -> RuleDraft:
    return RuleDraft(
        RuleKey(row.key),
        row.title,
        row.text,
        row.severity,
        row.eu_category,
        row.guidance,
        row.stays,
        row.goes,
        UsualAction(row.default_action),
        row.shared,
    )
