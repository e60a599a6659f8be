"""How sites and roles are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from belowline.core.errors import Conflict, InvalidInput, NotFound
from belowline.core.settings_checks import check_origin
from belowline.core.terms import ReaderId, Role, SiteId
from belowline.core.text import Text
from belowline.sites.model import ExternalScreen, Site, SiteSettings, StaffMember
from belowline.storage.database import Tx, insert_id
from belowline.storage.prepared import Prepared
from belowline.storage.tables import readers, sites, staff

_FIND = Prepared(sa.select(sites).where(sites.c.key == sa.bindparam("key")))
_FIND_ROLE = Prepared(
    sa.select(staff.c.role).where(
        staff.c.site_id == sa.bindparam("site_id"), staff.c.reader_id == sa.bindparam("reader_id")
    )
)


def get_site(conn: sa.Connection, key: str) -> Site:
    """Return the site with this key. Raises NotFound."""
    found = find_site(conn, key)
    if found is None:
        raise NotFound("There is no such site.", code="no_site")
    return found


def find_site(conn: sa.Connection, key: str) -> Site | None:
    """Return the site with this key, or None."""
    row = _FIND.first(conn, key=key)
    return _site(row) if row is not None else None


def get_site_by_id(conn: sa.Connection, site_id: SiteId) -> Site:
    """Return the site with this id. Raises NotFound."""
    row = conn.execute(sa.select(sites).where(sites.c.id == site_id)).first()
    if row is None:
        raise NotFound("There is no such site.", code="no_site")
    return _site(row)


def lock_site(tx: Tx, site_id: SiteId) -> Site:
    """Return the site and keep others from changing it until the transaction ends.

    Raises:
        NotFound: there is no such site.
    """
    row = tx.conn.execute(
        sa.select(sites).where(sites.c.id == site_id).with_for_update(key_share=True)
    ).first()
    if row is None:
        raise NotFound("There is no such site.", code="no_site")
    return _site(row)


def list_sites(conn: sa.Connection) -> list[Site]:
    """Return all sites by key."""
    return [_site(row) for row in conn.execute(sa.select(sites).order_by(sites.c.key))]


def add_site(
    tx: Tx, *, key: str, name: str, origins: Sequence[str] = (), language: str = "en"
) -> SiteId:
    """Add a site with default settings.

    Raises:
        InvalidInput: the key is not a lower-case word, or the name is empty.
        Misconfigured: an origin is not exact.
        Conflict: the key is taken.
    """
    if not key or len(key) > 40 or not all(c.isascii() and (c.isalnum() or c == "-") for c in key):
        raise InvalidInput("A site's key is letters, digits and hyphens.", field="key")
    if key != key.lower() or not name.strip():
        raise InvalidInput("A site has a lower-case key and a name.", field="key")
    if tx.conn.execute(sa.select(sites.c.id).where(sites.c.key == key)).first():
        raise Conflict(Text("There is already a site %(key)s.", key=key), code="site_exists")
    return SiteId(
        insert_id(
            tx.conn,
            sites,
            {
                "key": key,
                "name": name.strip(),
                "language": language,
                "settings": {},
                "origins": [check_origin(origin) for origin in origins],
                "created_at": tx.now,
            },
        )
    )


def change_site(tx: Tx, site_id: SiteId, **values: Any) -> None:  # noqa: ANN401 - columns
    """Change columns of a site: name, language, origins (checked), settings, identity."""
    if "origins" in values:
        values["origins"] = [check_origin(origin) for origin in values["origins"]]
    if isinstance(values.get("settings"), SiteSettings):
        values["settings"] = msgspec.to_builtins(values["settings"])
    if isinstance(values.get("external"), ExternalScreen):
        values["external"] = msgspec.to_builtins(values["external"])
    tx.conn.execute(sa.update(sites).where(sites.c.id == site_id).values(**values))


def find_shared_language(conn: sa.Connection) -> str:
    """Return the language of all sites, for pages that belong to none; English if they differ."""
    found = {site.language for site in list_sites(conn)}
    return found.pop() if len(found) == 1 else "en"


def find_role(conn: sa.Connection, site_id: SiteId, reader_id: ReaderId) -> Role | None:
    """Return the reader's role at the site, or None."""
    found = _FIND_ROLE.first(conn, site_id=site_id, reader_id=reader_id)
    return Role(found.role) if found is not None else None


def roles_of(conn: sa.Connection, reader_id: ReaderId) -> dict[SiteId, Role]:
    """Return every site where the reader has a role, with the role."""
    rows = conn.execute(
        sa.select(staff.c.site_id, staff.c.role).where(staff.c.reader_id == reader_id)
    )
    return {SiteId(row.site_id): Role(row.role) for row in rows}


def list_staff(conn: sa.Connection, site_id: SiteId) -> list[StaffMember]:
    """Return the people with a role at the site, longest serving first."""
    rows = conn.execute(
        sa.select(staff, readers.c.name, readers.c.email)
        .join(readers, readers.c.id == staff.c.reader_id)
        .where(staff.c.site_id == site_id)
        .order_by(staff.c.appointed_at, staff.c.reader_id)
    )
    return [
        StaffMember(ReaderId(row.reader_id), row.name, row.email, Role(row.role), row.appointed_at)
        for row in rows
    ]


def put_staff(tx: Tx, site_id: SiteId, *, reader_id: ReaderId, role: Role) -> None:
    """Give the reader this role at the site, in place of any other."""
    drop_staff(tx, site_id, reader_id=reader_id)
    tx.conn.execute(
        sa.insert(staff).values(
            site_id=site_id, reader_id=reader_id, role=role, appointed_at=tx.now
        )
    )


def drop_staff(tx: Tx, site_id: SiteId, *, reader_id: ReaderId) -> bool:
    """End the reader's role at the site; say whether there was one."""
    done = tx.conn.execute(
        sa.delete(staff).where(staff.c.site_id == site_id, staff.c.reader_id == reader_id)
    )
    return done.rowcount > 0


def _site(row: sa.Row[Any]) -> Site:
    return Site(
        SiteId(row.id),
        row.key,
        row.name,
        row.language,
        tuple(row.origins),
        msgspec.convert(row.settings, SiteSettings),
        row.identity,
        row.created_at,
        msgspec.convert(row.external, ExternalScreen) if row.external is not None else None,
        row.listed_names,
    )
