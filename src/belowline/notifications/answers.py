"""What notices say to those who asked for something: who reported, and who appealed.

Pure, and part of ``messages``, which chooses among them.
"""

from __future__ import annotations

from belowline.core.terms import Outcome, SanctionKind
from belowline.core.text import Text, later, together
from belowline.notifications.hearings import (
    how_to_ask,
    look_answered,
    look_asked_for,
    looked_again,
)
from belowline.notifications.model import NoticeFacts
from belowline.notifications.statements import (
    BROKE,
    CITES,
    OTHER_REDRESS,
    cited,
    given_reason,
    under,
)

THANKS = later("Thank you for helping to keep the conversation worth reading.")
Said = tuple[str, tuple[str, ...]]
"""A subject and its paragraphs."""


def report_answered(facts: NoticeFacts) -> Said:
    """Tell a reporter what came of their report."""
    where = under(facts)
    if facts.by_reporter:
        return looked_again(facts)
    if facts.withdrawn:
        return later("the comment that you reported is gone"), (
            Text(
                "Thank you for your report. The author has taken back the comment that you "
                "reported%(under)s before we had decided about it, so nobody can see it any more. "
                "What was written is kept, in case it matters later.",
                under=where,
            ),
            THANKS,
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
        return later("a correction about your report"), (
            Text(
                "We told you that the comment that you reported%(under)s was removed. Its author "
                "appealed, somebody else looked at it again, and found that it does not break the "
                "rules. It can be seen again.",
                under=where,
            ),
            later("Your report was read with care both times."),
        )
    return _answer(facts)


def _answer(facts: NoticeFacts) -> Said:
    where = under(facts)
    automated = (
        later("An automatic check decided this.")
        if facts.automated
        else later("A person decided this.")
    )
    if facts.outcome in {Outcome.REMOVE, Outcome.REFUSE}:
        return later("your report was upheld"), (
            Text(
                "Thank you for your report. We agree with you: the comment that you "
                "reported%(under)s has been removed.",
                under=where,
            ),
            cited(facts, BROKE),
            automated,
            THANKS,
        )
    return later("your report was answered"), (
        Text(
            "Thank you for your report. We looked at the comment that you reported%(under)s and "
            "decided that it may stay.",
            under=where,
        ),
        later(
            "Not everything that is wrong, rude or hard to read breaks a rule, and we remove only "
            "what does."
        ),
        automated,
        how_to_ask(facts),
    )


def about_reports(kind: SanctionKind, *, until: str) -> tuple[str, str]:
    """Tell a reader of a warning about their reports, or of a pause."""
    if kind is SanctionKind.REPORT_WARNING:
        return later("a warning about your reports"), Text(
            "A moderator has given you a warning about your reports. Reports are not a dislike "
            "button: several of yours had no ground at all, as anybody could see. You can report "
            "again as soon as you have confirmed that you read this. It stays on file%(until)s.",
            until=until,
        )
    return later("your reports are paused"), Text(
        "Your reports are not taken%(until)s, because too many of them had no ground at all, also "
        "after a warning. You can go on commenting, and where a child or somebody’s life is in "
        "danger you can always tell us. The pause ends by itself.",
        until=until,
    )


def appeal_received(facts: NoticeFacts) -> Said:
    """Tell somebody that their appeal has arrived, and what happens now."""
    if facts.by_reporter:
        return look_asked_for(facts)
    arrived: str = later(
        "Thank you. Your appeal against the decision about your standing has arrived."
    )
    if not facts.sanction:
        arrived = Text(
            "Thank you. Your appeal against the decision about your comment%(under)s has arrived.",
            under=under(facts),
        )
    return later("we have received your appeal"), (
        arrived,
        later(
            "Somebody other than the person who decided will read it, together with everything "
            "that was known then. We aim to answer within seven days, and we will tell you the "
            "answer and the reason."
        ),
        later("Until then the decision stays in force."),
    )


def appeal_decided(facts: NoticeFacts) -> Said:
    """Tell somebody how their appeal was decided, and why."""
    if facts.by_reporter:
        return look_answered(facts)
    why = given_reason(facts)
    if facts.upheld:
        right = (
            later("You were right to appeal: the decision about your standing has been reversed.")
            if facts.sanction
            else Text(
                "You were right to appeal: the decision about your comment%(under)s has been "
                "reversed.",
                under=under(facts),
            )
        )
        is_back = facts.comment_id is not None and facts.sanction is None
        return later("your appeal was upheld"), (
            together(
                right,
                later("It is back at its old place in the conversation.") if is_back else "",
                later(
                    "The decision no longer counts against you, and any sanction that rested on it "
                    "has ended."
                ),
            ),
            why,
            later("We are sorry for the mistake, and thank you for taking the trouble."),
        )
    stands = (
        later(
            "Somebody who had no part in the decision about your standing has read your appeal, "
            "and the decision stands."
        )
        if facts.sanction
        else Text(
            "Somebody who had no part in the decision about your comment%(under)s has read your "
            "appeal, and the decision stands.",
            under=under(facts),
        )
    )
    return later("your appeal was not upheld"), (
        stands,
        why,
        cited(facts, CITES),
        together(later("An appeal can be made once for each decision."), OTHER_REDRESS),
    )
