"""Which of the respect in an import is here already, from an earlier run of it.

Respect has no number at its source: it is here if this reader respects that comment.
"""

from __future__ import annotations

import sqlalchemy as sa

from belowline.readers.claims import find_owners
from belowline.storage.tables import reactions
from belowline.transfer.landing import Landing

AT_ONCE = 500

# Only who and what was here before can be in a reaction that was.
_PERHAPS = """
SELECT a.place, a.target, h.target FROM agreed a JOIN authors u ON u.id = a.author
JOIN here h ON h.kind = 'author' AND h.source_id = u.key
WHERE a.place > ? AND a.target <> 0 ORDER BY a.place LIMIT ?
"""


def mark_respect_here(conn: sa.Connection, landing: Landing) -> None:
    """Note in the landing which respect need not be stored, as it is there."""
    after = 0
    while rows := landing.run(_PERHAPS, after, AT_ONCE).fetchall():
        after = rows[-1][0]
        # Whoever was claimed since is the reader who claimed them.
        owners = find_owners(conn, [author for _, _, author in rows])
        given = [(place, (target, owners.get(author, author))) for place, target, author in rows]
        found = conn.execute(
            sa.select(reactions.c.comment_id, reactions.c.reader_id).where(
                reactions.c.comment_id.in_({target for _, (target, _) in given}),
                reactions.c.reader_id.in_({author for _, (_, author) in given}),
            )
        )
        there = {(row.comment_id, row.reader_id) for row in found}
        landing.run_each(
            "UPDATE agreed SET is_here = 1 WHERE place = ?",
            ((place,) for place, pair in given if pair in there),
        )
