"""Stories that readers follow, and whether readers have a public page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, UtcTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both. Whoever came before has no public page: nobody has told them that there is one."""
    op.create_table(
        "follows",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("reader_id", BigId, nullable=False, comment="Who is told of new comments."),
        sa.Column("story_id", BigId, nullable=False, comment="Under which story."),
        sa.Column(
            "notice_id",
            BigId,
            nullable=True,
            comment="The latest notice about it; nothing new is told until that is read.",
        ),
        sa.Column("created_at", UtcTime(), nullable=False, comment="Since when."),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_follows_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_follows_site_id_sites")),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_follows_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
        sa.UniqueConstraint("reader_id", "story_id", name=op.f("uq_follows_reader_id_story_id")),
    )
    op.create_index("ix_follows_story_id", "follows", ["story_id"], unique=False)
    op.add_column(
        "readers",
        sa.Column(
            "public_page",
            sa.Boolean(),
            nullable=False,
            server_default=sa.text("true"),
            comment="Whether published comments are also listed together, on a page of theirs.",
        ),
    )
    op.execute(sa.text("UPDATE readers SET public_page = false"))
