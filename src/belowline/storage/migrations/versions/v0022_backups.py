"""What is known of backups: when the last was made, and when one was last proven."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, UtcTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "backups",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="The backup's name at its place."),
        sa.Column(
            "place",
            sa.Text(),
            nullable=False,
            comment="A folder, or an address without any key.",
        ),
        sa.Column("made_at", UtcTime(), nullable=False, comment="Of which moment it is."),
        sa.Column(
            "made_here",
            sa.Boolean(),
            nullable=False,
            comment="Whether this installation made it; another's can be drilled here, too.",
        ),
        sa.Column(
            "drilled_at",
            UtcTime(),
            nullable=True,
            comment="When it was last fetched from its place, restored and was the same.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
        sa.UniqueConstraint("place", "name", name=op.f("uq_backups_place_name")),
    )
