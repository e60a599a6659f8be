"""Appeals of those who reported: about which report, and by nobody where there is no account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    with op.batch_alter_table("appeals") as batch:
        batch.alter_column(
            "reader_id",
            existing_type=BigId,
            nullable=True,
            comment="Who appeals; null without an account.",
            existing_comment="Who appeals.",
        )
        batch.add_column(
            sa.Column(
                "report_id",
                BigId,
                nullable=True,
                comment="For a reporter's appeal: the report that was dismissed.",
            )
        )
        batch.create_foreign_key(
            op.f("fk_appeals_report_id_reports"), "reports", ["report_id"], ["id"]
        )
    where = sa.text("report_id IS NOT NULL")
    op.create_index(
        "ix_appeals_report_id",
        "appeals",
        ["report_id"],
        unique=False,
        sqlite_where=where,
        postgresql_where=where,
    )
    with op.batch_alter_table("legal_letters") as batch:
        batch.alter_column(
            "kind",
            existing_type=sa.Text(),
            existing_nullable=False,
            comment="receipt, outcome or looked_again.",
            existing_comment="receipt or outcome.",
        )
