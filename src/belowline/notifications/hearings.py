"""What notices say to those who reported a comment, when somebody has asked for another look.

Pure, and part of ``answers``. Nobody learns here who wrote the comment, who decided or who asked.
"""

from __future__ import annotations

from belowline.core.text import Text, later, together
from belowline.notifications.model import NoticeFacts
from belowline.notifications.statements import (
    BROKE,
    OTHER_REDRESS,
    SOMEBODY_ELSE,
    cited,
    given_reason,
    under,
)

Said = tuple[str, tuple[str, ...]]
"""A subject and its paragraphs."""


def how_to_ask(facts: NoticeFacts) -> str:
    """Say how a reporter who was told no has another person look at it."""
    if facts.appeal_until is None:
        return OTHER_REDRESS
    return together(
        Text(
            "If you think that we are mistaken, you can ask for another look until %(when)s: open "
            "the page that this notice links to and say why.",
            when=facts.appeal_until,
        ),
        SOMEBODY_ELSE,
        OTHER_REDRESS,
    )


def look_asked_for(facts: NoticeFacts) -> Said:
    """Tell a reporter that their appeal has arrived."""
    return later("we have received your appeal"), (
        Text(
            "Thank you. You have asked for another look at the comment that you "
            "reported%(under)s, and we have received it.",
            under=under(facts),
        ),
        later(
            "Somebody other than the person who decided will read it, together with everything "
            "that was known then. We aim to answer within seven days, and we will tell you the "
            "answer and the reason."
        ),
        later("Until then the comment stays."),
    )


def look_answered(facts: NoticeFacts) -> Said:
    """Tell a reporter how their appeal was decided, and why."""
    where = under(facts)
    if facts.withdrawn:
        return later("the comment that you reported is gone"), (
            Text(
                "The comment that you reported%(under)s has been taken back by its author, or its "
                "author has left, before anybody had answered your appeal. Nobody can see it any "
                "more.",
                under=where,
            ),
        )
    if facts.undone:
        return later("a correction about your report"), (
            Text(
                "The decision about the comment that you reported%(under)s has been taken back by "
                "the person who made it. Your report is open again, and we will tell you what "
                "comes of it.",
                under=where,
            ),
        )
    if facts.upheld:
        return later("your appeal was upheld"), (
            Text(
                "You were right to ask: the comment that you reported%(under)s has been removed.",
                under=where,
            ),
            cited(facts, BROKE),
            given_reason(facts),
            later("Its author can appeal in turn. We will tell you if that changes anything."),
            later("We are sorry for the mistake, and thank you for taking the trouble."),
        )
    return later("your appeal was not upheld"), (
        Text(
            "Somebody who had no part in the decision has looked again at the comment that you "
            "reported%(under)s, and it stays.",
            under=where,
        ),
        given_reason(facts),
        together(later("An appeal can be made once for each decision."), OTHER_REDRESS),
    )


def looked_again(facts: NoticeFacts) -> Said:
    """Tell the other reporters what came of the look that one of them had asked for."""
    where = under(facts)
    if facts.upheld:
        return later("the comment that you reported has been removed"), (
            Text(
                "Somebody who reported the same comment%(under)s as you asked for another look at "
                "it. A second person has looked, and it has been removed.",
                under=where,
            ),
            cited(facts, BROKE),
            given_reason(facts),
        )
    return later("the comment that you reported stays"), (
        Text(
            "Somebody who reported the same comment%(under)s as you asked for another look at it. "
            "A second person has looked, and it stays. This answers your report as well.",
            under=where,
        ),
        given_reason(facts),
        OTHER_REDRESS,
    )
