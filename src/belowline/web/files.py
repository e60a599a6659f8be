"""Answers that a browser keeps as files."""

from __future__ import annotations

from litestar import Response


def download(text: str, *, media_type: str, name: str, public: bool = False) -> Response[bytes]:
    """Answer with a text file of this name, which nobody on the way stores unless it is public.

    ``name`` is made of keys, days and numbers alone, so that it needs no quoting.
    """
    return Response(
        content=text.encode(),
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": ("public, max-age=0, s-maxage=60" if public else "private, no-store"),
        },
    )
