"""Learning from each site's desk: now and then what its decisions make of the scores, made anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from belowline.actions.learning import is_due, learn_from_desk, model_for
from belowline.outside.classifier import Classifier
from belowline.scoring import desk_store
from belowline.scoring.desks import SiteDesks
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Database

LOOKED_AT = timedelta(hours=1)
"""How often it is asked whether a site has decided enough to learn from it again."""


class Learning:
    """Keeps what was learnt at hand, and learns. Every process has its own at hand.

    Where two processes learn at once, the first to be done is heard.
    """

    name = "learning"
    every = timedelta(minutes=1)

    def __init__(self, db: Database, *, classifier: Classifier, desks: SiteDesks) -> None:
        """Score with this classifier, and fill these desks."""
        self._db = db
        self._classifier = classifier
        self._desks = desks
        self._looked: datetime | None = None

    def work(self) -> bool:
        """Take what was learnt since; once an hour learn where there is reason to."""
        with self._db.read() as conn:
            found = sites.list_sites(conn)
        self._take(found)
        now = self._db.clock()
        if self._looked is None or now - self._looked >= LOOKED_AT:
            for site in found:
                self._learn(site)
            self._looked = now
        return False

    def _take(self, found: Sequence[Site]) -> None:
        with self._db.read() as conn:
            made = desk_store.list_fitted(conn)
            for site in found:
                if site.id not in made or not site.settings.learn_from_desk:
                    self._desks.drop(site.id)
                elif self._desks.has(site.id) != made[site.id]:
                    layers = desk_store.find_layers(conn, site.id)
                    if layers is not None:
                        self._desks.take(layers, key=site.key)

    def _learn(self, site: Site) -> None:
        model = model_for(self._classifier, site.language)
        if model is None or not site.settings.learn_from_desk:
            return
        if not is_due(self._db, site, model):
            return
        layers = learn_from_desk(self._db, site, classifier=self._classifier)
        if layers is not None:
            self._desks.take(layers, key=site.key)
