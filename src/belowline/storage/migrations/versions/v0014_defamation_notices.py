"""Notices of defamation, their letters, their evidence, and who is behind them, sealed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, Json, UtcTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _add_notices()
    _add_details()
    _add_letters()
    _add_evidence()


def _complaint() -> list[sa.Column[Any]]:
    """Return the columns of what is complained of."""
    return [
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("comment_id", BigId, nullable=False, comment="The comment that it is about."),
        sa.Column("story_id", BigId, nullable=False, comment="In whose thread."),
        sa.Column("author_id", BigId, nullable=False, comment="Who wrote the comment."),
        sa.Column("revision", sa.Integer(), nullable=False, comment="The revision complained of."),
        sa.Column(
            "words", sa.Text(), nullable=False, comment="The words complained of, as quoted."
        ),
        sa.Column("why", sa.Text(), nullable=False, comment="Why they are said to be defamatory."),
        sa.Column("meaning", sa.Text(), nullable=False, comment="The meaning complained of."),
        sa.Column(
            "wrong", sa.Text(), nullable=False, comment="What is said to be wrong or unsupported."
        ),
        sa.Column(
            "cannot_sue", sa.Boolean(), nullable=False, comment="Cannot identify the author."
        ),
        sa.Column(
            "consents",
            sa.Boolean(),
            nullable=True,
            comment="Whether the author may know who; null: not said.",
        ),
        sa.Column(
            "earlier", sa.Boolean(), nullable=False, comment="Says that this is at least the third."
        ),
        sa.Column(
            "lacks", Json, nullable=False, comment="Codes of what the law requires and it lacks."
        ),
        sa.Column(
            "is_repeat", sa.Boolean(), nullable=False, comment="Two removals on record before it."
        ),
    ]


def _course() -> list[sa.Column[Any]]:
    """Return the columns of what became of it."""
    return [
        sa.Column(
            "complainant_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="Keyed hash of the complainant's address; null once emptied.",
        ),
        sa.Column("received_at", UtcTime(), nullable=False, comment="When it came in."),
        sa.Column(
            "due_at",
            UtcTime(),
            nullable=True,
            comment="The next deadline of ours; null once closed.",
        ),
        sa.Column(
            "reminded",
            sa.Text(),
            nullable=True,
            comment="Of which step and deadline the desk was last reminded.",
        ),
        sa.Column(
            "answer", sa.Text(), nullable=True, comment="AnswerKind, once the author has answered."
        ),
        sa.Column("answered_at", UtcTime(), nullable=True, comment="When the author answered."),
        sa.Column(
            "answer_consents",
            sa.Boolean(),
            nullable=True,
            comment="Whether their details may be passed on.",
        ),
        sa.Column(
            "doubted_at",
            UtcTime(),
            nullable=True,
            comment="When the details were found obviously false.",
        ),
        sa.Column("doubted_by", BigId, nullable=True, comment="By whom."),
    ]


def _end() -> list[sa.Column[Any]]:
    """Return the columns of how it ended."""
    return [
        sa.Column(
            "gone_at", UtcTime(), nullable=True, comment="When the author took the comment back."
        ),
        sa.Column("closed_at", UtcTime(), nullable=True, comment="When it ended."),
        sa.Column("closed_as", sa.Text(), nullable=True, comment="ClosedAs."),
        sa.Column(
            "closed_by", BigId, nullable=True, comment="Who dropped it; null if it ended by itself."
        ),
        sa.Column(
            "keep_until",
            UtcTime(),
            nullable=False,
            comment="Until then its texts and details are kept: limitation and a margin.",
        ),
        sa.Column("emptied_at", UtcTime(), nullable=True, comment="When they were deleted."),
    ]


def _add_notices() -> None:
    op.create_table(
        "defamation_notices",
        *_complaint(),
        *_course(),
        *_end(),
        sa.ForeignKeyConstraint(
            ["author_id"], ["readers.id"], name=op.f("fk_defamation_notices_author_id_readers")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["readers.id"], name=op.f("fk_defamation_notices_closed_by_readers")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_defamation_notices_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["doubted_by"], ["readers.id"], name=op.f("fk_defamation_notices_doubted_by_readers")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_defamation_notices_site_id_sites")
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_defamation_notices_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_defamation_notices")),
    )
    op.create_index(
        "ix_defamation_notices_author_id",
        "defamation_notices",
        ["author_id", "complainant_hash"],
        unique=False,
    )
    op.create_index(
        "ix_defamation_notices_comment_id", "defamation_notices", ["comment_id"], unique=False
    )
    op.create_index(
        "ix_defamation_notices_open",
        "defamation_notices",
        ["site_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_defamation_notices_site_id_id", "defamation_notices", ["site_id", "id"], unique=False
    )


def _add_details() -> None:
    op.create_table(
        "legal_details",
        sa.Column("notice_id", BigId, nullable=False, comment="Which notice."),
        sa.Column("party", sa.Text(), nullable=False, comment="Party: whose details."),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=False,
            comment="Name, e-mail or postal address, sealed under the secret.",
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["defamation_notices.id"],
            name=op.f("fk_legal_details_notice_id_defamation_notices"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_legal_details_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("notice_id", "party", name=op.f("pk_legal_details")),
    )


def _add_letters() -> None:
    op.create_table(
        "defamation_letters",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("notice_id", BigId, nullable=False, comment="About which notice."),
        sa.Column("kind", sa.Text(), nullable=False, comment="LetterKind."),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="LetterState: waiting, sent or failed."
        ),
        sa.Column(
            "tries", sa.Integer(), server_default="0", nullable=False, comment="Attempts so far."
        ),
        sa.Column("due_at", UtcTime(), nullable=False, comment="Not before; a try moves it."),
        sa.Column("made_by", BigId, nullable=True, comment="Who ordered it; null: the clock."),
        sa.Column("made_at", UtcTime(), nullable=False, comment="When it was ordered."),
        sa.Column(
            "sent_at",
            UtcTime(),
            nullable=True,
            comment="When it went out; the author's days count from here.",
        ),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="Subject and text as they went out, sealed.",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["readers.id"], name=op.f("fk_defamation_letters_made_by_readers")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["defamation_notices.id"],
            name=op.f("fk_defamation_letters_notice_id_defamation_notices"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_defamation_letters_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_defamation_letters")),
        sa.UniqueConstraint("notice_id", "kind", name=op.f("uq_defamation_letters_notice_id_kind")),
    )
    op.create_index(
        "ix_defamation_letters_waiting",
        "defamation_letters",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _add_evidence() -> None:
    op.create_table(
        "legal_evidence",
        sa.Column("notice_id", BigId, nullable=False, comment="For which notice."),
        sa.Column(
            "number",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="The revision's number.",
        ),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("text", sa.Text(), nullable=False, comment="What it said, plain."),
        sa.Column("html", sa.Text(), nullable=False, comment="What readers saw."),
        sa.Column("written_at", UtcTime(), nullable=False, comment="When its author wrote it."),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["defamation_notices.id"],
            name=op.f("fk_legal_evidence_notice_id_defamation_notices"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_legal_evidence_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("notice_id", "number", name=op.f("pk_legal_evidence")),
    )
