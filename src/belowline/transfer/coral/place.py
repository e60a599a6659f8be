"""Which of the sites in an export is taken in, and what belongs to the others.

Coral keeps several titles as sites of one tenant, and their comments in one collection. Here each
import goes to one site. Where a file holds several and none was asked for, it is refused rather
than guessed: two titles' readers would be mixed, and nobody could part them again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import urlsplit

from belowline.core.errors import InvalidInput
from belowline.transfer.coral.values import id_of, ids_of
from belowline.transfer.fields import text_of

_MOST_NAMED = 20


@dataclass(slots=True)
class Place:
    """The site that is asked for, by its id, its name or a host of its own."""

    wanted: str | None
    chosen: str | None = None
    """Its id. None also where the export is older than sites are: then all of it is one."""
    _names: dict[str, set[str]] = field(default_factory=dict)
    _tenant: str | None = None
    _elsewhere: set[str] = field(default_factory=set)
    """Stories of other sites, for records that name only their story."""
    _found: bool = False
    _met: set[str] = field(default_factory=set)

    def hear(self, site: object) -> None:
        """Take note of a site that the export tells of."""
        site_id = id_of(site, "id")
        if site_id is None:
            return
        self._one_tenant(site)
        hosts = {(_host(origin) or origin) for origin in ids_of(site, "allowedOrigins")}
        self._names[site_id] = {text_of(site, "name"), site_id, *hosts}

    def choose(self) -> None:
        """Settle which site it is, now that all the export's sites are known.

        Raises:
            InvalidInput: there is no such site, or there are several and none was asked for.
        """
        if not self._names:
            self.chosen = self.wanted
            return
        asked = self.wanted.casefold() if self.wanted else None
        fitting = [
            site_id
            for site_id, names in self._names.items()
            if asked is None or asked in {name.casefold() for name in names}
        ]
        if len(fitting) == 1:
            self.chosen = fitting[0]
        elif asked is None:
            self._refuse_several(self._described())
        else:
            raise InvalidInput(
                f"The export has no site of the name {self.wanted}, or several."
                f" It has: {self._described()}.",
                field="source_site",
                code="unknown_source_site",
            )

    def has(self, value: object) -> bool:
        """Say whether a record belongs here; of stories that do not, the id is remembered.

        Raises:
            InvalidInput: the files mix several tenants, or several sites and none was asked for.
        """
        self._one_tenant(value)
        site_id = id_of(value, "siteID")
        if site_id is None:
            return text_of(value, "storyID") not in self._elsewhere
        if len(self._met) < _MOST_NAMED:
            self._met.add(site_id)
        if self.chosen is None:
            self.chosen = site_id
        if site_id != self.chosen and self.wanted is None and not self._names:
            self._refuse_several(", ".join(sorted(self._met)))
        self._found = self._found or site_id == self.chosen
        return site_id == self.chosen

    def is_elsewhere(self, story_id: str) -> None:
        """Take note of a story of another site."""
        self._elsewhere.add(story_id)

    def require_found(self) -> None:
        """Say so if nothing of the site that was asked for was met.

        Raises:
            InvalidInput: other sites' records were met, but none of this one's.
        """
        if self.wanted is not None and self._met and not self._found:
            raise InvalidInput(
                f"Nothing in the export belongs to the site {self.wanted}."
                f" What it has belongs to {', '.join(sorted(self._met))}.",
                field="source_site",
                code="unknown_source_site",
            )

    def _described(self) -> str:
        described = [
            ", ".join(sorted(names - {site_id})) + f" ({site_id})"
            for site_id, names in sorted(self._names.items())
        ]
        return "; ".join(described[:_MOST_NAMED])

    def _refuse_several(self, described: str) -> NoReturn:
        raise InvalidInput(
            f"The export holds several sites, of which one at a time is imported: {described}."
            " Say which, with --source-site.",
            field="source_site",
            code="several_sites",
        )

    def _one_tenant(self, value: object) -> None:
        tenant = text_of(value, "tenantID")
        if self._tenant is None:
            self._tenant = tenant or None
        elif tenant and tenant != self._tenant:
            raise InvalidInput(
                "The files mix several tenants of Coral."
                " Export each by itself, with a query for its tenantID.",
                field="source_site",
                code="several_sites",
            )


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).hostname
    except ValueError:
        return None
