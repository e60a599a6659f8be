"""Jinja2, once: autoescaping on everywhere, and the few filters that pages share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from datetime import date as Date  # noqa: N812 - the filter has the name
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime, format_timedelta
from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response
from markupsafe import Markup, escape

from belowline import __version__

HERE = Path(__file__).parent

environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
# Not newstyle: that one takes whatever is translated for trusted HTML and fills in its percent
# signs, and templates also translate words that a moderator may have written.
environment.install_gettext_translations(  # type: ignore[attr-defined]
    NullTranslations(), newstyle=False
)


def full_time(moment: datetime) -> str:
    """Return a time in words, in UTC, such as '3 March 2026, 14:05 UTC'."""
    return format_datetime(moment.astimezone(UTC), "d MMMM y, HH:mm 'UTC'", locale="en_GB")


def date(moment: datetime) -> str:
    """Return a day in words."""
    return format_datetime(moment.astimezone(UTC), "d MMMM y", locale="en_GB")


def month(moment: datetime) -> str:
    """Return a month in words."""
    return format_datetime(moment.astimezone(UTC), "MMMM y", locale="en_GB")


def machine_time(moment: datetime) -> str:
    """Return a time for the ``datetime`` attribute."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def time_tag(moment: datetime) -> Markup:
    """Return a ``time`` element; the embed replaces its text by a relative time."""
    # A page has one for each comment, and Babel takes its time. Nothing in it needs escaping.
    at = moment.astimezone(UTC)
    machine, words = at.strftime("%Y-%m-%dT%H:%M:%SZ"), _day_in_words(at.date())
    return Markup(f'<time datetime="{machine}">{words}, {at:%H:%M} UTC</time>')  # noqa: S704


@lru_cache(maxsize=1024)
def _day_in_words(day: Date) -> Markup:
    return escape(format_date(day, "d MMMM y", locale="en_GB"))


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, such as '3 days ago'."""
    return format_timedelta(moment - now, locale="en_GB", add_direction=True)


def in_words(lasts_for: timedelta) -> str:
    """Return a duration, such as '3 hours'."""
    return format_timedelta(lasts_for, locale="en_GB")


environment.filters.update(
    full_time=full_time,
    day=date,
    month=month,
    machine_time=machine_time,
    time_tag=time_tag,
    ago=ago,
    in_words=in_words,
)
environment.globals.update(version=__version__)


def fragment(template: str, **values: Any) -> str:  # noqa: ANN401 - template values
    """Render a template to text."""
    return environment.get_template(template).render(**values)


def page(
    template: str,
    *,
    http_status: int = 200,
    headers: dict[str, str] | None = None,
    **values: Any,  # noqa: ANN401 - template values
) -> Response[bytes]:
    """Render a page that is somebody's own: never stored by anybody on the way."""
    return Response(
        content=fragment(template, http_status=http_status, **values).encode(),
        status_code=http_status,
        media_type=MediaType.HTML,
        headers={"Cache-Control": "private, no-store", **(headers or {})},
    )
