"""Coral's limits on an account, from the history that it keeps of each.

A history says when something was switched on and off; what holds now stands beside it. Where the
two differ, as in old databases, what holds now counts: whoever could not comment there is not let
in by an import, and whoever could is not locked out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from belowline.core.terms import SanctionKind
from belowline.transfer.codes import RecordKind, Skip
from belowline.transfer.coral.values import id_of, ids_of, instant_of
from belowline.transfer.fields import inner, listed, text_of, truth_of
from belowline.transfer.shape import Record, Skipped, SourceSanction


@dataclass(frozen=True, slots=True)
class Whose:
    """The account that limits are read of, and from when they can be at the earliest."""

    account_id: str
    joined_at: datetime
    now: datetime
    site: str | None


def read_sanctions(value: object, whose: Whose) -> Iterator[Record]:
    """Yield every limit on an account, past ones and those that run."""
    status = inner(value, "status")
    yield from _read_withdrawals(inner(status, "ban"), whose)
    yield from _read_suspensions(inner(status, "suspension"), whose)
    premod = inner(status, "premod")
    yield from _spells(
        listed(premod, "history"),
        whose,
        kind=SanctionKind.HOLD_FIRST,
        running=truth_of(premod, "active") is True,
    )
    warning = inner(status, "warning")
    yield from _spells(
        listed(warning, "history"),
        whose,
        kind=SanctionKind.WARNING,
        running=truth_of(warning, "active") is True,
    )


def _read_withdrawals(status: dict[str, object], whose: Whose) -> Iterator[Record]:
    """Yield exclusions: from the whole organisation, or from the site that is asked for."""
    ours: list[object] = []
    for entry in listed(status, "history"):
        sites = ids_of(entry, "siteIDs")
        if sites and whose.site is not None and whose.site not in sites:
            source_id = _sanction_id(whose, SanctionKind.WITHDRAWAL, entry, len(ours))
            yield Skipped(RecordKind.SANCTION, source_id, Skip.OTHER_SITE)
        else:
            ours.append(entry)
    sites = ids_of(status, "siteIDs")
    here = bool(sites) if whose.site is None else whose.site in sites
    yield from _spells(
        ours,
        whose,
        kind=SanctionKind.WITHDRAWAL,
        running=truth_of(status, "active") is True or here,
    )


def _read_suspensions(status: dict[str, object], whose: Whose) -> Iterator[Record]:
    for number, entry in enumerate(listed(status, "history")):
        source_id = _sanction_id(whose, SanctionKind.SUSPENSION, entry, number)
        between = inner(entry, "from")
        starts_at = instant_of(between, "start") or instant_of(entry, "createdAt")
        ends_at = instant_of(between, "finish")
        if starts_at is None or ends_at is None:
            yield Skipped(RecordKind.SANCTION, source_id, Skip.NO_DATE)
            continue
        yield SourceSanction(
            source_id=source_id,
            account_source_id=whose.account_id,
            kind=SanctionKind.SUSPENSION,
            starts_at=starts_at,
            # One that was lifted before it began ends where it begins.
            ends_at=max(starts_at, ends_at),
            note=text_of(entry, "message"),
            imposed_by=id_of(entry, "createdBy"),
        )


def _spells(
    history: list[object], whose: Whose, *, kind: SanctionKind, running: bool
) -> Iterator[SourceSanction]:
    """Yield a limit for each time it was switched on, with its end if it was switched off again."""
    begun: SourceSanction | None = None
    at = whose.joined_at
    for number, entry in enumerate(history):
        at = min(instant_of(entry, "createdAt") or at, whose.now)
        is_on = truth_of(entry, "active") is True
        acknowledged_at = instant_of(entry, "acknowledgedAt")
        if begun is not None and (not is_on or kind is SanctionKind.WARNING):
            yield _ended(begun, acknowledged_at if not is_on and acknowledged_at else at)
            begun = None
        if is_on and begun is None:
            begun = SourceSanction(
                source_id=_sanction_id(whose, kind, entry, number),
                account_source_id=whose.account_id,
                kind=kind,
                starts_at=at,
                ends_at=None,
                note=text_of(entry, "message"),
                imposed_by=id_of(entry, "createdBy"),
            )
            if acknowledged_at is not None:
                yield _ended(begun, acknowledged_at)
                begun = None
    if begun is not None:
        yield begun if running else _ended(begun, at)
    elif running:
        source_id = f"{whose.account_id}:{kind}:now"
        yield SourceSanction(source_id, whose.account_id, kind, at, None, "")


def _ended(begun: SourceSanction, at: datetime) -> SourceSanction:
    return replace(begun, ends_at=max(begun.starts_at, at))


def _sanction_id(whose: Whose, kind: SanctionKind, entry: object, number: int) -> str:
    return f"{whose.account_id}:{kind}:{id_of(entry, 'id') or number}"
