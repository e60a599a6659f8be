"""What notices say, in plain and kind English, ready to be said in a site's language.

Pure: facts come in, words go out. A decision against somebody says what was done, which rule in
which version of the rules it cites, how it came up, whether a machine decided, why, and how to
appeal; these are the parts that article 17 of the EU's Digital Services Act asks for. Nothing here
holds a reader's words or name, and nobody learns who reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from belowline.core.language import Language
from belowline.core.terms import NoticeKind, Outcome, SanctionKind
from belowline.core.text import Known, Text, later, together
from belowline.notifications.links import link_path
from belowline.notifications.model import NoticeFacts
from belowline.notifications.statements import (
    BROKE,
    CITES,
    MAY_BREAK,
    OTHER_REDRESS,
    cited,
    given_reason,
    how_it_came_up,
    statement,
    under,
)

LONGEST_SUBJECT_PART = 80


@dataclass(frozen=True, slots=True)
class Message:
    """A notice in words. ``link_path`` is where the reader can see and do more."""

    subject: str
    paragraphs: tuple[str, ...]
    link_path: str

    def said_in(self, language: Language) -> Message:
        """Return the message in a language."""
        paragraphs = tuple(language.say(paragraph) for paragraph in self.paragraphs)
        return Message(language.say(self.subject), paragraphs, self.link_path)


def compose(kind: NoticeKind, facts: NoticeFacts) -> Message:
    """Put a notice into words.

    The subject names the site and what happened, and nothing about what was written, because it
    can be read over a shoulder or on a locked telephone.
    """
    match kind:
        case NoticeKind.REPLY:
            subject, paragraphs = _reply(facts)
        case NoticeKind.COMMENT_DECIDED:
            subject, paragraphs = _comment_decided(facts)
        case NoticeKind.REPORT_ANSWERED:
            subject, paragraphs = _report_answered(facts)
        case NoticeKind.SANCTION_IMPOSED:
            subject, paragraphs = _sanction_imposed(facts)
        case NoticeKind.SANCTION_LIFTED:
            subject, paragraphs = _sanction_lifted(facts)
        case NoticeKind.APPEAL_RECEIVED:
            subject, paragraphs = _appeal_received(facts)
        case NoticeKind.APPEAL_DECIDED:
            subject, paragraphs = _appeal_decided(facts)
        case NoticeKind.COMMENT_FEATURED:
            subject, paragraphs = _comment_featured(facts)
        case NoticeKind.RULEBOOK_PUBLISHED | NoticeKind.STORY_SLOWED:
            of_site = kind is NoticeKind.RULEBOOK_PUBLISHED
            subject, paragraphs = _rulebook_published() if of_site else _story_slowed()
        case _:
            assert_never(kind)
    return Message(
        Text("%(site)s: %(subject)s", site=_one_line(facts.site_name), subject=Known(subject)),
        tuple(paragraph for paragraph in paragraphs if paragraph),
        link_path(kind, facts),
    )


def _reply(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    return later("a reply to your comment"), (
        Text("Somebody replied to your comment%(under)s.", under=under(facts)),
        later("You can read the reply, and answer it, on the page."),
    )


def _comment_decided(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    if facts.undone and facts.outcome is Outcome.PUBLISH:
        return later("a decision has been taken back"), (
            Text(
                "We told you that your comment%(under)s is published. That was a slip, and "
                "the person who made it has taken it back. Your comment waits for a moderator "
                "again, and we will tell you what comes of it.",
                under=under(facts),
            ),
        )
    if facts.undone:
        return later("a decision has been taken back"), (
            Text(
                "The decision about your comment%(under)s that we told you of has been taken "
                "back by the person who made it. It no longer counts, and nothing is held against "
                "you for it.",
                under=under(facts),
            ),
            later("We are sorry for the confusion."),
        )
    match facts.outcome:
        case Outcome.REMOVE:
            pattern = (
                later("Your comment%(under)s has been removed.")
                if facts.was_published
                else later("Your comment%(under)s has been removed, and it did not appear.")
            )
            what = Text(pattern, under=under(facts))
            return later("your comment has been removed"), (what, *statement(facts))
        case Outcome.REFUSE:
            what = Text("Your comment%(under)s was not published.", under=under(facts))
            return later("your comment was not published"), (what, *statement(facts))
        case Outcome.HOLD:
            return later("your comment waits for a moderator"), (
                Text(
                    "Your comment%(under)s cannot be seen by others at present. A moderator "
                    "will look at it and decide, and we will tell you.",
                    under=under(facts),
                ),
                cited(facts, MAY_BREAK),
                how_it_came_up(facts),
                OTHER_REDRESS,
            )
        case _:
            return later("your comment is published"), (
                Text(
                    "A moderator has read your comment%(under)s, and it is published now.",
                    under=under(facts),
                ),
                given_reason(facts),
            )


def _report_answered(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    where = under(facts)
    thanks = later("Thank you for helping to keep the conversation worth reading.")
    if facts.withdrawn:
        return later("the comment that you reported is gone"), (
            Text(
                "Thank you for your report. The author has taken back the comment that you "
                "reported%(under)s before we had decided about it, so nobody can see it any more. "
                "What was written is kept, in case it matters later.",
                under=where,
            ),
            thanks,
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
            thanks,
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
        together(later("If you think that we are mistaken, please write to us."), OTHER_REDRESS),
    )


def _sanction_imposed(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    until = Text(" until %(when)s", when=facts.ends_at) if facts.ends_at else ""
    match facts.sanction:
        case SanctionKind.WARNING:
            subject = later("you have been given a warning")
            what: str = Text(
                "A moderator has given you a warning. You can go on commenting as soon as you "
                "have confirmed that you read it. It stays on file%(until)s.",
                until=until,
            )
        case SanctionKind.HOLD_FIRST:
            subject = later("your comments are read first")
            what = Text(
                "A moderator will read each of your comments before it appears%(until)s.",
                until=until,
            )
        case SanctionKind.SUSPENSION:
            subject = later("your commenting is suspended")
            what = Text(
                "You cannot comment, edit, react or report%(until)s. The suspension ends by "
                "itself; for seven days after it, your comments are read before they appear. You "
                "can read, see your data and appeal meanwhile.",
                until=until,
            )
        case _:
            subject = later("your privilege to comment is withdrawn")
            what = later(
                "You can no longer comment here. You can still read, see your data and appeal. "
                "The withdrawal lasts until an appeal or a review by the editors ends it."
            )
    return subject, (what, *statement(facts))


def _sanction_lifted(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    ended = {
        SanctionKind.WARNING: later("The warning that you were given has ended, from now on."),
        SanctionKind.HOLD_FIRST: later(
            "The reading of your comments before they appear has ended, from now on."
        ),
        SanctionKind.SUSPENSION: later("The suspension of your commenting has ended, from now on."),
        SanctionKind.WITHDRAWAL: later(
            "The withdrawal of your privilege to comment has ended, from now on."
        ),
        None: later("The sanction against you has ended, from now on."),
    }
    why = later("It was taken back by the person who imposed it.") if facts.undone else ""
    if facts.earned:
        why = later(
            "Moderators have read your latest comments and found them fine. Thank you for them."
        )
    return later("a sanction has ended"), (
        ended[facts.sanction],
        why,
        "" if facts.undone else given_reason(facts),
    )


def _appeal_received(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
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


def _appeal_decided(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
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


def _comment_featured(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    why = (
        Text("The reason that readers see: %(reason)s", reason=facts.featured_reason)
        if facts.featured_reason
        else ""
    )
    return later("an editor featured your comment"), (
        Text(
            "An editor has featured your comment%(under)s, so that more readers see it.",
            under=under(facts),
        ),
        why,
        later("Thank you for writing it."),
    )


def _rulebook_published() -> tuple[str, tuple[str, ...]]:
    return later("there is a new version of the rules"), (
        later(
            "The rules for commenting have changed. Please read them before your next comment; you "
            "will be asked to accept them then."
        ),
    )


def _story_slowed() -> tuple[str, tuple[str, ...]]:
    return later("a conversation has been slowed down"), (
        later(
            "Reports and removals in one conversation have risen, so readers can write there less "
            "often for a while. The queue says which one it is, and until when."
        ),
    )


def _one_line(name: str) -> str:
    """Return a publisher's name as a subject can carry it: one line, printable, not too long."""
    plain = "".join(char if char.isprintable() else " " for char in name)
    return " ".join(plain.split())[:LONGEST_SUBJECT_PART]
