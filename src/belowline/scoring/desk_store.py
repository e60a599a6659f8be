"""What layers are made from, as the database has it, and how a site's layers are kept.

Only texts that are still there are read, and nothing of them is kept: whoever's comments are erased
has no part in the next layer. What nobody brought up is read by ``desk_sample``.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, Outcome, RuleKey, SiteId
from belowline.scoring.desk import PLACES, Layer
from belowline.scoring.desk_fit import Gain
from belowline.storage.database import Tx
from belowline.storage.tables import (
    comments,
    decisions,
    revisions,
    second_looks,
    site_layers,
    spot_checks,
    suggested_scores,
)

TOLD = (Outcome.PUBLISH, Outcome.KEEP, Outcome.RESTORE, Outcome.REMOVE)


@dataclass(frozen=True, slots=True)
class Decided:
    """A text that somebody decided on, and what was decided."""

    comment_id: CommentId
    author: str
    text: str
    rule: RuleKey | None
    """The rule it was removed under; None if it stayed."""
    second: tuple[RuleKey | None] | None
    """What somebody else said of it, blind, in the same way; None if nobody was asked."""
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one attribute at a site, and whether its layer is in use."""

    gain: Gain
    in_use: bool
    since: datetime | None
    """Since when it has been in use, or out of it."""
    later: Gain | None = None
    """How the layer before did on decisions that came after it was made."""


@dataclass(frozen=True, slots=True)
class SiteLayers:
    """What a site's decisions came to at one time."""

    site_id: SiteId
    model: str
    """The model that they lie on; they mean nothing on another."""
    fitted_at: datetime
    decided: int
    quiet: int
    told: Mapping[str, Told]
    layers: Mapping[str, Layer]

    @property
    def in_use(self) -> dict[str, Layer]:
        """Return the layers that are better than the model."""
        return {name: one for name, one in self.layers.items() if self.told[name].in_use}


def list_decided(conn: sa.Connection, site_id: SiteId, *, most: int) -> list[Decided]:
    """Return what people decided last on each text that is still there, newest first."""
    rows = conn.execute(
        sa.select(
            decisions.c.id,
            decisions.c.comment_id,
            decisions.c.outcome,
            decisions.c.rule_key,
            decisions.c.decided_at,
            comments.c.author_id,
            revisions.c.text,
            second_looks.c.outcome.label("second"),
            second_looks.c.rule_key.label("second_rule"),
        )
        .join(comments, comments.c.id == decisions.c.comment_id)
        .join(
            revisions,
            sa.and_(
                revisions.c.comment_id == decisions.c.comment_id,
                revisions.c.number == sa.func.coalesce(decisions.c.revision, comments.c.revision),
            ),
        )
        .outerjoin(second_looks, second_looks.c.decision_id == decisions.c.id)
        .where(
            decisions.c.site_id == site_id,
            decisions.c.outcome.in_(TOLD),
            decisions.c.decided_by.is_not(None),
            decisions.c.undone_at.is_(None),
            decisions.c.overturned_at.is_(None),
            revisions.c.text != "",
        )
        .order_by(decisions.c.decided_at.desc(), decisions.c.id.desc())
        .limit(most)
    )
    latest: dict[int, Decided] = {}
    for row in rows:
        latest.setdefault(row.comment_id, _decided(row))
    return list(latest.values())


def list_suggested(
    conn: sa.Connection, key: str, *, most: int
) -> list[tuple[str, str, float, datetime]]:
    """Return what other systems suggested for a site: attribute, text, value, when."""
    rows = conn.execute(
        sa.select(
            suggested_scores.c.attribute,
            suggested_scores.c.text,
            suggested_scores.c.value,
            suggested_scores.c.suggested_at,
        )
        .where(_suggested_for(key))
        .order_by(suggested_scores.c.id.desc())
        .limit(most)
    )
    return [(row.attribute, row.text, row.value, row.suggested_at) for row in rows]


def count_newer(conn: sa.Connection, site_id: SiteId, after: datetime) -> int:
    """Return how many comments people at a site have decided about, or checked, since."""
    decided = sa.select(sa.func.count()).where(
        decisions.c.site_id == site_id,
        decisions.c.decided_at > after,
        decisions.c.outcome.in_(TOLD),
        decisions.c.decided_by.is_not(None),
    )
    checked = sa.select(sa.func.count()).where(
        spot_checks.c.site_id == site_id, spot_checks.c.looked_at > after
    )
    return sum(conn.execute(one).scalar_one() for one in (decided, checked))


def count_suggested(conn: sa.Connection, key: str, after: datetime) -> int:
    """Return how much other systems have suggested for a site since."""
    newer = sa.select(sa.func.count()).where(
        _suggested_for(key), suggested_scores.c.suggested_at > after
    )
    return int(conn.execute(newer).scalar_one())


def _suggested_for(key: str) -> sa.ColumnElement[bool]:
    # A program says so by the community, or is itself called like the site.
    return sa.or_(suggested_scores.c.community == key, suggested_scores.c.client == key)


def put_layers(tx: Tx, found: SiteLayers) -> None:
    """Keep what a site's decisions came to, in place of what was kept before."""
    names = sorted(found.layers)
    told = {
        name: {
            **{key: value for key, value in asdict(one).items() if key != "since"},
            "since": one.since.isoformat() if one.since is not None else None,
            "layer": _told(found.layers[name]),
        }
        for name, one in sorted(found.told.items())
    }
    tx.conn.execute(sa.delete(site_layers).where(site_layers.c.site_id == found.site_id))
    tx.conn.execute(
        sa.insert(site_layers).values(
            site_id=found.site_id,
            model=found.model,
            fitted_at=found.fitted_at,
            decided=found.decided,
            quiet=found.quiet,
            told=told,
            weights=b"".join(_packed(found.layers[name].weights) for name in names),
        )
    )


def find_layers(conn: sa.Connection, site_id: SiteId) -> SiteLayers | None:
    """Return what a site's decisions came to, if they were ever looked at."""
    row = conn.execute(sa.select(site_layers).where(site_layers.c.site_id == site_id)).first()
    return _layers(row) if row is not None else None


def list_fitted(conn: sa.Connection) -> dict[SiteId, datetime]:
    """Return when each site's layers were made."""
    rows = conn.execute(sa.select(site_layers.c.site_id, site_layers.c.fitted_at))
    return {SiteId(row.site_id): row.fitted_at for row in rows}


def _decided(row: Any) -> Decided:  # noqa: ANN401 - a row of ``list_decided``
    return Decided(
        CommentId(row.comment_id),
        f"r{row.author_id}",
        row.text,
        RuleKey(row.rule_key) if row.outcome == Outcome.REMOVE else None,
        None
        if row.second is None
        else (RuleKey(row.second_rule) if row.second == Outcome.REMOVE else None,),
        row.decided_at,
    )


def _layers(row: sa.Row[Any]) -> SiteLayers:
    told, layers = {}, {}
    for number, (name, one) in enumerate(sorted(row.told.items())):
        since = datetime.fromisoformat(one["since"]) if one["since"] else None
        later = Gain(**one["later"]) if one["later"] else None
        told[name] = Told(Gain(**one["gain"]), one["in_use"], since, later)
        layer = {**one["layer"], "weights": _unpacked(row.weights, number)}
        layers[name] = Layer(**layer | {key: tuple(layer[key]) for key in ("names", "logits")})
    return SiteLayers(
        SiteId(row.site_id),
        row.model,
        row.fitted_at,
        row.decided,
        row.quiet,
        told,
        layers,
    )


def _told(layer: Layer) -> dict[str, object]:
    told: dict[str, object] = {"names": layer.names, "logits": layer.logits}
    return told | {"words": layer.words, "bias": layer.bias}


def _packed(weights: array[float]) -> bytes:
    # Most places are empty, and PostgreSQL presses them together by itself.
    return weights.tobytes()


def _unpacked(content: bytes, number: int) -> array[float]:
    size = 4 * PLACES
    weights = array("f")
    weights.frombytes(content[number * size : (number + 1) * size])
    return weights
