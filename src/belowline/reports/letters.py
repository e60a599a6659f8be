"""The letters to whoever gave notice of illegal content and left an address.

They hold nothing that the sender typed, so that nobody can have us send their words to others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from belowline.core.language import Language
from belowline.core.terms import ReportState
from belowline.core.text import Text, later, numbered
from belowline.outside.mail import Letter
from belowline.reports.legal_letters import LetterKind


@dataclass(frozen=True, slots=True)
class Posted:
    """What the letter about one notice is made from."""

    to: str = field(repr=False)
    number: str
    site_name: str
    link: str = field(repr=False)
    message_id: str
    states: Sequence[ReportState]
    """Where each of the comments stands that the notice is about."""


def make_notice_letter(kind: LetterKind, posted: Posted, *, language: Language) -> Letter:
    """Make the receipt of a notice, or the letter that says what came of it."""
    say = language.say
    site = " ".join(posted.site_name.split())
    if kind is LetterKind.RECEIPT:
        subject: str = Text("%(site)s: your notice %(number)s", site=site, number=posted.number)
        said = [
            Text(
                "Thank you. Your notice %(number)s, that a comment at %(site)s is illegal, has "
                "arrived. A person reads it and decides.",
                number=posted.number,
                site=site,
            ),
            later("How far it is, and what comes of it, you can see here at any time:"),
        ]
        end = later("If you did not give such a notice, you need not do anything.")
    else:
        subject, said = (
            _looked_again(site, posted)
            if kind is LetterKind.LOOKED_AGAIN
            else _decided(site, posted)
        )
        end = later(
            "You also have whatever other ways the law gives you, such as a certified out-of-court "
            "dispute settlement body or a court."
        )
    lines = [*(say(one) for one in said), posted.link, say(end)]
    paragraphs = [
        f'<p><a href="{escape(line)}">{escape(line)}</a></p>'
        if line == posted.link
        else f"<p>{escape(line)}</p>"
        for line in lines
    ]
    return Letter(
        to=posted.to,
        subject=say(subject),
        text="\n\n".join(lines) + "\n",
        html="\n".join(
            [f'<div lang="{language.tag}" dir="{language.direction}">', *paragraphs, "</div>"]
        ),
        message_id=posted.message_id,
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )


def _decided(site: str, posted: Posted) -> tuple[str, list[str]]:
    return Text("%(site)s: your notice %(number)s is decided", site=site, number=posted.number), [
        Text("Your notice %(number)s has been decided.", number=posted.number),
        *_outcomes(posted.states),
        later("The reasons, who decided, and how to have it looked at again, you find here:"),
    ]


def _looked_again(site: str, posted: Posted) -> tuple[str, list[str]]:
    return Text(
        "%(site)s: your notice %(number)s was looked at again", site=site, number=posted.number
    ), [
        Text(
            "Somebody who had no part in the decision has looked again at what your notice "
            "%(number)s is about.",
            number=posted.number,
        ),
        *_outcomes(posted.states),
        later("The answer and the reason you find here:"),
    ]


def _outcomes(states: Sequence[ReportState]) -> list[str]:
    """Say how many comments were removed, how many stay, and how many their authors took back."""
    said: list[str] = []
    if removed := states.count(ReportState.UPHELD):
        said.append(
            numbered("%(num)s comment was removed.", "%(num)s comments were removed.", removed)
        )
    if kept := states.count(ReportState.DISMISSED):
        said.append(
            numbered(
                "%(num)s comment was looked at and stays.",
                "%(num)s comments were looked at and stay.",
                kept,
            )
        )
    if gone := states.count(ReportState.LAPSED):
        said.append(
            numbered(
                "%(num)s comment was taken back by its author.",
                "%(num)s comments were taken back by their authors.",
                gone,
            )
        )
    return said
