"""The console's quality page: how long cases wait, who decides how much, and what is reversed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from litestar import Response

from belowline.actions.statements import Days, read_days
from belowline.core.language import Language
from belowline.core.sheets import harmless
from belowline.core.terms import ReaderId, RuleKey, SiteId
from belowline.core.text import later
from belowline.readers.search import names_of
from belowline.rules import store as rules
from belowline.transparency.appeals import Answers
from belowline.transparency.quality import CONTEXT, Agreement, Line, Quality, quality_of
from belowline.transparency.recount import read_ledger
from belowline.transparency.spot_checks import Missed
from belowline.web.auth import Asking, Visitor
from belowline.web.console.charts import Chart, draw_bars, draw_columns
from belowline.web.console.desk import desk_page
from belowline.web.files import download

USUAL = timedelta(days=29)
NO_RULE_NAMED = later("No rule named")
COLUMNS = ("part", "key", "name", "day", "figure", "value", "of")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The figures of some days, with the names that go with their keys."""

    days: Days
    quality: Quality
    rules: Mapping[str, str]
    people: Mapping[str, str]


def quality(visitor: Visitor, since: str = "", until: str = "") -> Response[bytes]:
    """Show the figures of these days, each chart beside its table."""
    sheet = _read(visitor, since, until)
    found = sheet.quality
    say = visitor.language
    return desk_page(
        visitor,
        "quality.html",
        here="oversight",
        sheet=sheet,
        timedelta=timedelta,
        quality=found,
        waits_chart=_waits_chart(sheet, say),
        days_chart=draw_columns([(say.day(day), sum(count.values())) for day, count in found.days]),
        reversed_chart=_reversed_chart(sheet),
    )


def quality_csv(visitor: Visitor, since: str = "", until: str = "") -> Response[bytes]:
    """Write the same figures as CSV, a line for each."""
    sheet = _read(visitor, since, until)
    name = f"{visitor.at.key}-quality-{sheet.days.first}-{sheet.days.last}.csv"
    media_type = "text/csv; charset=utf-8; header=present"
    return download(to_csv(sheet), media_type=media_type, name=name)


def to_csv(sheet: Sheet) -> str:
    """Write the figures of a sheet as CSV."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    found = sheet.quality
    parts = (("rule", found.by_rule, sheet.rules), ("moderator", found.by_person, sheet.people))
    for part, rows, names in parts:
        for one in rows:
            head = (part, one.key, harmless(names.get(one.key, "")), "")
            lines.writerows((*head, *figure) for figure in _figures(one))
    for day, count in found.days:
        for person, number in count.items():
            who = str(person)
            name = harmless(sheet.people.get(who, ""))
            lines.writerow(("workload", who, name, day.isoformat(), "decided", number, ""))
    for answers in found.appeals:
        head = ("appeals by", answers.who, "", "")
        lines.writerows((*head, *figure) for figure in _appealed(answers))
    looks: tuple[tuple[str, tuple[Agreement, ...], Mapping[str, str]], ...] = (
        ("agreement", (found.agreement,), {}),
        ("agreement by rule", found.agreement_by_rule, sheet.rules),
        ("agreement by moderator", found.agreement_by_person, sheet.people),
    )
    for part, agreements, names in looks:
        for look in agreements:
            head = (part, look.key, harmless(names.get(look.key, "")), "")
            lines.writerows((*head, *figure) for figure in _agreed(look))
    lines.writerows(("spot checks", "", "", "", *figure) for figure in _missed(found.missed))
    return out.getvalue()


def _figures(one: Line) -> list[tuple[str, float | str, int | str]]:
    waits = one.waits
    return [
        ("decided", one.decided, ""),
        ("removed", one.removed, one.decided),
        ("median wait in seconds", "" if waits.median is None else waits.median, waits.number),
        ("nine in ten waited at most, in seconds", waits.p90 or "", waits.number),
        ("reports", one.reports, ""),
        ("reports upheld", one.upheld, one.upheld + one.dismissed),
        ("appeals", one.appeals, ""),
        ("appeals upheld", one.overturned, one.appeals_decided),
    ]


def _appealed(one: Answers) -> list[tuple[str, float | str, int | str]]:
    return [
        ("filed", one.filed, ""),
        ("upheld", one.upheld, one.decided),
        ("ended without an answer", one.withdrawn, one.filed),
        ("median time to the answer in seconds", one.median or "", one.decided),
    ]


def _agreed(one: Agreement) -> list[tuple[str, float | str, int]]:
    return [
        ("looked at twice and judged alike", one.agreed, one.number),
        ("kappa", "" if one.kappa is None else round(one.kappa, 4), one.number),
        ("same rule", one.same_rule, one.both_removed),
    ]


def _missed(one: Missed) -> list[tuple[str, float | str, int]]:
    least, most = (round(share, 4) for share in one.interval)
    return [
        ("nobody had brought it up and it would have had to go", one.would_go, one.number),
        ("share of all that would have to go, at least", least if one.number else "", one.number),
        ("share of all that would have to go, at most", most if one.number else "", one.number),
    ]


def _read(visitor: Asking, since: str, until: str) -> Sheet:
    db, site_id = visitor.house.db, visitor.at.id
    days = read_days(since, until, today=db.clock().date(), usual=USUAL)
    with db.read() as conn:
        ledger = read_ledger(conn, site_id, since=days.begins_at - CONTEXT)
        found = quality_of(ledger, since=days.begins_at, until=days.ends_at)
        ids = {ReaderId(int(one.key)) for one in found.by_person}
        ids |= {ReaderId(person) for _, count in found.days for person in count}
        ids |= {ReaderId(int(one.key)) for one in found.agreement_by_person}
        people = {str(one): name for one, name in names_of(conn, ids).items()}
        return Sheet(days, found, _titles(conn, site_id, visitor.language, found), people)


def _titles(
    conn: sa.Connection, site_id: SiteId, language: Language, found: Quality
) -> dict[str, str]:
    """Return what each rule is called now; one that is gone keeps its short name."""
    book = rules.get_current_rulebook(conn, site_id)
    known = {one.key: one.title for one in book.rules}
    keys = {one.key for one in found.by_rule} | {one.key for one in found.agreement_by_rule}
    return {
        key: known.get(RuleKey(key), key) if key else language.say(NO_RULE_NAMED) for key in keys
    }


def _waits_chart(sheet: Sheet, language: Language) -> Chart:
    return draw_bars(
        [
            (
                sheet.rules[one.key],
                one.waits.median,
                language.span(timedelta(seconds=one.waits.median)),
                one.waits.p90,
            )
            for one in sheet.quality.by_rule
            if one.waits.median is not None
        ]
    )


def _reversed_chart(sheet: Sheet) -> Chart:
    return draw_bars(
        [
            (
                sheet.rules[one.key],
                one.overturned_share,
                f"{one.overturned} / {one.appeals_decided}",
                None,
            )
            for one in sheet.quality.by_rule
            if one.overturned_share is not None
        ]
    )
