"""Learning from a desk: what its decisions make of the scores, and whether that is better.

The texts are read, scored with the model alone, and let go again; what is kept are weights of
hashed words. Nothing is in use before it beats the model on decisions that it was not made from,
and what does worse on the decisions that come later goes out of use again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

import sqlalchemy as sa

from belowline.core.errors import Unavailable
from belowline.core.terms import Actor, CommentId, RuleKey, SiteId
from belowline.outside.classifier import Classifier
from belowline.scoring import desk_sample, desk_store
from belowline.scoring.desk import Layer, logit_of, places_of
from belowline.scoring.desk_fit import Gain, Judged, compare, fit, has_enough, judge
from belowline.scoring.desk_store import Decided, SiteLayers, Told
from belowline.screens.classifier import REMOVED_FOR
from belowline.sites.model import Site
from belowline.storage.database import Database

LEARNING = Actor.of_system("learning")
MOST_DECIDED = 2000
MOST_QUIET = 1000
MOST_CHECKED = 1000
LEAST_CHECKED = 50
"""Spot checks that stand for what nobody brought up, in place of what nobody minded."""
CHECKED_FOR = timedelta(days=730)
MOST_SUGGESTED = 1000
HALVED_IN = timedelta(days=180)
"""A decision counts half as much after this time: desks and their readers change."""
QUIET_FOR = timedelta(days=7)
"""What nobody brought up for so long was let stand, as far as can be known."""
STANDS_FOR_MOST = 20.0
LEAST_LATER = 10
"""Decisions of each kind before it is said how the last layer did since."""
LOOKS_BACK = timedelta(days=3650)
AGAIN_AFTER = timedelta(days=7)
"""So long at most an erased comment has a part in what was learnt."""
AGAIN_AT = 50
"""Decisions after which it is looked at anew before that time."""
DEADLINE = timedelta(seconds=10)
BREATHE_EVERY = 0.01
"""Seconds."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as the model sees it, and what became of it."""

    author: str
    logits: Mapping[str, float]
    places: frozenset[int]
    weight: float
    decided: Decided | None = None
    suggested: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a site's people said of its comments, and what stands for those that nobody brought up.

    These are either the comments that were drawn for spot checks, or a sample of what is quiet.
    """

    said: tuple[Decided, ...]
    drawn: frozenset[CommentId]
    quiet: tuple[tuple[str, str], ...]
    standing: int
    each: float
    """How many comments each of these stands for."""


def is_due(db: Database, site: Site, model: str) -> bool:
    """Say whether there is reason enough to learn from a site's decisions anew."""
    now = db.clock()
    with db.read() as conn:
        found = desk_store.find_layers(conn, site.id)
        if found is not None and (found.model != model or now - found.fitted_at >= AGAIN_AFTER):
            return True
        since = found.fitted_at if found is not None else now - LOOKS_BACK
        newer = desk_store.count_newer(conn, site.id, since)
        return newer + desk_store.count_suggested(conn, site.key, since) >= AGAIN_AT


def learn_from_desk(db: Database, site: Site, *, classifier: Classifier) -> SiteLayers | None:
    """Make a site's layers from its desk's decisions, keep them, and return them.

    None if no model knows the site's language, or if another process was quicker.
    """
    model = model_for(classifier, site.language)
    if model is None:
        return None
    now = db.clock()
    with db.read() as conn:
        before = desk_store.find_layers(conn, site.id)
        desk = _gather(conn, site.id, now=now)
        suggested = desk_store.list_suggested(conn, site.key, most=MOST_SUGGESTED)
    reader = _Reader(classifier, site.language, model, now)
    texts = [
        reader.read(
            one.author,
            one.text,
            one.decided_at,
            stands_for=desk.each if one.comment_id in desk.drawn else 1.0,
            decided=one,
        )
        for one in desk.said
    ]
    texts += [reader.read(author, text, now, stands_for=desk.each) for author, text in desk.quiet]
    texts += [
        reader.read(f"s{crc32(text.encode())}", text, at, suggested=(attribute, value))
        for attribute, text, value, at in suggested
    ]
    found = _fit_all([one for one in texts if one is not None], before, model=model, now=now)
    layers = SiteLayers(
        site.id,
        model,
        now,
        len(desk.said),
        desk.standing,
        {name: told for name, (told, _) in found.items()},
        {name: layer for name, (_, layer) in found.items()},
    )
    with db.write(LEARNING) as tx:
        latest = desk_store.find_layers(tx.conn, site.id)
        if (latest and latest.fitted_at) != (before and before.fitted_at):
            return None
        desk_store.put_layers(tx, layers)
    return layers


def model_for(classifier: Classifier, language: str) -> str | None:
    """Return the version of the model that scores at a site in a language; None if none does."""
    try:
        answer = classifier.score("", language=language, deadline=DEADLINE)
    except (Unavailable, TimeoutError):
        return None
    return answer.model or None if answer is not None else None


def _gather(conn: sa.Connection, site_id: SiteId, *, now: datetime) -> _Desk:
    """Gather what people said and what stands for the rest, each comment once.

    Enough spot checks stand for all that nobody brought up. One that was decided on afterwards
    stands for as much as the others, and counts as it was decided: without those that went, what
    is left would find that nothing ever has to.
    """
    decided = desk_store.list_decided(conn, site_id, most=MOST_DECIDED)
    checked = desk_sample.list_checked(conn, site_id, since=now - CHECKED_FOR, most=MOST_CHECKED)
    known = {one.comment_id for one in decided}
    said = (*decided, *(one for one in checked if one.comment_id not in known))
    span = (min((one.decided_at for one in said), default=now), now - QUIET_FOR)
    standing = desk_sample.count_quiet(conn, site_id, span=span)
    if len(checked) >= LEAST_CHECKED:
        each = max(1.0, min(STANDS_FOR_MOST, standing / len(checked)))
        return _Desk(said, frozenset(one.comment_id for one in checked), (), standing, each)
    every = max(1, -(-standing // MOST_QUIET))
    quiet = desk_sample.sample_quiet(conn, site_id, span=span, every=every, most=MOST_QUIET)
    each = min(STANDS_FOR_MOST, standing / len(quiet)) if quiet else 0.0
    return _Desk(said, frozenset(), tuple(quiet), standing, each)


class _Reader:
    """Reads texts as the model sees them, and lets others have a turn in between."""

    def __init__(self, classifier: Classifier, language: str, model: str, now: datetime) -> None:
        self._classifier, self._language, self._model = classifier, language, model
        self._now = now

    def read(  # noqa: PLR0913 - what is known of a text
        self,
        author: str,
        text: str,
        at: datetime,
        *,
        stands_for: float = 1.0,
        decided: Decided | None = None,
        suggested: tuple[str, float] | None = None,
    ) -> _Text | None:
        _breathe()
        try:
            answer = self._classifier.score(text, language=self._language, deadline=DEADLINE)
        except (Unavailable, TimeoutError):
            return None
        if answer is None or answer.model != self._model:
            return None
        logits = {name: logit_of(score) for name, score in answer.attributes.items()}
        weight: float = stands_for * 0.5 ** ((self._now - at) / HALVED_IN)
        return _Text(author, logits, places_of(text), weight, decided, suggested)


def _fit_all(
    texts: Sequence[_Text], before: SiteLayers | None, *, model: str, now: datetime
) -> dict[str, tuple[Told, Layer]]:
    known = {name for one in texts for name in one.logits}
    found = {}
    for name in sorted(known & REMOVED_FOR.keys()):
        names = (name, *sorted(known - {name}))
        rows = _rows(texts, names)
        if not has_enough(rows):
            continue
        gain = judge(rows, breathe=_breathe)
        layer = fit(rows, names=names, breathe=_breathe)
        last = before if before is not None and before.model == model else None
        later = _later(texts, name, last)
        in_use = gain.is_better and not (later is not None and later.most < 0)
        told = last.told.get(name) if last is not None else None
        unchanged = told is not None and told.in_use == in_use
        since = told.since if told is not None and unchanged else now
        found[name] = (Told(gain, in_use, since, later), layer)
    return found


def _rows(texts: Sequence[_Text], names: tuple[str, ...]) -> list[Judged]:
    """Return what the texts say of the first attribute, with the logits of all of these."""
    rows = []
    for one in texts:
        removed = _removed(one, names[0], REMOVED_FOR[names[0]])
        if removed is not None:
            models = tuple(one.logits[name] for name in names)
            by_person = one.decided is not None or one.suggested is not None
            rows.append(Judged(one.author, models, one.places, removed, one.weight, by_person))
    return rows


def _removed(one: _Text, name: str, rules: frozenset[RuleKey]) -> float | None:
    """Return how surely a text was removed for this; None if that cannot be told."""
    if one.suggested is not None:
        return one.suggested[1] if one.suggested[0] == name else None
    if one.decided is None:
        return 0.0
    said = [one.decided.rule, *(one.decided.second or ())]
    # Who removes it as off topic has not said that it is no insult.
    told = [float(rule in rules) for rule in said if rule is None or rule in rules]
    return sum(told) / len(told) if told else None


def _later(texts: Sequence[_Text], name: str, last: SiteLayers | None) -> Gain | None:
    """Return how the last layer did on the decisions that came after it was made."""
    if last is None or name not in last.layers:
        return None
    layer = last.layers[name]
    newer = [one for one in texts if one.decided and one.decided.decided_at > last.fitted_at]
    rows = [row for row in _rows(newer, layer.names) if row.removed in (0.0, 1.0)]
    removed = sum(row.removed == 1.0 for row in rows)
    if min(removed, len(rows) - removed) < LEAST_LATER:
        return None
    logits = [layer.logit(row.models, row.places) for row in rows]
    return compare(rows, logits, breathe=_breathe)


class _Breath:
    """Gives others a turn: a thread that only computes keeps Python from those who serve."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._last >= BREATHE_EVERY:
            time.sleep(0.001)
            self._last = time.monotonic()


_breathe = _Breath()
