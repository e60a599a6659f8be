"""Read an export of Commento, Commento++ or Comentario: versions 1 and 3 of one idea.

Version 1 knows a page by its host and path, version 3 by its path alone, so that the address of the
site has to be given for that. Which version a comment is of shows in its own fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

from belowline.core.errors import InvalidInput
from belowline.core.terms import Role, SanctionKind
from belowline.transfer import cleaning
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.drafts import NO_PARENT, Draft, Form, settle
from belowline.transfer.fields import number_of, text_of, truth_of
from belowline.transfer.instants import not_after, read_instant
from belowline.transfer.jsonstream import members
from belowline.transfer.shape import (
    Record,
    Repaired,
    Skipped,
    SourceAccount,
    SourceAuthor,
    SourceDecision,
    SourceOutcome,
    SourceSanction,
    SourceStory,
)

VERSIONS = frozenset({"1", "3"})
ANONYMOUS = frozenset({"anonymous", "0" * 64}) | NO_PARENT
"""Commento's name for anybody, and what its heirs write instead."""

_MEMBERS = frozenset({"version", "pages", "comments", "commenters"})
_NOT_GIVEN = frozenset({"", "undefined"})
_OWN_SIGN_IN = frozenset({"", "commento", "anon", "local"})


def read_commento(
    stream: BinaryIO, *, now: datetime, base_url: str | None = None
) -> Iterator[Record]:
    """Yield the stories, comments and accounts of an export, in the file's order.

    ``base_url`` is where the site was; version 3 needs it, and in version 1 it stands in for the
    host where given. Times after ``now`` become ``now``.

    Raises:
        InvalidInput: perhaps half-way: it is no JSON that ``jsonstream.members`` reads, of a
            version that is not known, or needs ``base_url``.
    """
    reading = _Reading(now, base_url)
    known = False
    for name, value in members(stream, _MEMBERS):
        if name == "version":
            _require_version(value)
            known = True
        elif name == "pages":
            yield from reading.read_page(value)
        elif name == "commenters":
            yield from reading.read_account(value)
        elif text_of(value, "pageId"):
            yield from reading.read_third(value)
        else:
            yield from reading.read_first(value)
    if not known:
        raise _refused("This is not an export of Commento or Comentario: it names no version.")


def _require_version(value: object) -> None:
    version = text_of({"version": value}, "version")
    if version not in VERSIONS:
        raise _refused(
            f"This export says that it is of version {version[:20] or '?'};"
            " Commento and Comentario write 1 and 3, and those are read."
        )


def _refused(message: str, code: str = "not_commento") -> InvalidInput:
    return InvalidInput(message, field="file", code=code)


@dataclass(slots=True)
class _Reading:
    """One run over an export, with the pages and accounts that were told of."""

    now: datetime
    base_url: str | None
    told_stories: set[str] = field(default_factory=set)
    told_accounts: set[str] = field(default_factory=set)

    def read_page(self, value: object) -> Iterator[Record]:
        """Yield a page of version 3."""
        source_id = cleaning.clean_id(text_of(value, "id"))
        url = cleaning.join_url(self._base(), text_of(value, "path"))
        if source_id is None or url is None:
            reason = Skip.NO_ID if source_id is None else Skip.NO_ADDRESS
            yield Skipped(RecordKind.STORY, source_id or "", reason)
            return
        if source_id in self.told_stories:
            yield Skipped(RecordKind.STORY, source_id, Skip.DUPLICATE)
            return
        self.told_stories.add(source_id)
        created_at, repair = not_after(_time(value, "createdTime"), self.now)
        if repair:
            yield Repaired(RecordKind.STORY, source_id, repair)
        yield SourceStory(
            source_id=source_id,
            url=url,
            title=cleaning.clean_line(text_of(value, "title")),
            section=None,
            published_at=created_at,
            open=truth_of(value, "isReadonly") is False,
            visible=True,
        )

    def read_account(self, value: object) -> Iterator[Record]:
        """Yield an account; version 1 repeats them, once for each comment in the worst case."""
        written = text_of(value, "commenterHex") or text_of(value, "id")
        source_id = cleaning.clean_id(written)
        if source_id is None:
            yield Skipped(RecordKind.AUTHOR, "", Skip.NO_ID)
            return
        if source_id in self.told_accounts or source_id in ANONYMOUS:
            return
        self.told_accounts.add(source_id)
        email = text_of(value, "email").strip()
        known = cleaning.clean_email(email)
        if email not in _NOT_GIVEN and known is None:
            yield Repaired(RecordKind.AUTHOR, source_id, Repair.EMAIL_DROPPED)
        created_at, _ = not_after(_time(value, "joinDate") or _time(value, "createdTime"), self.now)
        yield SourceAccount(
            source_id=source_id,
            name=cleaning.clean_line(text_of(value, "name")),
            email=known,
            # Neither export says whether anybody ever answered from it.
            email_verified=False,
            identities=_identities(value, known),
            created_at=created_at,
            role=Role.MODERATOR if truth_of(value, "isModerator") is True else None,
        )
        commenting = value.get("isCommenter") if isinstance(value, dict) else None
        if commenting is False:
            yield SourceSanction(
                source_id=f"readonly:{source_id}",
                account_source_id=source_id,
                kind=SanctionKind.WITHDRAWAL,
                starts_at=created_at or self.now,
                ends_at=None,
                note="",
            )

    def read_first(self, value: object) -> Iterator[Record]:
        """Yield a comment of version 1, and before it its story where that is new."""
        source_id = cleaning.clean_id(text_of(value, "commentHex")) or ""
        if not isinstance(value, dict):
            yield Skipped(RecordKind.COMMENT, "", Skip.DAMAGED)
            return
        host = text_of(value, "domain") or text_of(value, "host")
        path = text_of(value, "path") or text_of(value, "url")
        url = cleaning.join_url(self.base_url or f"https://{host}", path or "/")
        if url is None or not (self.base_url or host):
            yield Skipped(RecordKind.COMMENT, source_id, Skip.STORY_MISSING)
            return
        if url not in self.told_stories:
            self.told_stories.add(url)
            yield SourceStory(url, url, "", None, None, open=True, visible=True)
        status, reason = _first_standing(value)
        yield from settle(
            Draft(
                source_id=source_id,
                story_source_id=url,
                parent_source_id=text_of(value, "parentHex"),
                author=_author(text_of(value, "commenterHex"), ""),
                body=text_of(value, "markdown") or text_of(value, "html"),
                form=Form.MARKDOWN if text_of(value, "markdown") else Form.HTML,
                created_at=_time(value, "creationDate"),
                status=status,
                hidden_because=reason,
                respect=number_of(value, "score"),
            ),
            now=self.now,
        )

    def read_third(self, value: object) -> Iterator[Record]:
        """Yield a comment of version 3, and who decided on it."""
        source_id = text_of(value, "id")
        page_id = cleaning.clean_id(text_of(value, "pageId"))
        if page_id is None:
            yield Skipped(
                RecordKind.COMMENT, cleaning.clean_id(source_id) or "", Skip.STORY_MISSING
            )
            return
        body = text_of(value, "markdown") or text_of(value, "html")
        status, reason = _third_standing(value, body)
        records = settle(
            Draft(
                source_id=source_id,
                story_source_id=page_id,
                parent_source_id=text_of(value, "parentId"),
                author=_author(text_of(value, "userCreated"), text_of(value, "authorName")),
                body=body,
                form=Form.MARKDOWN if text_of(value, "markdown") else Form.HTML,
                created_at=_time(value, "createdTime"),
                status=status,
                hidden_because=reason,
                edited_at=_time(value, "editedTime"),
                respect=number_of(value, "score"),
                featured=truth_of(value, "isSticky") is True,
            ),
            now=self.now,
        )
        left_out = False
        for record in records:
            left_out = left_out or isinstance(record, Skipped)
            yield record
        if not left_out:
            yield from self._decision(value, source_id.strip())

    def _decision(self, value: object, comment_id: str) -> Iterator[Record]:
        decided_at = _time(value, "moderatedTime")
        by = cleaning.clean_id(text_of(value, "userModerated"))
        approved = truth_of(value, "isApproved")
        if decided_at is None or by in (None, *ANONYMOUS) or approved is None:
            return
        if truth_of(value, "isPending") is not False:
            return
        yield SourceDecision(
            source_id=f"moderated:{comment_id}",
            comment_source_id=comment_id,
            account_source_id=by,
            outcome=SourceOutcome.KEPT if approved else SourceOutcome.REMOVED,
            reason="",
            note="",
            decided_at=min(decided_at, self.now),
        )

    def _base(self) -> str:
        if self.base_url is None:
            raise _refused(
                "Comentario's export names pages without their site: say where the site was.",
                "base_url_needed",
            )
        return self.base_url


def _time(value: object, name: str) -> datetime | None:
    return read_instant(text_of(value, name), zone=UTC)


def _identities(value: object, email: str | None) -> tuple[tuple[str, str], ...]:
    """Return the sign-in elsewhere; neither export has more of it than the address used there."""
    provider = text_of(value, "provider") or text_of(value, "federatedIdP")
    elsewhere = cleaning.clean_id(provider) if provider not in _OWN_SIGN_IN else None
    return ((f"commento:{elsewhere}", email),) if elsewhere and email else ()


def _author(account: str, name: str) -> SourceAuthor:
    """Return who wrote it; the name stands with the account, if there is one."""
    source_id = None if account in ANONYMOUS else cleaning.clean_id(account)
    return SourceAuthor(source_id, cleaning.clean_line(name), None)


def _first_standing(value: object) -> tuple[ImportStatus, Hide | None]:
    deleted = truth_of(value, "deleted")
    words = text_of(value, "markdown") or text_of(value, "html")
    # Commento has no mark for what is deleted: it writes this, or nothing, instead of the words.
    if deleted or words.strip() in {"", "[deleted]"}:
        return ImportStatus.DELETED, Hide.DELETED
    match text_of(value, "state") if deleted is False else "":
        case "approved":
            return ImportStatus.PUBLISHED, None
        case "unapproved" | "flagged":
            return ImportStatus.HELD, Hide.PENDING
        case _:
            return ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS


def _third_standing(value: object, body: str) -> tuple[ImportStatus, Hide | None]:
    marks = [truth_of(value, name) for name in ("isDeleted", "isPending", "isApproved")]
    match marks:
        case [True, _, _]:
            by_author = text_of(value, "userDeleted") in {*NO_PARENT, text_of(value, "userCreated")}
            if body and not by_author:
                return ImportStatus.REMOVED, Hide.TRASHED
            return ImportStatus.DELETED, Hide.DELETED
        case [False, True, _]:
            return ImportStatus.HELD, Hide.PENDING
        case [False, False, True]:
            return ImportStatus.PUBLISHED, None
        case [False, False, False]:
            return ImportStatus.REMOVED, Hide.TRASHED
        case _:
            return ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS
