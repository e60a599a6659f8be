"""Everybody and everything in the demo newspaper, as far as it has been performed."""

from __future__ import annotations

from dataclasses import dataclass, field

from belowline.core.settings import Settings
from belowline.core.terms import AppealId, CommentId, DecisionId, ReaderId, SanctionId, StoryId
from belowline.sites.model import Site
from belowline.storage.database import Database


@dataclass(slots=True)
class Company:
    """Everybody and everything so far: the newspaper's keys beside our ids."""

    db: Database
    site: Site
    settings: Settings
    people: dict[str, ReaderId] = field(default_factory=dict)
    stories: dict[str, StoryId] = field(default_factory=dict)
    comments: dict[str, CommentId] = field(default_factory=dict)
    decisions: dict[str, DecisionId] = field(default_factory=dict)
    sanctions: dict[str, SanctionId] = field(default_factory=dict)
    appeals: dict[str, AppealId] = field(default_factory=dict)
