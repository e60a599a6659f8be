"""What readers find in a thread: index of picks, questions from the desk, authors, mutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    _add_picks()
    _add_questions()
    _add_authors()
    _add_mutes()


def _add_picks() -> None:
    op.create_index(
        "ix_comments_featured",
        "comments",
        ["site_id", "story_id"],
        unique=False,
        sqlite_where=sa.text("featured_at IS NOT NULL"),
        postgresql_where=sa.text("featured_at IS NOT NULL"),
    )


def _add_questions() -> None:
    op.create_table(
        "questions",
        sa.Column(
            "story_id",
            BigId,
            nullable=False,
            comment="Above whose thread it is pinned; a story has one at most.",
        ),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("text", sa.Text(), nullable=False, comment="What the desk asks, plain text."),
        sa.Column("asked_by", BigId, nullable=True, comment="Who asks; null once they have left."),
        sa.Column("asked_at", UtcTime(), nullable=False, comment="Since when."),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["readers.id"], name=op.f("fk_questions_asked_by_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_questions_site_id_sites")),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_questions_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_questions")),
    )
    op.create_index("ix_questions_asked_by", "questions", ["asked_by"], unique=False)


def _add_mutes() -> None:
    op.create_table(
        "mutes",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("reader_id", BigId, nullable=False, comment="Who does not wish to read."),
        sa.Column("muted_id", BigId, nullable=False, comment="Whom."),
        sa.Column("created_at", UtcTime(), nullable=False, comment="Since when."),
        sa.ForeignKeyConstraint(
            ["muted_id"], ["readers.id"], name=op.f("fk_mutes_muted_id_readers")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_mutes_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_mutes_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
        sa.UniqueConstraint(
            "reader_id", "site_id", "muted_id", name=op.f("uq_mutes_reader_id_site_id_muted_id")
        ),
    )
    op.create_index("ix_mutes_muted_id", "mutes", ["muted_id"], unique=False)


def _add_authors() -> None:
    op.create_table(
        "story_authors",
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("story_id", BigId, nullable=False, comment="What they wrote."),
        sa.Column("reader_id", BigId, nullable=False, comment="Who wrote it."),
        sa.Column("named_at", UtcTime(), nullable=False, comment="Since when an editor says so."),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_story_authors_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_story_authors_site_id_sites")
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_story_authors_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("story_id", "reader_id", name=op.f("pk_story_authors")),
    )
    op.create_index("ix_story_authors_reader_id", "story_authors", ["reader_id"], unique=False)
