"""Checking a draft before it is sent, for the embed to show once beside it."""

from __future__ import annotations

from belowline.actions.checking import Unsent, check_draft
from belowline.core.text import later
from belowline.web.answers import CheckOut, ShortRule
from belowline.web.auth import Visitor
from belowline.web.payloads import DraftToCheck

KINDLY = later(
    "This may go against one of the rules here. You can word it differently, or send it as it is; "
    "then a moderator may look at it first."
)


def check(visitor: Visitor, story: str, data: DraftToCheck) -> CheckOut:
    """Say which rule a draft is likely to break, if any. Nothing of the draft is kept."""
    house = visitor.house
    rule = check_draft(
        house.db,
        Unsent(visitor.at, story, data.text),
        by=visitor.reader_id,
        secret=house.settings.secret,
        classifier=house.classifier,
        beyond=house.beyond,
    )
    if rule is None:
        return CheckOut(None, None)
    return CheckOut(ShortRule(rule.key, rule.title, rule.text), visitor.language.say(KINDLY))
