"""The order of what an import brings beside comments: respect, and what happened at the source.

Each finds the comment and the accounts that it is about; what finds none is left out, and said so.
"""

from __future__ import annotations

from belowline.transfer.landing import Landing

# Whoever is spoken of, and has an account or was here before, becomes an author.
_OTHERS = """
INSERT OR IGNORE INTO authors (key, name)
SELECT 'account:' || s.account, coalesce(a.name, '') FROM (
    SELECT account FROM reactions UNION SELECT account FROM history
    UNION SELECT by_account FROM history
    UNION SELECT source_id FROM accounts WHERE role IS NOT NULL
) s
LEFT JOIN accounts a ON a.source_id = s.account
LEFT JOIN here h ON h.kind = 'author' AND h.source_id = 'account:' || s.account
WHERE s.account IS NOT NULL AND (a.source_id IS NOT NULL OR h.target IS NOT NULL)
ORDER BY s.account
"""
_KNOWN_AUTHORS = """
INSERT OR IGNORE INTO authors (key, name)
SELECT DISTINCT c.author, '' FROM comments c JOIN here h
    ON h.kind = 'author' AND h.source_id = c.author
WHERE c.author LIKE 'account:%'
ORDER BY c.author
"""
_LOST_REACTIONS = """
CREATE TABLE lost_reactions AS
SELECT r.comment, r.account, CASE
    WHEN x.target IS NULL AND (t.id IS NULL OR t.skip IS NOT NULL) THEN 'comment_missing'
    WHEN u.id IS NULL THEN 'author_missing'
    WHEN c.author = u.key THEN 'own_comment'
    END AS why
FROM reactions r
LEFT JOIN comments c ON c.source_id = r.comment
LEFT JOIN tree t ON t.id = c.id
LEFT JOIN here x ON x.kind = 'comment' AND x.source_id = r.comment
LEFT JOIN authors u ON u.key = 'account:' || r.account
WHERE why IS NOT NULL
"""
_AGREED = """
INSERT INTO agreed (comment, target, author, at)
SELECT coalesce(c.id, 0), coalesce(x.target, 0), u.id, coalesce(r.at, c.at, 0)
FROM reactions r
LEFT JOIN comments c ON c.source_id = r.comment
LEFT JOIN here x ON x.kind = 'comment' AND x.source_id = r.comment
LEFT JOIN ordered o ON o.id = c.id
JOIN authors u ON u.key = 'account:' || r.account
WHERE (r.comment, r.account) NOT IN (SELECT comment, account FROM lost_reactions)
ORDER BY o.place, r.comment, r.account
"""
_LOST_HISTORY = """
CREATE TABLE lost_history AS
SELECT h.id, CASE
    WHEN h.comment IS NOT NULL AND x.target IS NULL AND (t.id IS NULL OR t.skip IS NOT NULL)
        THEN 'comment_missing'
    WHEN h.account IS NOT NULL AND u.id IS NULL THEN 'author_missing'
    END AS why
FROM history h
LEFT JOIN comments c ON c.source_id = h.comment
LEFT JOIN tree t ON t.id = c.id
LEFT JOIN here x ON x.kind = 'comment' AND x.source_id = h.comment
LEFT JOIN authors u ON u.key = 'account:' || h.account
WHERE why IS NOT NULL
"""
_PAST = """
INSERT INTO past (id)
SELECT h.id FROM history h
LEFT JOIN here x ON x.kind = h.kind AND x.source_id = h.source_id
WHERE x.target IS NULL AND h.id NOT IN (SELECT id FROM lost_history)
ORDER BY h.at, h.id
"""
_REMARK = "INSERT INTO remarks (stage, kind, source_id, tally, why, detail) SELECT 2, "


def arrange_others(landing: Landing) -> None:
    """Put in order what is about the comments that have been put in order."""
    landing.run(_OTHERS)
    landing.run(_KNOWN_AUTHORS)
    landing.run(_LOST_REACTIONS)
    landing.run(f"{_REMARK} 'reaction', comment, 'skipped', why, account FROM lost_reactions")
    landing.run(_AGREED)
    landing.run(_LOST_HISTORY)
    landing.run(
        f"{_REMARK} h.kind, h.source_id, 'skipped', l.why, '' FROM lost_history l"
        " JOIN history h ON h.id = l.id"
    )
    landing.run(_PAST)
