"""Reasons that a desk has saved, by rule."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "saved_reasons",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("rule_key", sa.Text(), nullable=False, comment="For removals under which rule."),
        sa.Column(
            "text",
            sa.Text(),
            nullable=False,
            comment="With names in braces; see moderation/reasons.py.",
        ),
        sa.Column("saved_by", BigId, nullable=False, comment="Which moderator."),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["readers.id"], name=op.f("fk_saved_reasons_saved_by_readers")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_saved_reasons_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reasons")),
    )
    op.create_index(
        "ix_saved_reasons_site_id_rule_key", "saved_reasons", ["site_id", "rule_key"], unique=False
    )
