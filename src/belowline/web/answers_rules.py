"""What the JSON API gives about rules and their use: the rulebook, the ladder, the public log."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from belowline.web.answers import RuleOut


class RuleFull(Struct, frozen=True):
    """A rule as it is published. What it says to moderators is not part of it."""

    key: str
    title: str
    text: str
    severity: int
    """From 1, a nuisance, to 4, a danger."""
    eu_category: str


class RuleChangeOut(Struct, frozen=True):
    """One rule that a version changed for readers; null where it was or is not there."""

    kind: str
    """added, dropped or changed."""
    before: RuleFull | None
    after: RuleFull | None


class RulebookChanges(Struct, frozen=True):
    """What one version of the rules changed for readers against an earlier one."""

    site: str
    version: int
    since: int
    intro_changed: bool
    changed: list[RuleChangeOut]


class LadderStep(Struct, frozen=True):
    """A step of the published ladder."""

    kind: str | None
    title: str
    what_it_means: str
    when_it_comes: str
    lasts: str
    how_it_ends: str


class RulebookOut(Struct, frozen=True):
    """A published version of the rules."""

    site: str
    version: int
    is_current: bool
    published_at: datetime | None
    intro: str
    rules: list[RuleFull]
    ladder: list[LadderStep]
    versions: list[int]


class LogLineOut(Struct, frozen=True):
    """One line of the public moderation log."""

    seq: int
    at: datetime
    code: str
    outcome: str
    rule: RuleOut | None
    rulebook_version: int | None
    story: str | None
    story_title: str | None
    automated: bool
    source: str | None
    by: str
    sanction: str | None


class LogOut(Struct, frozen=True):
    """A page of the log, newest first; ``before`` is where the next page begins."""

    lines: list[LogLineOut]
    before: int | None
