"""Whether a draft is there at all, and neither too short nor too long.

The action turns these away as invalid input already; the screen stands behind it, for imports and
other ways in.
"""

from __future__ import annotations

from belowline.core.folding import visible_part
from belowline.core.terms import Finding, ScreenName, Verdict
from belowline.screens.model import DISRUPTION, Draft, ScreenFacts


def screen_length(draft: Draft, facts: ScreenFacts) -> Verdict:
    """Refuse a draft that is empty, shorter than the minimum or longer than the maximum.

    The minimum counts what can be seen, the maximum every character that is sent.
    """
    settings = facts.settings
    visible = len(visible_part(draft.text))
    if visible == 0:
        return _refused("empty", length=0, limit=settings.min_length)
    if visible < settings.min_length:
        return _refused("too_short", length=visible, limit=settings.min_length)
    if len(draft.text) > settings.max_length:
        return _refused("too_long", length=len(draft.text), limit=settings.max_length)
    return Verdict(ScreenName.LENGTH, Finding.PASS)


def _refused(code: str, *, length: int, limit: int) -> Verdict:
    return Verdict(
        ScreenName.LENGTH,
        Finding.REFUSE,
        code=code,
        rule=DISRUPTION,
        detail={"length": length, "limit": limit},
    )
