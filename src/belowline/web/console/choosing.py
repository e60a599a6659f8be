"""Choosing many cases in the queue: what its checkboxes and its bar say, and what they send.

A checkbox carries which comment it is and what of it was on the page, so that what has changed
since is not decided by somebody who has not seen it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from belowline.actions.considering import TogetherDraft
from belowline.core.errors import InvalidInput
from belowline.core.terms import CommentId, RulebookId, RuleKey, SiteId
from belowline.moderation import saved
from belowline.moderation.care import is_hard
from belowline.moderation.together import CommentChoice
from belowline.rules.model import Rulebook
from belowline.web.console.suggestions import suggest_reason
from belowline.web.forms import Form

FIELDS = frozenset({"what", "do", "key", "rule", "reason", "saved", "view"})
MANY = frozenset({"chosen", "offered", "book"})
KEEP, REMOVE = "keep", "remove"

_CHOICE = re.compile(r"(\d{1,18})-(\d{1,18})-(\d{1,9})-(\d{1,9})", re.ASCII)
_BOOK = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class RuleOffer:
    """A rule under which many can be removed, with what can be said."""

    key: RuleKey
    title: str
    suggestion: str
    saved: tuple[str, ...]


def write_choice(choice: CommentChoice) -> str:
    """Return a choice as a checkbox carries it."""
    parts = (choice.site_id, choice.comment_id, choice.seen_version, choice.seen_reports)
    return "-".join(str(part) for part in parts)


def read_choices(form: Form, name: str) -> tuple[CommentChoice, ...]:
    """Return the choices that a form sent. Raises InvalidInput for what no checkbox carries."""
    found = [_parts(_CHOICE, text, name) for text in form.many(name)]
    return tuple(
        CommentChoice(SiteId(site), CommentId(comment), version, reports)
        for site, comment, version, reports in found
    )


def read_draft(form: Form) -> TogetherDraft:
    """Return what a form asks to do with what is chosen. Raises InvalidInput if no form says it.

    Whoever wrote a reason has chosen it, though a saved one is chosen as well.
    """
    if form.text("what") not in {KEEP, REMOVE}:
        raise InvalidInput("Choose what is to be done.", field="what", code="bad_choice")
    books = [_parts(_BOOK, text, "book") for text in form.many("book")]
    return TogetherDraft(
        read_choices(form, "chosen"),
        form.text("what") == REMOVE,
        RuleKey(form.text("rule")) if form.text("rule") else None,
        form.text("reason").strip() or form.text("saved"),
        {SiteId(site): RulebookId(book) for site, book in books},
    )


def offer_rules(
    conn: sa.Connection, books: Mapping[SiteId, Rulebook | None]
) -> tuple[RuleOffer, ...]:
    """Return the rules under which many can be removed at these sites, each once.

    The gravest are not among them. Saved reasons are those of all these sites.
    """
    texts: dict[RuleKey, dict[str, None]] = {}
    for site_id in books:
        for one in saved.list_saved(conn, site_id):
            texts.setdefault(one.rule, {})[one.text] = None
    offers: dict[RuleKey, RuleOffer] = {}
    for rule in (rule for book in books.values() if book is not None for rule in book.rules):
        if not is_hard(rule.severity) and rule.key not in offers:
            there = tuple(texts.get(rule.key, ()))
            offers[rule.key] = RuleOffer(rule.key, rule.title, suggest_reason(rule), there)
    return tuple(offers.values())


def _parts(pattern: re.Pattern[str], text: str, name: str) -> list[int]:
    found = pattern.fullmatch(text)
    if found is None:
        raise InvalidInput("This is no choice.", field=name, code="bad_choice")
    return [int(part) for part in found.groups()]
