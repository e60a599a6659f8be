"""Which decisions were made together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, UtcTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "batches",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=True, comment="The site it belongs to."),
        sa.Column("reader_id", BigId, nullable=False, comment="Who decided."),
        sa.Column(
            "key", sa.Text(), nullable=False, comment="Of the form that was sent; it counts once."
        ),
        sa.Column("begun_at", UtcTime(), nullable=False, comment="When it was sent first."),
        sa.Column(
            "undone_at", UtcTime(), nullable=True, comment="When the whole was to be taken back."
        ),
        *_references("batches", reader_id="readers", site_id="sites"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("reader_id", "key", name=op.f("uq_batches_reader_id_key")),
    )
    op.create_index("ix_batches_begun_at", "batches", ["begun_at"])
    op.create_table(
        "batch_members",
        sa.Column("batch_id", BigId, nullable=False, comment="What was decided together."),
        sa.Column("comment_id", BigId, nullable=False, comment="A comment that was chosen."),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column(
            "decision_id", BigId, nullable=True, comment="The decision about it, if one was made."
        ),
        sa.Column("left_for", sa.Text(), nullable=False, comment="Code of why it was not decided."),
        sa.Column(
            "kept_for",
            sa.Text(),
            nullable=False,
            comment="Code of why its decision was not taken back with the others.",
        ),
        *_references(
            "batch_members",
            batch_id="batches",
            comment_id="comments",
            decision_id="decisions",
            site_id="sites",
        ),
        sa.PrimaryKeyConstraint("batch_id", "comment_id", name=op.f("pk_batch_members")),
    )


def _references(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_{target}"))
        for name, target in targets.items()
    ]
