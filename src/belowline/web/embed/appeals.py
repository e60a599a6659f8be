"""Appealing as JSON: against a decision about oneself, and where one was told that it stays."""

from __future__ import annotations

from belowline.actions import appeals as actions
from belowline.actions import hearings
from belowline.core.terms import DecisionId, ReportId
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


def ask_again(visitor: Visitor, report: int, data: AppealIn) -> AppealOut:
    """Ask for another look at a comment that I had reported and that stays, once a decision."""
    filed = hearings.ask_again(
        visitor.house.db,
        ReportId(report),
        site_id=visitor.at.id,
        by=hearings.Asker(visitor.reader_id, visitor.network_hash),
        text=data.text,
    )
    return answer_appeal(filed)
