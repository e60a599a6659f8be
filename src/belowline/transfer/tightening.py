"""What a later export hides more strictly than the one that brought it is hidden here too.

Never the other way round: what was hidden once is not published by an import, and what moderators
here have decided since stands unless the source is stricter than it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belowline.actions.cases import refresh_case
from belowline.comments import store as comments
from belowline.core.terms import CommentId, CommentStatus
from belowline.events import kinds, log
from belowline.storage.database import Tx
from belowline.storage.imported import set_statuses
from belowline.transfer.codes import STRICTNESS, ImportStatus
from belowline.transfer.statuses import STATUS

if TYPE_CHECKING:
    from belowline.transfer.storing import Storing

AT_ONCE = 200

_BATCH = """
SELECT c.id, c.source_id, t.target, c.status, c.hidden
FROM tree t JOIN comments c ON c.id = t.id
JOIN here h ON h.kind = 'comment' AND h.source_id = c.source_id
WHERE t.id > ? AND t.target IS NOT NULL AND c.strict > {known} ORDER BY t.id LIMIT ?
"""
_KNOWN = " ".join(f"WHEN '{status}' THEN {strict}" for status, strict in STRICTNESS.items())
TIGHTER = _BATCH.format(known=f"CASE h.status {_KNOWN} ELSE 0 END")
_STANDING = frozenset({CommentStatus.PUBLISHED, CommentStatus.HELD})


def tighten(storing: Storing, after: int) -> None:
    """Hide what the source has hidden since, behind this comment in the landing."""
    while rows := storing.landing.run(TIGHTER, after, AT_ONCE).fetchall():
        after = rows[-1][0]
        with storing.intake.db.write(storing.actor) as tx:
            hidden = [
                target
                for _, _, target, status, why in rows
                if _hide(tx, storing, CommentId(target), ImportStatus(status), why)
            ]
            set_statuses(tx, storing.origin, [(row[1], row[3]) for row in rows])
            if hidden:
                # Who follows looks at them again; nobody has decided anything.
                log.append(
                    tx,
                    storing.intake.site.id,
                    kinds.CommentsImported(
                        storing.intake.source, 0, 0, min(hidden), storing.run.id
                    ),
                )
            storing.moved(tx, "tightened", after, {"tightened": len(hidden)})


def _hide(
    tx: Tx, storing: Storing, comment_id: CommentId, status: ImportStatus, why: str | None
) -> bool:
    site_id = storing.intake.site.id
    comment = comments.lock_comment(tx, site_id, comment_id)
    wanted = STATUS[status]
    if comment.status not in _STANDING or comment.status is wanted:
        return False
    comments.set_status(tx, comment, wanted, reason=f"import_{why}")
    refresh_case(tx, comment)
    return True
