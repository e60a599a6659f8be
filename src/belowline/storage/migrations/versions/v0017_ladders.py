"""Ladders of a site's own, withdrawals by two people and their review, and rules in full."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, Json, UtcTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    _add_ladders()
    _add_proposals()
    _index_proposals()
    _add_reviews()
    _add_to_rules()


def _references(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_{target}"))
        for name, target in targets.items()
    ]


def _add_ladders() -> None:
    op.create_table(
        "ladders",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="Counts up from 1 within the site."
        ),
        sa.Column("settings", Json, nullable=False, comment="What sanctions/thresholds.py reads."),
        sa.Column(
            "published_at",
            UtcTime(),
            nullable=False,
            comment="Since when it is in force, until the next version.",
        ),
        sa.Column("published_by", BigId, nullable=False, comment="Who published it."),
        sa.ForeignKeyConstraint(
            ["published_by"], ["readers.id"], name=op.f("fk_ladders_published_by_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_ladders_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladders")),
        sa.UniqueConstraint("site_id", "version", name=op.f("uq_ladders_site_id_version")),
    )


def _add_proposals() -> None:
    table = "withdrawal_proposals"
    op.create_table(
        table,
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("reader_id", BigId, nullable=False, comment="Whose privilege it is about."),
        sa.Column(
            "decision_id",
            BigId,
            nullable=False,
            comment="The suspension that protects until it is answered.",
        ),
        sa.Column("proposed_by", BigId, nullable=False, comment="Who proposed it."),
        sa.Column("proposed_at", UtcTime(), nullable=False, comment="When."),
        sa.Column(
            "lapses_at",
            UtcTime(),
            nullable=False,
            comment="From then on it cannot be confirmed any more.",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="ProposalState."),
        sa.Column("answered_by", BigId, nullable=True, comment="Who confirmed or declined it."),
        sa.Column(
            "answered_at", UtcTime(), nullable=True, comment="When it was answered or lapsed."
        ),
        sa.Column(
            "answer", sa.Text(), server_default="", nullable=False, comment="The reason of that."
        ),
        sa.Column(
            "alone",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether it was confirmed by who proposed it, for want of anybody else.",
        ),
        sa.Column("withdrawn_by", BigId, nullable=True, comment="The decision that withdrew."),
        *_references(
            table,
            answered_by="readers",
            decision_id="decisions",
            proposed_by="readers",
            reader_id="readers",
            site_id="sites",
            withdrawn_by="decisions",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _index_proposals() -> None:
    table = "withdrawal_proposals"
    op.create_index(
        f"uq_{table}_open",
        table,
        ["site_id", "reader_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(f"ix_{table}_state", table, ["site_id", "state", "proposed_at"])
    op.create_index(f"ix_{table}_decision_id", table, ["decision_id"])
    op.create_index(f"ix_{table}_withdrawn_by", table, ["withdrawn_by"])


def _add_reviews() -> None:
    table = "withdrawal_reviews"
    op.create_table(
        table,
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column(
            "sanction_id", BigId, nullable=False, comment="The withdrawal that is looked at again."
        ),
        sa.Column(
            "due_at",
            UtcTime(),
            nullable=False,
            comment="When it fell due: six months after the withdrawal or the last review.",
        ),
        sa.Column(
            "decided_at",
            UtcTime(),
            nullable=True,
            comment="When it was decided; null while it waits.",
        ),
        sa.Column("decided_by", BigId, nullable=True, comment="By whom; null if it fell away."),
        sa.Column(
            "outcome", sa.Text(), nullable=True, comment="ReviewOutcome; null while it waits."
        ),
        sa.Column("reason", sa.Text(), server_default="", nullable=False, comment="To the reader."),
        *_references(table, decided_by="readers", sanction_id="sanctions", site_id="sites"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("sanction_id", "due_at", name=op.f(f"uq_{table}_sanction_id_due_at")),
    )
    op.create_index(
        f"ix_{table}_waiting",
        table,
        ["site_id", "due_at"],
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def _add_to_rules() -> None:
    for name, kind, default, comment in (
        ("stays", sa.Text(), "", "An example that stays."),
        ("goes", sa.Text(), "", "An example that goes."),
        (
            "default_action",
            sa.Text(),
            "remove",
            "What a moderator usually does; see rules/model.py.",
        ),
        (
            "shared",
            sa.Boolean(),
            sa.text("false"),
            "Whether it comes from the site whose rules this one shares.",
        ),
    ):
        op.add_column(
            "rules",
            sa.Column(name, kind, server_default=default, nullable=False, comment=comment),
        )
