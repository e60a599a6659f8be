"""What moderators say of published comments, drawn by lot, that nobody ever brought up."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, UtcTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""

    def needed(name: str, kind: sa.types.TypeEngine[Any], why: str) -> sa.Column[object]:
        return sa.Column(name, kind, nullable=False, comment=why)

    op.create_table(
        "spot_checks",
        sa.Column(
            "comment_id",
            BigId,
            autoincrement=False,
            nullable=False,
            comment="The published comment that was drawn; once.",
        ),
        needed("site_id", BigId, "The site it belongs to."),
        needed("revision", sa.Integer(), "The revision that was judged."),
        needed("reader_id", BigId, "Who judged; never who had a part in it."),
        needed("outcome", sa.Text(), "Outcome: remove or keep."),
        sa.Column("rule_key", sa.Text(), comment="The rule under which it would have gone."),
        needed("looked_at", UtcTime(), "When."),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_spot_checks_{column}_{table}")
            )
            for column, table in (
                ("comment_id", "comments"),
                ("site_id", "sites"),
                ("reader_id", "readers"),
            )
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_spot_checks")),
    )
    op.create_index("ix_spot_checks_site_id_looked_at", "spot_checks", ["site_id", "looked_at"])
