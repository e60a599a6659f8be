"""The console's legal profile: which laws apply, what follows, and what is written out from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Response

from belowline.actions.legal_profile import LegalProfile, profile_of, set_legal_profile
from belowline.actions.statements import FORMS, make_statements, read_days
from belowline.core.errors import BelowlineError, InvalidInput
from belowline.sites.profile import EXPLAINED, PRESS, SWITCHES, duties_of, self_assessment
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to, desk_page
from belowline.web.files import download
from belowline.web.forms import FormBody, read_form

USUAL = timedelta(days=30)


def legal_profile(visitor: Visitor, said: str | None = None) -> Response[bytes]:
    """Show the switches, what each means, and what follows from them."""
    return _page(visitor, said=said)


def set_profile(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Set the switches; one that is not ticked is off."""
    form = read_form(data, fields={*SWITCHES, "press_code"})
    profile = LegalProfile(
        hosting_tier=form.ticked("hosting_tier"),
        platform_tier=form.ticked("platform_tier"),
        small_enterprise=form.ticked("small_enterprise"),
        uk_osa_exempt_mode=form.ticked("uk_osa_exempt_mode"),
        press_code=form.text("press_code"),
    )
    try:
        set_legal_profile(visitor.house.db, visitor.at.id, by=visitor.reader_id, profile=profile)
    except InvalidInput as error:
        return _page(visitor, error=error)
    return back_to(visitor, "/legal-profile", said="profile_set")


def write_self_assessment(visitor: Visitor) -> Response[bytes]:
    """Write the self-assessment under the Online Safety Act, with today's date."""
    today = visitor.house.db.clock().date()
    text = self_assessment(
        visitor.at.settings, site=visitor.at.name, on=today, say=visitor.language.say
    )
    name = f"{visitor.at.key}-online-safety-{today.isoformat()}.txt"
    return download(text, media_type="text/plain; charset=utf-8", name=name)


def statements(
    visitor: Visitor, since: str = "", until: str = "", form: str = "jsonl"
) -> Response[bytes]:
    """Write the statements of reasons of these days, those of decisions that stand."""
    if form not in FORMS:
        raise InvalidInput("Choose one of these.", field="form", code="bad_choice")
    house = visitor.house
    now = house.db.clock()
    days = read_days(since, until, today=now.date(), usual=USUAL)
    with house.db.read() as conn:
        made = make_statements(conn, visitor.at, days, settings=house.settings, now=now)
    media_type, write = FORMS[form]
    name = f"{visitor.at.key}-statements-{days.first}-{days.last}.{form}"
    return download(write(made), media_type=media_type, name=name)


def _page(
    visitor: Visitor, *, said: str | None = None, error: BelowlineError | None = None
) -> Response[bytes]:
    today = visitor.house.db.clock().date()
    profile = profile_of(visitor.at)
    return desk_page(
        visitor,
        "legal_profile.html",
        here="oversight",
        said=said,
        error=error,
        switches=[(one, getattr(profile, one.name)) for one in EXPLAINED],
        press=PRESS,
        press_code=profile.press_code,
        duties=duties_of(visitor.at.settings),
        since=(today - USUAL).isoformat(),
        until=today.isoformat(),
    )
