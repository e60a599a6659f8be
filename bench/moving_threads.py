"""Threads as a title has them after ten years, made up: for measuring how they come in.

Most stories have a few comments and some have thousands; half of all comments are replies, most of
them to what was written a little before; a few people write most of it. Three in four texts are
plain sentences, the others have links, quotes or emphasis. Everything follows from one number, so
the same call yields the same records.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from belowline.core.terms import Role, SanctionKind
from belowline.transfer.codes import Hide, ImportStatus
from belowline.transfer.shape import (
    Record,
    SourceAccount,
    SourceAuthor,
    SourceComment,
    SourceReaction,
    SourceReport,
    SourceRevision,
    SourceSanction,
    SourceStory,
)

# ruff: noqa: SIM905 - prose is easier to read as prose

BEGIN = datetime(2015, 1, 1, tzinfo=UTC)
WORDS = (
    "the council has said that it will look at the bridge again before winter and nobody "
    "believes a word of it because they said so last year too when the money was there "
    "people who live on the other side wait for an hour each morning while buses stand in the mud "
    "perhaps somebody should ask who signed the contract and what became of the second offer"
).split()
HIDDEN = (
    (0.92, ImportStatus.PUBLISHED, None),
    (0.95, ImportStatus.REMOVED, Hide.TRASHED),
    (0.97, ImportStatus.DELETED, Hide.DELETED),
    (0.98, ImportStatus.HIDDEN, Hide.STORY_NOT_PUBLIC),
    (1.00, ImportStatus.PUBLISHED, None),
)


@cache
def make_texts(seed: int) -> list[str]:
    """Return what is said, again and again; made before anything is measured."""
    chance = random.Random(seed)
    return [_text(chance) for _ in range(20_000)]


def make_records(comments: int, *, seed: int = 1, held: int = 0) -> Iterator[Record]:
    """Yield so many comments with their stories, accounts and what else a source has.

    ``held`` of them wait for a moderator.
    """
    chance = random.Random(seed)
    people = max(10, comments // 25)
    yield from _accounts(people, chance)
    made = story = 0
    while made < comments:
        story += 1
        size = min(int(chance.paretovariate(0.9) * 8), 20_000, comments - made)
        begins = BEGIN + timedelta(minutes=story * 5_000_000 / comments)
        address = f"https://www.old-paper.example/{begins:%Y/%m}/story-{story}"
        yield SourceStory(
            f"s{story}", address, f"Story {story}", None, begins, open=story % 3 > 0, visible=True
        )
        yield from _thread(story, made, size, (begins, people, held), chance)
        made += size


def _accounts(people: int, chance: random.Random) -> Iterator[Record]:
    for number in range(people):
        yield SourceAccount(
            f"a{number}",
            f"{chance.choice(('Ada', 'Bo', 'Cem', 'Dot', 'Eve', 'Flo'))} {number}",
            f"reader{number}@mail.example",
            email_verified=number % 2 == 0,
            created_at=BEGIN + timedelta(hours=number % 50_000),
            role=Role.MODERATOR if number == 3 else None,
        )
    for number in range(0, people, 200):
        yield SourceSanction(
            f"b{number}",
            f"a{number}",
            SanctionKind.SUSPENSION,
            BEGIN + timedelta(days=number % 3000),
            BEGIN + timedelta(days=number % 3000 + 7),
            "Kept insulting others.",
        )


def _thread(
    story: int, before: int, size: int, about: tuple[datetime, int, int], chance: random.Random
) -> Iterator[Record]:
    begins, people, held = about
    texts = make_texts(1)
    at = begins
    for place in range(size):
        number = before + place
        at += timedelta(seconds=chance.expovariate(1 / 300))
        parent = None
        if place and chance.random() < 0.5:
            parent = max(0, place - 1 - int(chance.expovariate(1 / 12)))
        # A few write most of it.
        author = int(people * chance.random() ** 3)
        status, why = _status(chance.random())
        if number < held:
            status, why = ImportStatus.HELD, Hide.PENDING
        text = "" if status is ImportStatus.DELETED else texts[int(chance.random() * 20_000)]
        earlier = ()
        if text and chance.random() < 0.02:
            earlier = (SourceRevision("", _text(chance), at),)
        yield SourceComment(
            f"c{number}",
            f"s{story}",
            f"c{before + parent}" if parent is not None else None,
            SourceAuthor(f"a{author}", f"Reader {author}", None),
            text,
            text,
            at,
            status,
            why,
            earlier,
            at + timedelta(minutes=2) if earlier else None,
            respect=int(chance.paretovariate(1)) - 1,
        )
        if chance.random() < 0.02:
            yield SourceReaction(f"c{number}", f"a{(author + 1) % people}", at)
        if chance.random() < 0.01:
            yield SourceReport(
                f"r{number}", f"c{number}", f"a{(author + 2) % people}", "offensive", "No.", at
            )


def _status(drawn: float) -> tuple[ImportStatus, Hide | None]:
    return next((status, why) for until, status, why in HIDDEN if drawn < until)


def _text(chance: random.Random) -> str:
    kind = chance.random()
    sentences = []
    for _ in range(1 + int(chance.expovariate(1 / 2.5))):
        length = 4 + int(chance.random() * 14)
        start = int(chance.random() * (len(WORDS) - length))
        sentences.append(" ".join(WORDS[start : start + length]).capitalize() + ".")
    text = " ".join(sentences)
    if kind < 0.15:
        # Nearly every text that a phone has corrected.
        return text.replace(" a ", " “a” ", 1) + " It’s true – for now…"
    if kind < 0.20:
        return f"{text}\n\n{text[:80]}"
    if kind < 0.30:
        return f"{text} https://www.old-paper.example/archive/{int(kind * 1e6)}"
    if kind < 0.36:
        return f"> {text[:90]}\n\n{text}"
    if kind < 0.40:
        return f"*{text[:20].strip()}* {text} **{text[-20:].strip()}**"
    return text
