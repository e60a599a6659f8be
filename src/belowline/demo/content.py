"""The invented newspaper of the demo as typed values, read from the TOML files in ``content/``.

``newspaper.toml`` holds the site, its staff, its readers and its stories; ``threads/`` holds one
file a story; ``desk.toml`` holds what else the desk has to see to. A reference that leads nowhere,
or a state that Belowline could not come to (an appeal without a removal, a reply older than its
parent), is a ``ValueError`` that names the key. Nothing here touches a database: seeding the demo
is its neighbours' work.
"""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterable, Iterator
from dataclasses import fields
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

from belowline.core.terms import Outcome, SanctionKind
from belowline.demo.desk_parts import read_acts, wrong_acts
from belowline.demo.parts import (
    AppealDecisionPart,
    AppealPart,
    CommentPart,
    DecisionPart,
    EditPart,
    FeaturePart,
    Newspaper,
    ReaderPart,
    ReportPart,
    SanctionPart,
    SitePart,
    StaffPart,
    StoryPart,
)
from belowline.rules.default import DEFAULT_RULES

__all__ = [
    "AppealDecisionPart",
    "AppealPart",
    "CommentPart",
    "DecisionPart",
    "EditPart",
    "FeaturePart",
    "Newspaper",
    "ReaderPart",
    "ReportPart",
    "SanctionPart",
    "SitePart",
    "StaffPart",
    "StoryPart",
    "check",
    "load_content",
]

_Part = TypeVar("_Part")
_MINUTES_A_DAY = 24 * 60


def load_content() -> Newspaper:
    """Read the demo newspaper and check it.

    Raises ``ValueError`` naming the story, reader or comment whose part does not fit.
    """
    root = resources.files("belowline") / "demo" / "content"
    table = _toml(root / "newspaper.toml")
    stories = _parts(table, "stories", StoryPart)
    newspaper = Newspaper(
        site=_part(msgspec.convert(table["site"], dict[str, object]), SitePart),
        staff=_parts(table, "staff", StaffPart),
        readers=_parts(table, "readers", ReaderPart),
        stories=stories,
        threads={story.key: _thread(root / "threads" / f"{story.key}.toml") for story in stories},
        desk=read_acts(_toml(root / "desk.toml")),
    )
    check(newspaper)
    return newspaper


def check(newspaper: Newspaper) -> None:
    """Raise ``ValueError`` naming the first key whose references or state do not fit."""
    joined = {reader.key: reader.joined_days_ago for reader in newspaper.readers}
    staff = {person.key for person in newspaper.staff}
    comments = [comment for thread in newspaper.threads.values() for comment in thread]
    _once([*joined, *(person.key for person in newspaper.staff)], "person")
    _once([person.email for person in newspaper.staff], "e-mail")
    _once([reader.email for reader in newspaper.readers], "e-mail")
    _once([story.key for story in newspaper.stories], "story")
    _once([comment.key for comment in comments], "comment")
    for comment in comments:
        for fault in (*_wrong_names(comment, joined, staff), *_wrong_state(comment)):
            raise ValueError(f"comment {comment.key}: {fault}")
    for story in newspaper.stories:
        _check_order(newspaper.threads[story.key], story, joined)
    ages = {story.key: float(story.published_hours_ago) for story in newspaper.stories}
    for fault in wrong_acts(
        newspaper.desk,
        staff=staff,
        readers=set(joined),
        stories=ages,
        comments={
            comment.key: ages[key] - comment.minutes / 60
            for key, thread in newspaper.threads.items()
            for comment in thread
        },
    ):
        raise ValueError(fault)


def _wrong_names(
    comment: CommentPart, readers: Container[str], staff: Container[str]
) -> Iterator[str]:
    """Say which of the people and rules that a comment names do not exist or may not do this."""
    rules = {str(rule.key) for rule in DEFAULT_RULES}
    if comment.by not in readers and comment.by not in staff:
        yield f"nobody is called {comment.by!r}"
    admirers = comment.respect if isinstance(comment.respect, tuple) else ()
    for name in (*admirers, *(report.by for report in comment.reports)):
        if name == comment.by:
            yield f"{name!r} cannot respect or report an own comment"
        if name not in readers and name not in staff:
            yield f"nobody is called {name!r}"
    decided, appeal = comment.decision, comment.appeal
    answer = appeal.decision if appeal is not None else None
    for part in (decided, comment.featured, answer):
        if part is not None and (part.by not in staff or part.by == comment.by):
            yield f"{part.by!r} is not another member of staff"
    for rule in (*(report.rule for report in comment.reports), decided and decided.rule):
        if rule is not None and rule not in rules:
            yield f"no rule is called {rule!r}"


def _wrong_state(comment: CommentPart) -> Iterator[str]:
    """Say what about a comment's fate could not have come about."""
    removed = comment.decision is not None and comment.decision.outcome is Outcome.REMOVE
    waited = comment.held or comment.expect is not None
    if comment.decision is not None:
        yield from _wrong_decision(comment, comment.decision, waited=waited)
    if comment.reports and waited:
        yield "a comment that nobody saw cannot be reported"
    if (comment.sanction or comment.appeal) and not removed:
        yield "a sanction or an appeal follows a removal"
    if comment.featured and (removed or waited or comment.withdrawn):
        yield "only a comment that can be read is featured"
    if comment.edited and comment.edited.minutes <= comment.minutes:
        yield "an edit comes after the comment"


def _wrong_decision(comment: CommentPart, decided: DecisionPart, *, waited: bool) -> Iterator[str]:
    """Say what about a decision, its sanction and its appeal could not have come about."""
    if decided.outcome not in {Outcome.REMOVE, Outcome.KEEP, Outcome.PUBLISH}:
        yield "staff remove, keep or publish"
    if (decided.rule is not None) is not (decided.outcome is Outcome.REMOVE):
        yield "a decision names a rule exactly when it removes"
    if decided.outcome is Outcome.KEEP and not comment.reports:
        yield "keeping answers a report, and there is none"
    if decided.outcome is Outcome.PUBLISH and not waited:
        yield "only a comment that was held can be published by a decision"
    match comment.sanction:
        case SanctionPart(kind=SanctionKind.SUSPENSION, days=None):
            yield "a suspension lasts a number of days"
    match comment.appeal:
        case AppealPart(decision=AppealDecisionPart(by=by)) if by == decided.by:
            yield "an appeal is decided by somebody else"


def _check_order(thread: tuple[CommentPart, ...], story: StoryPart, joined: dict[str, int]) -> None:
    """Refuse comments from the future, from before their author joined, or before their parent."""
    since_publication = story.published_hours_ago * 60
    earlier: set[str] = set()
    latest = 0
    for comment in thread:
        end = comment.edited.minutes if comment.edited else comment.minutes
        age = since_publication - comment.minutes
        if comment.reply_to is not None and comment.reply_to not in earlier:
            raise ValueError(f"comment {comment.key}: no earlier comment {comment.reply_to!r}")
        if comment.minutes < latest:
            raise ValueError(f"comment {comment.key}: it is older than the one before it")
        if end >= since_publication:
            raise ValueError(f"comment {comment.key}: it comes from the future")
        if comment.by in joined and age >= joined[comment.by] * _MINUTES_A_DAY:
            raise ValueError(f"comment {comment.key}: {comment.by!r} had not joined yet")
        earlier.add(comment.key)
        latest = comment.minutes


def _once(keys: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"{what} {key!r} is there twice")
        seen.add(key)


def _thread(file: Traversable) -> tuple[CommentPart, ...]:
    """Read one story's comments. In TOML a report is ``[[comment.report]]``, one at a time."""
    rows = _rows(_toml(file), "comment")
    for row in rows:
        row["reports"] = row.pop("report", [])
    return tuple(_part(row, CommentPart) for row in rows)


def _parts(table: dict[str, object], name: str, kind: type[_Part]) -> tuple[_Part, ...]:
    return tuple(_part(row, kind) for row in _rows(table, name))


def _rows(table: dict[str, object], name: str) -> list[dict[str, object]]:
    """Return the tables of the array ``[[name]]``."""
    try:
        return msgspec.convert(table.get(name), list[dict[str, object]])
    except msgspec.ValidationError as error:
        raise ValueError(f"[[{name}]]: {error}") from error


def _part(row: dict[str, object], kind: type[_Part]) -> _Part:
    """Turn one table into its part; a misspelt or mistyped value names the table's key."""
    if unknown := row.keys() - {field.name for field in fields(kind)}:  # type: ignore[arg-type]
        raise ValueError(f"{row.get('key')}: unknown {', '.join(sorted(unknown))}")
    try:
        return msgspec.convert(row, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"{row.get('key')}: {error}") from error


def _toml(file: Traversable) -> dict[str, object]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
