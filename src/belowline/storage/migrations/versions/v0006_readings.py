"""How often comments were come upon: visits of threads, and readings of their roots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables. Counting begins with them."""
    op.create_table(
        "visits",
        sa.Column("story_id", BigId, nullable=False, comment="Whose thread."),
        sa.Column(
            "number",
            BigId,
            nullable=False,
            comment="Pages served that begin the thread in its usual order; nothing of who asked.",
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_visits_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_visits")),
    )
    op.create_table(
        "readings",
        sa.Column("comment_id", BigId, nullable=False, comment="A root."),
        sa.Column("story_id", BigId, nullable=False, comment="The story it is under."),
        sa.Column(
            "met",
            sa.Float(),
            nullable=False,
            comment="How many visits came upon it, by where it stood on the pages served.",
        ),
        sa.Column(
            "visits_before",
            sa.Float(),
            nullable=False,
            comment="The thread's visits until it was there: they could not.",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_readings_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_readings_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_readings")),
    )
    op.create_index("ix_readings_story_id", "readings", ["story_id"], unique=False)
