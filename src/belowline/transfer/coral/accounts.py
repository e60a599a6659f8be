"""Coral's accounts: who they are, what proves it, what staff noted and which limits were set.

A name is not unique in Coral and joins nobody. Passwords, tokens and reset codes lie in the same
records; only the kind and the id of each sign-in are taken out of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from belowline.core.terms import Role
from belowline.transfer import cleaning
from belowline.transfer.codes import RecordKind, Repair, Skip
from belowline.transfer.coral.sanctions import Whose, read_sanctions
from belowline.transfer.coral.values import id_of, ids_of, instant_of, is_given
from belowline.transfer.fields import inner, listed, text_of, truth_of
from belowline.transfer.shape import Record, Repaired, Skipped, SourceAccount, SourceNote

SSO = "sso"
"""Who vouches for accounts that came by the publisher's own tokens, which name nobody."""

_OTHERS = frozenset({"facebook", "google"})


def read_account(
    value: object, *, now: datetime, site: str | None, sso_issuer: str
) -> Iterator[Record]:
    """Yield an account, then what was noted and imposed, or why it is left out."""
    source_id = id_of(value, "id")
    if source_id is None:
        yield Skipped(RecordKind.AUTHOR, "", Skip.NO_ID)
        return
    if is_given(value, "deletedAt"):
        # Coral forgets the address of somebody who left and keeps the name. Here neither comes.
        yield Skipped(RecordKind.AUTHOR, source_id, Skip.DELETED)
        return
    written = text_of(value, "email").strip()
    email = cleaning.clean_email(written.lower())
    if written and email is None:
        yield Repaired(RecordKind.AUTHOR, source_id, Repair.EMAIL_DROPPED)
    created_at = instant_of(value, "createdAt")
    created_at = min(created_at, now) if created_at is not None else None
    yield SourceAccount(
        source_id=source_id,
        name=cleaning.clean_line(text_of(value, "username")),
        email=email,
        email_verified=email is not None and truth_of(value, "emailVerified") is True,
        identities=_identities(value, sso_issuer),
        created_at=created_at,
        role=_role(value, site),
    )
    whose = Whose(source_id, created_at or now, now, site)
    yield from read_sanctions(value, whose)
    yield from _notes(value, whose)


def _identities(value: object, sso_issuer: str) -> tuple[tuple[str, str], ...]:
    """Return who vouches for an account, and under which id."""
    found: list[tuple[str, str]] = []
    for profile in listed(value, "profiles"):
        subject = id_of(profile, "id")
        sign_in = text_of(profile, "type")
        if subject is None:
            continue
        if sign_in in _OTHERS:
            found.append((sign_in, subject))
        elif sign_in == "sso":
            found.append((sso_issuer, subject))
        elif sign_in == "oidc" and (issuer := id_of(profile, "issuer")):
            found.append((issuer, subject))
    return tuple(found)


def _role(value: object, site: str | None) -> Role | None:
    """Return what an account did for the site. Coral's staff and members have only a badge."""
    match text_of(value, "role"):
        case "ADMIN":
            return Role.OWNER
        case "MODERATOR":
            scopes = inner(value, "moderationScopes")
            sites = ids_of(scopes, "siteIDs")
            is_scoped = truth_of(scopes, "scoped") is not False or bool(sites)
            return None if is_scoped and site not in sites else Role.MODERATOR
        case _:
            return None


def _notes(value: object, whose: Whose) -> Iterator[Record]:
    for number, note in enumerate(listed(value, "moderatorNotes")):
        source_id = id_of(note, "id") or f"{whose.account_id}:note:{number}"
        text = text_of(note, "body").strip()
        if not text:
            yield Skipped(RecordKind.NOTE, source_id, Skip.EMPTY)
            continue
        yield SourceNote(
            source_id=source_id,
            account_source_id=whose.account_id,
            by_account_source_id=id_of(note, "createdBy"),
            text=text,
            created_at=min(instant_of(note, "createdAt") or whose.joined_at, whose.now),
        )
