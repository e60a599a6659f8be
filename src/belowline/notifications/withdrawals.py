"""What is said of withdrawals: to the staff what waits for them, to the reader what a review found.

Pure, as all words of notices are.
"""

from __future__ import annotations

from belowline.core.terms import NoticeKind
from belowline.core.text import Text, later
from belowline.notifications.model import NoticeFacts
from belowline.notifications.statements import given_reason


def about_withdrawal(kind: NoticeKind, facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    """Put either of these notices into words."""
    if kind is NoticeKind.WITHDRAWAL_REVIEWED:
        return withdrawal_reviewed(facts)
    return withdrawal_waits(facts)


def withdrawal_waits(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    """Say that a proposed withdrawal, or a review of one, waits for the second pair of eyes."""
    if facts.is_review:
        return later("a withdrawal is to be looked at again"), (
            later(
                "A reader’s privilege to comment was withdrawn six months ago, or looked at last "
                "then. Somebody who had no part in it decides whether it stays."
            ),
        )
    return later("a withdrawal waits for a second person"), (
        Text(
            "A colleague proposes to withdraw a reader’s privilege to comment. The reader is "
            "suspended until you or another colleague confirm or decline it%(until)s; after that "
            "it lapses.",
            until=Text(", until %(when)s", when=facts.ends_at) if facts.ends_at else "",
        ),
    )


def withdrawal_reviewed(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    """Say that a withdrawal stays for another six months, and why."""
    return later("your withdrawal was looked at again"), (
        later(
            "The people who look after this site have looked again at the withdrawal of your "
            "privilege to comment. It stays; they will look at it again in six months."
        ),
        given_reason(facts),
    )
