"""The first pass of an import: every record that a file yields is put into the landing, cleaned.

Here it is decided what a record is to us, whatever it is beside others: whether a text can be kept,
whose a comment is, what proves an account. Nothing of the database is known here.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from belowline.core.errors import InvalidInput
from belowline.core.keyed import keyed_hash
from belowline.core.markup import clean_text
from belowline.transfer.cleaning import clean_email
from belowline.transfer.codes import STRICTNESS, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.keeping import (
    LONGEST,
    LONGEST_ID,
    as_id,
    as_kept,
    as_line,
    as_micros,
    as_name,
    as_note,
)
from belowline.transfer.landing import Landing
from belowline.transfer.shape import (
    Record,
    Repaired,
    Skipped,
    SourceAccount,
    SourceAuthor,
    SourceComment,
    SourceDecision,
    SourceNote,
    SourceReaction,
    SourceReport,
    SourceSanction,
    SourceStory,
)

AT_ONCE = 2000
"""Records kept in memory."""
LONGEST_URL = 2000
MOST_RESPECT = 1_000_000_000

_ACCOUNT = "account:"

_INSERTS = {
    "stories": "INSERT INTO stories (source_id, url, title, key, is_open, visible, met)"
    " VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (source_id) DO UPDATE SET met = met + 1,"
    " visible = min(visible, excluded.visible), is_open = min(is_open, excluded.is_open)",
    "accounts": "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, 1)"
    " ON CONFLICT (source_id) DO UPDATE SET met = met + 1",
    "comments": "INSERT INTO comments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0)"
    " ON CONFLICT (source_id) DO UPDATE SET met = met + 1,"
    " tightened = tightened + (excluded.strict > strict),"
    " status = iif(excluded.strict > strict, excluded.status, status),"
    " hidden = iif(excluded.strict > strict, excluded.hidden, hidden),"
    " strict = max(strict, excluded.strict)",
    "texts": "INSERT INTO texts VALUES (?, ?)",
    "wordings": "INSERT INTO wordings VALUES (?, ?, ?, ?)",
    "reactions": "INSERT INTO reactions VALUES (?, ?, ?, 1)"
    " ON CONFLICT (comment, account) DO UPDATE SET met = met + 1",
    "history": "INSERT INTO history (kind, source_id, comment, account, by_account, what, reason,"
    " note, at, ends_at, met) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"
    " ON CONFLICT (kind, source_id) DO UPDATE SET met = met + 1",
    "remarks": "INSERT INTO remarks (stage, kind, source_id, tally, why, detail)"
    " VALUES (1, ?, ?, ?, ?, ?)",
}


def take_all(
    landing: Landing,
    records: Iterable[Record],
    *,
    secret: str,
    now: datetime,
    read: Callable[[int], None],
) -> None:
    """Put every record into the landing; ``read`` hears now and then how many there were.

    Raises:
        InvalidInput: the file cannot be read to its end.
    """
    taking = _Taking(landing, secret, now)
    take = taking.ways
    number = 0
    for number, record in enumerate(records, start=1):
        take[type(record)](record)
        if number % AT_ONCE == 0:
            taking.flush()
            read(number)
    taking.flush()
    read(number)


class _Taking:
    """One first pass, with what waits to be written."""

    def __init__(self, landing: Landing, secret: str, now: datetime) -> None:
        self._landing = landing
        self._secret = secret
        self._now = now
        self._comments = 0
        self._rows: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        self._by_email = lru_cache(50_000)(self._hash_email)
        self.ways: dict[type, Callable[[Any], None]] = {
            SourceStory: self._story,
            SourceAccount: self._account,
            SourceComment: self._comment,
            SourceReaction: self._reaction,
            SourceReport: self._report,
            SourceDecision: self._decision,
            SourceSanction: self._sanction,
            SourceNote: self._note,
            Skipped: self._skipped,
            Repaired: self._repaired,
        }

    def flush(self) -> None:
        """Write what waits."""
        for table, rows in self._rows.items():
            if rows:
                self._landing.run_each(_INSERTS[table], rows)
        self._rows.clear()

    def _story(self, story: SourceStory) -> None:
        title = as_line(story.title, longest=300)
        url = as_kept(story.url.strip())
        self._rows["stories"].append(
            (
                as_id(story.source_id),
                url if len(url) <= LONGEST_URL else "",
                title,
                as_kept(story.key) if story.key else None,
                story.open,
                story.visible,
            )
        )

    def _comment(self, comment: SourceComment) -> None:
        source_id = as_id(comment.source_id)
        deleted = comment.status is ImportStatus.DELETED
        # Whoever took their words back did not mean them to come along.
        text = "" if deleted else self._words(comment.text, source_id)
        if text is None:
            return
        self._comments += 1
        number = self._comments
        self._rows["comments"].append(
            (
                number,
                source_id,
                as_id(comment.story_source_id),
                as_id(comment.parent_source_id) if comment.parent_source_id else None,
                self._author(comment.author, source_id),
                as_name(comment.author.name),
                self._time(comment.created_at, source_id),
                comment.status.value,
                STRICTNESS[comment.status],
                comment.hidden_because.value if comment.hidden_because else None,
                self._at(comment.edited_at),
                min(max(comment.respect, 0), MOST_RESPECT),
                self._at(comment.featured_at),
            )
        )
        self._rows["texts"].append((number, text))
        if comment.earlier and not deleted:
            for place, one in enumerate(comment.earlier):
                try:
                    words = clean_text(one.text, field="text", longest=LONGEST)
                except InvalidInput:
                    continue
                if words:
                    self._rows["wordings"].append((number, place, words, self._at(one.created_at)))

    def _words(self, raw: str, source_id: str) -> str | None:
        try:
            text = clean_text(raw, field="text", longest=LONGEST)
        except InvalidInput as error:
            why = Skip.TOO_LONG if error.code == "too_long" else Skip.DAMAGED
            self._remark(RecordKind.COMMENT, source_id, "skipped", why)
            return None
        if not text:
            self._remark(RecordKind.COMMENT, source_id, "skipped", Skip.EMPTY)
            return None
        return text

    def _author(self, author: SourceAuthor, comment_id: str) -> str:
        """Return what makes two comments one author's; a name alone never does."""
        if author.source_id is not None:
            return _ACCOUNT + as_id(author.source_id)
        if author.email is not None:
            return f"email:{self._by_email(author.email.lower())}"
        return f"comment:{comment_id}"

    def _hash_email(self, email: str) -> str:
        return keyed_hash(self._secret, "imported-email", as_kept(email)).hex()

    def _account(self, account: SourceAccount) -> None:
        proofs = [
            ("identity", keyed_hash(self._secret, "imported-identity", *map(as_kept, one)).hex())
            for one in account.identities
        ]
        email = clean_email(account.email) if account.email and account.email_verified else None
        if email is not None:
            proofs.append(("email", self._by_email(email.lower())))
        self._rows["accounts"].append(
            (
                as_id(account.source_id),
                as_name(account.name),
                json.dumps(sorted(set(proofs))),
                self._at(account.created_at),
                account.role.value if account.role else None,
            )
        )

    def _reaction(self, one: SourceReaction) -> None:
        self._rows["reactions"].append(
            (as_id(one.comment_source_id), as_id(one.account_source_id), self._at(one.created_at))
        )

    def _report(self, one: SourceReport) -> None:
        people = None, one.account_source_id
        words = "", one.reason, one.note
        self._past(RecordKind.REPORT, one, people, words, (one.created_at, None))

    def _decision(self, one: SourceDecision) -> None:
        people = None, one.account_source_id
        words = one.outcome.value, one.reason, one.note
        self._past(RecordKind.DECISION, one, people, words, (one.decided_at, None))

    def _sanction(self, one: SourceSanction) -> None:
        people = one.account_source_id, one.imposed_by
        words = one.kind.value, "", one.note
        self._past(RecordKind.SANCTION, one, people, words, (one.starts_at, one.ends_at))

    def _note(self, one: SourceNote) -> None:
        people = one.account_source_id, one.by_account_source_id
        self._past(RecordKind.NOTE, one, people, ("", "", one.text), (one.created_at, None))

    def _past(
        self,
        kind: RecordKind,
        one: SourceReport | SourceDecision | SourceSanction | SourceNote,
        people: tuple[str | None, str | None],
        words: tuple[str, str, str],
        times: tuple[datetime, datetime | None],
    ) -> None:
        about, by = (as_id(one_id) if one_id else None for one_id in people)
        comment = getattr(one, "comment_source_id", None)
        what, reason, note = words
        starts_at, ends_at = times
        self._rows["history"].append(
            (
                kind.value,
                as_id(one.source_id),
                as_id(comment) if comment else None,
                about,
                by,
                what,
                as_line(reason, longest=100),
                as_note(note),
                self._at(starts_at),
                as_micros(ends_at) if ends_at else None,
            )
        )

    def _skipped(self, one: Skipped) -> None:
        self._remark(one.kind, as_id(one.source_id), "skipped", one.reason_code, one.detail)

    def _repaired(self, one: Repaired) -> None:
        self._remark(one.kind, as_id(one.source_id), "repaired", one.reason_code, one.detail)

    def _remark(
        self, kind: RecordKind, source_id: str, tally: str, why: Skip | Repair, detail: str = ""
    ) -> None:
        self._rows["remarks"].append(
            (kind.value, source_id, tally, why.value, as_kept(detail)[:LONGEST_ID])
        )

    def _time(self, at: datetime, source_id: str) -> int:
        if at > self._now:
            self._remark(RecordKind.COMMENT, source_id, "repaired", Repair.DATE_IN_FUTURE)
        return as_micros(min(at, self._now))

    def _at(self, at: datetime | None) -> int | None:
        return None if at is None else as_micros(min(at, self._now))
