"""When everything in the demo newspaper happens: its parts as one list of steps, oldest first.

Pure and without chance: the same newspaper and the same moment give the same list. What the TOML
files leave open (how long a report took, when it was decided, who respected what) is settled here,
so that nothing happens before its cause or after the present. ``seed`` performs the steps.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from belowline.core.terms import StoryMode
from belowline.demo.desk_parts import DeskAct
from belowline.demo.moments import Moments, between
from belowline.demo.parts import (
    CommentPart,
    Newspaper,
    ReaderPart,
    ReportPart,
    StaffPart,
    StoryPart,
)

SITE_AGE = timedelta(days=2500)
CLOSES_AFTER = timedelta(days=4)
JUST_NOW = timedelta(minutes=3)
"""Nothing happens later than this before the present, so that undo windows are over."""
MINUTE = timedelta(minutes=1)
EDITOR = "callum"
"""Who opens and closes stories."""


@dataclass(frozen=True, slots=True)
class Join:
    reader: ReaderPart | StaffPart


@dataclass(frozen=True, slots=True)
class OpenStory:
    story: StoryPart


@dataclass(frozen=True, slots=True)
class PinQuestion:
    story: StoryPart


@dataclass(frozen=True, slots=True)
class SetMode:
    story: StoryPart


@dataclass(frozen=True, slots=True)
class Write:
    story: StoryPart
    comment: CommentPart


@dataclass(frozen=True, slots=True)
class Edit:
    comment: CommentPart


@dataclass(frozen=True, slots=True)
class Withdraw:
    comment: CommentPart


@dataclass(frozen=True, slots=True)
class Respect:
    comment: CommentPart
    by: str


@dataclass(frozen=True, slots=True)
class Report:
    comment: CommentPart
    report: ReportPart


@dataclass(frozen=True, slots=True)
class Decide:
    comment: CommentPart


@dataclass(frozen=True, slots=True)
class Impose:
    comment: CommentPart


@dataclass(frozen=True, slots=True)
class Acknowledge:
    comment: CommentPart


@dataclass(frozen=True, slots=True)
class Appeal:
    comment: CommentPart


@dataclass(frozen=True, slots=True)
class AnswerAppeal:
    comment: CommentPart


@dataclass(frozen=True, slots=True)
class Feature:
    comment: CommentPart


@dataclass(frozen=True, slots=True)
class DeskWork:
    act: DeskAct


Act = (
    Join
    | OpenStory
    | PinQuestion
    | SetMode
    | Write
    | Edit
    | Withdraw
    | Respect
    | Report
    | Decide
    | Impose
    | Acknowledge
    | Appeal
    | AnswerAppeal
    | Feature
    | DeskWork
)


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One act at its moment; ``number`` keeps the order of what happens at the same time."""

    at: datetime
    number: int
    act: Act = field(compare=False)


def make_schedule(newspaper: Newspaper, *, now: datetime) -> list[Step]:
    """Return all that happens in the newspaper up to ``now``, oldest first."""
    found = [*_people(newspaper, now)]
    crowd = _crowd(newspaper)
    for story in newspaper.stories:
        thread = newspaper.threads[story.key]
        moments = Moments(story, thread, end=now - JUST_NOW)
        acts = [pair for comment in thread for pair in _life(comment, story, moments)]
        found.append((moments.published_at, OpenStory(story)))
        if story.question:
            found.append((moments.published_at, PinQuestion(story)))
        found += acts
        until = moments.end
        match story.mode:
            case StoryMode.OPEN:
                pass
            case StoryMode.HOLD_FIRST:
                found.append((moments.published_at, SetMode(story)))
            case StoryMode.CLOSED | StoryMode.SUSPENDED:
                until = _changed_at(story, max(at for at, _ in acts), moments)
                found.append((until, SetMode(story)))
        for comment in thread:
            found += _respects(comment, crowd, moments, until=until)
    for work in newspaper.desk:
        found.append((now - timedelta(hours=work.hours_ago), DeskWork(work)))
    return sorted(Step(at, number, act) for number, (at, act) in enumerate(found))


def _people(newspaper: Newspaper, now: datetime) -> Iterator[tuple[datetime, Act]]:
    for person in newspaper.staff:
        yield now - SITE_AGE, Join(person)
    for reader in newspaper.readers:
        yield now - timedelta(days=reader.joined_days_ago), Join(reader)


def _life(
    comment: CommentPart, story: StoryPart, moments: Moments
) -> Iterator[tuple[datetime, Act]]:
    """Give what happens with one comment, from being written to the answer to an appeal."""
    written = moments.written_at(comment)
    yield written, Write(story, comment)
    if comment.edited is not None:
        yield moments.after_publication(comment.edited.minutes), Edit(comment)
    for at, report in zip(moments.reported_at(comment), comment.reports, strict=True):
        yield at, Report(comment, report)
    if comment.featured is not None:
        yield between(written, 95 * MINUTE, moments.end), Feature(comment)
    if comment.withdrawn:
        start = max([written, *moments.replied_at(comment)])
        yield between(start, 4 * MINUTE, moments.end), Withdraw(comment)
    if comment.decision is not None:
        yield moments.decided_at(comment), Decide(comment)
        yield from _after_decision(comment, moments)


def _after_decision(comment: CommentPart, moments: Moments) -> Iterator[tuple[datetime, Act]]:
    decided = moments.decided_at(comment)
    if comment.sanction is not None:
        imposed = between(decided, MINUTE, moments.end)
        yield imposed, Impose(comment)
        if comment.sanction.acknowledged:
            yield between(imposed, 40 * MINUTE, moments.end), Acknowledge(comment)
    if comment.appeal is not None:
        filed = between(decided, 95 * MINUTE, moments.end)
        yield filed, Appeal(comment)
        if comment.appeal.decision is not None:
            yield between(filed, 260 * MINUTE, moments.end), AnswerAppeal(comment)


def _changed_at(story: StoryPart, last: datetime, moments: Moments) -> datetime:
    wanted = moments.published_at + CLOSES_AFTER
    if story.mode is StoryMode.CLOSED and last < wanted < moments.end:
        return wanted
    return between(last, 10 * MINUTE, moments.end)


def _crowd(newspaper: Newspaper) -> tuple[ReaderPart, ...]:
    """Return the readers who may respect anything: whoever was sanctioned may not at some time."""
    sanctioned = {
        comment.by
        for thread in newspaper.threads.values()
        for comment in thread
        if comment.sanction is not None
    }
    return tuple(reader for reader in newspaper.readers if reader.key not in sanctioned)


def _respects(
    comment: CommentPart, crowd: Sequence[ReaderPart], moments: Moments, *, until: datetime
) -> Iterator[tuple[datetime, Act]]:
    """Give the readers who respected a comment, spread over the time in which they could."""
    start, end = moments.readable(comment)
    end = min(end, until)
    chance = random.Random(comment.key)
    if isinstance(comment.respect, tuple):
        who = list(comment.respect)
    else:
        age = moments.story.published_hours_ago / 24
        fitting = [one.key for one in crowd if one.joined_days_ago > age and one.key != comment.by]
        who = chance.sample(fitting, comment.respect)
    for by in who:
        # Squared, because most readers come soon after a comment was written.
        yield start + (end - start) * (0.02 + 0.9 * chance.random() ** 2), Respect(comment, by)
