"""What the desk can search, saved views, and what a case says for the views of the queue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, Json, UtcTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

QUEUE = (
    "site_id",
    "state",
    "priority",
    "held",
    "reported",
    "appealed",
    "new_reader",
    "story_id",
    "handed_on_by",
)


def upgrade() -> None:
    """Add everything. What is there already is read into the index in portions, by the server."""
    _add_to_cases()
    _add_saved_views()
    _add_words(
        "comment",
        "A comment that can be found; not one that was withdrawn or erased.",
        sa.Column(
            "revision", sa.Integer(), nullable=False, comment="The revision that the words are of."
        ),
        _words("Its words, folded; see search/words.py."),
    )
    _add_words(
        "decision",
        "A decision of a person that can be found; not one that was taken back.",
        _words("The words of its reason, folded."),
    )
    fills = op.create_table(
        "search_fills",
        sa.Column("what", sa.Text(), nullable=False, comment="comments, decisions or erased."),
        sa.Column(
            "done_to",
            BigId,
            nullable=False,
            comment="Everything up to this id has been looked at; for erased, 1 while words wait "
            "to be cleared out of the index for good.",
        ),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_search_fills")),
    )
    names = ("comments", "decisions", "erased")
    op.bulk_insert(fills, [{"what": name, "done_to": 0} for name in names])
    _begin_at_the_end()


def _add_to_cases() -> None:
    op.add_column(
        "cases",
        sa.Column(
            "story_id",
            BigId,
            nullable=True,
            comment="The comment's story, so that a view can ask for it.",
        ),
    )
    op.add_column(
        "cases",
        sa.Column(
            "new_reader",
            sa.Boolean(),
            nullable=False,
            server_default=sa.text("false"),
            comment="The author has hardly any published comment at the site yet.",
        ),
    )
    op.execute(
        sa.text(
            "UPDATE cases SET story_id = "
            "(SELECT story_id FROM comments WHERE comments.id = cases.comment_id)"
        )
    )
    op.drop_index("ix_cases_queue", "cases")
    op.create_index("ix_cases_queue", "cases", list(QUEUE), unique=False)


def _add_saved_views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=True, comment="The site it belongs to."),
        sa.Column("reader_id", BigId, nullable=False, comment="Who saved it."),
        sa.Column(
            "shared",
            sa.Boolean(),
            nullable=False,
            comment="Whether the site's whole desk has it; else only who saved it.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="What it is called, plain text."),
        sa.Column(
            "filters", Json, nullable=False, comment="What it shows; see moderation/filters.py."
        ),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When it was saved."),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_saved_views_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_saved_views_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index("ix_saved_views_reader_id", "saved_views", ["reader_id"], unique=False)
    op.create_index("ix_saved_views_site_id", "saved_views", ["site_id", "shared"], unique=False)


def _words(comment: str) -> sa.Column[str]:
    return sa.Column("words", sa.Text(), nullable=False, comment=comment)


def _add_words(of: str, what: str, *columns: sa.Column[int] | sa.Column[str]) -> None:
    name, key = f"{of}_words", f"{of}_id"
    op.create_table(
        name,
        sa.Column(key, BigId, autoincrement=False, nullable=False, comment=what),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        *columns,
        sa.ForeignKeyConstraint([key], [f"{of}s.id"], name=op.f(f"fk_{name}_{key}_{of}s")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f(f"fk_{name}_site_id_sites")),
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{name}")),
    )
    if op.get_bind().dialect.name == "sqlite":
        # Words come folded and parted, so the plainest way of parting them is the right one.
        op.execute(
            sa.text(
                f"CREATE VIRTUAL TABLE {name}_fts USING fts5(words, content='{name}', "
                f"content_rowid='{key}', tokenize='ascii')"
            )
        )
    else:
        op.execute(
            sa.text(
                f"CREATE INDEX ix_{name}_words ON {name} USING gin (to_tsvector('simple', words))"
            )
        )


def _begin_at_the_end() -> None:
    """Let the follower begin with what comes now: a whole log would be read for nothing."""
    last = "SELECT 'search', xid, seq, at FROM events ORDER BY xid DESC, seq DESC LIMIT 1"
    op.execute(sa.text(f"INSERT INTO cursors (follower, xid, seq, moved_at) {last}"))
