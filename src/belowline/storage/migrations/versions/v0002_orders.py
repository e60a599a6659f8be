"""Orders of a thread: places of roots, rankings, and respect that is shown after an hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, Json, UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the orders need, and give every root that is shown a place in each of them."""
    _add_respect_shown()
    _add_story_of_reactions()
    _add_places()
    _add_rankings()
    _fill()


def _add_respect_shown() -> None:
    op.add_column(
        "comments",
        sa.Column(
            "respect_shown",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Reactions as readers are told: 0 during the comment's first hour.",
        ),
    )
    op.create_index(
        "ix_comments_newsroom",
        "comments",
        ["site_id", "story_id"],
        unique=False,
        sqlite_where=sa.text("author_role IS NOT NULL"),
        postgresql_where=sa.text("author_role IS NOT NULL"),
    )


def _add_story_of_reactions() -> None:
    op.add_column(
        "reactions", sa.Column("story_id", BigId, nullable=True, comment="The comment's story.")
    )
    op.execute(
        "UPDATE reactions SET story_id = "
        "(SELECT story_id FROM comments WHERE comments.id = reactions.comment_id)"
    )
    with op.batch_alter_table("reactions") as batch:
        batch.alter_column(
            "story_id", existing_type=BigId, existing_comment="The comment's story.", nullable=False
        )
        batch.create_foreign_key(
            op.f("fk_reactions_story_id_stories"), "stories", ["story_id"], ["id"]
        )
    op.create_index("ix_reactions_story_id", "reactions", ["story_id", "created_at"], unique=False)


def _add_places() -> None:
    op.create_table(
        "places",
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("story_id", BigId, nullable=False, comment="The story it is under."),
        sa.Column(
            "comment_id", BigId, nullable=False, comment="A root that has a place in the thread."
        ),
        sa.Column(
            "in_order",
            sa.Text(),
            nullable=False,
            comment="ThreadOrder: best, replied or newsroom.",
        ),
        sa.Column("key", BigId, nullable=False, comment="The greater, the earlier it stands."),
        sa.Column(
            "key_before",
            BigId,
            nullable=False,
            comment="The key before the last ranking, for who is still paging through.",
        ),
        sa.Column(
            "why",
            Json,
            nullable=True,
            comment="For best: the figures behind the key; see threads/ranking.py.",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_places_site_id_sites")),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_places_story_id_stories")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_places_comment_id_comments")
        ),
        sa.PrimaryKeyConstraint("comment_id", "in_order", name=op.f("pk_places")),
    )
    for key in ("key", "key_before"):
        op.create_index(
            f"ix_places_{key}",
            "places",
            ["site_id", "story_id", "in_order", key, "comment_id"],
            unique=False,
        )


def _add_rankings() -> None:
    op.create_table(
        "rankings",
        sa.Column("story_id", BigId, nullable=False, comment="Whose thread."),
        sa.Column(
            "number",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Counts the rankings.",
        ),
        sa.Column(
            "ranked_at", UtcTime(), nullable=True, comment="When the thread was last ranked."
        ),
        sa.Column(
            "rests_until",
            UtcTime(),
            nullable=True,
            comment="Not before: how long depends on its length.",
        ),
        sa.Column(
            "due_at",
            UtcTime(),
            nullable=True,
            comment="When it is to be ranked next; null when nothing waits.",
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_rankings_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_rankings")),
    )
    op.create_index(
        "ix_rankings_due_at",
        "rankings",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def _fill() -> None:
    # Whoever has counted it already need not be kept from it now.
    op.execute("UPDATE comments SET respect_shown = respect_count")
    for order in ("best", "replied", "newsroom"):
        op.execute(
            sa.text(
                "INSERT INTO places (site_id, story_id, comment_id, in_order, key, key_before) "
                "SELECT site_id, story_id, id, :in_order, 0, 0 "
                "FROM comments WHERE parent_id IS NULL AND shown"
            ).bindparams(in_order=order)
        )
    # All are ranked once the new version runs, the ones of the latest stories first.
    op.execute(
        "INSERT INTO rankings (story_id, due_at) SELECT id, created_at FROM stories "
        "WHERE comment_count > 0"
    )
