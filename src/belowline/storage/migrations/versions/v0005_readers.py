"""What readers find in a thread: an index of editors' picks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_comments_featured",
        "comments",
        ["site_id", "story_id"],
        unique=False,
        sqlite_where=sa.text("featured_at IS NOT NULL"),
        postgresql_where=sa.text("featured_at IS NOT NULL"),
    )
