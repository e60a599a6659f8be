"""``belowline transparency``: statements of reasons and reports, written out."""

from __future__ import annotations

from datetime import timedelta

import click

from belowline.actions.statements import FORMS, make_statements, read_days
from belowline.actions.transparency_reports import find_departures, make_report
from belowline.cli.context import Context
from belowline.cli.screen import console
from belowline.sites import store as sites
from belowline.transparency.eu_check import check_each
from belowline.transparency.published import list_reports, to_csv
from belowline.transparency.recount import find_differences


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


@transparency.command("report")
@click.argument("site_key")
@click.argument("year", type=int)
@click.pass_obj
def report(context: Context, site_key: str, year: int) -> None:
    """Write a year's report as CSV, as the log has it now. It publishes nothing."""
    with context.database() as db, db.read() as conn:
        site = sites.get_site(conn, site_key)
        rows = make_report(conn, site, year=year, as_of=db.clock())
    click.echo(to_csv(rows, {}), nl=False)


@transparency.command("verify")
@click.argument("site_key")
@click.pass_context
def verify(ctx: click.Context, *, site_key: str) -> None:
    """Make every published report again from the log, and say whether it still is the same.

    The ledger of decisions is also made from the rows and compared with the log's. The exit status
    is 1 if anything differs.
    """
    context: Context = ctx.obj
    wrong = 0
    with context.database() as db, db.read() as conn:
        site = sites.get_site(conn, site_key)
        for one in list_reports(conn, site.id):
            departs = find_departures(conn, site, one)
            wrong += len(departs)
            console.print(f"{one.year}, version {one.version}: {_verdict(len(departs))}")
        differs = len(find_differences(conn, site.id))
        wrong += differs
        console.print(f"log and rows: {_verdict(differs)}")
    if wrong:
        ctx.exit(1)


def _verdict(number: int) -> str:
    return f"{number} differ" if number else "the same"
