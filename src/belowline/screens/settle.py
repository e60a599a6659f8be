"""Turns the verdicts into what happens to the comment, in an order of caution anybody can check."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import assert_never

from belowline.core.terms import (
    CommentStatus,
    Finding,
    RuleKey,
    ScreenName,
    StoryMode,
    Verdict,
)
from belowline.screens.model import gravity

_SCREEN_ORDER = tuple(ScreenName)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of a comment, and why.

    ``code`` is the deciding reason and ``verdict`` the deciding verdict, if one decided;
    ``reasons`` are the codes of everything that spoke against publishing, strictest first. ``rule``
    is always set when the comment is refused.
    """

    status: CommentStatus
    rule: RuleKey | None
    code: str
    verdict: Verdict | None
    reasons: tuple[str, ...]

    def __post_init__(self) -> None:
        """Make a refusal without a rule unwritable."""
        if self.status is CommentStatus.REFUSED and self.rule is None:
            raise ValueError("a refused comment cites a rule")


def settle(
    verdicts: Collection[Verdict], *, mode: StoryMode, held_by_sanction: bool, is_staff: bool
) -> Settlement:
    """Say whether a comment is published, held for a person or refused.

    1. If any screen refuses, the comment is refused under the gravest rule that was broken.
    2. Otherwise, if any screen could not run, it is held: nothing is published unseen.
    3. Otherwise, if any screen holds, it is held under the gravest rule.
    4. Otherwise it is held if the author's comments are held by a sanction, if the story holds
       comments first (which does not hold staff), or if the story has closed meanwhile.
    5. Otherwise it is published.

    The order in which the verdicts come makes no difference. Staff get no other favour here.
    """
    against = sorted(
        (verdict for verdict in verdicts if verdict.finding is not Finding.PASS), key=_strictness
    )
    circumstances = _circumstances(mode, held_by_sanction=held_by_sanction, is_staff=is_staff)
    codes = (*(verdict.code for verdict in against), *circumstances)
    reasons = tuple(dict.fromkeys(codes))
    if against:
        worst = against[0]
        is_refused = worst.finding is Finding.REFUSE
        status = CommentStatus.REFUSED if is_refused else CommentStatus.HELD
        return Settlement(status, worst.rule, worst.code, worst, reasons)
    if circumstances:
        return Settlement(CommentStatus.HELD, None, circumstances[0], None, reasons)
    return Settlement(CommentStatus.PUBLISHED, None, "clean", None, ())


def _circumstances(mode: StoryMode, *, held_by_sanction: bool, is_staff: bool) -> tuple[str, ...]:
    sanction = ("own_comments_held",) if held_by_sanction else ()
    match mode:
        case StoryMode.OPEN:
            return sanction
        case StoryMode.HOLD_FIRST:
            return sanction if is_staff else (*sanction, "story_holds_first")
        case StoryMode.CLOSED | StoryMode.SUSPENDED:
            return (*sanction, "story_closed")
        case _:
            assert_never(mode)


def _rank(finding: Finding) -> int:
    match finding:
        case Finding.REFUSE:
            return 0
        case Finding.UNAVAILABLE:
            return 1
        case Finding.HOLD:
            return 2
        case Finding.PASS:
            return 3
        case _:
            assert_never(finding)


def _strictness(verdict: Verdict) -> tuple[int, tuple[int, str], int, str, str]:
    # The last two parts only make the result independent of the order of the verdicts.
    rest = f"{verdict.passages} {sorted(verdict.detail.items(), key=str)}"
    screen = _SCREEN_ORDER.index(verdict.screen)
    return (_rank(verdict.finding), gravity(verdict.rule), screen, verdict.code, rest)
