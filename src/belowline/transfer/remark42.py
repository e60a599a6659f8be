"""Read a backup of Remark42: one JSON value of what it knows, then one for each comment.

Its oldest backups have no such first value. What its API answers is read as well: a list of
comments, or a tree of them. A backup holds the words of readers who were blocked, marked as
deleted: nobody could read them there, so nobody can here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from belowline.core.errors import InvalidInput
from belowline.core.terms import Role, SanctionKind
from belowline.transfer import cleaning
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Skip
from belowline.transfer.drafts import NOBODY, Draft, Form, settle
from belowline.transfer.fields import inner, listed, number_of, text_of, truth_of
from belowline.transfer.instants import read_instant
from belowline.transfer.jsonstream import values
from belowline.transfer.shape import (
    Record,
    Skipped,
    SourceAccount,
    SourceAuthor,
    SourceNote,
    SourceSanction,
    SourceStory,
)

VERSIONS = frozenset({"0", "1"})
FOREVER = timedelta(days=365 * 30)
"""Remark42 has no block without an end: it writes one that is a hundred years away."""

_PROVIDER = re.compile(r"([a-z0-9]+)_([0-9a-f]{40})")
VERIFIED_NOTE = "Marked as verified by the staff of the site that this reader came from."


def read_remark42(
    stream: BinaryIO, *, now: datetime, only_site: str | None = None
) -> Iterator[Record]:
    """Yield the stories, accounts and comments of a backup, as they are met.

    ``only_site`` names the site, if the file holds several; otherwise the first one met is taken,
    and what belongs to another is left out and counted. Times after ``now`` become ``now``.

    Raises:
        InvalidInput: perhaps half-way: it is no JSON that ``jsonstream.values`` reads, not
            Remark42's, or of a version that is not known.
    """
    reading = _Reading(now, only_site)
    first = True
    for line, value in values(stream):
        if first and "version" in _names(value):
            reading.read_first(value)
        elif isinstance(value, dict) and "comments" in value and "id" not in value:
            for comment in _flattened(value):
                yield from reading.read_comment(comment, line)
        elif first and "locator" not in _names(value):
            raise _refused("This is not a backup of Remark42: it begins with something else.")
        else:
            yield from reading.read_comment(value, line)
        first = False
    yield from reading.read_rest()


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, field="file", code="not_remark42", line=1)


def _names(value: object) -> set[str]:
    return set(value) if isinstance(value, dict) else set()


def _flattened(tree: object) -> Iterator[object]:
    """Yield the comments of a tree as the API answers with, each before its replies."""
    nodes = listed(tree, "comments")[::-1]
    while nodes:
        node = nodes.pop()
        yield inner(node, "comment")
        nodes += listed(node, "replies")[::-1]


@dataclass(slots=True)
class _Reading:
    """One run over a backup: what its first value said, and what has been told of it already."""

    now: datetime
    site: str | None
    closed: dict[str, bool] = field(default_factory=dict)
    """Addresses that the backup names, and whether they take no more comments."""
    people: dict[str, object] = field(default_factory=dict)
    """What the backup says of accounts, by their id, until they are met."""
    barred: set[str] = field(default_factory=set)
    told_stories: set[str] = field(default_factory=set)
    told_accounts: set[str] = field(default_factory=set)

    def read_first(self, value: object) -> None:
        """Take in what stands before the comments."""
        version = text_of(value, "version")
        if version not in VERSIONS:
            raise _refused(
                f"This backup says that it is of version {version[:20] or '?'};"
                " Remark42 writes version 1, and that is what is read."
            )
        for page in listed(value, "posts"):
            self.closed[text_of(page, "url")] = truth_of(page, "read_only") is not False
        for person in listed(value, "users"):
            source_id = cleaning.clean_id(text_of(person, "id"))
            if source_id is not None:
                self.people[source_id] = person
                if self._is_barred(inner(person, "blocked")):
                    self.barred.add(source_id)

    def read_rest(self) -> Iterator[Record]:
        """Yield what the backup knows of pages and accounts without comments."""
        for url in sorted(set(self.closed) - self.told_stories):
            yield from self._story(url, title="")
        for source_id in sorted(self.people):
            yield from self._account(source_id, {})

    def read_comment(self, value: object, line: int) -> Iterator[Record]:
        """Yield a comment, and before it its story and its author where they are new."""
        place = f"line {line}"
        source_id = cleaning.clean_id(text_of(value, "id")) or ""
        if not isinstance(value, dict):
            yield Skipped(RecordKind.COMMENT, "", Skip.DAMAGED, place)
            return
        locator = inner(value, "locator")
        if self.site is None:
            self.site = text_of(locator, "site")
        if text_of(locator, "site") != self.site:
            yield Skipped(RecordKind.COMMENT, source_id, Skip.OTHER_SITE, place)
            return
        url = text_of(locator, "url")
        yield from self._story(url, title=text_of(value, "title"))
        story_id = cleaning.clean_url(url)
        if story_id is None:
            yield Skipped(RecordKind.COMMENT, source_id, Skip.STORY_SKIPPED, place)
            return
        person = inner(value, "user")
        author = _author(person)
        if author.source_id is not None:
            yield from self._account(author.source_id, person)
        yield from settle(self._draft(value, story_id, author, place), now=self.now)

    def _draft(
        self, value: dict[str, object], story_id: str, author: SourceAuthor, place: str
    ) -> Draft:
        written = text_of(value, "orig")
        body = written or text_of(value, "text")
        status, reason = self._standing(value, body)
        return Draft(
            source_id=text_of(value, "id"),
            story_source_id=story_id,
            parent_source_id=text_of(value, "pid"),
            author=author,
            body=body,
            form=Form.MARKDOWN if written else Form.HTML,
            created_at=read_instant(value.get("time"), zone=UTC),
            status=status,
            hidden_because=reason,
            edited_at=read_instant(inner(value, "edit").get("time"), zone=UTC),
            respect=_agreement(value),
            featured=truth_of(value, "pin") is True,
            place=place,
        )

    def _standing(self, value: object, body: str) -> tuple[ImportStatus, Hide | None]:
        deleted = truth_of(value, "delete")
        person = inner(value, "user")
        # Whoever is blocked is seen by nobody else there, whatever the comment says of itself.
        if text_of(person, "id") in self.barred or truth_of(person, "block") is not False:
            return ImportStatus.REMOVED if body else ImportStatus.DELETED, (
                Hide.TRASHED if body else Hide.DELETED
            )
        if deleted is None:
            return ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS
        if deleted:
            return ImportStatus.DELETED, Hide.DELETED
        return ImportStatus.PUBLISHED, None

    def _story(self, url: str, *, title: str) -> Iterator[Record]:
        address = cleaning.clean_url(url)
        known = address or cleaning.clean_id(url) or ""
        if known in self.told_stories:
            return
        self.told_stories.add(known)
        if address is None:
            yield Skipped(RecordKind.STORY, cleaning.clean_id(url) or "", Skip.NO_ADDRESS)
            return
        yield SourceStory(
            source_id=address,
            url=address,
            title=cleaning.clean_line(title),
            section=None,
            published_at=None,
            open=not self.closed.get(url, False),
            visible=True,
        )

    def _account(self, source_id: str, person: object) -> Iterator[Record]:
        if source_id in self.told_accounts:
            return
        self.told_accounts.add(source_id)
        known = self.people.get(source_id)
        provider = _PROVIDER.fullmatch(source_id)
        email = cleaning.clean_email(text_of(inner(known, "details"), "email"))
        yield SourceAccount(
            source_id=source_id,
            name=cleaning.clean_line(text_of(person, "name")),
            email=email,
            # An address is kept in the details only once a link that was sent there was opened.
            email_verified=email is not None,
            # The id is a hash of the one that the provider knows; the claim has to hash, too.
            identities=((f"remark42:{provider[1]}", provider[2]),) if provider else (),
            role=Role.MODERATOR if truth_of(person, "admin") is True else None,
        )
        if truth_of(known, "verified") is True:
            yield SourceNote(f"verified:{source_id}", source_id, None, VERIFIED_NOTE, self.now)
        yield from self._sanction(source_id, inner(known, "blocked"))

    def _sanction(self, source_id: str, blocked: dict[str, object]) -> Iterator[Record]:
        if truth_of(blocked, "status") is not True:
            return
        ends_at = read_instant(blocked.get("until"), zone=UTC)
        if ends_at is not None and ends_at - self.now > FOREVER:
            ends_at = None
        # When it began is not written down. One that is over is over; one that runs does so now.
        yield SourceSanction(
            source_id=f"blocked:{source_id}",
            account_source_id=source_id,
            kind=SanctionKind.SUSPENSION if ends_at else SanctionKind.WITHDRAWAL,
            starts_at=min(ends_at, self.now) if ends_at else self.now,
            ends_at=ends_at,
            note="",
        )

    def _is_barred(self, blocked: dict[str, object]) -> bool:
        ends_at = read_instant(blocked.get("until"), zone=UTC)
        return truth_of(blocked, "status") is not False and (ends_at is None or ends_at > self.now)


def _author(person: dict[str, object]) -> SourceAuthor:
    """Return who wrote it; without an account, whoever types the same name has the same id."""
    source_id = cleaning.clean_id(text_of(person, "id"))
    if source_id == "deleted":
        return NOBODY
    if source_id is not None and source_id.startswith("anonymous_"):
        source_id = None
    return SourceAuthor(source_id, cleaning.clean_line(text_of(person, "name")), None)


def _agreement(value: dict[str, object]) -> int:
    """Return how many agreed: of the people where they are in the file, or else the balance."""
    votes = inner(value, "votes")
    return sum(one is True for one in votes.values()) if votes else number_of(value, "score")
