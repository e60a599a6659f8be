"""Cases that are handed on with a note."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, UtcTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add who handed a case on, and the notes."""
    op.create_table(
        "case_notes",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("comment_id", BigId, nullable=False, comment="About whose case."),
        sa.Column("author_id", BigId, nullable=False, comment="Which moderator wrote it."),
        sa.Column("text", sa.Text(), nullable=False, comment="For the desk alone; '' once erased."),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["author_id"], ["readers.id"], name=op.f("fk_case_notes_author_id_readers")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_case_notes_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_case_notes_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    op.create_index("ix_case_notes_comment_id", "case_notes", ["comment_id"], unique=False)
    with op.batch_alter_table("cases") as batch:
        batch.add_column(
            sa.Column(
                "handed_on_by",
                BigId,
                nullable=True,
                comment="Who asks others to decide it.",
            )
        )
        batch.create_foreign_key(
            op.f("fk_cases_handed_on_by_readers"), "readers", ["handed_on_by"], ["id"]
        )
