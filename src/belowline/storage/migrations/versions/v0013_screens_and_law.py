"""Screens that editors set, protected names, stories before a court, and legal holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, Json, UtcTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    _add_screen_versions()
    _add_listed_names()
    _add_legal_statuses()
    _add_legal_holds()
    _add_legal_log()
    _add_columns()


def _add_screen_versions() -> None:
    op.create_table(
        "screen_versions",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column(
            "story_id", BigId, nullable=True, comment="For which story; null for the whole site."
        ),
        sa.Column("options", Json, nullable=False, comment="All options as they were set then."),
        sa.Column(
            "changed", Json, nullable=False, comment="Names of the options that this changed."
        ),
        sa.Column(
            "changed_by", BigId, nullable=True, comment="Who set them; null from the command line."
        ),
        sa.Column("changed_at", UtcTime(), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["readers.id"], name=op.f("fk_screen_versions_changed_by_readers")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_screen_versions_site_id_sites")
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_screen_versions_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen_versions")),
    )
    op.create_index(
        "ix_screen_versions_site_id_story_id",
        "screen_versions",
        ["site_id", "story_id", "id"],
        unique=False,
    )


def _add_listed_names() -> None:
    op.create_table(
        "listed_names",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column(
            "story_id", BigId, nullable=True, comment="Under which story; null for the whole site."
        ),
        sa.Column(
            "initials", sa.Text(), nullable=False, comment="All of the name that is ever shown."
        ),
        sa.Column(
            "hashes", Json, nullable=False, comment="Keyed hashes of its parts; see screens/names."
        ),
        sa.Column(
            "key_check",
            sa.Text(),
            nullable=False,
            comment="Keyed hash of nothing: tells an entry made under another secret.",
        ),
        sa.Column("added_by", BigId, nullable=False, comment="Who listed it."),
        sa.Column("added_at", UtcTime(), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["added_by"], ["readers.id"], name=op.f("fk_listed_names_added_by_readers")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_listed_names_site_id_sites")
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_listed_names_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_names")),
    )
    op.create_index(
        "ix_listed_names_site_id_story_id", "listed_names", ["site_id", "story_id"], unique=False
    )


def _add_legal_statuses() -> None:
    op.create_table(
        "legal_statuses",
        sa.Column("story_id", BigId, nullable=False, comment="Which story."),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("status", sa.Text(), nullable=False, comment="LegalStatus."),
        sa.Column(
            "review_at",
            UtcTime(),
            nullable=True,
            comment="When somebody looks at it again; nothing opens by itself.",
        ),
        sa.Column("set_by", BigId, nullable=False, comment="Who set it."),
        sa.Column("set_at", UtcTime(), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["set_by"], ["readers.id"], name=op.f("fk_legal_statuses_set_by_readers")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_legal_statuses_site_id_sites")
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_legal_statuses_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_legal_statuses")),
    )
    op.create_index(
        "ix_legal_statuses_site_id_review_at",
        "legal_statuses",
        ["site_id", "review_at"],
        unique=False,
    )


def _add_legal_holds() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("comment_id", BigId, nullable=False, comment="What is kept as evidence."),
        sa.Column(
            "reason", sa.Text(), nullable=False, comment="Why, for the desk; not for readers."
        ),
        sa.Column("owner_id", BigId, nullable=False, comment="Who answers for it."),
        sa.Column(
            "review_at",
            UtcTime(),
            nullable=False,
            comment="When somebody looks at it again; it does not end by itself.",
        ),
        sa.Column(
            "author_name",
            sa.Text(),
            nullable=True,
            comment="The author's name when it was placed; null after it.",
        ),
        sa.Column(
            "author_email", sa.Text(), nullable=True, comment="Their address then; null after it."
        ),
        sa.Column("placed_by", BigId, nullable=False, comment="Who placed it."),
        sa.Column("placed_at", UtcTime(), nullable=False, comment="When."),
        sa.Column("ended_by", BigId, nullable=True, comment="Who ended it."),
        sa.Column("ended_at", UtcTime(), nullable=True, comment="When; null while it is in force."),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_legal_holds_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["readers.id"], name=op.f("fk_legal_holds_ended_by_readers")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["readers.id"], name=op.f("fk_legal_holds_owner_id_readers")
        ),
        sa.ForeignKeyConstraint(
            ["placed_by"], ["readers.id"], name=op.f("fk_legal_holds_placed_by_readers")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_legal_holds_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index("ix_legal_holds_comment_id", "legal_holds", ["comment_id"], unique=False)
    op.create_index("ix_legal_holds_site_id", "legal_holds", ["site_id", "id"], unique=False)


def _add_legal_log() -> None:
    op.create_table(
        "legal_log",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column(
            "story_id", BigId, nullable=True, comment="About which story; null for the site's list."
        ),
        sa.Column("hold_id", BigId, nullable=True, comment="About which hold."),
        sa.Column(
            "act",
            sa.Text(),
            nullable=False,
            comment="What was done: looked, set, listed and so on.",
        ),
        sa.Column(
            "detail", sa.Text(), server_default="", nullable=False, comment="A code, such as trial."
        ),
        sa.Column("reader_id", BigId, nullable=False, comment="Who did it."),
        sa.Column("at", UtcTime(), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["legal_holds.id"], name=op.f("fk_legal_log_hold_id_legal_holds")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_legal_log_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_legal_log_site_id_sites")),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_legal_log_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_log")),
    )
    op.create_index("ix_legal_log_hold_id", "legal_log", ["hold_id", "id"], unique=False)
    op.create_index("ix_legal_log_site_id", "legal_log", ["site_id", "id"], unique=False)
    op.create_index("ix_legal_log_story_id", "legal_log", ["story_id", "id"], unique=False)


def _add_columns() -> None:
    op.add_column(
        "sites",
        sa.Column(
            "external",
            Json,
            nullable=True,
            comment="The external screen: address, secret, deadline; or null.",
        ),
    )
    op.add_column(
        "sites",
        sa.Column(
            "listed_names",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Protected names listed for the whole site; 0 costs a comment nothing.",
        ),
    )
    op.add_column(
        "stories",
        sa.Column(
            "screens",
            Json,
            nullable=True,
            comment="What its screens do otherwise than the site's, or null.",
        ),
    )
    op.add_column(
        "stories",
        sa.Column(
            "listed_names",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Protected names listed for this story.",
        ),
    )
