"""``belowline score-past``: scores for what a site has already. Nothing else follows from them."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from rich.table import Table

from belowline.actions.past_scores import PastScored, Scoring, score_past
from belowline.cli.context import Context
from belowline.cli.screen import console, make_progress
from belowline.core.errors import InvalidInput, Unavailable
from belowline.scoring.classifier import LocalClassifier, read_classifier
from belowline.sites import store as sites
from belowline.sites.model import Site


@click.command("score-past")
@click.option("--site", "site_key", required=True, help="Which site's comments.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Only what was sent from this day on, such as 2026-10-01 (UTC).",
)
@click.option("--again", is_flag=True, help="Give new scores too, after another model came.")
@click.pass_obj
def score_past_command(
    context: Context, *, site_key: str, since: datetime | None, again: bool
) -> None:
    """Score comments that are stored already and have no score, newest first.

    Imported comments have none, nor have those that were sent while scoring was off. With scores,
    the trial in the console's Screens tells what a threshold would have held. A score is kept and
    nothing else is done: nothing is held, nobody is told. It may run while readers write, be
    stopped, and be given again; it goes on where it was.
    """
    settings = context.settings()
    classifier = read_classifier(kind=settings.scoring or "linear")
    with context.database() as db, make_progress(rate=True) as progress:
        with db.read() as conn:
            site = sites.get_site(conn, site_key)
        by = _names_of(classifier, site)
        if not settings.scoring:
            click.echo(
                "Scoring is off (`scoring`): the models that come with Belowline score what is "
                "here, and what readers send is not scored.",
                err=True,
            )
        task = progress.add_task("Scoring", total=None)
        done = score_past(
            db,
            site,
            Scoring(classifier, by, again),
            since=since.replace(tzinfo=UTC) if since is not None else None,
            progress=lambda at, total: progress.update(task, completed=at, total=total),
        )
    console.print(_table(done))


def _names_of(classifier: LocalClassifier, site: Site) -> str:
    """Return which models score. Raises InvalidInput or Unavailable where none can."""
    own = classifier.find(site.language)
    if own is None:
        known = ", ".join(classifier.languages)
        raise InvalidInput(
            f"The site's language is {site.language}; there is a model for each of {known}.",
            field="site",
        )
    if isinstance(own, Unavailable):
        raise own
    found = map(classifier.find, classifier.languages)
    return ",".join(
        one.model.version for one in found if one is not None and not isinstance(one, Unavailable)
    )


def _table(done: PastScored) -> Table:
    table = Table("comments", "count")
    for words, count in (
        ("scored", done.scored),
        ("already scored", done.already),
        ("of no known language", done.no_language),
        ("unavailable: the model is broken, or the comment was being changed", done.unavailable),
        ("erased", done.empty),
    ):
        table.add_row(words, f"{count:,}")
    return table
