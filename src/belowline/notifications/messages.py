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
from belowline.core.text import Known, Text, later
from belowline.notifications.answers import (
    about_reports,
    appeal_decided,
    appeal_received,
    report_answered,
)
from belowline.notifications.links import link_path
from belowline.notifications.model import NoticeFacts
from belowline.notifications.new_comments import new_comments
from belowline.notifications.statements import (
    MAY_BREAK,
    OTHER_REDRESS,
    cited,
    given_reason,
    how_it_came_up,
    statement,
    under,
)
from belowline.notifications.withdrawals import about_withdrawal

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


def compose(kind: NoticeKind, facts: NoticeFacts) -> Message:  # noqa: C901 - a case for each kind
    """Put a notice into words.

    The subject names the site and what happened, and nothing about what was written, because it
    can be read over a shoulder or on a locked telephone.
    """
    match kind:
        case NoticeKind.REPLY | NoticeKind.NEW_COMMENTS:
            is_reply = kind is NoticeKind.REPLY
            subject, paragraphs = _reply(facts) if is_reply else new_comments(facts)
        case NoticeKind.COMMENT_DECIDED:
            subject, paragraphs = _comment_decided(facts)
        case NoticeKind.REPORT_ANSWERED:
            subject, paragraphs = report_answered(facts)
        case NoticeKind.SANCTION_IMPOSED:
            subject, paragraphs = _sanction_imposed(facts)
        case NoticeKind.SANCTION_LIFTED:
            subject, paragraphs = _sanction_lifted(facts)
        case NoticeKind.APPEAL_RECEIVED:
            subject, paragraphs = appeal_received(facts)
        case NoticeKind.APPEAL_DECIDED:
            subject, paragraphs = appeal_decided(facts)
        case NoticeKind.COMMENT_FEATURED:
            subject, paragraphs = _comment_featured(facts)
        case NoticeKind.RULEBOOK_PUBLISHED | NoticeKind.STORY_SLOWED | NoticeKind.LEGAL_NOTICE:
            subject, paragraphs = _OF_THE_SITE[kind]()
        case NoticeKind.WITHDRAWAL_WAITS | NoticeKind.WITHDRAWAL_REVIEWED:
            subject, paragraphs = about_withdrawal(kind, facts)
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


def _taken_back(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    if facts.outcome is Outcome.PUBLISH:
        return later("a decision has been taken back"), (
            Text(
                "We told you that your comment%(under)s is published. That was a slip, and "
                "the person who made it has taken it back. Your comment waits for a moderator "
                "again, and we will tell you what comes of it.",
                under=under(facts),
            ),
        )
    return later("a decision has been taken back"), (
        Text(
            "The decision about your comment%(under)s that we told you of has been taken "
            "back by the person who made it. It no longer counts, and nothing is held against "
            "you for it.",
            under=under(facts),
        ),
        later("We are sorry for the confusion."),
    )


def _comment_decided(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    if facts.undone:
        return _taken_back(facts)
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
        case SanctionKind.SLOWED:
            subject = later("you have been slowed down")
            what = Text(
                "You write so much that others hardly come up. You can send a comment every "
                "quarter of an hour%(until)s.",
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
        case SanctionKind.REPORT_WARNING | SanctionKind.REPORT_PAUSE:
            subject, what = about_reports(facts.sanction, until=until)
        case _:
            subject = later("your privilege to comment is withdrawn")
            what = later(
                "You can no longer comment here. You can still read, see your data and appeal. "
                "The withdrawal lasts until an appeal or a review ends it. A review comes by "
                "itself after six months."
            )
    return subject, (what, *statement(facts))


def _sanction_lifted(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    ended = {
        SanctionKind.WARNING: later("The warning that you were given has ended, from now on."),
        SanctionKind.SLOWED: later("You are no longer slowed down, from now on."),
        SanctionKind.HOLD_FIRST: later(
            "The reading of your comments before they appear has ended, from now on."
        ),
        SanctionKind.SUSPENSION: later("The suspension of your commenting has ended, from now on."),
        SanctionKind.WITHDRAWAL: later(
            "The withdrawal of your privilege to comment has ended, from now on."
        ),
        SanctionKind.REPORT_WARNING: later(
            "The warning about your reports has ended, from now on."
        ),
        SanctionKind.REPORT_PAUSE: later("Your reports are taken again, from now on."),
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


def _legal_notice() -> tuple[str, tuple[str, ...]]:
    return later("a legal notice needs the desk"), (
        later(
            "A notice of defamation has come in, has moved on or is nearly late. The legal list "
            "says what is owed, and by when; each step has two working days."
        ),
    )


_OF_THE_SITE = {
    NoticeKind.RULEBOOK_PUBLISHED: _rulebook_published,
    NoticeKind.STORY_SLOWED: _story_slowed,
    NoticeKind.LEGAL_NOTICE: _legal_notice,
}
"""What hangs on no comment, and so says the same to everybody."""


def _one_line(name: str) -> str:
    """Return a publisher's name as a subject can carry it: one line, printable, not too long."""
    plain = "".join(char if char.isprintable() else " " for char in name)
    return " ".join(plain.split())[:LONGEST_SUBJECT_PART]
