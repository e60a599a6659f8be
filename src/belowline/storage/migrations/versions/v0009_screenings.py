"""The verdicts about a revision, in one row instead of eight."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, Json, UtcTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Written as screens/store.py writes them, but for what it leaves out.
_SQLITE = """
INSERT INTO screenings (comment_id, revision, verdicts, created_at, unanswered)
SELECT comment_id, revision,
  json_group_array(
    json_object(
      'screen', screen, 'finding', finding, 'code', code, 'rule', rule_key,
      'passages', json(passages), 'detail', json(detail)
    )
  ),
  min(created_at), max(finding = 'unavailable')
FROM (SELECT * FROM verdicts ORDER BY comment_id, revision, id)
GROUP BY comment_id, revision
"""
_POSTGRES = """
INSERT INTO screenings (comment_id, revision, verdicts, created_at, unanswered)
SELECT comment_id, revision,
  jsonb_agg(
    jsonb_build_object(
      'screen', screen, 'finding', finding, 'code', code, 'rule', rule_key,
      'passages', passages, 'detail', detail
    ) ORDER BY id
  ),
  min(created_at), bool_or(finding = 'unavailable')
FROM verdicts
GROUP BY comment_id, revision
"""


def upgrade() -> None:
    """Put them together and drop the table of single ones."""
    op.create_table(
        "screenings",
        sa.Column(
            "comment_id",
            BigId,
            autoincrement=False,
            nullable=False,
            comment="About which comment.",
        ),
        sa.Column("revision", sa.Integer(), nullable=False, comment="About which revision."),
        sa.Column(
            "verdicts",
            Json,
            nullable=False,
            comment="Every screen's verdict, in their order; "
            "what is as in most of them is left out.",
        ),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When."),
        sa.Column(
            "unanswered",
            sa.Boolean(),
            nullable=False,
            server_default=sa.text("false"),
            comment="Whether a screen could not run.",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_screenings_comment_id_comments")
        ),
        sa.PrimaryKeyConstraint("comment_id", "revision", name=op.f("pk_screenings")),
    )
    op.create_index(
        "ix_screenings_unanswered",
        "screenings",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("unanswered"),
        postgresql_where=sa.text("unanswered"),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(sa.text(_SQLITE if is_sqlite else _POSTGRES))
    op.drop_table("verdicts")
