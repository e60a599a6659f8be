"""Who looks at a case at the moment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "leases",
        sa.Column(
            "comment_id",
            BigId,
            autoincrement=False,
            nullable=False,
            comment="Whose case somebody looks at.",
        ),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("reader_id", BigId, nullable=False, comment="Who looks at it."),
        sa.Column("until", UtcTime(), nullable=False, comment="From then on it is free again."),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_leases_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_leases_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_leases_site_id_sites")),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_leases")),
    )
    op.create_index("ix_leases_until", "leases", ["until"], unique=False)
