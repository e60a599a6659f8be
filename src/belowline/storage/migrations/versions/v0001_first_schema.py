"""The first schema, and the triggers that keep the event log append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, InCodeOrder, Json, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""

    op.create_table(
        "attempts",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="What is being limited, such as sign_in_mail.",
        ),
        sa.Column(
            "key_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="Keyed hash of the address or reader.",
        ),
        sa.Column("at", UtcTime(), nullable=False, comment="When."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(
        "ix_attempts_kind_key_hash_at", "attempts", ["kind", "key_hash", "at"], unique=False
    )
    op.create_table(
        "cursors",
        sa.Column("follower", sa.Text(), nullable=False, comment="Name in followers/."),
        sa.Column(
            "xid",
            BigId,
            server_default="0",
            nullable=False,
            comment="PostgreSQL: transaction reached.",
        ),
        sa.Column("seq", BigId, server_default="0", nullable=False, comment="Event reached."),
        sa.Column("moved_at", UtcTime(), nullable=False, comment="When it last moved."),
        sa.Column(
            "failures",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="In a row; 0 is healthy.",
        ),
        sa.PrimaryKeyConstraint("follower", name=op.f("pk_cursors")),
    )
    op.create_table(
        "events",
        sa.Column("seq", BigId, autoincrement=True, nullable=False, comment="Order of insertion."),
        sa.Column(
            "xid",
            BigId,
            server_default="0",
            nullable=False,
            comment="PostgreSQL: the writing transaction.",
        ),
        sa.Column("at", UtcTime(), nullable=False, comment="When."),
        sa.Column("kind", sa.Text(), nullable=False, comment="A class name of events/kinds.py."),
        sa.Column("site_id", BigId, nullable=False, comment="Where."),
        sa.Column("actor", sa.Text(), nullable=False, comment="reader:ID or system:NAME."),
        sa.Column(
            "data",
            Json,
            nullable=False,
            comment="Ids, codes and rule keys; never a reader's words.",
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
    )
    op.create_index("ix_events_site_id_seq", "events", ["site_id", "seq"], unique=False)
    op.create_index("ix_events_xid_seq", "events", ["xid", "seq"], unique=False)
    op.create_table(
        "readers",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="Display name; 'Erased reader' after erasure.",
        ),
        sa.Column(
            "name_key", sa.Text(), nullable=False, comment="Look-alike skeleton of the name."
        ),
        sa.Column(
            "email",
            sa.Text(),
            nullable=True,
            comment="Verified address, lower case; null if unknown.",
        ),
        sa.Column(
            "mail_notices",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether notices are also sent by mail.",
        ),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When the reader first came."),
        sa.Column("name_changed_at", UtcTime(), nullable=True, comment="Last change of name."),
        sa.Column("erased_at", UtcTime(), nullable=True, comment="When the account was erased."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readers")),
        sa.UniqueConstraint("email", name=op.f("uq_readers_email")),
    )
    op.create_index("ix_readers_name_key", "readers", ["name_key"], unique=False)
    op.create_table(
        "sites",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="Stable name in addresses."),
        sa.Column("name", sa.Text(), nullable=False, comment="The title, as readers know it."),
        sa.Column(
            "language", sa.Text(), server_default="en", nullable=False, comment="BCP 47 tag."
        ),
        sa.Column(
            "origins", Json, nullable=False, comment="Origins that may embed; compared exactly."
        ),
        sa.Column(
            "settings", Json, nullable=False, comment="What sites/model.py reads: limits, screens."
        ),
        sa.Column(
            "identity",
            Json,
            nullable=True,
            comment="How the publisher's tokens are checked, or null.",
        ),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When the site was set up."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("key", name=op.f("uq_sites_key")),
    )
    op.create_table(
        "identities",
        sa.Column(
            "issuer",
            sa.Text(),
            nullable=False,
            comment="Who vouches: a publisher's issuer, an import.",
        ),
        sa.Column("subject", sa.Text(), nullable=False, comment="The reader's id there."),
        sa.Column("reader_id", BigId, nullable=False, comment="The reader it stands for."),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_identities_reader_id_readers")
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identities")),
    )
    op.create_index("ix_identities_reader_id", "identities", ["reader_id"], unique=False)
    op.create_table(
        "imported",
        sa.Column("site_id", BigId, nullable=False, comment="Into which site."),
        sa.Column(
            "source", sa.Text(), nullable=False, comment="System it came from, such as wordpress."
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="story, comment or author."),
        sa.Column("source_id", sa.Text(), nullable=False, comment="Its id there."),
        sa.Column("target_id", BigId, nullable=False, comment="Its id here."),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_imported_site_id_sites")),
        sa.PrimaryKeyConstraint("site_id", "source", "kind", "source_id", name=op.f("pk_imported")),
    )
    op.create_table(
        "network_traces",
        sa.Column("reader_id", BigId, nullable=False, comment="Who acted."),
        sa.Column(
            "network_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="Keyed hash of the address (IPv6: its /64).",
        ),
        sa.Column("seen_at", UtcTime(), nullable=False, comment="Last seen; erased after 30 days."),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_network_traces_reader_id_readers")
        ),
        sa.PrimaryKeyConstraint("reader_id", "network_hash", name=op.f("pk_network_traces")),
    )
    op.create_index("ix_network_traces_seen_at", "network_traces", ["seen_at"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("reader_id", BigId, nullable=False, comment="Who is told."),
        sa.Column("kind", sa.Text(), nullable=False, comment="NoticeKind."),
        sa.Column("event_seq", BigId, nullable=False, comment="The event it follows from."),
        sa.Column("facts", Json, nullable=False, comment="Ids and codes the message is made from."),
        sa.Column(
            "due_at", UtcTime(), nullable=False, comment="Not before; lets the undo minute pass."
        ),
        sa.Column("read_at", UtcTime(), nullable=True, comment="When the reader opened it."),
        sa.Column("mail", sa.Text(), nullable=False, comment="none, waiting, sent or failed."),
        sa.Column(
            "mail_tries",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Attempts so far.",
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_notices_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_notices_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "event_seq", "reader_id", "kind", name=op.f("uq_notices_event_seq_reader_id_kind")
        ),
    )
    op.create_index("ix_notices_reader_id", "notices", ["reader_id", "site_id", "id"], unique=False)
    op.create_index(
        "ix_notices_waiting",
        "notices",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("mail = 'waiting'"),
        postgresql_where=sa.text("mail = 'waiting'"),
    )
    op.create_table(
        "rulebooks",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="Counts up from 1 within the site."
        ),
        sa.Column(
            "intro", sa.Text(), nullable=False, comment="The paragraph above the rules, plain text."
        ),
        sa.Column("published_at", UtcTime(), nullable=True, comment="Null while it is a draft."),
        sa.Column("published_by", BigId, nullable=True, comment="Who published it."),
        sa.ForeignKeyConstraint(
            ["published_by"], ["readers.id"], name=op.f("fk_rulebooks_published_by_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_rulebooks_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebooks")),
        sa.UniqueConstraint("site_id", "version", name=op.f("uq_rulebooks_site_id_version")),
    )
    op.create_table(
        "sessions",
        sa.Column(
            "token_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="Keyed hash; the token is not kept.",
        ),
        sa.Column("reader_id", BigId, nullable=False, comment="Who is signed in."),
        sa.Column("site_id", BigId, nullable=True, comment="The site it belongs to."),
        sa.Column(
            "origin",
            sa.Text(),
            nullable=True,
            comment="For a short-lived token: the embedding origin it works for.",
        ),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When it began."),
        sa.Column("expires_at", UtcTime(), nullable=False, comment="When it ends by itself."),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_sessions_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_sessions_site_id_sites")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"], unique=False)
    op.create_index("ix_sessions_reader_id", "sessions", ["reader_id"], unique=False)
    op.create_table(
        "sign_in_codes",
        sa.Column(
            "browser_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="Keyed hash of the asking browser's secret.",
        ),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("email", sa.Text(), nullable=False, comment="Where the code went."),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False, comment="Keyed hash of the code."),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Wrong tries so far.",
        ),
        sa.Column("expires_at", UtcTime(), nullable=False, comment="When the code stops working."),
        sa.Column(
            "used_at", UtcTime(), nullable=True, comment="When it was used; a code works once."
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_sign_in_codes_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("browser_hash", name=op.f("pk_sign_in_codes")),
    )
    op.create_index("ix_sign_in_codes_expires_at", "sign_in_codes", ["expires_at"], unique=False)
    op.create_table(
        "staff",
        sa.Column("site_id", BigId, nullable=False, comment="Where the role holds."),
        sa.Column("reader_id", BigId, nullable=False, comment="Who holds it."),
        sa.Column("role", sa.Text(), nullable=False, comment="moderator, editor or owner."),
        sa.Column("appointed_at", UtcTime(), nullable=False, comment="Since when."),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_staff_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_staff_site_id_sites")),
        sa.PrimaryKeyConstraint("site_id", "reader_id", name=op.f("pk_staff")),
    )
    op.create_index("ix_staff_reader_id", "staff", ["reader_id"], unique=False)
    op.create_table(
        "stories",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column(
            "key", sa.Text(), nullable=False, comment="The publisher's identifier, in addresses."
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="Headline."),
        sa.Column(
            "url", sa.Text(), nullable=False, comment="Canonical address on the publisher's site."
        ),
        sa.Column("mode", sa.Text(), server_default="open", nullable=False, comment="StoryMode."),
        sa.Column(
            "mode_reason", sa.Text(), server_default="", nullable=False, comment="Shown to readers."
        ),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When Belowline first knew it."),
        sa.Column(
            "comment_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Published comments.",
        ),
        sa.Column(
            "thread_version",
            BigId,
            server_default="0",
            nullable=False,
            comment="Counts every visible change, reactions too; cached pages compare it.",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_stories_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sa.UniqueConstraint("site_id", "key", name=op.f("uq_stories_site_id_key")),
    )
    op.create_table(
        "used_tokens",
        sa.Column("site_id", BigId, nullable=False, comment="Whose token it was."),
        sa.Column("jti", sa.Text(), nullable=False, comment="The token's id; seen once."),
        sa.Column(
            "expires_at",
            UtcTime(),
            nullable=False,
            comment="After this the token would be refused anyway.",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_used_tokens_site_id_sites")
        ),
        sa.PrimaryKeyConstraint("site_id", "jti", name=op.f("pk_used_tokens")),
    )
    op.create_table(
        "comments",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("story_id", BigId, nullable=False, comment="The story it is under."),
        sa.Column("parent_id", BigId, nullable=True, comment="What it replies to."),
        sa.Column(
            "root_id", BigId, nullable=True, comment="The top of its tree; null on a root itself."
        ),
        sa.Column(
            "depth",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Replies deep, root 0.",
        ),
        sa.Column(
            "path",
            InCodeOrder,
            server_default="",
            nullable=False,
            comment="Sort key within the root's tree: ancestors' ids, deepest levels flattened.",
        ),
        sa.Column("author_id", BigId, nullable=False, comment="Who wrote it."),
        sa.Column("status", sa.Text(), nullable=False, comment="CommentStatus."),
        sa.Column(
            "shown",
            sa.Boolean(),
            nullable=False,
            comment="Has a place in the public thread: published, or a neutral line.",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="Counts every change; a stale decision is refused by it.",
        ),
        sa.Column(
            "revision",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="Current revision's number.",
        ),
        sa.Column(
            "html",
            sa.Text(),
            nullable=False,
            comment="Current revision, rendered and sanitised; empty after erasure.",
        ),
        sa.Column(
            "rule_key",
            sa.Text(),
            nullable=True,
            comment="Rule under which it was refused or removed.",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Reason to the author, or a code of a screen.",
        ),
        sa.Column(
            "created_at",
            UtcTime(),
            nullable=False,
            comment="When it was sent; its place in the thread.",
        ),
        sa.Column("published_at", UtcTime(), nullable=True, comment="When it first went public."),
        sa.Column("edited_at", UtcTime(), nullable=True, comment="Last edit."),
        sa.Column(
            "respect_count", sa.Integer(), server_default="0", nullable=False, comment="Reactions."
        ),
        sa.Column(
            "reply_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Shown replies in the tree below a root; direct ones elsewhere.",
        ),
        sa.Column("featured_at", UtcTime(), nullable=True, comment="When an editor featured it."),
        sa.Column(
            "featured_reason",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Why, for readers.",
        ),
        sa.Column(
            "author_role",
            sa.Text(),
            nullable=True,
            comment="Staff role held when written; shown as a badge.",
        ),
        sa.Column(
            "client_key",
            sa.Text(),
            nullable=True,
            comment="The sender's own key; a repeat of it is the same comment.",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["readers.id"], name=op.f("fk_comments_author_id_readers")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["comments.id"], name=op.f("fk_comments_parent_id_comments")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_comments_site_id_sites")),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_comments_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint(
            "author_id", "client_key", name=op.f("uq_comments_author_id_client_key")
        ),
    )
    op.create_index(
        "ix_comments_author", "comments", ["author_id", "site_id", "created_at"], unique=False
    )
    op.create_index("ix_comments_parent_id", "comments", ["parent_id"], unique=False)
    op.create_index(
        "ix_comments_replies",
        "comments",
        ["root_id", "path"],
        unique=False,
        sqlite_where=sa.text("shown"),
        postgresql_where=sa.text("shown"),
    )
    op.create_index(
        "ix_comments_roots",
        "comments",
        ["site_id", "story_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("parent_id IS NULL AND shown"),
        postgresql_where=sa.text("parent_id IS NULL AND shown"),
    )
    op.create_index(
        "ix_comments_site_id_created_at", "comments", ["site_id", "created_at"], unique=False
    )
    op.create_table(
        "rule_acceptances",
        sa.Column("reader_id", BigId, nullable=False, comment="Who accepted."),
        sa.Column("rulebook_id", BigId, nullable=False, comment="Which version."),
        sa.Column("accepted_at", UtcTime(), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_rule_acceptances_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(
            ["rulebook_id"],
            ["rulebooks.id"],
            name=op.f("fk_rule_acceptances_rulebook_id_rulebooks"),
        ),
        sa.PrimaryKeyConstraint("reader_id", "rulebook_id", name=op.f("pk_rule_acceptances")),
    )
    op.create_table(
        "rules",
        sa.Column("rulebook_id", BigId, nullable=False, comment="The version it belongs to."),
        sa.Column("key", sa.Text(), nullable=False, comment="Stable over versions."),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order on the page."),
        sa.Column("title", sa.Text(), nullable=False, comment="The rule in a few words."),
        sa.Column("text", sa.Text(), nullable=False, comment="The reader's sentence, plain text."),
        sa.Column("severity", sa.Integer(), nullable=False, comment="1 nuisance to 4 danger."),
        sa.Column(
            "eu_category", sa.Text(), nullable=False, comment="EU Transparency Database category."
        ),
        sa.Column(
            "guidance", sa.Text(), server_default="", nullable=False, comment="For moderators."
        ),
        sa.ForeignKeyConstraint(
            ["rulebook_id"], ["rulebooks.id"], name=op.f("fk_rules_rulebook_id_rulebooks")
        ),
        sa.PrimaryKeyConstraint("rulebook_id", "key", name=op.f("pk_rules")),
    )
    op.create_table(
        "cases",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("comment_id", BigId, nullable=False, comment="One case a comment."),
        sa.Column("state", sa.Text(), nullable=False, comment="CaseState."),
        sa.Column(
            "priority", sa.Float(), nullable=False, comment="Worst first; see moderation/policy.py."
        ),
        sa.Column("held", sa.Boolean(), nullable=False, comment="Waits because it is held."),
        sa.Column(
            "reported", sa.Integer(), server_default="0", nullable=False, comment="Open reports."
        ),
        sa.Column(
            "appealed",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="An appeal waits.",
        ),
        sa.Column("opened_at", UtcTime(), nullable=False, comment="Since when it waits."),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_cases_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_cases_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_cases_comment_id")),
    )
    op.create_index("ix_cases_queue", "cases", ["site_id", "state", "priority"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("comment_id", BigId, nullable=True, comment="About which comment, if one."),
        sa.Column(
            "reader_id",
            BigId,
            nullable=False,
            comment="Whom it concerns: the author or the sanctioned.",
        ),
        sa.Column("outcome", sa.Text(), nullable=False, comment="Outcome."),
        sa.Column("rulebook_id", BigId, nullable=True, comment="The version it cites."),
        sa.Column(
            "rule_key",
            sa.Text(),
            nullable=True,
            comment="The rule it cites; always for removals and refusals.",
        ),
        sa.Column("severity", sa.Integer(), nullable=True, comment="The rule's severity then."),
        sa.Column("reason", sa.Text(), nullable=False, comment="To the reader concerned."),
        sa.Column("decided_by", BigId, nullable=True, comment="Null: settled by the screens."),
        sa.Column("source", sa.Text(), nullable=False, comment="Source: how it came up."),
        sa.Column("revision", sa.Integer(), nullable=True, comment="The revision that was seen."),
        sa.Column(
            "status_before",
            sa.Text(),
            nullable=True,
            comment="CommentStatus before, for undo and restoring.",
        ),
        sa.Column("answered", Json, nullable=False, comment="Ids of reports that it answered."),
        sa.Column(
            "based_on", BigId, nullable=True, comment="The decision it rests on or reverses."
        ),
        sa.Column("decided_at", UtcTime(), nullable=False, comment="When."),
        sa.Column("undone_at", UtcTime(), nullable=True, comment="Taken back within the minute."),
        sa.Column("overturned_at", UtcTime(), nullable=True, comment="Reversed on appeal."),
        sa.CheckConstraint(
            "outcome NOT IN ('remove', 'refuse') OR rule_key IS NOT NULL", name="rule_cited"
        ),
        sa.ForeignKeyConstraint(
            ["based_on"], ["decisions.id"], name=op.f("fk_decisions_based_on_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_decisions_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["readers.id"], name=op.f("fk_decisions_decided_by_readers")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_decisions_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(
            ["rulebook_id"], ["rulebooks.id"], name=op.f("fk_decisions_rulebook_id_rulebooks")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_decisions_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_comment_id", "decisions", ["comment_id"], unique=False)
    op.create_index(
        "ix_decisions_reader_id", "decisions", ["reader_id", "site_id", "decided_at"], unique=False
    )
    op.create_index(
        "ix_decisions_site_id_decided_at", "decisions", ["site_id", "decided_at"], unique=False
    )
    op.create_table(
        "reactions",
        sa.Column("comment_id", BigId, nullable=False, comment="Respected comment."),
        sa.Column("reader_id", BigId, nullable=False, comment="By whom."),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_reactions_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_reactions_reader_id_readers")
        ),
        sa.PrimaryKeyConstraint("comment_id", "reader_id", name=op.f("pk_reactions")),
    )
    op.create_index("ix_reactions_reader_id", "reactions", ["reader_id"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("comment_id", BigId, nullable=False, comment="Whose."),
        sa.Column("number", sa.Integer(), nullable=False, comment="From 1."),
        sa.Column("text", sa.Text(), nullable=False, comment="As written; empty after erasure."),
        sa.Column("html", sa.Text(), nullable=False, comment="Rendered and sanitised then."),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When it was written."),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_revisions_comment_id_comments")
        ),
        sa.PrimaryKeyConstraint("comment_id", "number", name=op.f("pk_revisions")),
    )
    op.create_table(
        "verdicts",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("comment_id", BigId, nullable=False, comment="About which comment."),
        sa.Column("revision", sa.Integer(), nullable=False, comment="About which revision."),
        sa.Column("screen", sa.Text(), nullable=False, comment="ScreenName."),
        sa.Column("finding", sa.Text(), nullable=False, comment="Finding."),
        sa.Column("code", sa.Text(), nullable=False, comment="Stable word saying why."),
        sa.Column("rule_key", sa.Text(), nullable=True, comment="The rule it would break."),
        sa.Column(
            "passages", Json, nullable=False, comment="[[start, end], …] in the revision's text."
        ),
        sa.Column("detail", Json, nullable=False, comment="Figures behind the verdict."),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_verdicts_comment_id_comments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index("ix_verdicts_comment_id", "verdicts", ["comment_id", "revision"], unique=False)
    op.create_table(
        "appeals",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("decision_id", BigId, nullable=False, comment="The decision appealed; once."),
        sa.Column("reader_id", BigId, nullable=False, comment="Who appeals."),
        sa.Column(
            "text",
            sa.Text(),
            nullable=False,
            comment="In the reader's words, plain; empty after erasure.",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="AppealState."),
        sa.Column("filed_at", UtcTime(), nullable=False, comment="When."),
        sa.Column("decided_at", UtcTime(), nullable=True, comment="When it was decided."),
        sa.Column("decided_by", BigId, nullable=True, comment="By whom; never who decided first."),
        sa.Column(
            "reason", sa.Text(), server_default="", nullable=False, comment="To the appellant."
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["readers.id"], name=op.f("fk_appeals_decided_by_readers")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_appeals_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_appeals_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_appeals_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeals_decision_id")),
    )
    op.create_index(
        "ix_appeals_site_id_state", "appeals", ["site_id", "state", "filed_at"], unique=False
    )
    op.create_table(
        "reports",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("comment_id", BigId, nullable=False, comment="Reported comment."),
        sa.Column("reporter_id", BigId, nullable=False, comment="Who reported."),
        sa.Column(
            "revision", sa.Integer(), nullable=False, comment="The revision the reporter saw."
        ),
        sa.Column("rulebook_id", BigId, nullable=False, comment="The rulebook then in force."),
        sa.Column("rule_key", sa.Text(), nullable=False, comment="The rule it cites."),
        sa.Column(
            "note", sa.Text(), server_default="", nullable=False, comment="In the reporter's words."
        ),
        sa.Column(
            "weight", sa.Float(), nullable=False, comment="0 to 1, from the reporter's record."
        ),
        sa.Column("weight_why", sa.Text(), nullable=False, comment="Code explaining the weight."),
        sa.Column("state", sa.Text(), nullable=False, comment="ReportState."),
        sa.Column("decision_id", BigId, nullable=True, comment="What answered it."),
        sa.Column("created_at", UtcTime(), nullable=False, comment="When."),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_reports_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_reports_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["readers.id"], name=op.f("fk_reports_reporter_id_readers")
        ),
        sa.ForeignKeyConstraint(
            ["rulebook_id"], ["rulebooks.id"], name=op.f("fk_reports_rulebook_id_rulebooks")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_reports_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "comment_id",
            "reporter_id",
            "revision",
            name=op.f("uq_reports_comment_id_reporter_id_revision"),
        ),
    )
    op.create_index(
        "ix_reports_reporter_id", "reports", ["reporter_id", "site_id", "created_at"], unique=False
    )
    op.create_table(
        "sanctions",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("site_id", BigId, nullable=False, comment="The site it belongs to."),
        sa.Column("reader_id", BigId, nullable=False, comment="Whose standing it limits."),
        sa.Column("kind", sa.Text(), nullable=False, comment="SanctionKind."),
        sa.Column("decision_id", BigId, nullable=False, comment="The decision that imposed it."),
        sa.Column("starts_at", UtcTime(), nullable=False, comment="From when."),
        sa.Column(
            "ends_at", UtcTime(), nullable=True, comment="Until when; null for a withdrawal."
        ),
        sa.Column(
            "acknowledged_at", UtcTime(), nullable=True, comment="When the reader acknowledged it."
        ),
        sa.Column(
            "lifted_at",
            UtcTime(),
            nullable=True,
            comment="Ended early by a person, an undo or an appeal.",
        ),
        sa.CheckConstraint("kind = 'withdrawal' OR ends_at IS NOT NULL", name="sanctions_end"),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_sanctions_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name=op.f("fk_sanctions_reader_id_readers")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_sanctions_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
    )
    op.create_index("ix_sanctions_reader_id", "sanctions", ["reader_id", "site_id"], unique=False)
    _protect_events()


def _protect_events() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER events_no_{verb.lower()} BEFORE {verb} ON events "
                "BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"
            )
        # INSERT OR REPLACE deletes without asking the trigger above.
        op.execute(
            "CREATE TRIGGER events_no_replace BEFORE INSERT ON events "
            "WHEN EXISTS (SELECT 1 FROM events WHERE seq = NEW.seq) "
            "BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION belowline_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the event log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION belowline_append_only()"
    )
