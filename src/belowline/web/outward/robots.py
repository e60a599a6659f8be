"""What crawlers are asked to leave alone: forms that lead to signing in, one for each comment.

Everything that can be read may be read. What must not be listed (a reader's own pages, the page of
a single comment) says so itself, which a crawler only sees if it may come there.
"""

from __future__ import annotations

from litestar import Response

FORMS = ("write", "follow", "c/*/edit", "c/*/withdraw", "c/*/respect", "c/*/report", "c/*/about-me")
TEXT = "".join(["User-agent: *\n", *(f"Disallow: /s/*/*/{form}\n" for form in FORMS), "Allow: /\n"])


def robots() -> Response[str]:
    """Tell crawlers what to leave alone."""
    return Response(
        TEXT, media_type="text/plain", headers={"Cache-Control": "public, max-age=3600"}
    )
