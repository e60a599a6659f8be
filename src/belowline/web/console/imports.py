"""The console's imports: what came in from where, and the way from old links to new ones."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response

from belowline.core.errors import InvalidInput, NotFound
from belowline.storage.imported import ImportId
from belowline.storage.imports import Import, get_import, list_imports
from belowline.transfer.redirects import FORMATS, count_moved, list_redirects
from belowline.web.auth import Visitor
from belowline.web.console.desk import desk_page
from belowline.web.files import download

PREVIEWED = 20
LARGEST = 50_000
"""Lines that are written at once while others wait for the server."""


@dataclass(frozen=True, slots=True)
class Line:
    """An import of the list, and how many comments it brought."""

    of: Import
    comments: int


def imports(visitor: Visitor) -> Response[bytes]:
    """List what was imported into the site, the latest first."""
    with visitor.house.db.read() as conn:
        found = list_imports(conn, visitor.at.id)
    lines = [Line(one, one.counts.get("comment", 0)) for one in found]
    return desk_page(visitor, "imports.html", here="imports", lines=lines)


def redirects(visitor: Visitor, number: int) -> Response[bytes]:
    """Show how many old links of an import have a new one, and what some of them are."""
    site = visitor.at
    one = _find(visitor, number)
    with visitor.house.db.read() as conn:
        count = count_moved(conn, site.id, one.id)
        shown = list(
            list_redirects(
                conn,
                site.id,
                base_url=visitor.house.settings.base_url,
                site_key=site.key,
                import_id=one.id,
                limit=PREVIEWED,
            )
        )
    return desk_page(
        visitor,
        "redirects.html",
        here="imports",
        one=one,
        count=count,
        lines=shown,
        formats=list(FORMATS),
        too_many=count > LARGEST,
    )


def redirects_file(visitor: Visitor, number: int, form: str = "csv") -> Response[bytes]:
    """Write the old and new links of an import as a file."""
    if form not in FORMATS:
        raise InvalidInput("There is no such form of a file.", field="form", code="bad_choice")
    site = visitor.at
    write, media_type = FORMATS[form]
    one = _find(visitor, number)
    with visitor.house.db.read() as conn:
        if count_moved(conn, site.id, one.id) > LARGEST:
            raise InvalidInput(
                "This import has too many comments for one answer. "
                "Ask whoever runs the server for the file: `belowline import redirects`.",
                field="import",
                code="import_too_large",
            )
        found = list_redirects(
            conn,
            site.id,
            base_url=visitor.house.settings.base_url,
            site_key=site.key,
            import_id=one.id,
        )
        text = "".join(write(found))
    ending = {"nginx": "map", "json": "jsonl"}.get(form, form)
    name = f"{site.key}-redirects-{one.id}.{ending}"
    return download(text, media_type=media_type, name=name)


def _find(visitor: Visitor, number: int) -> Import:
    with visitor.house.db.read() as conn:
        one = get_import(conn, ImportId(number))
    if one.site_id != visitor.at.id:
        raise NotFound("There is no such import.", code="no_import")
    return one
