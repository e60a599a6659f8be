"""What live updates and heat need: when a comment last visibly changed, and a story's pace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SEEN = sa.text("changed_in > 0")
PACED = sa.text("paced_until IS NOT NULL")


def upgrade() -> None:
    """Add the columns, and the indexes that find what changed and what is slowed."""
    _comments()
    _stories()


def _comments() -> None:
    op.add_column(
        "comments",
        sa.Column(
            "appeared_in",
            BigId,
            server_default="0",
            nullable=False,
            comment="Thread version with which readers first saw it; 0 if never, or before 0.2.",
        ),
    )
    op.add_column(
        "comments",
        sa.Column(
            "changed_in",
            BigId,
            server_default="0",
            nullable=False,
            comment="Thread version of its latest visible change; 0 if readers never saw it.",
        ),
    )
    op.add_column(
        "comments",
        sa.Column(
            "change",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="ThreadChange: what that change was.",
        ),
    )
    op.create_index(
        "ix_comments_changed",
        "comments",
        ["site_id", "story_id", "changed_in"],
        unique=False,
        sqlite_where=SEEN,
        postgresql_where=SEEN,
    )


def _stories() -> None:
    op.add_column(
        "stories",
        sa.Column(
            "pace_seconds",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Heat: seconds that a reader waits between two comments; 0 is no limit.",
        ),
    )
    op.add_column(
        "stories",
        sa.Column("paced_until", UtcTime(), nullable=True, comment="Heat: when that limit ends."),
    )
    op.create_index(
        "ix_stories_paced",
        "stories",
        ["paced_until"],
        unique=False,
        sqlite_where=PACED,
        postgresql_where=PACED,
    )
