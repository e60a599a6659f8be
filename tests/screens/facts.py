"""Facts for the screens' tests: an established reader on a quiet day, changed where a test says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from belowline.core.terms import Passage, StoryId
from belowline.screens.model import RecentComment, ScreenFacts, ScreenSettings

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def make_facts(
    *,
    published: int = 50,
    recent: tuple[RecentComment, ...] = (),
    others: tuple[str, ...] = (),
    is_staff: bool = False,
    settings: ScreenSettings | None = None,
) -> ScreenFacts:
    return ScreenFacts(
        now=NOW,
        author_published_count=published,
        recent=recent,
        recent_by_others=others,
        is_staff=is_staff,
        settings=settings or ScreenSettings(),
    )


def sent(text: str, *, ago: timedelta) -> RecentComment:
    return RecentComment(text, NOW - ago, StoryId(1))


def cut(text: str, passages: tuple[Passage, ...]) -> list[str]:
    return [text[passage.start : passage.end] for passage in passages]
