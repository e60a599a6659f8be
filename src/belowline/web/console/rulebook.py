"""The console's rules: the draft of the next version, its preview, and putting it in force.

The editor works without a script: a named button moves, drops or adds a rule and shows the form
again with everything that was typed. Only "save" writes anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from litestar import Response

from belowline.actions import rules as actions
from belowline.actions.shared_rules import MOST_RULES, find_base, is_up_to_date, share_rules
from belowline.core.errors import BelowlineError, Conflict, InvalidInput, StaleVersion
from belowline.core.terms import RuleKey
from belowline.rules import store as rules
from belowline.rules.compare import compare_rules
from belowline.rules.model import USUAL_ACTIONS, Rulebook, RuleDraft, UsualAction
from belowline.sites import store as sites
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.fields import required, whole
from belowline.web.forms import Form, FormBody, read_form
from belowline.web.marking import changes
from belowline.web.pages.eu_words import EU_CATEGORIES

USUAL_CATEGORY = "OTHER_VIOLATION_TC"

COLUMNS = (
    "key",
    "title",
    "text",
    "severity",
    "eu_category",
    "guidance",
    "stays",
    "goes",
    "default_action",
)
_BUTTON = re.compile(r"(up|down|drop):(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as it stands in the form, as text and perhaps unfinished."""

    key: str = ""
    title: str = ""
    text: str = ""
    severity: str = "1"
    eu_category: str = USUAL_CATEGORY
    guidance: str = ""
    stays: str = ""
    goes: str = ""
    default_action: str = UsualAction.REMOVE.value


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole form: what it holds, and which line an edit has just touched."""

    intro: str
    lines: tuple[Line, ...]
    touched: int | None = None
    unsaved: bool = False
    seen: str = ""
    """The fingerprint of the rules that the form began with."""


def edit(visitor: Visitor, said: str | None = None) -> Response[bytes]:
    """Show the versions and the draft, which begins as a copy of the rules in force."""
    return _standing(visitor, said=said)


def _standing(
    visitor: Visitor, *, said: str | None = None, error: BelowlineError | None = None
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        book = rules.find_draft(conn, visitor.at.id) or rules.get_current_rulebook(
            conn, visitor.at.id
        )
    return _editor(visitor, _sheet(book), said=said, error=error)


def save(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Save the draft, or show the form again with a rule moved, dropped or added."""
    form = read_form(data, fields={"intro", "do", "seen"}, many=COLUMNS)
    sheet = _read_sheet(form)
    pressed = form.text("do")
    if pressed != "save":
        return _editor(visitor, _change(sheet, pressed))
    try:
        actions.save_draft(
            visitor.house.db,
            visitor.at.id,
            by=visitor.reader_id,
            intro=sheet.intro,
            drafts=[_draft(line) for line in sheet.lines],
            seen=sheet.seen or None,
        )
    except StaleVersion as error:
        # They have been told; saving again is then meant.
        return _editor(visitor, replace(sheet, unsaved=True, seen=""), error=error)
    except (InvalidInput, Conflict) as error:
        return _editor(visitor, sheet, error=error)
    return back_to(visitor, "/rules", said="draft_saved")


def share(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Share another site's rules from the next version on, or no longer."""
    form = read_form(data, fields={"base"})
    try:
        share_rules(
            visitor.house.db, visitor.at.id, by=visitor.reader_id, base_key=form.text("base")
        )
    except (InvalidInput, Conflict) as error:
        return _standing(visitor, error=error)
    return back_to(visitor, "/rules/preview")


def guide(visitor: Visitor) -> Response[bytes]:
    """Show moderators the rules in force as they decide by them: examples, and what is usual."""
    with visitor.house.db.read() as conn:
        current = rules.get_current_rulebook(conn, visitor.at.id)
    return desk_page(
        visitor, "rules_guide.html", here="guide", current=current, categories=EU_CATEGORIES
    )


def preview(visitor: Visitor) -> Response[Any]:
    """Show the draft as readers will see it, and what it changes."""
    return _preview(visitor)


def publish(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Put the draft in force, the version that was previewed and no other."""
    form = read_form(data, fields={"version", "confirm", "seen"})
    try:
        required(form, "confirm")
        actions.publish_rulebook(
            visitor.house.db,
            visitor.at.id,
            by=visitor.reader_id,
            version=whole(form, "version"),
            seen=form.text("seen") or None,
        )
    except (InvalidInput, Conflict) as error:
        return _preview(visitor, error=error)
    return back_to(visitor, "/rules", said="published")


def _editor(
    visitor: Visitor, sheet: Sheet, *, said: str | None = None, error: BelowlineError | None = None
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        current = rules.get_current_rulebook(conn, visitor.at.id)
        versions = rules.list_versions(conn, visitor.at.id)
        draft = rules.find_draft(conn, visitor.at.id)
        base = find_base(conn, visitor.at)
        lendable = [
            one
            for one in sites.list_sites(conn)
            if one.id != visitor.at.id and not one.settings.rules_from
        ]
    return desk_page(
        visitor,
        "rules.html",
        here="rules",
        said=said,
        error=error,
        sheet=sheet if sheet.seen else replace(sheet, seen=(draft or current).fingerprint),
        stale=isinstance(error, StaleVersion),
        current=current,
        current_keys={rule.key for rule in current.rules},
        shared=base[1].rules if base is not None else (),
        base=base[0] if base is not None else None,
        behind=base is not None and not is_up_to_date(current, base[1]),
        base_version=base[1].version if base is not None else None,
        lendable=lendable,
        actions=USUAL_ACTIONS,
        versions=versions,
        draft=draft,
        categories=EU_CATEGORIES,
        most=MOST_RULES,
    )


def _preview(visitor: Visitor, *, error: BelowlineError | None = None) -> Response[Any]:
    with visitor.house.db.read() as conn:
        current = rules.get_current_rulebook(conn, visitor.at.id)
        draft = rules.find_draft(conn, visitor.at.id)
    if draft is None:
        return back_to(visitor, "/rules")
    return desk_page(
        visitor,
        "rules_preview.html",
        here="rules",
        error=error,
        draft=draft,
        current=current,
        intro_change=changes(current.intro, draft.intro) if current.intro != draft.intro else None,
        changed=[one for one in compare_rules(current, draft) if one.kind != "same"],
        changes=changes,
        categories=EU_CATEGORIES,
    )


def _sheet(book: Rulebook) -> Sheet:
    return Sheet(
        book.intro,
        tuple(
            Line(
                rule.key,
                rule.title,
                rule.text,
                str(rule.severity),
                rule.eu_category,
                rule.guidance,
                rule.stays,
                rule.goes,
                rule.default_action.value,
            )
            for rule in book.rules
            if not rule.shared
        ),
    )


def _read_sheet(form: Form) -> Sheet:
    columns = [form.many(name) for name in COLUMNS]
    if len({len(column) for column in columns}) != 1:
        raise InvalidInput("This form is not complete.", field="rules", code="bad_field")
    lines = tuple(Line(*row) for row in zip(*columns, strict=True))
    return Sheet(form.text("intro"), lines, seen=form.text("seen"))


def _change(sheet: Sheet, pressed: str) -> Sheet:
    """Return the form after a button that saves nothing; an unknown one changes nothing."""
    lines = list(sheet.lines)
    sheet = replace(sheet, unsaved=True)
    if pressed == "add":
        return replace(sheet, lines=(*lines, Line()), touched=len(lines))
    found = _BUTTON.fullmatch(pressed)
    if found is None or int(found[2]) >= len(lines):
        return sheet
    verb, at = found[1], int(found[2])
    line = lines.pop(at)
    if verb == "drop":
        return replace(sheet, lines=tuple(lines), touched=min(at, len(lines) - 1))
    to = min(max(at + (1 if verb == "down" else -1), 0), len(lines))
    lines.insert(to, line)
    return replace(sheet, lines=tuple(lines), touched=to)


def _draft(line: Line) -> RuleDraft:
    severity = line.severity.strip()
    return RuleDraft(
        RuleKey(line.key.strip()),
        line.title,
        line.text,
        int(severity) if severity in {"1", "2", "3", "4"} else 0,
        line.eu_category if line.eu_category in EU_CATEGORIES else USUAL_CATEGORY,
        line.guidance,
        line.stays,
        line.goes,
        UsualAction(line.default_action)
        if line.default_action in set(UsualAction)
        else UsualAction.REMOVE,
    )
