"""What notices say, in plain and kind English.

Pure: facts come in, words go out. A decision against somebody says what was done, which rule in
which version of the rules it cites, how it came up, whether a machine decided, why, and how to
appeal; these are the parts that article 17 of the EU's Digital Services Act asks for. Nothing here
holds a reader's words or name, and nobody learns who reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from belowline.core.terms import NoticeKind, Outcome, SanctionKind
from belowline.notifications.links import link_path
from belowline.notifications.model import NoticeFacts
from belowline.notifications.new_comments import new_comments
from belowline.notifications.statements import (
    OTHER_REDRESS,
    cited,
    day,
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


def compose(kind: NoticeKind, facts: NoticeFacts) -> Message:
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
        f"{_one_line(facts.site_name)}: {subject}",
        tuple(paragraph for paragraph in paragraphs if paragraph),
        link_path(kind, facts),
    )


def _reply(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    return "a reply to your comment", (
        f"Somebody replied to your comment{under(facts)}.",
        "You can read the reply, and answer it, on the page.",
    )


def _comment_decided(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    if facts.undone and facts.outcome is Outcome.PUBLISH:
        return "a decision has been taken back", (
            (
                f"We told you that your comment{under(facts)} is published. That was a slip, and "
                "the person who made it has taken it back. Your comment waits for a moderator "
                "again, and we will tell you what comes of it."
            ),
        )
    if facts.undone:
        return "a decision has been taken back", (
            (
                f"The decision about your comment{under(facts)} that we told you of has been taken "
                "back by the person who made it. It no longer counts, and nothing is held against "
                "you for it."
            ),
            "We are sorry for the confusion.",
        )
    match facts.outcome:
        case Outcome.REMOVE:
            what = f"Your comment{under(facts)} has been removed"
            seen = "." if facts.was_published else ", and it did not appear."
            return "your comment has been removed", (what + seen, *statement(facts))
        case Outcome.REFUSE:
            what = f"Your comment{under(facts)} was not published."
            return "your comment was not published", (what, *statement(facts))
        case Outcome.HOLD:
            return "your comment waits for a moderator", (
                (
                    f"Your comment{under(facts)} cannot be seen by others at present. A moderator "
                    "will look at it and decide, and we will tell you."
                ),
                cited(facts, before="It may break"),
                how_it_came_up(facts),
                OTHER_REDRESS,
            )
        case _:
            return "your comment is published", (
                f"A moderator has read your comment{under(facts)}, and it is published now.",
                given_reason(facts),
            )


def _report_answered(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    about = f"the comment that you reported{under(facts)}"
    thanks = "Thank you for helping to keep the conversation worth reading."
    if facts.withdrawn:
        return "the comment that you reported is gone", (
            (
                f"Thank you for your report. The author has taken back {about} before we had "
                "decided about it, so nobody can see it any more. What was written is kept, in "
                "case it matters later."
            ),
            thanks,
        )
    if facts.undone:
        return "a correction about your report", (
            (
                f"The decision about {about} has been taken back by the person who made it. Your "
                "report is open again, and we will tell you what comes of it."
            ),
        )
    if facts.upheld:
        return "a correction about your report", (
            (
                f"We told you that {about} was removed. Its author appealed, somebody else looked "
                "at it again, and found that it does not break the rules. It can be seen again."
            ),
            "Your report was read with care both times.",
        )
    automated = "An automatic check decided this." if facts.automated else "A person decided this."
    if facts.outcome in {Outcome.REMOVE, Outcome.REFUSE}:
        return "your report was upheld", (
            f"Thank you for your report. We agree with you: {about} has been removed.",
            cited(facts, before="It broke"),
            automated,
            thanks,
        )
    return "your report was answered", (
        f"Thank you for your report. We looked at {about} and decided that it may stay.",
        (
            "Not everything that is wrong, rude or hard to read breaks a rule, and we remove only "
            "what does."
        ),
        automated,
        f"If you think that we are mistaken, please write to us. {OTHER_REDRESS}",
    )


def _sanction_imposed(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    until = f" until {day(facts.ends_at)}" if facts.ends_at else ""
    match facts.sanction:
        case SanctionKind.WARNING:
            subject = "you have been given a warning"
            what = (
                "A moderator has given you a warning. You can go on commenting as soon as you "
                f"have confirmed that you read it. It stays on file{until}."
            )
        case SanctionKind.HOLD_FIRST:
            subject = "your comments are read first"
            what = f"A moderator will read each of your comments before it appears{until}."
        case SanctionKind.SUSPENSION:
            subject = "your commenting is suspended"
            what = (
                f"You cannot comment, edit, react or report{until}. The suspension ends by "
                "itself; for seven days after it, your comments are read before they appear. You "
                "can read, see your data and appeal meanwhile."
            )
        case _:
            subject = "your privilege to comment is withdrawn"
            what = (
                "You can no longer comment here. You can still read, see your data and appeal. "
                "The withdrawal lasts until an appeal or a review by the editors ends it."
            )
    return subject, (what, *statement(facts))


def _sanction_lifted(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    names = {
        SanctionKind.WARNING: "The warning that you were given",
        SanctionKind.HOLD_FIRST: "The reading of your comments before they appear",
        SanctionKind.SUSPENSION: "The suspension of your commenting",
        SanctionKind.WITHDRAWAL: "The withdrawal of your privilege to comment",
        None: "The sanction against you",
    }
    why = "It was taken back by the person who imposed it." if facts.undone else ""
    if facts.earned:
        why = "Moderators have read your latest comments and found them fine. Thank you for them."
    return "a sanction has ended", (
        f"{names[facts.sanction]} has ended, from now on.",
        why,
        "" if facts.undone else given_reason(facts),
    )


def _appeal_received(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    return "we have received your appeal", (
        f"Thank you. Your appeal against the decision about {_appealed(facts)} has arrived.",
        (
            "Somebody other than the person who decided will read it, together with everything "
            "that was known then. We aim to answer within seven days, and we will tell you the "
            "answer and the reason."
        ),
        "Until then the decision stays in force.",
    )


def _appeal_decided(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    why = f"The reason: {facts.reason}" if facts.reason else ""
    if facts.upheld:
        back = (
            "It is back at its old place in the conversation. "
            if facts.comment_id is not None and facts.sanction is None
            else ""
        )
        return "your appeal was upheld", (
            (
                f"You were right to appeal: the decision about {_appealed(facts)} has been "
                f"reversed. {back}The decision no longer counts against you, and any sanction "
                "that rested on it has ended."
            ),
            why,
            "We are sorry for the mistake, and thank you for taking the trouble.",
        )
    return "your appeal was not upheld", (
        (
            f"Somebody who had no part in the decision about {_appealed(facts)} has read your "
            "appeal, and the decision stands."
        ),
        why,
        cited(facts, before="The decision cites"),
        f"An appeal can be made once for each decision. {OTHER_REDRESS}",
    )


def _comment_featured(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    why = f"The reason that readers see: {facts.featured_reason}" if facts.featured_reason else ""
    return "an editor featured your comment", (
        f"An editor has featured your comment{under(facts)}, so that more readers see it.",
        why,
        "Thank you for writing it.",
    )


def _rulebook_published() -> tuple[str, tuple[str, ...]]:
    return "there is a new version of the rules", (
        (
            "The rules for commenting have changed. Please read them before your next comment; you "
            "will be asked to accept them then."
        ),
    )


def _story_slowed() -> tuple[str, tuple[str, ...]]:
    return "a conversation has been slowed down", (
        (
            "Reports and removals in one conversation have risen, so readers can write there less "
            "often for a while. The queue says which one it is, and until when."
        ),
    )


def _appealed(facts: NoticeFacts) -> str:
    return "your standing" if facts.sanction else f"your comment{under(facts)}"


def _one_line(name: str) -> str:
    """Return a publisher's name as a subject can carry it: one line, printable, not too long."""
    plain = "".join(char if char.isprintable() else " " for char in name)
    return " ".join(plain.split())[:LONGEST_SUBJECT_PART]
