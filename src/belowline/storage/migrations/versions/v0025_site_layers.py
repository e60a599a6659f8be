"""What each site's decisions add to the scores of a model."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, Json, UtcTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""

    def needed(name: str, kind: sa.types.TypeEngine[Any], why: str) -> sa.Column[object]:
        return sa.Column(name, kind, nullable=False, comment=why)

    op.create_table(
        "site_layers",
        sa.Column(
            "site_id",
            BigId,
            autoincrement=False,
            nullable=False,
            comment="Whose desk it was learnt from.",
        ),
        needed("model", sa.Text(), "The model's version that it lies on."),
        needed("fitted_at", UtcTime(), "When it was last made."),
        needed("decided", sa.Integer(), "How many texts people had decided on."),
        needed("quiet", sa.Integer(), "How many stood that nobody brought up."),
        needed("told", Json, "By attribute: the gain, and if it is in use."),
        needed("weights", sa.LargeBinary(), "Of hashed words, by attribute."),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_site_layers_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_layers")),
    )
    op.create_index("ix_suggested_scores_community", "suggested_scores", ["community", "id"])
    op.create_index("ix_suggested_scores_client", "suggested_scores", ["client", "id"])
