"""Made-up sources for the tests of what comes in: small, and with every kind of record."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from belowline.core.terms import Role, SanctionKind
from belowline.transfer.codes import Hide, ImportStatus
from belowline.transfer.shape import (
    Record,
    SourceAccount,
    SourceAuthor,
    SourceComment,
    SourceDecision,
    SourceNote,
    SourceOutcome,
    SourceReaction,
    SourceReport,
    SourceRevision,
    SourceSanction,
    SourceStory,
)

AT = datetime(2020, 2, 1, 12, tzinfo=UTC)
ADA, BO = "ada", "bo"
STANDINGS: tuple[tuple[ImportStatus, Hide | None], ...] = (
    *((ImportStatus.PUBLISHED, None),) * 6,
    (ImportStatus.HELD, Hide.PENDING),
    (ImportStatus.HIDDEN, Hide.STORY_NOT_PUBLIC),
    (ImportStatus.REMOVED, Hide.TRASHED),
    (ImportStatus.DELETED, Hide.DELETED),
)


def story(source_id: str = "s1", url: str | None = None) -> SourceStory:
    url = url or f"https://old.example/news/{source_id}"
    return SourceStory(source_id, url, f"Story {source_id}", None, AT, open=True, visible=True)


def account(source_id: str, **more: object) -> SourceAccount:
    return SourceAccount(source_id, source_id.capitalize(), **more)  # type: ignore[arg-type]


def said(
    source_id: str,
    *,
    parent: str | None = None,
    by: str = ADA,
    minutes: int = 0,
    status: ImportStatus = ImportStatus.PUBLISHED,
    why: Hide | None = None,
    **more: object,
) -> SourceComment:
    more = {"story": "s1", "text": f"Words {source_id}"} | more
    return SourceComment(
        source_id,
        str(more.pop("story")),
        parent,
        SourceAuthor(by, by.capitalize(), None),
        "",
        str(more.pop("text")),
        AT + timedelta(minutes=minutes),
        status,
        why,
        **more,  # type: ignore[arg-type]
    )


def forest(size: int, *, seed: int, stories: int = 3) -> Iterator[Record]:
    """Yield stories with comments of every standing, in no order, some of them deep."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    records: list[Record] = [story(f"s{number}") for number in range(stories)]
    by_story: dict[int, list[int]] = {number: [] for number in range(stories)}
    for number in range(size):
        place = chance.randrange(stories)
        before = by_story[place]
        parent = chance.choice(before[-6:]) if before and chance.random() < 0.7 else None
        before.append(number)
        status, why = chance.choice(STANDINGS)
        records.append(
            said(
                f"c{number}",
                parent=f"c{parent}" if parent is not None else None,
                by=chance.choice((ADA, BO, "cem")),
                minutes=chance.randrange(size),
                status=status,
                why=why,
                story=f"s{place}",
                respect=chance.randrange(4),
            )
        )
    chance.shuffle(records)
    yield from records


def newsroom() -> list[Record]:
    """Return a source that has everything the shape can carry."""
    return [
        story(),
        account(ADA, email="ada@reader.example", email_verified=True, created_at=AT),
        account(BO, email="bo@reader.example", identities=(("google", "1092"),)),
        account("mo", role=Role.MODERATOR),
        account("nobody", email="nobody@reader.example", email_verified=True),
        said(
            "a",
            earlier=(SourceRevision("", "First words", AT),),
            edited_at=AT + timedelta(minutes=3),
            respect=5,
            featured_at=AT + timedelta(hours=1),
        ),
        said("b", parent="a", by=BO, minutes=5),
        SourceReaction("a", BO, AT + timedelta(minutes=6)),
        SourceReaction("a", ADA, AT),
        SourceReaction("gone", ADA, AT),
        SourceReport("r1", "b", ADA, "offensive", "He is rude.", AT + timedelta(minutes=7)),
        SourceDecision("d1", "b", "mo", SourceOutcome.KEPT, "", "Fine.", AT + timedelta(hours=1)),
        SourceSanction(
            "x1", BO, SanctionKind.SUSPENSION, AT, datetime(2100, 1, 1, tzinfo=UTC), "Rude.", "mo"
        ),
        SourceSanction(
            "x2", BO, SanctionKind.SUSPENSION, AT, AT + timedelta(days=3), "Rude.", "mo"
        ),
        SourceNote("n1", BO, "mo", "Keep an eye on him.", AT + timedelta(hours=2)),
    ]
