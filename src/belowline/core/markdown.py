"""The way through Markdown, for the texts in which it makes a difference; see ``markup``.

In a module of its own, because the two libraries are three megabytes that a server needs only once
somebody writes more than plain sentences.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "a"}

# A host with these letters alone is shown as it was typed. Another alphabet's may be look-alikes of
# these, and so may the i without a dot.
_PLAIN_HOST = re.compile("[\x00-\u0130\u0132-\u017f]*")


class _Markdown(MarkdownIt):
    """Shows each link's address as the reader typed it."""

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - markdown-it's name
        """Return what stands between the link's tags.

        The library's own decodes the address for the eye, and with it what was taken out of the
        text before: a direction-changing character, or a host that only looks like another one.
        """
        try:
            host = urlsplit(link).netloc
        except ValueError:
            return link
        return link if _PLAIN_HOST.fullmatch(host) else self.normalizeLink(link)


# No entities: what was taken out of a text must not come back spelled out.
_markdown = _Markdown("zero", {"linkify": True, "breaks": True, "html": False}).enable(
    [
        "newline",
        "escape",
        "emphasis",
        "backticks",
        "blockquote",
        "list",
        "autolink",
        "linkify",
        "balance_pairs",
        "fragments_join",
    ]
)
_markdown.options["maxNesting"] = 12
assert _markdown.linkify is not None  # noqa: S101 - a missing extra is a broken installation
_markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
for _scheme in ("//", "ftp:", "mailto:"):
    # An address without a scheme would lead somewhere else on every page that shows it.
    _markdown.linkify.add(_scheme, None)


def render_markdown(text: str) -> str:
    """Render any text by way of Markdown, and clean the result."""
    html = _markdown.render(text)
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow ugc noopener noreferrer",
        attribute_filter=_keep_attribute,
        strip_comments=True,
    ).strip()


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "rel":
        # Ours, from link_rel; what a reader wrote was never an attribute.
        return value
    if tag == "a" and name == "href":
        try:
            parts = urlsplit(value)
        except ValueError:
            return None
        # A user part is only ever used to make an address look like another one.
        named = parts.scheme in {"http", "https"} and parts.hostname
        return value if named and parts.username is None else None
    return None
