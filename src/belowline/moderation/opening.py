"""Opening very many cases at once, for comments that came in held with an import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from belowline.core.terms import CaseState, CommentId, SiteId
from belowline.moderation.model import Waiting
from belowline.storage.bulk import Bulk
from belowline.storage.database import Tx
from belowline.storage.tables import cases

_WAITING = tuple(field.name for field in fields(Waiting))
_OPENED = Bulk(cases, ("site_id", "comment_id", "state", *_WAITING))


def open_many(tx: Tx, site_id: SiteId, waiting: Sequence[tuple[CommentId, Waiting]]) -> None:
    """Open the cases of very many comments that have none yet."""
    _OPENED.put(
        tx.conn,
        (
            (site_id, one, CaseState.OPEN.value, *(getattr(what, name) for name in _WAITING))
            for one, what in waiting
        ),
    )
