"""What is read of the authors of comments that are posted together, in a few looks for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.actions.drafts import Sent, is_client_key
from belowline.actions.facts import standing_of_each
from belowline.actions.screening import LOOK_BACK, OTHERS_SINCE
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.comments.recent import AuthorRecord, author_records, recent_texts_beside
from belowline.core.terms import ReaderId, SiteId
from belowline.readers.model import StandingFacts
from belowline.rules import store as rules
from belowline.rules.model import Consent


@dataclass(frozen=True, slots=True)
class Known:
    """What decides whether a comment is taken from its author at this moment."""

    standing: StandingFacts
    consent: Consent | None
    """None where the site has no rules yet."""
    record: AuthorRecord
    parent: Comment | None
    """What it replies to, if that is there."""


def gather(conn: sa.Connection, sent: Sequence[Sent], *, now: datetime) -> list[Known]:
    """Read what decides about each comment."""
    authors = [(one.draft.site.id, one.by) for one in sent]
    parents = [
        (one.draft.site.id, one.draft.parent_id) for one in sent if one.draft.parent_id is not None
    ]
    found = iter(comments.find_comments(conn, parents))
    return [
        Known(standing, consent, record, None if one.draft.parent_id is None else next(found))
        for one, standing, consent, record in zip(
            sent,
            standing_of_each(conn, authors),
            rules.find_consents(conn, authors),
            author_records(conn, authors, since=now - LOOK_BACK),
            strict=True,
        )
    ]


def find_repeats(conn: sa.Connection, sent: Sequence[Sent]) -> list[Comment | None]:
    """Return for each comment what its author already sent under its key, or None."""
    keys = [one.draft.client_key or "" for one in sent]
    kept = [(one.by, key) for one, key in zip(sent, keys, strict=True) if is_client_key(key)]
    found = iter(comments.find_by_client_keys(conn, kept))
    return [next(found) if is_client_key(key) else None for key in keys]


def read_others(
    conn: sa.Connection, sent: Sequence[Sent], *, now: datetime
) -> dict[tuple[SiteId, ReaderId], tuple[str, ...]]:
    """Return for each author at each site what everybody else has lately written there."""
    authors: dict[SiteId, list[ReaderId]] = defaultdict(list)
    for one in sent:
        authors[one.draft.site.id].append(one.by)
    return {
        (site_id, author_id): tuple(texts)
        for site_id, author_ids in authors.items()
        for author_id, texts in recent_texts_beside(
            conn, site_id, author_ids, since=now - OTHERS_SINCE
        ).items()
    }
