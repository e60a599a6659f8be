"""A first sentence for the reason to an author, by rule; a moderator rewrites it.

Only the form's script offers it, so that nobody sends a sentence that they have not seen.
"""

from __future__ import annotations

from belowline.core.text import Text, later
from belowline.rules.model import RuleDraft

SUGGESTIONS: dict[str, str] = {
    "personal-attack": later("Your comment goes for a person instead of the point they made."),
    "harassment": later("Your comment presses somebody who has not asked for it."),
    "hate": later("Your comment runs down a whole group of people for what they are."),
    "threat": later("Your comment threatens somebody or cheers on violence."),
    "private-info": later("Your comment gives away private details about somebody."),
    "compassion": later("Your comment is hurtful to people who have just lost somebody."),
    "child-selfharm": later("Your comment could put a child or somebody at risk in danger."),
    "defamation": later("Your comment says as a fact what could harm somebody and is not proved."),
    "court-safety": later("Your comment could put a trial at risk."),
    "false-claim": later("Your comment states as true what has been shown to be false."),
    "rights-links": later(
        "Your comment shares something that is not yours to share, or an unsafe link."
    ),
    "obscenity": later("Your comment uses language that we ask readers to leave out."),
    "off-topic": later("Your comment is not about this story."),
    "disruption": later("Your comment disturbs the conversation without adding to it."),
    "spam": later("Your comment advertises something."),
    "identity": later(
        "Your comment was sent under a name or an account that hides who is speaking."
    ),
}


def suggest_reason(rule: RuleDraft) -> str:
    """Return a sentence to begin a reason with, also for a site's own rules."""
    return SUGGESTIONS.get(
        rule.key, Text("Your comment breaks our rule “%(rule)s”.", rule=rule.title)
    )
