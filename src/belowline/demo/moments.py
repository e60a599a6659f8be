"""The moments of one thread of the demo newspaper: when each thing about a comment came to pass.

Pure. A moment that the TOML file does not give lies between its cause and what follows from it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from belowline.core.terms import Outcome
from belowline.demo.parts import CommentPart, StoryPart

READ_FOR = timedelta(hours=16)
"""How long after it appeared a comment still gathers respect."""
MINUTE = timedelta(minutes=1)


def between(start: datetime, wanted: timedelta, end: datetime) -> datetime:
    """Return ``wanted`` after ``start``, or half the way to ``end`` if that comes earlier."""
    return min(start + wanted, start + (end - start) / 2)


@dataclass(frozen=True, slots=True)
class Moments:
    """One story's thread, and ``end``, after which nothing has happened yet."""

    story: StoryPart
    thread: Sequence[CommentPart]
    end: datetime

    @property
    def published_at(self) -> datetime:
        """When the story appeared."""
        return self.end - timedelta(hours=self.story.published_hours_ago)

    def after_publication(self, minutes: int) -> datetime:
        """Return the moment so many minutes after the story appeared."""
        return self.published_at + minutes * MINUTE

    def written_at(self, comment: CommentPart) -> datetime:
        """Return when the comment was sent."""
        return self.after_publication(comment.minutes)

    def replied_at(self, comment: CommentPart) -> list[datetime]:
        """Return when its direct replies were sent, oldest first."""
        return [self.written_at(one) for one in self.thread if one.reply_to == comment.key]

    def reported_at(self, comment: CommentPart) -> list[datetime]:
        """Return when each of its reports came, in their order."""
        found: list[datetime] = []
        last = self.written_at(comment)
        for _ in comment.reports:
            last = between(last, (5 + _spread(comment.key, 14)) * MINUTE, self.end)
            found.append(last)
        return found

    def decided_at(self, comment: CommentPart) -> datetime:
        """Return when it was decided: after the reports, and around the replies as it must be.

        A reply needs a comment that is there: what was held is published before its first one, and
        what is removed is removed after its last one.
        """
        delay = (6 + _spread(comment.key, 30)) * MINUTE
        last_report = max([self.written_at(comment), *self.reported_at(comment)])
        replies = self.replied_at(comment)
        decided = comment.decision
        if decided is not None and decided.outcome is Outcome.PUBLISH:
            return between(last_report, delay, min([self.end, *replies]))
        if decided is not None and decided.outcome is Outcome.REMOVE:
            return between(max([last_report, *replies]), delay, self.end)
        return between(last_report, delay, self.end)

    def readable(self, comment: CommentPart) -> tuple[datetime, datetime]:
        """Return from when to when readers could respect it."""
        start, end = self.written_at(comment), self.end
        match comment.decision:
            case None:
                if comment.withdrawn:
                    end = between(start, 2 * MINUTE, self.end)
            case decided if decided.outcome is Outcome.PUBLISH:
                start = self.decided_at(comment)
            case decided if decided.outcome is Outcome.REMOVE:
                end = self.decided_at(comment)
        return start, min(end, start + READ_FOR)


def _spread(key: str, width: int) -> int:
    """Return a number below ``width`` that belongs to the key, so that delays look human."""
    return zlib.crc32(key.encode()) % width
