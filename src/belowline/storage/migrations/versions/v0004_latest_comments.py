"""An index for the newest comments of a story, replies included, which its feed shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_comments_latest",
        "comments",
        ["site_id", "story_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("published_at IS NOT NULL AND status = 'published'"),
        postgresql_where=sa.text("published_at IS NOT NULL AND status = 'published'"),
    )
