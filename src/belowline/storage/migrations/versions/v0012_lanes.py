"""Lanes of reports: notices of illegal content, trusted reporters, orders, and threats to life."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from belowline.storage.types import BigId, Json, UtcTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Column = sa.Column[Any]
Constraint = sa.schema.SchemaItem


def upgrade() -> None:
    """Add the tables, and to a report its lane."""
    _add_legal_notices()
    _add_legal_letters()
    _add_trusted_reporters()
    _add_authority_orders()
    _add_dangers()
    _change_reports()


def _id() -> Column:
    return sa.Column("id", BigId, autoincrement=True, nullable=False)


def _site() -> Column:
    return _ref("site_id", "The site it belongs to.")


def _ref(name: str, comment: str, *, nullable: bool = False) -> Column:
    return sa.Column(name, BigId, nullable=nullable, comment=comment)


def _text(name: str, comment: str, *, default: str | None = None) -> Column:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False, comment=comment)


def _at(name: str, comment: str, *, nullable: bool = False) -> Column:
    return sa.Column(name, UtcTime(), nullable=nullable, comment=comment)


def _keys(table: str, *, primary: tuple[str, ...] = ("id",), **targets: str) -> list[Constraint]:
    """Return a table's primary key, and the foreign key of each column to a table's ``id``."""
    return [
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
            )
            for column, target in targets.items()
        ),
        sa.PrimaryKeyConstraint(*primary, name=op.f(f"pk_{table}")),
    ]


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _add_legal_notices() -> None:
    name = "legal_notices"
    op.create_table(
        name,
        _id(),
        _site(),
        _text("number", "Said on the receipt, such as R-7K3M-2Q."),
        _text("kind", "IllegalKind: what it is said to be."),
        _text("why", "Why it is illegal, in the sender's words; plain."),
        _text("name", "The sender's, if given.", default=""),
        _text("email", "The sender's, if given.", default=""),
        _ref("reader_id", "Who sent it, if they were signed in.", nullable=True),
        sa.Column(
            "network_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="Keyed hash of where it came from; erased after 30 days.",
        ),
        _at("received_at", "When it arrived."),
        _at("opened_at", "When somebody of the staff first opened it.", nullable=True),
        _ref("opened_by", "Who that was.", nullable=True),
        *_keys(name, opened_by="readers", reader_id="readers", site_id="sites"),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_legal_notices_site_id_number")),
    )
    op.create_index("ix_legal_notices_reader_id", name, ["reader_id"], unique=False)
    op.create_index("ix_legal_notices_received_at", name, ["received_at"], unique=False)
    op.create_index(
        "ix_legal_notices_site_id_received_at", name, ["site_id", "received_at"], unique=False
    )


def _add_legal_letters() -> None:
    name = "legal_letters"
    op.create_table(
        name,
        _id(),
        _site(),
        _ref("legal_notice_id", "Whose sender is written to."),
        _text("kind", "receipt or outcome."),
        _ref("event_seq", "The event it follows from; 0: a receipt."),
        _ref("decision_id", "The decision it tells of, so that an undo cancels it.", nullable=True),
        _text("state", "waiting, sent or failed."),
        sa.Column(
            "tries", sa.Integer(), server_default="0", nullable=False, comment="Attempts so far."
        ),
        _at("due_at", "Not before."),
        *_keys(name, legal_notice_id="legal_notices", site_id="sites"),
        sa.UniqueConstraint(
            "legal_notice_id",
            "kind",
            "event_seq",
            name=op.f("uq_legal_letters_legal_notice_id_kind_event_seq"),
        ),
    )
    op.create_index(
        "ix_legal_letters_waiting", name, ["due_at"], unique=False, **_where("state = 'waiting'")
    )


def _add_trusted_reporters() -> None:
    name = "trusted_reporters"
    op.create_table(
        name,
        _site(),
        _ref("reader_id", "Whose reports come before others."),
        _text("field", "In which field, in an editor's words."),
        _ref("named_by", "The editor who named them."),
        _at("named_at", "Since when."),
        *_keys(
            name,
            primary=("site_id", "reader_id"),
            named_by="readers",
            reader_id="readers",
            site_id="sites",
        ),
    )
    op.create_index("ix_trusted_reporters_reader_id", name, ["reader_id"], unique=False)


def _add_authority_orders() -> None:
    name = "authority_orders"
    op.create_table(
        name,
        _id(),
        _site(),
        *_order_columns(),
        *_keys(name, effect_by="readers", entered_by="readers", site_id="sites"),
    )
    op.create_index(
        "ix_authority_orders_site_id_received_at", name, ["site_id", "received_at"], unique=False
    )
    name = "authority_order_comments"
    op.create_table(
        name,
        _ref("order_id", "The order."),
        _ref("comment_id", "A comment at one of its addresses."),
        _ref("decision_id", "The removal that gives it effect, once there is one.", nullable=True),
        *_keys(
            name,
            primary=("order_id", "comment_id"),
            comment_id="comments",
            decision_id="decisions",
            order_id="authority_orders",
        ),
    )
    for column in ("comment_id", "decision_id"):
        op.create_index(f"ix_{name}_{column}", name, [column], unique=False)


def _order_columns() -> list[Column]:
    return [
        _text("kind", "act (art. 9) or inform (art. 10)."),
        _text("authority", "Who ordered it."),
        _text("reference", "Their reference.", default=""),
        _text("legal_basis", "The law that they name."),
        _text("reasons", "Why, as the order says."),
        _text("addresses", "The exact addresses, one a line."),
        _text("territory", "Where it has effect."),
        _text("redress", "What can be done against it."),
        _text("language", "In which language it came."),
        sa.Column(
            "barred",
            sa.Boolean(),
            nullable=False,
            comment="Whether the order forbids telling the reader concerned.",
        ),
        _text("effect", "What was done, in words.", default=""),
        _text("disclosed", "Which data was disclosed.", default=""),
        _at("received_at", "When it arrived."),
        _ref("entered_by", "Who entered it."),
        _at("entered_at", "When it was entered."),
        _at("effect_at", "When effect was given and the authority told.", nullable=True),
        _ref("effect_by", "Who recorded that.", nullable=True),
    ]


def _add_dangers() -> None:
    name, is_open = "dangers", "closed_at IS NULL"
    op.create_table(
        name,
        _id(),
        _site(),
        *_danger_columns(),
        *_keys(
            name,
            closed_by="readers",
            comment_id="comments",
            opened_by="readers",
            site_id="sites",
            told_by="readers",
        ),
    )
    op.create_index("ix_dangers_comment_id", name, ["comment_id"], unique=False)
    for index, columns, unique in (
        ("ix_dangers_open", ["site_id", "opened_at"], False),
        ("uq_dangers_open_comment", ["comment_id"], True),
    ):
        op.create_index(index, name, columns, unique=unique, **_where(is_open))
    name = "evidence_looks"
    op.create_table(
        name,
        _id(),
        _ref("danger_id", "Whose evidence was looked at."),
        _ref("reader_id", "By whom."),
        _at("at", "When."),
        *_keys(name, danger_id="dangers", reader_id="readers"),
    )
    op.create_index("ix_evidence_looks_danger_id", name, ["danger_id", "at"], unique=False)


def _danger_columns() -> list[Column]:
    return [
        _ref("comment_id", "The comment that gives rise to it; one at a time is open."),
        _ref("opened_by", "Who suspected it."),
        _at("opened_at", "When; the clock begins here."),
        sa.Column(
            "evidence",
            Json,
            nullable=True,
            comment="Every revision, the author and the place as they were; null once forgotten.",
        ),
        _text("authority", "Who was told.", default=""),
        _text("channel", "How: 999, a form, …", default=""),
        _text("reference", "Their reference.", default=""),
        _at("told_at", "When they were told.", nullable=True),
        _ref("told_by", "By whom.", nullable=True),
        _text("outcome", "How it ended, in words.", default=""),
        _at("closed_at", "When nothing is left to do.", nullable=True),
        _ref("closed_by", "Who closed it.", nullable=True),
    ]


def _change_reports() -> None:
    trusted = "Whether the reporter was named as trusted in a field when it was made."
    unfounded = "Whether who decided found it without any ground at first sight."
    false = sa.text("false")
    one_report = ["comment_id", "reporter_id", "revision"]
    with op.batch_alter_table("reports") as batch:
        batch.alter_column(
            "reporter_id",
            existing_type=BigId,
            nullable=True,
            comment="Who reported; null without an account.",
            existing_comment="Who reported.",
        )
        batch.add_column(
            _text(
                "lane", "Lane: whether it breaks a rule, or is said to be illegal.", default="rule"
            )
        )
        batch.add_column(
            _ref("legal_notice_id", "The notice that it is a part of, if one.", nullable=True)
        )
        for name, comment in (("trusted", trusted), ("unfounded", unfounded)):
            batch.add_column(
                sa.Column(name, sa.Boolean(), server_default=false, nullable=False, comment=comment)
            )
        batch.drop_constraint(op.f("uq_reports_comment_id_reporter_id_revision"), type_="unique")
        batch.create_foreign_key(
            op.f("fk_reports_legal_notice_id_legal_notices"),
            "legal_notices",
            ["legal_notice_id"],
            ["id"],
        )
    for index, columns, unique, condition in (
        ("ix_reports_comment_id", ["comment_id"], False, None),
        ("ix_reports_legal_notice_id", ["legal_notice_id"], False, "legal_notice_id IS NOT NULL"),
        ("uq_reports_of_a_rule", one_report, True, "legal_notice_id IS NULL"),
    ):
        where = _where(condition) if condition else {}
        op.create_index(index, "reports", columns, unique=unique, **where)
