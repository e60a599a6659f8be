"""Checking a draft before it is sent: which rule it is likely to break. Nothing of it is kept.

The answer names the rule and no more: not which word, link or score spoke against the draft, so
that it helps to write better and not to get around the checks. It may be sent all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from belowline.actions.facts import ask_standing
from belowline.actions.screening import screen_facts
from belowline.core.errors import require
from belowline.core.keyed import keyed_hash
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Privilege, ReaderId
from belowline.outside.classifier import Classifier
from belowline.readers.codes import Limit, count_attempt
from belowline.rules import store as rules
from belowline.rules.model import RuleDraft
from belowline.screens.before_sending import rule_at_risk
from belowline.screens.model import Draft
from belowline.screens.pipeline import NOTHING_BEYOND, Beyond, screen
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.policy import may_take_comments

PER_READER = Limit("check", 30, timedelta(hours=1))
"""More than anybody writes in an hour, and too few to find a list of words by trying."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A text that its reader has not sent yet, and where they would send it."""

    site: Site
    story_key: str
    text: str


def check_draft(  # noqa: PLR0913 - who asks what of whom
    db: Database,
    draft: Unsent,
    *,
    by: ReaderId,
    secret: str,
    classifier: Classifier,
    beyond: Beyond = NOTHING_BEYOND,
) -> RuleDraft | None:
    """Return the rule that a draft is likely to break, or None. Only that it was asked is counted.

    Raises:
        NotSignedIn, NotAllowed: standing or the story's mode refuses, as it would refuse to post.
        InvalidInput: the text is too long.
        TooMany: the reader has asked very often lately.
    """
    site = draft.site
    cleaned = clean_text(draft.text, field="text", longest=site.settings.longest)
    with db.write(Actor(by)) as tx:
        facts = ask_standing(tx, Privilege.POST, site_id=site.id, by=by)
        story = stories.find_story(tx.conn, site.id, draft.story_key)
        if story is not None:
            require(may_take_comments(story.mode))
        count_attempt(tx, PER_READER, key_hash=keyed_hash(secret, "check", str(site.id), str(by)))
        screening = screen_facts(tx.conn, site, facts=facts, now=tx.now, story=story)
        rulebook = rules.get_current_rulebook(tx.conn, site.id)
    if not cleaned:
        return None
    # A service is asked when the comment is sent, and nobody finds out here who is protected.
    alone = replace(screening, external=None, names=None)
    # No transaction is open here: a classifier may take its time.
    found = rule_at_risk(screen(Draft(cleaned), alone, classifier=classifier, beyond=beyond))
    return rulebook.rule(found) if found is not None else None
