"""Whole sentences in templates, though a link or a name stands inside them.

Languages order a sentence differently, so a template never glues one from pieces. It says
``{{ _("Read [the rules] of %(site)s.") | fill("/rules/x", site=name) }}``: the brackets are the
link, wherever a translation puts them.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_LINK = re.compile(r"\[([^\]]*)\]")


def fill(text: str, *links: str | Markup, **values: object) -> Markup:
    """Fill a translated sentence in, everything escaped that is not HTML already.

    Each pair of brackets becomes a link, in the order of ``links``: addresses, or ``Markup`` of the
    attributes of one. Raises KeyError for a value that is missing.
    """
    words = str(escape(text))
    if links:
        wanted = iter(links)
        words = _LINK.sub(lambda found: _link(next(wanted), found[1]), words)
    return Markup(words) % values  # noqa: S704 - escaped above


def _link(to: str | Markup, words: str) -> str:
    attributes = to if isinstance(to, Markup) else Markup('href="{}"').format(to)
    # The address may have percent signs, and what is around it is about to be filled in.
    return f"<a {attributes}>".replace("%", "%%") + f"{words}</a>"


def strong(value: object) -> Markup:
    """Return something emphasised, to be filled in."""
    return Markup("<strong>{}</strong>").format(value)


def name(value: object) -> Markup:
    """Return a name, to be filled in: kept apart from the direction of the sentence around it."""
    return Markup("<bdi>{}</bdi>").format(value)
