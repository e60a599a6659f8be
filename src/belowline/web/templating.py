"""Jinja2, once for each language: autoescaping everywhere, and the few filters that pages share.

The language of a page is its site's, and so are its environment, its templates and its cache.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from datetime import date as Date  # noqa: N812 - the filter has the name
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response
from markupsafe import Markup, escape

from belowline import __version__
from belowline.core.language import Language, language_of
from belowline.core.text import MOMENT
from belowline.stories.pace import find_limit
from belowline.transparency.statements import tell_facts, tell_measure
from belowline.web.lines import branches_of, line_of
from belowline.web.phrases import fill, name, strong

HERE = Path(__file__).parent

environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    # Otherwise every page asks the disk about every template that it is made of.
    auto_reload=False,
)


def machine_time(moment: datetime) -> str:
    """Return a time for the ``datetime`` attribute."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


environment.filters.update(machine_time=machine_time, fill=fill, bdi=name, strong=strong)
environment.globals.update(
    version=__version__,
    line_of=line_of,
    branches_of=branches_of,
    facts_of=tell_facts,
    measure_of=tell_measure,
    pace_of=find_limit,
)


@lru_cache(maxsize=64)
def environment_in(language: Language) -> Environment:
    """Return the environment whose templates speak a language."""
    made = environment.overlay()
    # An overlay shares these with what it is laid over.
    made.globals = {
        **environment.globals,
        "language": language,
        # A plain function: whatever is translated stays text, and is escaped where it is shown.
        # Templates also translate words that a moderator may have written.
        "_": language.say,
        "ngettext": language.find_plural,
    }
    made.filters = {**environment.filters, **_filters(language)}
    return made


def _filters(language: Language) -> dict[str, Callable[..., str]]:
    """Return the filters that put something into words."""
    pattern = language.find(MOMENT)

    @lru_cache(maxsize=1024)
    def around_the_hour(day: Date) -> tuple[str, str]:
        words = escape(pattern % {"day": language.day(day), "time": "\0"})
        before, _, after = words.partition("\0")
        return before, after

    def day(moment: datetime) -> str:
        return language.day(moment.astimezone(UTC).date())

    def time_tag(moment: datetime) -> Markup:
        """Return a ``time`` element; the embed replaces its text by a relative time."""
        # A page has one for each comment, and Babel takes its time. Nothing in it needs escaping.
        at = moment.astimezone(UTC)
        machine = at.isoformat()
        before, after = around_the_hour(at.date())
        return Markup(  # noqa: S704 - escaped once for each day
            f'<time datetime="{machine[:19]}Z">{before}{machine[11:16]}{after}</time>'
        )

    def ago(moment: datetime, now: datetime) -> str:
        return language.since(moment - now)

    return {
        "full_time": language.moment,
        "day": day,
        "day_of": language.day,
        "month": lambda moment: language.month(moment.astimezone(UTC).date()),
        "time_tag": time_tag,
        "ago": ago,
        "in_words": language.span,
        "say": language.say,
    }


def fragment(
    template: str,
    *,
    language: Language | None = None,
    **values: Any,  # noqa: ANN401 - template values
) -> str:
    """Render a template to text, in the language of its ``site`` or in this one."""
    if language is None:
        site = values.get("site")
        language = language_of(site.language if site is not None else "en")
    return environment_in(language).get_template(template).render(**values)


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
