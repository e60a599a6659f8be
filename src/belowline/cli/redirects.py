"""``belowline import redirects``: the way from old links to comments to the new ones, as a file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from belowline.cli.context import Context
from belowline.cli.data import out_option, writing
from belowline.sites import store as sites
from belowline.storage.imported import ImportId
from belowline.transfer.redirects import FORMATS, list_redirects


@click.command("redirects")
@click.option("--site", "site_key", required=True, help="Key of the site.")
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMATS]),
    default="csv",
    show_default=True,
    help="A table, lines for nginx's map, or JSON lines.",
)
@click.option("--import", "number", type=int, help="Only what the import of this number brought.")
@out_option
@click.pass_obj
def redirects(
    context: Context, site_key: str, form: str, number: int | None, out: Path | None
) -> None:
    """Write where each comment that came in is now, beside its old link.

    Only comments that readers can see are in it.

    \b
    Example:
      belowline import redirects --site courier --out redirects.csv
    """  # noqa: D301 - click reads the character that \b stands for
    write, _ = FORMATS[form]
    with context.database() as db, db.read() as conn:
        site = sites.get_site(conn, site_key)
        lines = list_redirects(
            conn,
            site.id,
            base_url=context.settings().base_url,
            site_key=site.key,
            import_id=ImportId(number) if number is not None else None,
        )
        # Whoever stops reading, such as `head`, ends the list while the database is still there.
        with closing(lines) as found, writing(out) as stream:
            for text in write(found):
                stream.write(text.encode())
