"""Small ways to set up what a test is about: sites, people, stories, comments, reports.

Everything goes through the stores and the actions themselves, so that what a test starts from is
something that can happen. Readers joined long ago unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count
from threading import Barrier, Thread
from typing import Any

import sqlalchemy as sa

from belowline.actions.cases import open_case, record_refusal
from belowline.actions.legal_notices import From, give_notice
from belowline.actions.reports import ReportDraft, report_comment
from belowline.actions.sanctions import SanctionDraft
from belowline.actions.sites import create_site
from belowline.actions.withdrawals import confirm_withdrawal, propose_withdrawal
from belowline.comments import store as comments
from belowline.comments.model import Comment, NewComment
from belowline.core.errors import BelowlineError
from belowline.core.happened import Happened
from belowline.core.markup import render
from belowline.core.terms import (
    Actor,
    CommentId,
    CommentStatus,
    Finding,
    ReaderId,
    Role,
    RuleKey,
    SanctionKind,
    ScreenName,
    SiteId,
    StoryId,
    StoryMode,
    Verdict,
)
from belowline.events.kind import Kind
from belowline.readers import sessions
from belowline.readers import store as readers
from belowline.reports.lanes import NoticeDraft
from belowline.reports.legal_notices import LegalNotice
from belowline.reports.model import Report
from belowline.sanctions.model import Sanction
from belowline.screens import store as verdict_store
from belowline.screens.settle import settle
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.model import StoryDraft

SYSTEM = Actor.of_system("test")
LONG_AGO = timedelta(days=400)

HOLDING = Verdict(ScreenName.WORDS, Finding.HOLD, "listed_word", RuleKey("obscenity"))
REFUSING = Verdict(ScreenName.WORDS, Finding.REFUSE, "refused_word", RuleKey("hate"))

_numbers = count(1)


def make_site(db: Database, key: str = "echo") -> Site:
    """Make a site with the default rulebook in force."""
    return create_site(db, key=key, name=key.title(), origins=[f"https://www.{key}.example"])


def make_reader(
    db: Database, name: str | None = None, *, joined: timedelta = LONG_AGO, email: str | None = None
) -> ReaderId:
    """Make a reader who joined so long ago."""
    with db.write(SYSTEM) as tx:
        reader_id = readers.add_reader(tx, name=name or f"Reader {next(_numbers)}", email=email)
        tx.conn.execute(
            sa.update(tables.readers)
            .where(tables.readers.c.id == reader_id)
            .values(created_at=tx.now - joined)
        )
    return reader_id


def make_staff(db: Database, site_id: SiteId, role: Role = Role.MODERATOR) -> ReaderId:
    """Make a reader with a role at the site."""
    reader_id = make_reader(db, f"{role.title()} {next(_numbers)}")
    with db.write(SYSTEM) as tx:
        sites.put_staff(tx, site_id, reader_id=reader_id, role=role)
    return reader_id


def make_story(
    db: Database, site_id: SiteId, key: str | None = None, *, mode: StoryMode = StoryMode.OPEN
) -> StoryId:
    """Make a story of the site."""
    key = key or f"story-{next(_numbers)}"
    with db.write(SYSTEM) as tx:
        return stories.add_story(
            tx, site_id, StoryDraft(key, key.title(), f"https://www.echo.example/{key}", mode)
        )


def make_comment(
    db: Database,
    site_id: SiteId,
    *,
    story_id: StoryId | None = None,
    author_id: ReaderId | None = None,
    text: str = "The bridge should stay open.",
    verdicts: Sequence[Verdict] = (),
    parent: Comment | None = None,
) -> Comment:
    """Make a comment as the verdicts settle it, published without any."""
    if story_id is None:
        story_id = parent.story_id if parent is not None else make_story(db, site_id)
    author_id = author_id or make_reader(db)
    settled = settle(verdicts, mode=StoryMode.OPEN, held_by_sanction=False, is_staff=False)
    with db.write(Actor(author_id)) as tx:
        reason = "" if settled.status is CommentStatus.PUBLISHED else settled.code
        comment = comments.add_comment(
            tx,
            NewComment(
                site_id,
                story_id,
                parent,
                author_id,
                sites.find_role(tx.conn, site_id, author_id),
                text,
                render(text),
                settled.status,
                settled.rule,
                reason,
            ),
        )
        verdict_store.put_verdicts(tx, comment.id, revision=1, verdicts=verdicts)
        if settled.status is CommentStatus.REFUSED:
            record_refusal(tx, comment, settled)
        open_case(tx, comment)
    return comment


def make_report(
    db: Database,
    comment: Comment,
    *,
    by: ReaderId | None = None,
    rule: str = "personal-attack",
    note: str = "",
) -> Report:
    """Report a comment, by default as a reader of its own."""
    return report_comment(
        db,
        comment.id,
        site_id=comment.site_id,
        by=by or make_reader(db),
        report=ReportDraft(RuleKey(rule), note),
    )


def make_notice(
    db: Database,
    comment: Comment,
    *,
    by: ReaderId | None = None,
    network: bytes = b"a network",
    **said: Any,  # noqa: ANN401 - parts of the draft
) -> LegalNotice:
    """Give notice that a comment is illegal, by default without an account."""
    draft = {"kind": "hate", "why": "It calls for hatred of a people.", "good_faith": True, **said}
    return give_notice(
        db,
        comment.id,
        site_id=comment.site_id,
        sender=From(by, network, mail_works=True),
        draft=NoticeDraft(**draft),
    )


def withdraw(
    db: Database,
    site_id: SiteId,
    reader_id: ReaderId,
    *,
    reason: str = "Enough.",
    by: tuple[ReaderId, ReaderId] | None = None,
) -> Sanction:
    """Have a reader's privilege withdrawn by two owners, or by these two people."""
    first, second = by or (make_staff(db, site_id, Role.OWNER), make_staff(db, site_id, Role.OWNER))
    draft = SanctionDraft(SanctionKind.WITHDRAWAL, None, reason, RuleKey("personal-attack"))
    found = propose_withdrawal(db, site_id=site_id, reader_id=reader_id, by=first, draft=draft)
    return confirm_withdrawal(db, found.id, site_id=site_id, by=second)


def make_connected(db: Database, *reader_ids: ReaderId) -> None:
    """Let the readers act from one network."""
    with db.write(SYSTEM) as tx:
        for reader_id in reader_ids:
            sessions.put_network_trace(tx, reader_id, network_hash=b"one network of theirs")


def reread(db: Database, comment: Comment) -> Comment:
    """Return the comment as it stands now."""
    with db.read() as conn:
        return comments.get_comment(conn, comment.site_id, CommentId(comment.id))


def events_of(db: Database, *kinds: type[Kind]) -> list[Happened]:
    """Return what happened of these kinds (of all by default), oldest first.

    Not through the log's cursor: on PostgreSQL that waits for every transaction of the server that
    began earlier, and tests of other databases run beside this one.
    """
    wanted = {kind.__name__ for kind in kinds}
    return [
        Happened(row.seq, row.xid, row.at, row.kind, SiteId(row.site_id), row.actor, row.data)
        for row in rows_of(db, tables.events)
        if not wanted or row.kind in wanted
    ]


def rows_of(db: Database, table: sa.Table) -> list[sa.Row[Any]]:
    """Return every row of a table, oldest first."""
    with db.read() as conn:
        return list(conn.execute(sa.select(table).order_by(*table.primary_key)))


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do these acts at the same time; return what each returned, or the refusal that it met."""
    results: list[object] = [None] * len(acts)
    start = Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            results[place] = act()
        except BelowlineError as error:
            results[place] = error

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
