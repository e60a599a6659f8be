"""What is read of the authors of comments that are posted together, in a few looks for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.actions.drafts import Sent, is_client_key
from belowline.actions.facts import standing_soon
from belowline.actions.screening import LOOK_BACK, OTHERS_SINCE
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.comments.recent import AuthorRecord, records_soon, texts_beside_soon
from belowline.core.terms import ReaderId, SiteId
from belowline.readers.model import StandingFacts
from belowline.rules import store as rules
from belowline.rules.model import Consent
from belowline.storage.prepared import Soon


@dataclass(frozen=True, slots=True)
class Known:
    """What decides whether a comment is taken from its author at this moment."""

    standing: StandingFacts
    consent: Consent | None
    """None where the site has no rules yet."""
    record: AuthorRecord
    parent: Comment | None
    """What it replies to, if that is there."""


def known_soon(conn: sa.Connection, sent: Sequence[Sent], *, now: datetime) -> Soon[list[Known]]:
    """Ask what decides about each comment. Read it outside of ``ahead``."""
    authors = [(one.draft.site.id, one.by) for one in sent]
    enough = [one.draft.site.settings.newcomer_holds for one in sent]
    counted = [(*author, number) for author, number in zip(authors, enough, strict=True)]
    parents = [
        (one.draft.site.id, one.draft.parent_id) for one in sent if one.draft.parent_id is not None
    ]
    found = comments.comments_soon(conn, parents)
    standing = standing_soon(conn, authors)
    consents = rules.consents_soon(conn, authors)
    records = records_soon(conn, counted, since=now - LOOK_BACK)

    def read() -> list[Known]:
        parent = iter(found())
        return [
            Known(facts, consent, record, None if one.draft.parent_id is None else next(parent))
            for one, facts, consent, record in zip(
                sent, standing(), consents(), records(), strict=True
            )
        ]

    return read


def repeats_soon(conn: sa.Connection, sent: Sequence[Sent]) -> Soon[list[Comment | None]]:
    """Ask for each comment what its author already sent under its key; None if nothing."""
    keys = [one.draft.client_key or "" for one in sent]
    kept = [(one.by, key) for one, key in zip(sent, keys, strict=True) if is_client_key(key)]
    found = comments.by_client_keys_soon(conn, kept)

    def read() -> list[Comment | None]:
        rows = iter(found())
        return [next(rows) if is_client_key(key) else None for key in keys]

    return read


def others_soon(
    conn: sa.Connection, sent: Sequence[Sent], *, now: datetime
) -> Soon[dict[tuple[SiteId, ReaderId], tuple[str, ...]]]:
    """Ask for each author at each site what everybody else has lately written there."""
    authors: dict[SiteId, list[ReaderId]] = defaultdict(list)
    for one in sent:
        authors[one.draft.site.id].append(one.by)
    found = {
        site_id: texts_beside_soon(conn, site_id, author_ids, since=now - OTHERS_SINCE)
        for site_id, author_ids in authors.items()
    }
    return lambda: {
        (site_id, author_id): tuple(texts)
        for site_id, beside in found.items()
        for author_id, texts in beside().items()
    }
