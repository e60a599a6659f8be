"""Imports as a list, what is known of each record's past, and what proves an author's account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, Json, UtcTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    _add_imports()
    _add_to_what_is_there()
    _add_records()
    _index_records()
    _add_proofs()


def _references(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_{target}"))
        for name, target in targets.items()
    ]


def _text(name: str, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def _add_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        _text("source", "System it came from, such as wordpress."),
        _text("file", "Name of the file or folder; without its path."),
        _text("file_hash", "SHA-256 of what was read."),
        sa.Column(
            "options",
            Json,
            nullable=False,
            comment="How it was to be read, to go on the same way.",
        ),
        _text("started_by", "Who ran the command, as the system says."),
        _text("landing", "Mark of the landing that done_to counts in."),
        sa.Column("started_at", UtcTime(), nullable=False, comment="When it began."),
        _text("state", "running, done, undoing or undone."),
        _text("stage", "What was stored last; see transfer/storing.py."),
        sa.Column(
            "done_to",
            BigId,
            nullable=False,
            comment="Up to where of that, in the landing's order.",
        ),
        sa.Column(
            "moved_at",
            UtcTime(),
            nullable=False,
            comment="When something was last stored, or taken back.",
        ),
        sa.Column(
            "counts", Json, nullable=False, comment="What it has brought, by kind of record."
        ),
        *_references("imports", site_id="sites"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_site_id_id", "imports", ["site_id", "id"])


def _add_to_what_is_there() -> None:
    op.add_column(
        "comments",
        sa.Column(
            "respect_carried",
            sa.Integer(),
            nullable=False,
            server_default="0",
            comment="Of these, what came as a mere sum with an import: nobody knows whose it is.",
        ),
    )
    op.add_column(
        "imported",
        sa.Column(
            "import_id",
            BigId,
            nullable=True,
            comment="The import that brought it; null before there was a list.",
        ),
    )
    op.add_column(
        "imported",
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="A comment's status at the source, the strictest ever met.",
        ),
    )
    op.create_index("ix_imported_kind_target_id", "imported", ["kind", "target_id"])


def _add_records() -> None:
    op.create_table(
        "past_records",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("import_id", BigId, nullable=False, comment="The import that brought it."),
        _text("kind", "report, decision, sanction, note or role: at the source, and not of ours."),
        sa.Column("comment_id", BigId, nullable=True, comment="About which comment, if one."),
        sa.Column(
            "reader_id",
            BigId,
            nullable=True,
            comment="Whom it concerns: the author, or the account.",
        ),
        sa.Column(
            "by_reader_id", BigId, nullable=True, comment="Whose act it was there, if known."
        ),
        _text("what", "Outcome, kind of sanction, or role; or empty."),
        _text("reason", "The source's own code, or empty."),
        _text("note", "In words, for staff; empty after erasure."),
        sa.Column("at", UtcTime(), nullable=False, comment="When it was done there."),
        sa.Column(
            "ends_at",
            UtcTime(),
            nullable=True,
            comment="Until when a sanction lasts; null where it had no end.",
        ),
        *_references(
            "past_records",
            site_id="sites",
            import_id="imports",
            comment_id="comments",
            reader_id="readers",
            by_reader_id="readers",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_records")),
    )


def _index_records() -> None:
    for names in (["comment_id"], ["by_reader_id"], ["import_id"]):
        op.create_index(f"ix_past_records_{names[0]}", "past_records", names)
    op.create_index("ix_past_records_reader_id", "past_records", ["reader_id", "site_id"])


def _add_proofs() -> None:
    op.create_table(
        "past_proofs",
        sa.Column(
            "reader_id",
            BigId,
            nullable=False,
            comment="The imported author who can be claimed with it.",
        ),
        sa.Column(
            "proof",
            sa.LargeBinary(),
            nullable=False,
            comment="Keyed hash of a verified address, or of an issuer and a subject.",
        ),
        _text("kind", "email or identity."),
        sa.Column("import_id", BigId, nullable=False, comment="The import that brought it."),
        *_references("past_proofs", reader_id="readers", import_id="imports"),
        sa.PrimaryKeyConstraint("reader_id", "proof", name=op.f("pk_past_proofs")),
    )
    op.create_index("ix_past_proofs_proof", "past_proofs", ["proof"])
    op.create_index("ix_past_proofs_import_id", "past_proofs", ["import_id"])
