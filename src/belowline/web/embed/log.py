"""The public moderation log for machines."""

from __future__ import annotations

from belowline.transparency.log import LogLine, public_log
from belowline.web.answers import RuleOut
from belowline.web.answers_rules import LogLineOut, LogOut
from belowline.web.auth import Visitor
from belowline.web.payloads import Before

PAGE = 50


def moderation_log(visitor: Visitor, before: Before = None) -> LogOut:
    """Return a page of what was decided, newest first; decisions that can be undone come later."""
    house = visitor.house
    with house.db.read() as conn:
        until = house.db.clock() - house.settings.undo_for
        lines = public_log(conn, visitor.at.id, until=until, before=before, limit=PAGE)
    return LogOut([_out(line) for line in lines], lines[-1].seq if len(lines) == PAGE else None)


def _out(line: LogLine) -> LogLineOut:
    return LogLineOut(
        seq=line.seq,
        at=line.at,
        code=line.code,
        outcome=line.outcome,
        rule=RuleOut(line.rule_key, line.rule_title or line.rule_key) if line.rule_key else None,
        rulebook_version=line.rulebook_version,
        story=line.story_key,
        story_title=line.story_title,
        automated=line.automated,
        source=line.source,
        by=line.by,
        sanction=line.sanction,
    )
