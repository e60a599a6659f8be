"""What is told beside the classifier's threshold: how far each score can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from belowline.actions.learning import model_for
from belowline.core.errors import Unavailable
from belowline.outside.classifier import Classifier
from belowline.rules.model import Rulebook
from belowline.scoring.reliability import Reliable, find_by_version
from belowline.screens.classifier import rule_held_under
from belowline.sites.model import Site

SHOWN_AT = 0.8
"""Of the scores at which people were counted, the one nearest to this is shown."""


@dataclass(frozen=True, slots=True)
class ShownReliable:
    """One score that can hold a comment."""

    attribute: str
    rule: str | None
    """The title of the rule under which it holds, if the site's rulebook has it."""
    found: Reliable

    @property
    def says(self) -> tuple[int, int] | None:
        """Return a score of a hundred, and how many of a hundred are so where it is given."""
        near = self.found.near(SHOWN_AT)
        return (round(100 * near.score), round(100 * near.share)) if near is not None else None


def find_reliable(
    classifier: Classifier, site: Site, rulebook: Rulebook
) -> tuple[ShownReliable, ...]:
    """Return what is known of the model that scores at the site, as far as it holds anything."""
    version = model_for(classifier, site.language)
    try:
        found = find_by_version(version) if version is not None else None
    except Unavailable:
        # The page is for settings, and they can be set without these figures.
        return ()
    if found is None:
        return ()
    titles = {rule.key: rule.title for rule in rulebook.rules}
    shown = []
    for attribute, reliable in found.attributes.items():
        rule = rule_held_under(attribute.value)
        if rule is not None:
            shown.append(ShownReliable(attribute.value, titles.get(rule), reliable))
    return tuple(shown)
