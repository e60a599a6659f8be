"""The whole schema, a comment on each column: this is the data dictionary.

Site data carries ``site_id``, first in its indexes. Enums are stored by their values from
``core/terms.py``. Counters that a page needs are kept beside what they count, in the transaction
of the change, and ``belowline check`` compares them with a recount.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint, text

from belowline.storage.types import BigId, InCodeOrder, Json, UtcTime

ACTS = "kind NOT IN ('CommentPosted', 'CommentEdited', 'RulebookAccepted', 'StoryAdded')"
"""Which events the index of acts holds; a query has to say the same to be led by it."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", BigId, primary_key=True, autoincrement=True)


def _site(*, nullable: bool = False) -> Column[int]:
    return Column(
        "site_id",
        BigId,
        ForeignKey("sites.id"),
        nullable=nullable,
        comment="The site it belongs to.",
    )


def _at(name: str, comment: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, UtcTime, nullable=nullable, comment=comment)


def _ref(name: str, target: str, comment: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigId, ForeignKey(f"{target}.id"), nullable=nullable, comment=comment)


sites = Table(
    "sites",
    metadata,
    _id(),
    Column("key", sa.Text, nullable=False, unique=True, comment="Stable name in addresses."),
    Column("name", sa.Text, nullable=False, comment="The title, as readers know it."),
    Column("language", sa.Text, nullable=False, server_default="en", comment="BCP 47 tag."),
    Column("origins", Json, nullable=False, comment="Origins that may embed; compared exactly."),
    Column("settings", Json, nullable=False, comment="What sites/model.py reads: limits, screens."),
    Column("identity", Json, comment="How the publisher's tokens are checked, or null."),
    Column("external", Json, comment="The external screen: address, secret, deadline; or null."),
    Column(
        "listed_names",
        sa.Integer,
        nullable=False,
        server_default="0",
        comment="Protected names listed for the whole site; 0 costs a comment nothing.",
    ),
    _at("created_at", "When the site was set up."),
)

readers = Table(
    "readers",
    metadata,
    _id(),
    Column("name", sa.Text, nullable=False, comment="Display name; 'Erased reader' after erasure."),
    Column("name_key", sa.Text, nullable=False, comment="Look-alike skeleton of the name."),
    Column("email", sa.Text, unique=True, comment="Verified address, lower case; null if unknown."),
    Column(
        "mail_notices",
        sa.Boolean,
        nullable=False,
        server_default=text("true"),
        comment="Whether notices are also sent by mail.",
    ),
    Column(
        "public_page",
        sa.Boolean,
        nullable=False,
        server_default=text("true"),
        comment="Whether published comments are also listed together, on a page of theirs.",
    ),
    _at("created_at", "When the reader first came."),
    _at("name_changed_at", "Last change of name.", nullable=True),
    _at("erased_at", "When the account was erased.", nullable=True),
    Index("ix_readers_name_key", "name_key"),
)

identities = Table(
    "identities",
    metadata,
    Column(
        "issuer", sa.Text, primary_key=True, comment="Who vouches: a publisher's issuer, an import."
    ),
    Column("subject", sa.Text, primary_key=True, comment="The reader's id there."),
    _ref("reader_id", "readers", "The reader it stands for."),
    Index("ix_identities_reader_id", "reader_id"),
)

staff = Table(
    "staff",
    metadata,
    _ref("site_id", "sites", "Where the role holds."),
    _ref("reader_id", "readers", "Who holds it."),
    Column("role", sa.Text, nullable=False, comment="moderator, editor or owner."),
    _at("appointed_at", "Since when."),
    sa.PrimaryKeyConstraint("site_id", "reader_id"),
    Index("ix_staff_reader_id", "reader_id"),
)

mutes = Table(
    "mutes",
    metadata,
    _id(),
    _site(),
    _ref("reader_id", "readers", "Who does not wish to read."),
    _ref("muted_id", "readers", "Whom."),
    _at("created_at", "Since when."),
    UniqueConstraint("reader_id", "site_id", "muted_id"),
    Index("ix_mutes_muted_id", "muted_id"),
)

follows = Table(
    "follows",
    metadata,
    _id(),
    _site(),
    _ref("reader_id", "readers", "Who is told of new comments."),
    _ref("story_id", "stories", "Under which story."),
    Column(
        "notice_id",
        BigId,
        comment="The latest notice about it; nothing new is told until that is read.",
    ),
    _at("created_at", "Since when."),
    UniqueConstraint("reader_id", "story_id"),
    Index("ix_follows_story_id", "story_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column(
        "token_hash", sa.LargeBinary, primary_key=True, comment="Keyed hash; the token is not kept."
    ),
    _ref("reader_id", "readers", "Who is signed in."),
    _site(nullable=True),
    Column(
        "origin", sa.Text, comment="For a short-lived token: the embedding origin it works for."
    ),
    _at("created_at", "When it began."),
    _at("expires_at", "When it ends by itself."),
    Index("ix_sessions_reader_id", "reader_id"),
    Index("ix_sessions_expires_at", "expires_at"),
)

sign_in_codes = Table(
    "sign_in_codes",
    metadata,
    Column(
        "browser_hash",
        sa.LargeBinary,
        primary_key=True,
        comment="Keyed hash of the asking browser's secret.",
    ),
    _site(),
    Column("email", sa.Text, nullable=False, comment="Where the code went."),
    Column("code_hash", sa.LargeBinary, nullable=False, comment="Keyed hash of the code."),
    Column(
        "attempts", sa.Integer, nullable=False, server_default="0", comment="Wrong tries so far."
    ),
    _at("expires_at", "When the code stops working."),
    _at("used_at", "When it was used; a code works once.", nullable=True),
    Index("ix_sign_in_codes_expires_at", "expires_at"),
)

used_tokens = Table(
    "used_tokens",
    metadata,
    _ref("site_id", "sites", "Whose token it was."),
    Column("jti", sa.Text, comment="The token's id; seen once."),
    _at("expires_at", "After this the token would be refused anyway."),
    sa.PrimaryKeyConstraint("site_id", "jti"),
)

attempts = Table(
    "attempts",
    metadata,
    _id(),
    Column("kind", sa.Text, nullable=False, comment="What is being limited, such as sign_in_mail."),
    Column(
        "key_hash", sa.LargeBinary, nullable=False, comment="Keyed hash of the address or reader."
    ),
    _at("at", "When."),
    Index("ix_attempts_kind_key_hash_at", "kind", "key_hash", "at"),
)

network_traces = Table(
    "network_traces",
    metadata,
    _ref("reader_id", "readers", "Who acted."),
    Column("network_hash", sa.LargeBinary, comment="Keyed hash of the address (IPv6: its /64)."),
    _at("seen_at", "Last seen; erased after 30 days."),
    sa.PrimaryKeyConstraint("reader_id", "network_hash"),
    Index("ix_network_traces_seen_at", "seen_at"),
)

rulebooks = Table(
    "rulebooks",
    metadata,
    _id(),
    _site(),
    Column("version", sa.Integer, nullable=False, comment="Counts up from 1 within the site."),
    Column("intro", sa.Text, nullable=False, comment="The paragraph above the rules, plain text."),
    _at("published_at", "Null while it is a draft.", nullable=True),
    _ref("published_by", "readers", "Who published it.", nullable=True),
    UniqueConstraint("site_id", "version"),
)

rules = Table(
    "rules",
    metadata,
    _ref("rulebook_id", "rulebooks", "The version it belongs to."),
    Column("key", sa.Text, comment="Stable over versions."),
    Column("position", sa.Integer, nullable=False, comment="Order on the page."),
    Column("title", sa.Text, nullable=False, comment="The rule in a few words."),
    Column("text", sa.Text, nullable=False, comment="The reader's sentence, plain text."),
    Column("severity", sa.Integer, nullable=False, comment="1 nuisance to 4 danger."),
    Column("eu_category", sa.Text, nullable=False, comment="EU Transparency Database category."),
    Column("guidance", sa.Text, nullable=False, server_default="", comment="For moderators."),
    Column("stays", sa.Text, nullable=False, server_default="", comment="An example that stays."),
    Column("goes", sa.Text, nullable=False, server_default="", comment="An example that goes."),
    Column(
        "default_action",
        sa.Text,
        nullable=False,
        server_default="remove",
        comment="What a moderator usually does; see rules/model.py.",
    ),
    Column(
        "shared",
        sa.Boolean,
        nullable=False,
        server_default=text("false"),
        comment="Whether it comes from the site whose rules this one shares.",
    ),
    sa.PrimaryKeyConstraint("rulebook_id", "key"),
)

rule_acceptances = Table(
    "rule_acceptances",
    metadata,
    _ref("reader_id", "readers", "Who accepted."),
    _ref("rulebook_id", "rulebooks", "Which version."),
    _at("accepted_at", "When."),
    sa.PrimaryKeyConstraint("reader_id", "rulebook_id"),
)

stories = Table(
    "stories",
    metadata,
    _id(),
    _site(),
    Column("key", sa.Text, nullable=False, comment="The publisher's identifier, in addresses."),
    Column("title", sa.Text, nullable=False, comment="Headline."),
    Column("url", sa.Text, nullable=False, comment="Canonical address on the publisher's site."),
    Column("mode", sa.Text, nullable=False, server_default="open", comment="StoryMode."),
    Column("mode_reason", sa.Text, nullable=False, server_default="", comment="Shown to readers."),
    _at("created_at", "When Belowline first knew it."),
    Column(
        "comment_count",
        sa.Integer,
        nullable=False,
        server_default="0",
        comment="Published comments.",
    ),
    Column(
        "thread_version",
        BigId,
        nullable=False,
        server_default="0",
        comment="Counts every visible change, reactions too; cached pages compare it.",
    ),
    Column(
        "pace_seconds",
        sa.Integer,
        nullable=False,
        server_default="0",
        comment="Heat: seconds that a reader waits between two comments; 0 is no limit.",
    ),
    _at("paced_until", "Heat: when that limit ends.", nullable=True),
    Column("screens", Json, comment="What its screens do otherwise than the site's, or null."),
    Column(
        "listed_names",
        sa.Integer,
        nullable=False,
        server_default="0",
        comment="Protected names listed for this story.",
    ),
    Column(
        "slow_seconds",
        sa.Integer,
        comment="By hand: seconds that a reader waits between two comments; null is no limit.",
    ),
    _at("slow_until", "By hand: when that ends; null is when it is lifted.", nullable=True),
    Column(
        "slow_reason",
        sa.Text,
        nullable=False,
        server_default="",
        comment="By hand: the reason that readers are shown.",
    ),
    UniqueConstraint("site_id", "key"),
    Index(
        "ix_stories_paced",
        "paced_until",
        sqlite_where=text("paced_until IS NOT NULL"),
        postgresql_where=text("paced_until IS NOT NULL"),
    ),
    Index(
        "ix_stories_slow",
        "slow_until",
        sqlite_where=text("slow_seconds IS NOT NULL"),
        postgresql_where=text("slow_seconds IS NOT NULL"),
    ),
)

questions = Table(
    "questions",
    metadata,
    _ref("story_id", "stories", "Above whose thread it is pinned; a story has one at most."),
    _site(),
    Column("text", sa.Text, nullable=False, comment="What the desk asks, plain text."),
    _ref("asked_by", "readers", "Who asks; null once they have left.", nullable=True),
    _at("asked_at", "Since when."),
    sa.PrimaryKeyConstraint("story_id"),
    Index("ix_questions_asked_by", "asked_by"),
)

story_authors = Table(
    "story_authors",
    metadata,
    _site(),
    _ref("story_id", "stories", "What they wrote."),
    _ref("reader_id", "readers", "Who wrote it."),
    _at("named_at", "Since when an editor says so."),
    sa.PrimaryKeyConstraint("story_id", "reader_id"),
    Index("ix_story_authors_reader_id", "reader_id"),
)

comments = Table(
    "comments",
    metadata,
    _id(),
    _site(),
    _ref("story_id", "stories", "The story it is under."),
    Column("parent_id", BigId, ForeignKey("comments.id"), comment="What it replies to."),
    Column("root_id", BigId, comment="The top of its tree; null on a root itself."),
    Column(
        "depth", sa.Integer, nullable=False, server_default="0", comment="Replies deep, root 0."
    ),
    Column(
        "path",
        InCodeOrder,
        nullable=False,
        server_default="",
        comment="Sort key within the root's tree: ancestors' ids, deepest levels flattened.",
    ),
    _ref("author_id", "readers", "Who wrote it."),
    Column("status", sa.Text, nullable=False, comment="CommentStatus."),
    Column(
        "shown",
        sa.Boolean,
        nullable=False,
        comment="Has a place in the public thread: published, or a neutral line.",
    ),
    Column(
        "version",
        sa.Integer,
        nullable=False,
        server_default="1",
        comment="Counts every change; a stale decision is refused by it.",
    ),
    Column(
        "revision",
        sa.Integer,
        nullable=False,
        server_default="1",
        comment="Current revision's number.",
    ),
    Column(
        "html",
        sa.Text,
        nullable=False,
        comment="Current revision, rendered and sanitised; empty after erasure.",
    ),
    Column("rule_key", sa.Text, comment="Rule under which it was refused or removed."),
    Column(
        "reason",
        sa.Text,
        nullable=False,
        server_default="",
        comment="Reason to the author, or a code of a screen.",
    ),
    _at("created_at", "When it was sent; its place in the thread."),
    _at("published_at", "When it first went public.", nullable=True),
    _at("edited_at", "Last edit.", nullable=True),
    Column("respect_count", sa.Integer, nullable=False, server_default="0", comment="Reactions."),
    Column(
        "respect_carried",
        sa.Integer,
        nullable=False,
        server_default="0",
        comment="Of these, what came as a mere sum with an import: nobody knows whose it is.",
    ),
    Column(
        "respect_shown",
        sa.Integer,
        nullable=False,
        server_default="0",
        comment="Reactions as readers are told: 0 during the comment's first hour.",
    ),
    Column(
        "reply_count",
        sa.Integer,
        nullable=False,
        server_default="0",
        comment="Shown replies in the tree below a root; direct ones elsewhere.",
    ),
    _at("featured_at", "When an editor featured it.", nullable=True),
    Column(
        "featured_reason", sa.Text, nullable=False, server_default="", comment="Why, for readers."
    ),
    Column("author_role", sa.Text, comment="Staff role held when written; shown as a badge."),
    Column(
        "client_key", sa.Text, comment="The sender's own key; a repeat of it is the same comment."
    ),
    Column(
        "appeared_in",
        BigId,
        nullable=False,
        server_default="0",
        comment="Thread version with which readers first saw it; 0 if never, or before 0.2.",
    ),
    Column(
        "changed_in",
        BigId,
        nullable=False,
        server_default="0",
        comment="Thread version of its latest visible change; 0 if readers never saw it.",
    ),
    Column(
        "change",
        sa.Text,
        nullable=False,
        server_default="",
        comment="ThreadChange: what that change was.",
    ),
    UniqueConstraint("author_id", "client_key"),
    # The first page of a thread is one range of this index, whatever the thread's size.
    Index(
        "ix_comments_roots",
        "site_id",
        "story_id",
        "created_at",
        "id",
        sqlite_where=text("parent_id IS NULL AND shown"),
        postgresql_where=text("parent_id IS NULL AND shown"),
    ),
    Index(
        "ix_comments_replies",
        "root_id",
        "path",
        sqlite_where=text("shown"),
        postgresql_where=text("shown"),
    ),
    Index(
        "ix_comments_newsroom",
        "site_id",
        "story_id",
        sqlite_where=text("author_role IS NOT NULL"),
        postgresql_where=text("author_role IS NOT NULL"),
    ),
    # The feed of a story: its newest published comments, replies among them. It asks for a time
    # too, so that no other question about what is published takes this index for its own.
    Index(
        "ix_comments_latest",
        "site_id",
        "story_id",
        "created_at",
        "id",
        sqlite_where=text("published_at IS NOT NULL AND status = 'published'"),
        postgresql_where=text("published_at IS NOT NULL AND status = 'published'"),
    ),
    Index(
        "ix_comments_featured",
        "site_id",
        "story_id",
        sqlite_where=text("featured_at IS NOT NULL"),
        postgresql_where=text("featured_at IS NOT NULL"),
    ),
    Index("ix_comments_parent_id", "parent_id"),
    # What changed in a thread since a version, for live updates. Never seen is never in it.
    Index(
        "ix_comments_changed",
        "site_id",
        "story_id",
        "changed_in",
        sqlite_where=text("changed_in > 0"),
        postgresql_where=text("changed_in > 0"),
    ),
    Index("ix_comments_author", "author_id", "site_id", "created_at"),
    Index("ix_comments_site_id_created_at", "site_id", "created_at"),
)

revisions = Table(
    "revisions",
    metadata,
    _ref("comment_id", "comments", "Whose."),
    Column("number", sa.Integer, comment="From 1."),
    Column("text", sa.Text, nullable=False, comment="As written; empty after erasure."),
    Column("html", sa.Text, nullable=False, comment="Rendered and sanitised then."),
    _at("created_at", "When it was written."),
    sa.PrimaryKeyConstraint("comment_id", "number"),
)

screenings = Table(
    "screenings",
    metadata,
    _ref("comment_id", "comments", "About which comment."),
    Column("revision", sa.Integer, nullable=False, comment="About which revision."),
    Column(
        "verdicts",
        Json,
        nullable=False,
        comment="Every screen's verdict, in their order; what is as in most of them is left out.",
    ),
    _at("created_at", "When."),
    Column(
        "unanswered",
        sa.Boolean,
        nullable=False,
        server_default=text("false"),
        comment="Whether a screen could not run.",
    ),
    # One row for all, because every comment brings eight.
    sa.PrimaryKeyConstraint("comment_id", "revision"),
    # Which screens are silent. Nearly no row is in it.
    Index(
        "ix_screenings_unanswered",
        "created_at",
        sqlite_where=text("unanswered"),
        postgresql_where=text("unanswered"),
    ),
)

screen_versions = Table(
    "screen_versions",
    metadata,
    _id(),
    _site(),
    _ref("story_id", "stories", "For which story; null for the whole site.", nullable=True),
    Column("options", Json, nullable=False, comment="All options as they were set then."),
    Column("changed", Json, nullable=False, comment="Names of the options that this changed."),
    _ref("changed_by", "readers", "Who set them; null from the command line.", nullable=True),
    _at("changed_at", "When."),
    Index("ix_screen_versions_site_id_story_id", "site_id", "story_id", "id"),
)

listed_names = Table(
    "listed_names",
    metadata,
    _id(),
    _site(),
    _ref("story_id", "stories", "Under which story; null for the whole site.", nullable=True),
    Column("initials", sa.Text, nullable=False, comment="All of the name that is ever shown."),
    Column("hashes", Json, nullable=False, comment="Keyed hashes of its parts; see screens/names."),
    Column(
        "key_check",
        sa.Text,
        nullable=False,
        comment="Keyed hash of nothing: tells an entry made under another secret.",
    ),
    _ref("added_by", "readers", "Who listed it."),
    _at("added_at", "When."),
    Index("ix_listed_names_site_id_story_id", "site_id", "story_id"),
)

legal_statuses = Table(
    "legal_statuses",
    metadata,
    _ref("story_id", "stories", "Which story."),
    _site(),
    Column("status", sa.Text, nullable=False, comment="LegalStatus."),
    _at("review_at", "When somebody looks at it again; nothing opens by itself.", nullable=True),
    _ref("set_by", "readers", "Who set it."),
    _at("set_at", "When."),
    sa.PrimaryKeyConstraint("story_id"),
    Index("ix_legal_statuses_site_id_review_at", "site_id", "review_at"),
)

legal_holds = Table(
    "legal_holds",
    metadata,
    _id(),
    _site(),
    _ref("comment_id", "comments", "What is kept as evidence."),
    Column("reason", sa.Text, nullable=False, comment="Why, for the desk; not for readers."),
    _ref("owner_id", "readers", "Who answers for it."),
    _at("review_at", "When somebody looks at it again; it does not end by itself."),
    Column("author_name", sa.Text, comment="The author's name when it was placed; null after it."),
    Column("author_email", sa.Text, comment="Their address then; null after it."),
    _ref("placed_by", "readers", "Who placed it."),
    _at("placed_at", "When."),
    _ref("ended_by", "readers", "Who ended it.", nullable=True),
    _at("ended_at", "When; null while it is in force.", nullable=True),
    Index("ix_legal_holds_comment_id", "comment_id"),
    Index("ix_legal_holds_site_id", "site_id", "id"),
)

legal_log = Table(
    "legal_log",
    metadata,
    _id(),
    _site(),
    _ref("story_id", "stories", "About which story; null for the site's list.", nullable=True),
    _ref("hold_id", "legal_holds", "About which hold.", nullable=True),
    Column("act", sa.Text, nullable=False, comment="What was done: looked, set, listed and so on."),
    Column("detail", sa.Text, nullable=False, server_default="", comment="A code, such as trial."),
    _ref("reader_id", "readers", "Who did it."),
    _at("at", "When."),
    Index("ix_legal_log_site_id", "site_id", "id"),
    Index("ix_legal_log_story_id", "story_id", "id"),
    Index("ix_legal_log_hold_id", "hold_id", "id"),
)

reactions = Table(
    "reactions",
    metadata,
    _ref("comment_id", "comments", "Respected comment."),
    _ref("reader_id", "readers", "By whom."),
    _at("created_at", "When."),
    _ref("story_id", "stories", "The comment's story."),
    sa.PrimaryKeyConstraint("comment_id", "reader_id"),
    Index("ix_reactions_reader_id", "reader_id"),
    Index("ix_reactions_story_id", "story_id", "created_at"),
)

places = Table(
    "places",
    metadata,
    _site(),
    _ref("story_id", "stories", "The story it is under."),
    _ref("comment_id", "comments", "A root that has a place in the thread."),
    Column("in_order", sa.Text, comment="ThreadOrder: best, replied or newsroom."),
    Column("key", BigId, nullable=False, comment="The greater, the earlier it stands."),
    Column(
        "key_before",
        BigId,
        nullable=False,
        comment="The key before the last ranking, for who is still paging through.",
    ),
    Column("why", Json, comment="For best: the figures behind the key; see threads/ranking.py."),
    sa.PrimaryKeyConstraint("comment_id", "in_order"),
    # A page is one range of one of these, whatever the thread's size.
    Index("ix_places_key", "site_id", "story_id", "in_order", "key", "comment_id"),
    Index("ix_places_key_before", "site_id", "story_id", "in_order", "key_before", "comment_id"),
)

visits = Table(
    "visits",
    metadata,
    _ref("story_id", "stories", "Whose thread."),
    Column(
        "number",
        BigId,
        nullable=False,
        comment="Pages served that begin the thread in its usual order; nothing of who asked.",
    ),
    sa.PrimaryKeyConstraint("story_id"),
)

readings = Table(
    "readings",
    metadata,
    _ref("comment_id", "comments", "A root."),
    _ref("story_id", "stories", "The story it is under."),
    Column(
        "met",
        sa.Float,
        nullable=False,
        comment="How many visits came upon it, by where it stood on the pages served.",
    ),
    Column(
        "visits_before",
        sa.Float,
        nullable=False,
        comment="The thread's visits until it was there: they could not.",
    ),
    sa.PrimaryKeyConstraint("comment_id"),
    Index("ix_readings_story_id", "story_id"),
)

rankings = Table(
    "rankings",
    metadata,
    _ref("story_id", "stories", "Whose thread."),
    Column(
        "number", sa.Integer, nullable=False, server_default="0", comment="Counts the rankings."
    ),
    _at("ranked_at", "When the thread was last ranked.", nullable=True),
    _at("rests_until", "Not before: how long depends on its length.", nullable=True),
    _at("due_at", "When it is to be ranked next; null when nothing waits.", nullable=True),
    sa.PrimaryKeyConstraint("story_id"),
    Index(
        "ix_rankings_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

reports = Table(
    "reports",
    metadata,
    _id(),
    _site(),
    _ref("comment_id", "comments", "Reported comment."),
    _ref("reporter_id", "readers", "Who reported; null without an account.", nullable=True),
    Column("revision", sa.Integer, nullable=False, comment="The revision the reporter saw."),
    Column(
        "lane",
        sa.Text,
        nullable=False,
        server_default="rule",
        comment="Lane: whether it breaks a rule, or is said to be illegal.",
    ),
    _ref(
        "legal_notice_id",
        "legal_notices",
        "The notice that it is a part of, if one.",
        nullable=True,
    ),
    Column(
        "trusted",
        sa.Boolean,
        nullable=False,
        server_default=text("false"),
        comment="Whether the reporter was named as trusted in a field when it was made.",
    ),
    Column(
        "unfounded",
        sa.Boolean,
        nullable=False,
        server_default=text("false"),
        comment="Whether who decided found it without any ground at first sight.",
    ),
    _ref("rulebook_id", "rulebooks", "The rulebook then in force."),
    Column("rule_key", sa.Text, nullable=False, comment="The rule it cites."),
    Column("note", sa.Text, nullable=False, server_default="", comment="In the reporter's words."),
    Column("weight", sa.Float, nullable=False, comment="0 to 1, from the reporter's record."),
    Column("weight_why", sa.Text, nullable=False, comment="Code explaining the weight."),
    Column("state", sa.Text, nullable=False, comment="ReportState."),
    Column("decision_id", BigId, ForeignKey("decisions.id"), comment="What answered it."),
    _at("created_at", "When."),
    Index("ix_reports_comment_id", "comment_id"),
    # One report under a rule; a notice has its own beside it, as often as somebody gives notice.
    Index(
        "uq_reports_of_a_rule",
        "comment_id",
        "reporter_id",
        "revision",
        unique=True,
        sqlite_where=text("legal_notice_id IS NULL"),
        postgresql_where=text("legal_notice_id IS NULL"),
    ),
    Index("ix_reports_reporter_id", "reporter_id", "site_id", "created_at"),
    Index(
        "ix_reports_legal_notice_id",
        "legal_notice_id",
        sqlite_where=text("legal_notice_id IS NOT NULL"),
        postgresql_where=text("legal_notice_id IS NOT NULL"),
    ),
)

legal_notices = Table(
    "legal_notices",
    metadata,
    _id(),
    _site(),
    Column("number", sa.Text, nullable=False, comment="Said on the receipt, such as R-7K3M-2Q."),
    Column("kind", sa.Text, nullable=False, comment="IllegalKind: what it is said to be."),
    Column(
        "why", sa.Text, nullable=False, comment="Why it is illegal, in the sender's words; plain."
    ),
    Column("name", sa.Text, nullable=False, server_default="", comment="The sender's, if given."),
    Column("email", sa.Text, nullable=False, server_default="", comment="The sender's, if given."),
    _ref("reader_id", "readers", "Who sent it, if they were signed in.", nullable=True),
    Column(
        "network_hash",
        sa.LargeBinary,
        comment="Keyed hash of where it came from; erased after 30 days.",
    ),
    _at("received_at", "When it arrived."),
    _at("opened_at", "When somebody of the staff first opened it.", nullable=True),
    _ref("opened_by", "readers", "Who that was.", nullable=True),
    UniqueConstraint("site_id", "number"),
    Index("ix_legal_notices_site_id_received_at", "site_id", "received_at"),
    Index("ix_legal_notices_reader_id", "reader_id"),
    Index("ix_legal_notices_received_at", "received_at"),
)

legal_letters = Table(
    "legal_letters",
    metadata,
    _id(),
    _site(),
    _ref("legal_notice_id", "legal_notices", "Whose sender is written to."),
    Column("kind", sa.Text, nullable=False, comment="receipt, outcome or looked_again."),
    Column("event_seq", BigId, nullable=False, comment="The event it follows from; 0: a receipt."),
    Column("decision_id", BigId, comment="The decision it tells of, so that an undo cancels it."),
    Column("state", sa.Text, nullable=False, comment="waiting, sent or failed."),
    Column("tries", sa.Integer, nullable=False, server_default="0", comment="Attempts so far."),
    _at("due_at", "Not before."),
    UniqueConstraint("legal_notice_id", "kind", "event_seq"),
    Index(
        "ix_legal_letters_waiting",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

trusted_reporters = Table(
    "trusted_reporters",
    metadata,
    _site(),
    _ref("reader_id", "readers", "Whose reports come before others."),
    Column("field", sa.Text, nullable=False, comment="In which field, in an editor's words."),
    _ref("named_by", "readers", "The editor who named them."),
    _at("named_at", "Since when."),
    sa.PrimaryKeyConstraint("site_id", "reader_id"),
    Index("ix_trusted_reporters_reader_id", "reader_id"),
)

authority_orders = Table(
    "authority_orders",
    metadata,
    _id(),
    _site(),
    Column("kind", sa.Text, nullable=False, comment="act (art. 9) or inform (art. 10)."),
    Column("authority", sa.Text, nullable=False, comment="Who ordered it."),
    Column("reference", sa.Text, nullable=False, server_default="", comment="Their reference."),
    Column("legal_basis", sa.Text, nullable=False, comment="The law that they name."),
    Column("reasons", sa.Text, nullable=False, comment="Why, as the order says."),
    Column("addresses", sa.Text, nullable=False, comment="The exact addresses, one a line."),
    Column("territory", sa.Text, nullable=False, comment="Where it has effect."),
    Column("redress", sa.Text, nullable=False, comment="What can be done against it."),
    Column("language", sa.Text, nullable=False, comment="In which language it came."),
    Column(
        "barred",
        sa.Boolean,
        nullable=False,
        comment="Whether the order forbids telling the reader concerned.",
    ),
    Column(
        "effect", sa.Text, nullable=False, server_default="", comment="What was done, in words."
    ),
    Column(
        "disclosed", sa.Text, nullable=False, server_default="", comment="Which data was disclosed."
    ),
    _at("received_at", "When it arrived."),
    _ref("entered_by", "readers", "Who entered it."),
    _at("entered_at", "When it was entered."),
    _at("effect_at", "When effect was given and the authority told.", nullable=True),
    _ref("effect_by", "readers", "Who recorded that.", nullable=True),
    Index("ix_authority_orders_site_id_received_at", "site_id", "received_at"),
)

authority_order_comments = Table(
    "authority_order_comments",
    metadata,
    _ref("order_id", "authority_orders", "The order."),
    _ref("comment_id", "comments", "A comment at one of its addresses."),
    Column(
        "decision_id",
        BigId,
        ForeignKey("decisions.id"),
        comment="The removal that gives it effect, once there is one.",
    ),
    sa.PrimaryKeyConstraint("order_id", "comment_id"),
    Index("ix_authority_order_comments_decision_id", "decision_id"),
    Index("ix_authority_order_comments_comment_id", "comment_id"),
)

dangers = Table(
    "dangers",
    metadata,
    _id(),
    _site(),
    _ref("comment_id", "comments", "The comment that gives rise to it; one at a time is open."),
    _ref("opened_by", "readers", "Who suspected it."),
    _at("opened_at", "When; the clock begins here."),
    Column(
        "evidence",
        Json,
        comment="Every revision, the author and the place as they were; null once forgotten.",
    ),
    Column("authority", sa.Text, nullable=False, server_default="", comment="Who was told."),
    Column("channel", sa.Text, nullable=False, server_default="", comment="How: 999, a form, …"),
    Column("reference", sa.Text, nullable=False, server_default="", comment="Their reference."),
    _at("told_at", "When they were told.", nullable=True),
    _ref("told_by", "readers", "By whom.", nullable=True),
    Column(
        "outcome", sa.Text, nullable=False, server_default="", comment="How it ended, in words."
    ),
    _at("closed_at", "When nothing is left to do.", nullable=True),
    _ref("closed_by", "readers", "Who closed it.", nullable=True),
    Index("ix_dangers_comment_id", "comment_id"),
    Index(
        "ix_dangers_open",
        "site_id",
        "opened_at",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "uq_dangers_open_comment",
        "comment_id",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

evidence_looks = Table(
    "evidence_looks",
    metadata,
    _id(),
    _ref("danger_id", "dangers", "Whose evidence was looked at."),
    _ref("reader_id", "readers", "By whom."),
    _at("at", "When."),
    Index("ix_evidence_looks_danger_id", "danger_id", "at"),
)

cases = Table(
    "cases",
    metadata,
    _id(),
    _site(),
    _ref("comment_id", "comments", "One case a comment."),
    Column("state", sa.Text, nullable=False, comment="CaseState."),
    Column("priority", sa.Float, nullable=False, comment="Worst first; see moderation/policy.py."),
    Column("held", sa.Boolean, nullable=False, comment="Waits because it is held."),
    Column("reported", sa.Integer, nullable=False, server_default="0", comment="Open reports."),
    Column(
        "appealed",
        sa.Boolean,
        nullable=False,
        server_default=text("false"),
        comment="An appeal waits.",
    ),
    _at("opened_at", "Since when it waits."),
    _ref("handed_on_by", "readers", "Who asks others to decide it.", nullable=True),
    Column("story_id", BigId, comment="The comment's story, so that a view can ask for it."),
    Column(
        "new_reader",
        sa.Boolean,
        nullable=False,
        server_default=text("false"),
        comment="The author has hardly any published comment at the site yet.",
    ),
    UniqueConstraint("comment_id"),
    # Every view of the queue is a part of this one index, in its order, and so are their counts.
    Index(
        "ix_cases_queue",
        "site_id",
        "state",
        "priority",
        "held",
        "reported",
        "appealed",
        "new_reader",
        "story_id",
        "handed_on_by",
    ),
)

saved_views = Table(
    "saved_views",
    metadata,
    _id(),
    _site(nullable=True),
    _ref("reader_id", "readers", "Who saved it."),
    Column(
        "shared",
        sa.Boolean,
        nullable=False,
        comment="Whether the site's whole desk has it; else only who saved it.",
    ),
    Column("name", sa.Text, nullable=False, comment="What it is called, plain text."),
    Column("filters", Json, nullable=False, comment="What it shows; see moderation/filters.py."),
    _at("created_at", "When it was saved."),
    Index("ix_saved_views_reader_id", "reader_id"),
    Index("ix_saved_views_site_id", "site_id", "shared"),
)

leases = Table(
    "leases",
    metadata,
    Column(
        "comment_id",
        BigId,
        ForeignKey("comments.id"),
        primary_key=True,
        autoincrement=False,
        comment="Whose case somebody looks at.",
    ),
    _site(),
    _ref("reader_id", "readers", "Who looks at it."),
    _at("until", "From then on it is free again."),
    Index("ix_leases_until", "until"),
)

case_notes = Table(
    "case_notes",
    metadata,
    _id(),
    _site(),
    _ref("comment_id", "comments", "About whose case."),
    _ref("author_id", "readers", "Which moderator wrote it."),
    Column("text", sa.Text, nullable=False, comment="For the desk alone; '' once erased."),
    _at("created_at", "When."),
    Index("ix_case_notes_comment_id", "comment_id"),
)

saved_reasons = Table(
    "saved_reasons",
    metadata,
    _id(),
    _site(),
    Column("rule_key", sa.Text, nullable=False, comment="For removals under which rule."),
    Column(
        "text", sa.Text, nullable=False, comment="With names in braces; see moderation/reasons.py."
    ),
    _ref("saved_by", "readers", "Which moderator."),
    _at("created_at", "When."),
    Index("ix_saved_reasons_site_id_rule_key", "site_id", "rule_key"),
)

decisions = Table(
    "decisions",
    metadata,
    _id(),
    _site(),
    Column("comment_id", BigId, ForeignKey("comments.id"), comment="About which comment, if one."),
    _ref("reader_id", "readers", "Whom it concerns: the author or the sanctioned."),
    Column("outcome", sa.Text, nullable=False, comment="Outcome."),
    Column("rulebook_id", BigId, ForeignKey("rulebooks.id"), comment="The version it cites."),
    Column("rule_key", sa.Text, comment="The rule it cites; always for removals and refusals."),
    Column("severity", sa.Integer, comment="The rule's severity then."),
    Column("reason", sa.Text, nullable=False, comment="To the reader concerned."),
    Column("decided_by", BigId, ForeignKey("readers.id"), comment="Null: settled by the screens."),
    Column("source", sa.Text, nullable=False, comment="Source: how it came up."),
    Column("revision", sa.Integer, comment="The revision that was seen."),
    Column("status_before", sa.Text, comment="CommentStatus before, for undo and restoring."),
    Column("answered", Json, nullable=False, comment="Ids of reports that it answered."),
    Column(
        "based_on",
        BigId,
        ForeignKey("decisions.id"),
        comment="The decision it rests on or reverses.",
    ),
    _at("waiting_since", "Since when the case had waited that it ended.", nullable=True),
    Column("in_question", sa.Text, comment="The rule for which it had waited."),
    _at("decided_at", "When."),
    _at("undone_at", "Taken back within the minute.", nullable=True),
    _at("overturned_at", "Reversed on appeal.", nullable=True),
    Index("ix_decisions_comment_id", "comment_id"),
    Index("ix_decisions_reader_id", "reader_id", "site_id", "decided_at"),
    Index("ix_decisions_site_id_decided_at", "site_id", "decided_at"),
    sa.CheckConstraint(
        "outcome NOT IN ('remove', 'refuse') OR rule_key IS NOT NULL", name="rule_cited"
    ),
)

sanctions = Table(
    "sanctions",
    metadata,
    _id(),
    _site(),
    _ref("reader_id", "readers", "Whose standing it limits."),
    Column("kind", sa.Text, nullable=False, comment="SanctionKind."),
    _ref("decision_id", "decisions", "The decision that imposed it."),
    _at("starts_at", "From when."),
    _at("ends_at", "Until when; null for a withdrawal.", nullable=True),
    _at("acknowledged_at", "When the reader acknowledged it.", nullable=True),
    _at("lifted_at", "Ended early by a person, an undo or an appeal.", nullable=True),
    Index("ix_sanctions_reader_id", "reader_id", "site_id"),
    sa.CheckConstraint("kind = 'withdrawal' OR ends_at IS NOT NULL", name="sanctions_end"),
)

batches = Table(
    "batches",
    metadata,
    _id(),
    _site(nullable=True),
    _ref("reader_id", "readers", "Who decided."),
    Column("key", sa.Text, nullable=False, comment="Of the form that was sent; it counts once."),
    _at("begun_at", "When it was sent first."),
    _at("undone_at", "When the whole was to be taken back.", nullable=True),
    UniqueConstraint("reader_id", "key"),
    Index("ix_batches_begun_at", "begun_at"),
)

batch_members = Table(
    "batch_members",
    metadata,
    _ref("batch_id", "batches", "What was decided together."),
    _ref("comment_id", "comments", "A comment that was chosen."),
    _site(),
    _ref("decision_id", "decisions", "The decision about it, if one was made.", nullable=True),
    Column("left_for", sa.Text, nullable=False, comment="Code of why it was not decided."),
    Column(
        "kept_for",
        sa.Text,
        nullable=False,
        comment="Code of why its decision was not taken back with the others.",
    ),
    sa.PrimaryKeyConstraint("batch_id", "comment_id"),
)

second_looks = Table(
    "second_looks",
    metadata,
    Column(
        "decision_id",
        BigId,
        ForeignKey("decisions.id"),
        primary_key=True,
        autoincrement=False,
        comment="The decision whose case was looked at again; once.",
    ),
    _site(),
    _ref("reader_id", "readers", "Who looked; never who had decided."),
    Column("outcome", sa.Text, nullable=False, comment="Outcome: remove or keep."),
    Column("rule_key", sa.Text, comment="The rule under which they would have removed it."),
    _at("looked_at", "When."),
    Index("ix_second_looks_site_id_looked_at", "site_id", "looked_at"),
)

spot_checks = Table(
    "spot_checks",
    metadata,
    Column(
        "comment_id",
        BigId,
        ForeignKey("comments.id"),
        primary_key=True,
        autoincrement=False,
        comment="The published comment that was drawn; once.",
    ),
    _site(),
    Column("revision", sa.Integer, nullable=False, comment="The revision that was judged."),
    _ref("reader_id", "readers", "Who judged; never who had a part in it."),
    Column("outcome", sa.Text, nullable=False, comment="Outcome: remove or keep."),
    Column("rule_key", sa.Text, comment="The rule under which it would have gone."),
    _at("looked_at", "When."),
    Index("ix_spot_checks_site_id_looked_at", "site_id", "looked_at"),
)

transparency_reports = Table(
    "transparency_reports",
    metadata,
    _id(),
    _site(),
    Column("year", sa.Integer, nullable=False, comment="The year that it reports on."),
    Column("version", sa.Integer, nullable=False, comment="Counts up from 1 within the year."),
    _at("as_of", "It was made from what the log held until then."),
    _at("published_at", "When; nothing deletes it afterwards."),
    _ref("published_by", "readers", "Who published it.", nullable=True),
    Column("rows", Json, nullable=False, comment="Its figures: see transparency/yearly.py."),
    Column("notes", Json, nullable=False, comment="Its texts by name, in the publisher's words."),
    UniqueConstraint("site_id", "year", "version"),
)

ladders = Table(
    "ladders",
    metadata,
    _id(),
    _site(),
    Column("version", sa.Integer, nullable=False, comment="Counts up from 1 within the site."),
    Column("settings", Json, nullable=False, comment="What sanctions/thresholds.py reads."),
    _at("published_at", "Since when it is in force, until the next version."),
    _ref("published_by", "readers", "Who published it."),
    UniqueConstraint("site_id", "version"),
)

withdrawal_proposals = Table(
    "withdrawal_proposals",
    metadata,
    _id(),
    _site(),
    _ref("reader_id", "readers", "Whose privilege it is about."),
    _ref("decision_id", "decisions", "The suspension that protects until it is answered."),
    _ref("proposed_by", "readers", "Who proposed it."),
    _at("proposed_at", "When."),
    _at("lapses_at", "From then on it cannot be confirmed any more."),
    Column("state", sa.Text, nullable=False, comment="ProposalState."),
    _ref("answered_by", "readers", "Who confirmed or declined it.", nullable=True),
    _at("answered_at", "When it was answered or lapsed.", nullable=True),
    Column("answer", sa.Text, nullable=False, server_default="", comment="The reason of that."),
    Column(
        "alone",
        sa.Boolean,
        nullable=False,
        server_default=text("false"),
        comment="Whether it was confirmed by who proposed it, for want of anybody else.",
    ),
    _ref("withdrawn_by", "decisions", "The decision that withdrew.", nullable=True),
    Index(
        "uq_withdrawal_proposals_open",
        "site_id",
        "reader_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_withdrawal_proposals_state", "site_id", "state", "proposed_at"),
    Index("ix_withdrawal_proposals_decision_id", "decision_id"),
    Index("ix_withdrawal_proposals_withdrawn_by", "withdrawn_by"),
)

withdrawal_reviews = Table(
    "withdrawal_reviews",
    metadata,
    _id(),
    _site(),
    _ref("sanction_id", "sanctions", "The withdrawal that is looked at again."),
    _at("due_at", "When it fell due: six months after the withdrawal or the last review."),
    _at("decided_at", "When it was decided; null while it waits.", nullable=True),
    _ref("decided_by", "readers", "By whom; null if it fell away.", nullable=True),
    Column("outcome", sa.Text, comment="ReviewOutcome; null while it waits."),
    Column("reason", sa.Text, nullable=False, server_default="", comment="To the reader."),
    UniqueConstraint("sanction_id", "due_at"),
    Index(
        "ix_withdrawal_reviews_waiting",
        "site_id",
        "due_at",
        sqlite_where=text("decided_at IS NULL"),
        postgresql_where=text("decided_at IS NULL"),
    ),
)

appeals = Table(
    "appeals",
    metadata,
    _id(),
    _site(),
    _ref("decision_id", "decisions", "The decision appealed; once."),
    _ref("reader_id", "readers", "Who appeals; null without an account.", nullable=True),
    _ref(
        "report_id",
        "reports",
        "For a reporter's appeal: the report that was dismissed.",
        nullable=True,
    ),
    Column(
        "text",
        sa.Text,
        nullable=False,
        comment="In the reader's words, plain; empty after erasure.",
    ),
    Column("state", sa.Text, nullable=False, comment="AppealState."),
    _at("filed_at", "When."),
    _at("decided_at", "When it was decided.", nullable=True),
    _ref("decided_by", "readers", "By whom; never who decided first.", nullable=True),
    Column("reason", sa.Text, nullable=False, server_default="", comment="To the appellant."),
    UniqueConstraint("decision_id"),
    Index("ix_appeals_site_id_state", "site_id", "state", "filed_at"),
    Index(
        "ix_appeals_report_id",
        "report_id",
        sqlite_where=text("report_id IS NOT NULL"),
        postgresql_where=text("report_id IS NOT NULL"),
    ),
)

notices = Table(
    "notices",
    metadata,
    _id(),
    _site(),
    _ref("reader_id", "readers", "Who is told."),
    Column("kind", sa.Text, nullable=False, comment="NoticeKind."),
    Column("event_seq", BigId, nullable=False, comment="The event it follows from."),
    Column("facts", Json, nullable=False, comment="Ids and codes the message is made from."),
    _at("due_at", "Not before; lets the undo minute pass."),
    _at("read_at", "When the reader opened it.", nullable=True),
    Column("mail", sa.Text, nullable=False, comment="none, waiting, sent or failed."),
    Column(
        "mail_tries", sa.Integer, nullable=False, server_default="0", comment="Attempts so far."
    ),
    UniqueConstraint("event_seq", "reader_id", "kind"),
    Index("ix_notices_reader_id", "reader_id", "site_id", "id"),
    Index(
        "ix_notices_waiting",
        "due_at",
        sqlite_where=text("mail = 'waiting'"),
        postgresql_where=text("mail = 'waiting'"),
    ),
)

defamation_notices = Table(
    "defamation_notices",
    metadata,
    _id(),
    _site(),
    _ref("comment_id", "comments", "The comment that it is about."),
    _ref("story_id", "stories", "In whose thread."),
    _ref("author_id", "readers", "Who wrote the comment."),
    Column("revision", sa.Integer, nullable=False, comment="The revision complained of."),
    Column("words", sa.Text, nullable=False, comment="The words complained of, as quoted."),
    Column("why", sa.Text, nullable=False, comment="Why they are said to be defamatory."),
    Column("meaning", sa.Text, nullable=False, comment="The meaning complained of."),
    Column("wrong", sa.Text, nullable=False, comment="What is said to be wrong or unsupported."),
    Column("cannot_sue", sa.Boolean, nullable=False, comment="Cannot identify the author."),
    Column("consents", sa.Boolean, comment="Whether the author may know who; null: not said."),
    Column("earlier", sa.Boolean, nullable=False, comment="Says that this is at least the third."),
    Column("lacks", Json, nullable=False, comment="Codes of what the law requires and it lacks."),
    Column("is_repeat", sa.Boolean, nullable=False, comment="Two removals on record before it."),
    Column(
        "complainant_hash",
        sa.LargeBinary,
        comment="Keyed hash of the complainant's address; null once emptied.",
    ),
    _at("received_at", "When it came in."),
    _at("due_at", "The next deadline of ours; null once closed.", nullable=True),
    Column("reminded", sa.Text, comment="Of which step and deadline the desk was last reminded."),
    Column("answer", sa.Text, comment="AnswerKind, once the author has answered."),
    _at("answered_at", "When the author answered.", nullable=True),
    Column("answer_consents", sa.Boolean, comment="Whether their details may be passed on."),
    _at("doubted_at", "When the details were found obviously false.", nullable=True),
    _ref("doubted_by", "readers", "By whom.", nullable=True),
    _at("gone_at", "When the author took the comment back.", nullable=True),
    _at("closed_at", "When it ended.", nullable=True),
    Column("closed_as", sa.Text, comment="ClosedAs."),
    _ref("closed_by", "readers", "Who dropped it; null if it ended by itself.", nullable=True),
    _at("keep_until", "Until then its texts and details are kept: limitation and a margin."),
    _at("emptied_at", "When they were deleted.", nullable=True),
    Index(
        "ix_defamation_notices_open",
        "site_id",
        "due_at",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index("ix_defamation_notices_site_id_id", "site_id", "id"),
    Index("ix_defamation_notices_comment_id", "comment_id"),
    Index("ix_defamation_notices_author_id", "author_id", "complainant_hash"),
)

legal_details = Table(
    "legal_details",
    metadata,
    _ref("notice_id", "defamation_notices", "Which notice."),
    Column("party", sa.Text, comment="Party: whose details."),
    _site(),
    Column(
        "sealed",
        sa.LargeBinary,
        nullable=False,
        comment="Name, e-mail or postal address, sealed under the secret.",
    ),
    sa.PrimaryKeyConstraint("notice_id", "party"),
)

defamation_letters = Table(
    "defamation_letters",
    metadata,
    _id(),
    _site(),
    _ref("notice_id", "defamation_notices", "About which notice."),
    Column("kind", sa.Text, nullable=False, comment="LetterKind."),
    Column("state", sa.Text, nullable=False, comment="LetterState: waiting, sent or failed."),
    Column("tries", sa.Integer, nullable=False, server_default="0", comment="Attempts so far."),
    _at("due_at", "Not before; a try moves it."),
    _ref("made_by", "readers", "Who ordered it; null: the clock.", nullable=True),
    _at("made_at", "When it was ordered."),
    _at("sent_at", "When it went out; the author's days count from here.", nullable=True),
    Column("sealed", sa.LargeBinary, comment="Subject and text as they went out, sealed."),
    UniqueConstraint("notice_id", "kind"),
    Index(
        "ix_defamation_letters_waiting",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

legal_evidence = Table(
    "legal_evidence",
    metadata,
    _ref("notice_id", "defamation_notices", "For which notice."),
    Column("number", sa.Integer, autoincrement=False, comment="The revision's number."),
    _site(),
    Column("text", sa.Text, nullable=False, comment="What it said, plain."),
    Column("html", sa.Text, nullable=False, comment="What readers saw."),
    _at("written_at", "When its author wrote it."),
    sa.PrimaryKeyConstraint("notice_id", "number"),
)

events = Table(
    "events",
    metadata,
    Column("seq", BigId, primary_key=True, autoincrement=True, comment="Order of insertion."),
    Column(
        "xid",
        BigId,
        nullable=False,
        server_default="0",
        comment="PostgreSQL: the writing transaction.",
    ),
    _at("at", "When."),
    Column("kind", sa.Text, nullable=False, comment="A class name of events/kinds.py."),
    Column("site_id", BigId, nullable=False, comment="Where."),
    Column("actor", sa.Text, nullable=False, comment="reader:ID or system:NAME."),
    Column(
        "data", Json, nullable=False, comment="Ids, codes and rule keys; never a reader's words."
    ),
    Index("ix_events_xid_seq", "xid", "seq"),
    Index("ix_events_site_id_seq", "site_id", "seq"),
    # What figures are made from, without the many comments that nobody had to decide about.
    Index(
        "ix_events_acts",
        "site_id",
        "at",
        sqlite_where=text(ACTS),
        postgresql_where=text(ACTS),
    ),
)

cursors = Table(
    "cursors",
    metadata,
    Column("follower", sa.Text, primary_key=True, comment="Name in followers/."),
    Column(
        "xid", BigId, nullable=False, server_default="0", comment="PostgreSQL: transaction reached."
    ),
    Column("seq", BigId, nullable=False, server_default="0", comment="Event reached."),
    _at("moved_at", "When it last moved."),
    Column(
        "failures",
        sa.Integer,
        nullable=False,
        server_default="0",
        comment="In a row; 0 is healthy.",
    ),
)

imports = Table(
    "imports",
    metadata,
    _id(),
    _site(),
    Column("source", sa.Text, nullable=False, comment="System it came from, such as wordpress."),
    Column(
        "file", sa.Text, nullable=False, comment="Name of the file or folder; without its path."
    ),
    Column("file_hash", sa.Text, nullable=False, comment="SHA-256 of what was read."),
    Column(
        "options", Json, nullable=False, comment="How it was to be read, to go on the same way."
    ),
    Column(
        "started_by", sa.Text, nullable=False, comment="Who ran the command, as the system says."
    ),
    Column(
        "landing", sa.Text, nullable=False, comment="Mark of the landing that done_to counts in."
    ),
    _at("started_at", "When it began."),
    Column("state", sa.Text, nullable=False, comment="running, done, undoing or undone."),
    Column(
        "stage", sa.Text, nullable=False, comment="What was stored last; see transfer/storing.py."
    ),
    Column(
        "done_to", BigId, nullable=False, comment="Up to where of that, in the landing's order."
    ),
    _at("moved_at", "When something was last stored, or taken back."),
    Column("counts", Json, nullable=False, comment="What it has brought, by kind of record."),
    Index("ix_imports_site_id_id", "site_id", "id"),
)

imported = Table(
    "imported",
    metadata,
    _ref("site_id", "sites", "Into which site."),
    Column("source", sa.Text, comment="System it came from, such as wordpress."),
    Column("kind", sa.Text, comment="story, comment or author."),
    Column("source_id", sa.Text, comment="Its id there."),
    Column("target_id", BigId, nullable=False, comment="Its id here."),
    Column("import_id", BigId, comment="The import that brought it; null before there was a list."),
    Column("status", sa.Text, comment="A comment's status at the source, the strictest ever met."),
    sa.PrimaryKeyConstraint("site_id", "source", "kind", "source_id"),
    Index("ix_imported_kind_target_id", "kind", "target_id"),
)

past_records = Table(
    "past_records",
    metadata,
    _id(),
    _site(),
    _ref("import_id", "imports", "The import that brought it."),
    Column(
        "kind",
        sa.Text,
        nullable=False,
        comment="report, decision, sanction, note or role: at the source, and not of ours.",
    ),
    _ref("comment_id", "comments", "About which comment, if one.", nullable=True),
    _ref("reader_id", "readers", "Whom it concerns: the author, or the account.", nullable=True),
    _ref("by_reader_id", "readers", "Whose act it was there, if known.", nullable=True),
    Column(
        "what", sa.Text, nullable=False, comment="Outcome, kind of sanction, or role; or empty."
    ),
    Column("reason", sa.Text, nullable=False, comment="The source's own code, or empty."),
    Column("note", sa.Text, nullable=False, comment="In words, for staff; empty after erasure."),
    _at("at", "When it was done there."),
    _at("ends_at", "Until when a sanction lasts; null where it had no end.", nullable=True),
    Index("ix_past_records_comment_id", "comment_id"),
    Index("ix_past_records_reader_id", "reader_id", "site_id"),
    Index("ix_past_records_by_reader_id", "by_reader_id"),
    Index("ix_past_records_import_id", "import_id"),
)

past_proofs = Table(
    "past_proofs",
    metadata,
    _ref("reader_id", "readers", "The imported author who can be claimed with it."),
    Column(
        "proof",
        sa.LargeBinary,
        comment="Keyed hash of a verified address, or of an issuer and a subject.",
    ),
    Column("kind", sa.Text, nullable=False, comment="email or identity."),
    _ref("import_id", "imports", "The import that brought it."),
    sa.PrimaryKeyConstraint("reader_id", "proof"),
    Index("ix_past_proofs_proof", "proof"),
    Index("ix_past_proofs_import_id", "import_id"),
)

suggested_scores = Table(
    "suggested_scores",
    metadata,
    _id(),
    Column("client", sa.Text, nullable=False, comment="Who told it, by the name of its key."),
    Column("community", sa.Text, nullable=False, comment="Whose readers they are, as it says."),
    Column("language", sa.Text, nullable=False, comment="The text's, as it was found."),
    Column("attribute", sa.Text, nullable=False, comment="Which score it is about."),
    Column("value", sa.Float, nullable=False, comment="What people found, from 0 to 1."),
    Column("text", sa.Text, nullable=False, comment="The text, to learn from for a year."),
    _at("suggested_at", "When it was told."),
    Index("ix_suggested_scores_suggested_at", "suggested_at"),
    Index("ix_suggested_scores_community", "community", "id"),
    Index("ix_suggested_scores_client", "client", "id"),
)

site_layers = Table(
    "site_layers",
    metadata,
    Column(
        "site_id",
        BigId,
        ForeignKey("sites.id"),
        primary_key=True,
        autoincrement=False,
        comment="Whose desk it was learnt from.",
    ),
    Column("model", sa.Text, nullable=False, comment="The model's version that it lies on."),
    _at("fitted_at", "When it was last made."),
    Column("decided", sa.Integer, nullable=False, comment="How many texts people had decided on."),
    Column("quiet", sa.Integer, nullable=False, comment="How many stood that nobody brought up."),
    Column("told", Json, nullable=False, comment="By attribute: the gain, and if it is in use."),
    Column("weights", sa.LargeBinary, nullable=False, comment="Of hashed words, by attribute."),
)

past_claims = Table(
    "past_claims",
    metadata,
    _site(),
    _ref("past_id", "readers", "The imported author."),
    _ref("reader_id", "readers", "Who was asked."),
    Column("answer", sa.Text, nullable=False, comment="joined: theirs since then; or declined."),
    Column("moved", sa.Integer, nullable=False, comment="How many comments became theirs."),
    _at("answered_at", "When they said so last."),
    sa.PrimaryKeyConstraint("past_id", "reader_id"),
    Index("ix_past_claims_reader_id", "reader_id"),
    # Of one author there is one reader, however many can prove the address.
    Index(
        "uq_past_claims_joined",
        "past_id",
        unique=True,
        sqlite_where=text("answer = 'joined'"),
        postgresql_where=text("answer = 'joined'"),
    ),
)

# What the desk can search. Beside each of these the database keeps an index of its own kind, which
# storage/fulltext.py makes and asks: SQLite's FTS5, or a GIN index on PostgreSQL.

comment_words = Table(
    "comment_words",
    metadata,
    Column(
        "comment_id",
        BigId,
        ForeignKey("comments.id"),
        primary_key=True,
        autoincrement=False,
        comment="A comment that can be found; not one that was withdrawn or erased.",
    ),
    _site(),
    Column("revision", sa.Integer, nullable=False, comment="The revision that the words are of."),
    Column("words", sa.Text, nullable=False, comment="Its words, folded; see search/words.py."),
)

decision_words = Table(
    "decision_words",
    metadata,
    Column(
        "decision_id",
        BigId,
        ForeignKey("decisions.id"),
        primary_key=True,
        autoincrement=False,
        comment="A decision of a person that can be found; not one that was taken back.",
    ),
    _site(),
    Column("words", sa.Text, nullable=False, comment="The words of its reason, folded."),
)

search_fills = Table(
    "search_fills",
    metadata,
    Column("what", sa.Text, primary_key=True, comment="comments, decisions or erased."),
    Column(
        "done_to",
        BigId,
        nullable=False,
        comment="Everything up to this id has been looked at; for erased, 1 while words wait to "
        "be cleared out of the index for good.",
    ),
)

backups = Table(
    "backups",
    metadata,
    _id(),
    Column("name", sa.Text, nullable=False, comment="The backup's name at its place."),
    Column("place", sa.Text, nullable=False, comment="A folder, or an address without any key."),
    _at("made_at", "Of which moment it is."),
    Column(
        "made_here",
        sa.Boolean,
        nullable=False,
        comment="Whether this installation made it; another's can be drilled here, too.",
    ),
    _at(
        "drilled_at",
        "When it was last fetched from its place, restored and was the same.",
        nullable=True,
    ),
    UniqueConstraint("place", "name"),
)
