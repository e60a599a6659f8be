"""A conversation that somebody of the desk has slowed down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import UtcTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SLOW = sa.text("slow_seconds IS NOT NULL")


def upgrade() -> None:
    """Add it to the stories."""
    op.add_column(
        "stories",
        sa.Column(
            "slow_seconds",
            sa.Integer(),
            nullable=True,
            comment="By hand: seconds that a reader waits between two comments; null is no limit.",
        ),
    )
    op.add_column(
        "stories",
        sa.Column(
            "slow_until",
            UtcTime(),
            nullable=True,
            comment="By hand: when that ends; null is when it is lifted.",
        ),
    )
    op.add_column(
        "stories",
        sa.Column(
            "slow_reason",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="By hand: the reason that readers are shown.",
        ),
    )
    op.create_index(
        "ix_stories_slow", "stories", ["slow_until"], sqlite_where=SLOW, postgresql_where=SLOW
    )
