"""``belowline score --about``: which models there are, and how far each of their scores goes."""

from __future__ import annotations

from rich.table import Table

from belowline.cli.screen import console
from belowline.core.errors import Unavailable
from belowline.scoring.attributes import Attribute
from belowline.scoring.classifier import LocalClassifier
from belowline.scoring.reliability import Reliability, Reliable, find_by_version
from belowline.screens.classifier import rule_held_under

SHOWN_AT = 0.8


def tell_about(classifier: LocalClassifier) -> None:
    """Print a table for each model that can be read. Raises Unavailable if its figures cannot."""
    for problem in classifier.problems.values():
        console.print(problem)
    for language in classifier.languages:
        scorer = classifier.find(language)
        if scorer is None or isinstance(scorer, Unavailable):
            continue
        found = find_by_version(scorer.model.version)
        if found is None:
            console.print(f"{scorer.model.version}: nothing was measured of this file.")
        else:
            console.print(_table(found))
    console.print(
        "Of 100 pairs, a text that people found to be so and one that they did not, the model puts "
        "so many in the right order; chance would put 50. Where it says 80 of 100, so many of 100 "
        "are so. A star: nobody was asked, a rule was. More is in docs/reference/model-card.md."
    )


def _table(found: Reliability) -> Table:
    table = Table(title=found.model)
    for name in ("attribute", "held under", "right pairs", "says", "texts"):
        table.add_column(name, no_wrap=True)
    for attribute, one in found.attributes.items():
        table.add_row(*_row(attribute, one))
    return table


def _row(attribute: Attribute, one: Reliable) -> tuple[str, ...]:
    near = one.near(SHOWN_AT)
    return (
        f"{attribute.value} *" if one.by_rule else attribute.value,
        rule_held_under(attribute.value) or "holds none",
        f"{100 * one.pairs:.0f} ({100 * one.least:.0f}–{100 * one.most:.0f})",
        f"{100 * near.score:.0f}: {100 * near.share:.0f} are" if near else "too few",
        f"{one.examples:,}",
    )
