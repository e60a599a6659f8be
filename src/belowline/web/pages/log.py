"""The public moderation log: what was decided at a site, under which rule, and how it came up."""

from __future__ import annotations

from litestar import Response

from belowline.core.terms import Outcome, SanctionKind, Source
from belowline.core.text import Known, Text
from belowline.transparency.log import LogLine, public_log
from belowline.web.auth import Visitor
from belowline.web.pages.frame import public_page
from belowline.web.pages.words import BY, LOGGED, SANCTIONS, SOURCES
from belowline.web.payloads import Before

PAGE = 50


def moderation_log(visitor: Visitor, before: Before = None) -> Response[bytes]:
    """Show a page of the log, newest first."""
    house = visitor.house
    with house.db.read() as conn:
        lines = public_log(
            conn,
            visitor.at.id,
            until=house.db.clock() - house.settings.undo_for,
            before=before,
            limit=PAGE + 1,
        )
    return public_page(
        visitor,
        "pages/log.html",
        lines=[(line, *_in_words(line)) for line in lines[:PAGE]],
        older=lines[PAGE - 1].seq if len(lines) > PAGE else None,
        first_page=before is None,
        by=BY,
    )


def _in_words(line: LogLine) -> tuple[str, str]:
    """Return what a line says, and how the matter came up."""
    outcome = line.outcome
    if line.code in {"sanction_imposed", "sanction_lifted"} and line.sanction is not None:
        pattern = LOGGED.get(f"{line.code}.{outcome}", LOGGED[line.code])
        what: str = Text(pattern, sanction=Known(SANCTIONS[SanctionKind(line.sanction)]))
    else:
        what = LOGGED.get(f"{line.code}.{outcome}", LOGGED.get(line.code, ""))
    machine = line.automated and outcome in {Outcome.HOLD, Outcome.REFUSE}
    came_up = "" if machine or line.source is None else SOURCES[Source(line.source)]
    return what, came_up
