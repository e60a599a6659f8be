"""What figures, second looks and transparency reports are made from and kept in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, Json, UtcTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ACTS = "kind NOT IN ('CommentPosted', 'CommentEdited', 'RulebookAccepted', 'StoryAdded')"


def upgrade() -> None:
    """Add the columns, the index and the tables."""
    op.add_column(
        "decisions",
        sa.Column(
            "waiting_since",
            UtcTime(),
            nullable=True,
            comment="Since when the case had waited that it ended.",
        ),
    )
    op.add_column(
        "decisions",
        sa.Column(
            "in_question", sa.Text(), nullable=True, comment="The rule for which it had waited."
        ),
    )
    op.create_index(
        "ix_events_acts",
        "events",
        ["site_id", "at"],
        unique=False,
        sqlite_where=sa.text(ACTS),
        postgresql_where=sa.text(ACTS),
    )
    _second_looks()
    _reports()


def _second_looks() -> None:
    op.create_table(
        "second_looks",
        sa.Column(
            "decision_id",
            BigId,
            autoincrement=False,
            nullable=False,
            comment="The decision whose case was looked at again; once.",
        ),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("reader_id", BigId, nullable=False, comment="Who looked; never who had decided."),
        sa.Column("outcome", sa.Text(), nullable=False, comment="Outcome: remove or keep."),
        sa.Column(
            "rule_key",
            sa.Text(),
            nullable=True,
            comment="The rule under which they would have removed it.",
        ),
        sa.Column("looked_at", UtcTime(), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_second_looks_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_second_looks_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_second_looks_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_second_looks")),
    )
    op.create_index(
        "ix_second_looks_site_id_looked_at",
        "second_looks",
        ["site_id", "looked_at"],
        unique=False,
    )


def _reports() -> None:
    op.create_table(
        "transparency_reports",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("year", sa.Integer(), nullable=False, comment="The year that it reports on."),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="Counts up from 1 within the year."
        ),
        sa.Column(
            "as_of",
            UtcTime(),
            nullable=False,
            comment="It was made from what the log held until then.",
        ),
        sa.Column(
            "published_at",
            UtcTime(),
            nullable=False,
            comment="When; nothing deletes it afterwards.",
        ),
        sa.Column("published_by", BigId, nullable=True, comment="Who published it."),
        sa.Column("rows", Json, nullable=False, comment="Its figures: see transparency/yearly.py."),
        sa.Column(
            "notes",
            Json,
            nullable=False,
            comment="Its texts by name, in the publisher's words.",
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["readers.id"],
            name=op.f("fk_transparency_reports_published_by_readers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_transparency_reports_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transparency_reports")),
        sa.UniqueConstraint(
            "site_id", "year", "version", name=op.f("uq_transparency_reports_site_id_year_version")
        ),
    )
