"""What a reader's copy of their data says of legal notices about their comments."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from belowline.core.terms import ReaderId
from belowline.storage.tables import defamation_notices, sites

_N = defamation_notices.c


def answered_notices(reader_id: ReaderId) -> sa.Select[Any]:
    """Select the notices that the reader has answered; of others they are not to learn here.

    Name and postal address are sealed apart, and they gave them themselves.
    """
    return (
        sa.select(
            _N.comment_id,
            sites.c.key.label("site"),
            _N.answer,
            _N.answered_at,
            _N.answer_consents,
            _N.closed_as,
            _N.closed_at,
        )
        .join(sites, sites.c.id == _N.site_id)
        .where(_N.author_id == reader_id, _N.answered_at.is_not(None))
        .order_by(_N.id)
    )
