"""What readers answered when an author from before the move was offered to them as theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, UtcTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    references = {"site_id": "sites", "past_id": "readers", "reader_id": "readers"}
    op.create_table(
        "past_claims",
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("past_id", BigId, nullable=False, comment="The imported author."),
        sa.Column("reader_id", BigId, nullable=False, comment="Who was asked."),
        sa.Column(
            "answer", sa.Text(), nullable=False, comment="joined: theirs since then; or declined."
        ),
        sa.Column(
            "moved", sa.Integer(), nullable=False, comment="How many comments became theirs."
        ),
        sa.Column("answered_at", UtcTime(), nullable=False, comment="When they said so last."),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{target}.id"], name=op.f(f"fk_past_claims_{name}_{target}")
            )
            for name, target in references.items()
        ),
        sa.PrimaryKeyConstraint("past_id", "reader_id", name=op.f("pk_past_claims")),
    )
    op.create_index("ix_past_claims_reader_id", "past_claims", ["reader_id"])
    op.create_index(
        "uq_past_claims_joined",
        "past_claims",
        ["past_id"],
        unique=True,
        sqlite_where=sa.text("answer = 'joined'"),
        postgresql_where=sa.text("answer = 'joined'"),
    )
