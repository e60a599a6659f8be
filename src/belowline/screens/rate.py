"""Whether the author sends more than a conversation needs."""

from __future__ import annotations

from datetime import timedelta

from belowline.core.terms import Finding, ScreenName, Verdict
from belowline.screens.model import DISRUPTION, Draft, ScreenFacts

_DAY = timedelta(days=1)

# Somebody in a heated exchange may go over the limit; three times over is a machine or a flood.
_CERTAIN = 3


def screen_rate(draft: Draft, facts: ScreenFacts) -> Verdict:
    """Hold what goes over the burst in the window; refuse three times that, or the daily limit.

    This draft counts as one. Edits are not new comments and pass, and so do staff.
    """
    if facts.is_staff:
        return Verdict(ScreenName.RATE, Finding.PASS, code="staff")
    if draft.is_edit:
        return Verdict(ScreenName.RATE, Finding.PASS, code="edit")
    settings = facts.settings
    in_window = 1 + _sent_within(settings.rate_window, facts)
    in_day = 1 + max(_sent_within(_DAY, facts), facts.author_count_last_day)
    if in_day > settings.rate_daily:
        return _too_many(Finding.REFUSE, "daily_limit", sent=in_day, limit=settings.rate_daily)
    if in_window > _CERTAIN * settings.rate_burst:
        return _too_many(Finding.REFUSE, "far_too_fast", sent=in_window, limit=settings.rate_burst)
    if in_window > settings.rate_burst:
        return _too_many(Finding.HOLD, "too_fast", sent=in_window, limit=settings.rate_burst)
    return Verdict(ScreenName.RATE, Finding.PASS)


def _sent_within(window: timedelta, facts: ScreenFacts) -> int:
    return sum(1 for comment in facts.recent if facts.now - comment.created_at < window)


def _too_many(finding: Finding, code: str, *, sent: int, limit: int) -> Verdict:
    return Verdict(
        ScreenName.RATE,
        finding,
        code=code,
        rule=DISRUPTION,
        detail={"sent": sent, "limit": limit},
    )
