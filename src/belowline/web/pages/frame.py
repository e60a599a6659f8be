"""What stands around every page: the site, and on a reader's own who is signed in and what is new.

A public page is the same for everybody, and nothing of whoever asks reaches its template.
"""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.core.terms import Privilege
from belowline.notifications import store as notices
from belowline.readers import store as readers
from belowline.readers.standing import may
from belowline.web.auth import Visitor
from belowline.web.outward.addresses import Addresses
from belowline.web.templating import page

SAME_FOR_ALL = {"Cache-Control": "public, max-age=0, s-maxage=2, must-revalidate"}


def public_page(
    visitor: Visitor,
    template: str,
    **values: Any,  # noqa: ANN401 - template values
) -> Response[bytes]:
    """Render a page that is the same for everybody, so that a cache in between may share it."""
    house, site = visitor.house, visitor.site
    return page(
        template,
        headers=SAME_FOR_ALL,
        language=visitor.language,
        site=site,
        at=Addresses(house.settings.base_url, site) if site is not None else None,
        now=house.db.clock(),
        **values,
    )


def reader_page(
    visitor: Visitor,
    template: str,
    *,
    http_status: int = 200,
    headers: dict[str, str] | None = None,
    **values: Any,  # noqa: ANN401 - template values
) -> Response[bytes]:
    """Render a page for whoever asks; nobody on the way stores it."""
    signed_in, unread = None, 0
    house = visitor.house
    if visitor.facts.reader_id is not None and visitor.site is not None:
        with house.db.read() as conn:
            signed_in = readers.find_reader(conn, visitor.facts.reader_id)
            unread = notices.count_unread(
                conn, visitor.reader_id, site_id=visitor.site.id, now=house.db.clock()
            )
    moderates = may(Privilege.MODERATE, visitor.facts, now=house.db.clock()) is None
    return page(
        template,
        http_status=http_status,
        headers=headers,
        language=visitor.language,
        site=visitor.site,
        signed_in=signed_in,
        unread=unread,
        moderates=moderates,
        now=house.db.clock(),
        **values,
    )
