"""The layers that a process has at hand, so that a comment needs no question about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from belowline.core.terms import SiteId
from belowline.outside.classifier import ClassifierAnswer
from belowline.scoring.desk import Layer, adjust
from belowline.scoring.desk_store import SiteLayers


class SiteDesks:
    """What each site's own decisions make of an answer. One chore fills it, any thread asks."""

    def __init__(self) -> None:
        """Begin with nothing learnt anywhere."""
        self._at: dict[SiteId, tuple[str, datetime, Mapping[str, Layer]]] = {}
        self._named: dict[str, SiteId] = {}

    def adjust(self, site_id: SiteId, text: str, answer: ClassifierAnswer) -> ClassifierAnswer:
        """Return the answer as the site's desk would have it.

        A layer means something on the model that it was learnt on, and on no other.
        """
        found = self._at.get(site_id)
        if found is None or found[0] != answer.model or not found[2]:
            return answer
        return adjust(found[2], text, answer)

    def has(self, site_id: SiteId) -> datetime | None:
        """Return when that was made which is at hand for a site."""
        found = self._at.get(site_id)
        return found[1] if found is not None else None

    def named(self, key: str) -> SiteId | None:
        """Return which site with layers at hand has this key."""
        return self._named.get(key)

    def take(self, layers: SiteLayers, *, key: str) -> None:
        """Use the layers of the site with this key from now on."""
        self._at[layers.site_id] = (layers.model, layers.fitted_at, layers.in_use)
        self._named[key] = layers.site_id

    def drop(self, site_id: SiteId) -> None:
        """Use a site's layers no more."""
        self._at.pop(site_id, None)
        for key in [key for key, one in self._named.items() if one == site_id]:
            del self._named[key]
