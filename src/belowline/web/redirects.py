"""Where a reader goes next: only ever to an address of Belowline itself."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from litestar.response import Redirect

LONGEST = 600
# Browsers take a backslash for a slash and drop control characters, so neither may be in there.
_LOCAL = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")


def local_path(address: str | None, *, otherwise: str) -> str:
    """Return the address if it is a path on this host, and ``otherwise`` if it is anything else."""
    if not address or len(address) > LONGEST or not _LOCAL.fullmatch(address):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address


def see_other(path: str) -> Redirect:
    """Answer a form: go on with a GET, so that a reload does not send it twice."""
    return Redirect(path, status_code=303, headers={"Cache-Control": "no-store"})


def path_of(referer: str | None, *, base_url: str) -> str:
    """Return the path of a page of ours that a request came from, or an empty string."""
    if not referer or not referer.startswith(f"{base_url}/"):
        return ""
    return local_path(referer.removeprefix(base_url), otherwise="")
