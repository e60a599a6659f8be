"""What other systems tell of their own moderators' decisions, to learn from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, UtcTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    told = {
        "client": "Who told it, by the name of its key.",
        "community": "Whose readers they are, as it says.",
        "language": "The text's, as it was found.",
        "attribute": "Which score it is about.",
    }
    op.create_table(
        "suggested_scores",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False, comment=why) for name, why in told.items()),
        sa.Column("value", sa.Float(), nullable=False, comment="What people found, from 0 to 1."),
        sa.Column("text", sa.Text(), nullable=False, comment="The text, to learn from for a year."),
        sa.Column("suggested_at", UtcTime(), nullable=False, comment="When it was told."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggested_scores")),
    )
    op.create_index("ix_suggested_scores_suggested_at", "suggested_scores", ["suggested_at"])
