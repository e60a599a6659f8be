"""Appealing against a decision about oneself, as JSON."""

from __future__ import annotations

from belowline.actions import appeals as actions
from belowline.core.terms import DecisionId
from belowline.web.answers import AppealOut
from belowline.web.auth import Visitor
from belowline.web.embed.standing import answer_appeal
from belowline.web.payloads import AppealIn


def file_appeal(visitor: Visitor, decision: int, data: AppealIn) -> AppealOut:
    """Appeal against a decision about me, once; somebody else than who decided will read it."""
    filed = actions.file_appeal(
        visitor.house.db,
        DecisionId(decision),
        site_id=visitor.at.id,
        by=visitor.reader_id,
        text=data.text,
    )
    return answer_appeal(filed)
