"""What the demo newspaper is made of, as the TOML files in ``content/`` spell it.

People, stories and comments name each other by keys. ``content`` reads and checks them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from belowline.core.terms import Outcome, Role, SanctionKind, StoryMode
from belowline.demo.desk_parts import DeskAct


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePart:
    key: str
    name: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPart:
    key: str
    name: str
    email: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPart:
    key: str
    name: str
    email: str
    joined_days_ago: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPart:
    """A story and the mode it is in at the end: its comments were written before that."""

    key: str
    title: str
    section: str
    url: str
    author_name: str
    standfirst: str
    body: tuple[str, ...]
    published_hours_ago: int
    mode: StoryMode
    mode_reason: str
    question: str = ""
    """What the desk asks above the thread, from the first moment on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPart:
    """The text that replaced the first one. ``minutes`` counts from the story's publication."""

    minutes: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturePart:
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    by: str
    rule: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPart:
    """What a member of staff decided: to remove, keep or publish. ``rule`` is set if it went."""

    by: str
    outcome: Outcome
    reason: str
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionPart:
    """Imposed by the decision's ``by``. ``days`` is None where the ladder's own term applies."""

    kind: SanctionKind
    reason: str
    days: int | None = None
    acknowledged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecisionPart:
    by: str
    outcome: Literal["uphold", "reject"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealPart:
    """An appeal against the comment's removal; it waits while ``decision`` is None."""

    text: str
    decision: AppealDecisionPart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPart:
    """One comment and everything that became of it.

    ``minutes`` counts from the story's publication. ``respect`` is how many readers reacted, or
    which. ``held`` says that it had to wait for a moderator, ``expect`` that a screen catches it.
    """

    key: str
    by: str
    minutes: int
    text: str
    reply_to: str | None = None
    respect: int | tuple[str, ...] = 0
    held: bool = False
    expect: Literal["held"] | None = None
    withdrawn: bool = False
    edited: EditPart | None = None
    featured: FeaturePart | None = None
    reports: tuple[ReportPart, ...] = ()
    decision: DecisionPart | None = None
    sanction: SanctionPart | None = None
    appeal: AppealPart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newspaper:
    site: SitePart
    staff: tuple[StaffPart, ...]
    readers: tuple[ReaderPart, ...]
    stories: tuple[StoryPart, ...]
    threads: dict[str, tuple[CommentPart, ...]]
    """By story key, oldest comment first, so that a parent always comes before its replies."""
    desk: tuple[DeskAct, ...] = ()
    """What the desk has to see to besides reports."""
