"""What the JSON API takes: one struct each, with the allowed fields and nothing else.

It is bounded here in form (a number fits the database, a key is a key); what it means is for
policies and actions. What the API gives is in ``answers``.
"""

from __future__ import annotations

from typing import Annotated

from litestar.params import QueryParameter
from msgspec import Meta, Struct

LARGEST_ID = 2**63 - 1
"""What an id or a number in an address can be at most: the databases count in 64 bits."""

Id = Annotated[int, Meta(ge=1, le=LARGEST_ID)]
Before = Annotated[
    int | None, QueryParameter(ge=1, le=LARGEST_ID, description="Only what is older than this one.")
]
At = Annotated[
    int | None,
    QueryParameter(
        ge=1,
        le=LARGEST_ID,
        description="The page that holds this comment, whatever `after` says.",
    ),
]
Only = Annotated[
    str | None,
    QueryParameter(name="filter", description="A part of the thread: newsroom, answered or picks."),
]
Text = Annotated[str, Meta(max_length=100_000)]
ClientKey = Annotated[str, Meta(pattern="^[!-~]{8,64}$")]
Ticket = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{32,64}$")]
RuleName = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{1,39}$")]
Address = Annotated[str, Meta(pattern=r"^https?://[^\x00-\x20]+$", max_length=2000)]
# \Z, unlike $, would not do here: JSON Schema has its own dialect, in which $ is the very end.


class StoryFacts(Struct, frozen=True, forbid_unknown_fields=True):
    """What the embed says of a story that is not known yet."""

    title: Annotated[str, Meta(max_length=1200)]
    url: Address


class CommentIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A comment as a reader sends it."""

    text: Text
    parent: Id | None = None
    client_key: ClientKey | None = None
    accepts: Id | None = None
    """The version of the rules that the reader accepts with it."""
    story: StoryFacts | None = None


class DraftToCheck(Struct, frozen=True, forbid_unknown_fields=True):
    """A draft to look at before it is sent."""

    text: Text


class EditIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A comment's new text."""

    text: Text


class ReportIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A report: which rule is broken, and what the moderators should know."""

    rule: RuleName
    note: Text = ""
    revision: Id | None = None
    """The revision that the reporter saw; the current one if left out."""


class AppealIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An appeal in the reader's words."""

    text: Text


class CodeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Where to send a code. ``ticket`` is what an earlier answer gave, to ask once more."""

    email: Annotated[str, Meta(max_length=1000)]
    ticket: Ticket | None = None


class RedeemIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A code with the ticket of the page that asked for it, and a name for a new reader."""

    code: Annotated[str, Meta(max_length=100)]
    ticket: Ticket
    name: Annotated[str, Meta(max_length=1000)] | None = None


class TokenIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The publisher's signed token."""

    token: Annotated[str, Meta(max_length=20_000)]


class WindowTicketIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the first-party window handed to the page."""

    ticket: Annotated[str, Meta(max_length=20_000)]
