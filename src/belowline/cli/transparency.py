"""``belowline transparency``: statements of reasons and reports, written out."""

from __future__ import annotations

from datetime import timedelta

import click

from belowline.actions.statements import FORMS, make_statements, read_days
from belowline.cli.context import Context, console
from belowline.sites import store as sites
from belowline.transparency.eu_check import check_each


@click.group()
def transparency() -> None:
    """Write out statements of reasons and transparency reports."""


@transparency.command("statements")
@click.argument("site_key")
@click.option("--since", default="", metavar="DAY", help="The first day, such as 2026-03-01.")
@click.option("--until", default="", metavar="DAY", help="The last day; today if it is left out.")
@click.option(
    "--form", type=click.Choice([*FORMS]), default="jsonl", show_default=True, help="Which form."
)
@click.option("--check", is_flag=True, help="Only check them against the database's rules.")
@click.pass_context
def statements(  # noqa: PLR0913 - a command has as many as its options
    ctx: click.Context, *, site_key: str, since: str, until: str, form: str, check: bool
) -> None:
    """Write the statements of reasons of a site's decisions, as the EU's database takes them.

    Without days, those of the last 31. Only decisions that stand are in it. The exit status is 1
    if one of them would be sent back.
    """
    context: Context = ctx.obj
    settings = context.settings()
    with context.database() as db, db.read() as conn:
        now = db.clock()
        days = read_days(since, until, today=now.date(), usual=timedelta(days=30))
        site = sites.get_site(conn, site_key)
        made = make_statements(conn, site, days, settings=settings, now=now)
    wrong = [*check_each(one.record() for one in made)]
    if not check:
        click.echo(FORMS[form][1](made), nl=False)
    for place, complaint in wrong:
        click.echo(f"{made[place].puid}: {complaint.field}: {complaint.code}", err=True)
    if check:
        console.print(f"{len(made)} statements, {len(wrong)} complaints.")
    if wrong:
        ctx.exit(1)
