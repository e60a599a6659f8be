"""The letters of a defamation notice: plain text, every sentence of them ours but the quotations.

What a letter must say is in the Schedule to the Regulations, and the day until which the author may
answer is part of it; so a letter is composed at the moment at which it goes out, never before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from belowline.core.language import Language
from belowline.core.text import Known, Text, later
from belowline.legal.calendar import answer_day
from belowline.legal.model import Contact, Grounds, LetterKind

REQUIRED = (
    later("your name, and an e-mail address at which you can be reached;"),
    later("the words that you complain of, and where on the site they stand;"),
    later("why they are defamatory of you;"),
    later("the meaning that you understand them to have;"),
    later("what in them you believe is factually wrong, or is opinion not supported by fact;"),
    later(
        "a statement that you do not have enough information about the author to bring proceedings "
        "against them; and"
    ),
    later("whether you agree that your name and e-mail address are passed on to the author."),
)
"""Section 5(6)(a) to (c) of the Act and regulation 2, one line each."""

RULER = "----"


@dataclass(frozen=True, slots=True)
class Matter:
    """What letters are made from."""

    number: str
    """How both sides refer to the notice, such as ``echo-7``."""
    site_name: str
    story_title: str
    comment_url: str
    page_url: str
    """The complainant's page, or the author's, whichever the letter is for."""
    grounds: Grounds
    complainant: Contact = field(default_factory=Contact, repr=False)
    author: Contact = field(default_factory=Contact, repr=False)
    """Name and postal address from the answer; used only with ``author_consents``."""
    author_consents: bool = False
    author_told: bool = False
    is_down: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter's subject and its text."""

    subject: str
    text: str = field(repr=False)


def compose(kind: LetterKind, matter: Matter, *, language: Language, now: datetime) -> Composed:
    """Return a letter as it reads if it goes out now."""
    say = language.say
    match kind:
        case LetterKind.DEFECTIVE:
            parts = _defective(matter)
        case LetterKind.AUTHOR:
            parts = _to_author(matter, language.day(answer_day(now)), language)
        case LetterKind.ACKNOWLEDGED:
            parts = _acknowledged(matter)
        case LetterKind.REMOVED:
            parts = _removed(matter)
        case LetterKind.REFUSED:
            parts = _refused(matter)
        case _:
            assert_never(kind)
    subject = Text(
        "%(site)s: %(what)s (%(number)s)",
        site=" ".join(matter.site_name.split()),
        what=Known(SUBJECTS[kind]),
        number=matter.number,
    )
    return Composed(say(subject), "\n\n".join(say(part) for part in parts if part) + "\n")


SUBJECTS = {
    LetterKind.DEFECTIVE: later("your notice about a comment is not complete"),
    LetterKind.AUTHOR: later("a notice about your comment; please answer in time"),
    LetterKind.ACKNOWLEDGED: later("we have received your notice"),
    LetterKind.REMOVED: later("the comment that you complained of has been removed"),
    LetterKind.REFUSED: later("the author stands by the comment that you complained of"),
}


def _about(matter: Matter) -> Text:
    return Text(
        "Your notice %(number)s is about a comment under “%(title)s”: %(url)s",
        number=matter.number,
        title=" ".join(matter.story_title.split()),
        url=matter.comment_url,
    )


def _page(matter: Matter) -> Text:
    return Text("Where your notice stands, at any time: %(url)s", url=matter.page_url)


def _defective(matter: Matter) -> list[str]:
    return [
        _about(matter),
        later(
            "The notice does not comply with section 5(6)(a) to (c) of the Defamation Act 2013 and "
            "regulation 2 of the Defamation (Operators of Websites) Regulations 2013. This is "
            "what they require of a notice:"
        ),
        *(Text("- %(line)s", line=Known(line)) for line in REQUIRED),
        Text(
            "We do nothing further about this notice. You can send a complete one at any time: "
            "%(url)s",
            url=f"{matter.comment_url}/about-me",
        ),
        _page(matter),
    ]


def _to_author(matter: Matter, day: str, language: Language) -> list[str]:
    return [
        Text(
            "Somebody has sent us a notice under section 5 of the Defamation Act 2013 about your "
            "comment under “%(title)s”: %(url)s",
            title=" ".join(matter.story_title.split()),
            url=matter.comment_url,
        ),
        Text(
            "The comment may be removed unless we receive your answer by midnight, London time, at "
            "the end of %(day)s, and the answer is complete.",
            day=day,
        ),
        later(
            "An answer is complete if it says whether you want the comment to be removed. If you "
            "want it to stay, it must also give your full name and the postal address at which you "
            "live or carry on business, and say whether we may pass them on to the complainant."
        ),
        Text("Answer here, signed in as the author: %(url)s", url=matter.page_url),
        later(
            "We will not give your name or address to the complainant unless you agree or a court "
            "orders it. They are kept apart and sealed. You may also take the comment back "
            "yourself. You may want to take legal advice; we cannot give any."
        ),
        RULER,
        Text("A copy of the notice %(number)s:", number=matter.number),
        *_copy(matter, language),
    ]


def _copy(matter: Matter, language: Language) -> list[str]:
    """Return the notice for the author, without who sent it unless they agreed to that."""
    grounds, them = matter.grounds, matter.complainant
    masked = later("(not passed on: the complainant has not agreed to it)")
    shows = grounds.consents is True
    lines = (
        (later("Complainant: %(text)s"), them.name if shows else language.say(masked)),
        (later("E-mail address: %(text)s"), them.email if shows else language.say(masked)),
        (later("The words complained of: %(text)s"), grounds.words),
        (later("Why they are said to be defamatory: %(text)s"), grounds.why),
        (later("The meaning complained of: %(text)s"), grounds.meaning),
        (later("What is said to be wrong or unsupported: %(text)s"), grounds.wrong),
    )
    return [Text(pattern, text=text) for pattern, text in lines]


def _acknowledged(matter: Matter) -> list[str]:
    if matter.is_down:
        done: str = later("The comment has been removed from that place on the site.")
    else:
        done = later(
            "We have acted in accordance with paragraph 2 of the Schedule to the Defamation "
            "(Operators of Websites) Regulations 2013: the author has been sent your notice and "
            "has until midnight at the end of the fifth day after that to answer. We will write "
            "to you when it is clear what follows."
        )
    return [later("Thank you. We have received your notice."), _about(matter), done, _page(matter)]


def _removed(matter: Matter) -> list[str]:
    return [
        _about(matter),
        later("The comment has been removed from that place on the site."),
        later("This ends our part in the matter."),
        _page(matter),
    ]


def _refused(matter: Matter) -> list[str]:
    parts: list[str] = [
        _about(matter),
        later(
            "The author does not wish the comment to be removed. It has not been removed from "
            "that place on the site."
        ),
    ]
    if matter.author_consents:
        parts += [
            later("The author agrees that we pass on to you their name and address:"),
            f"{matter.author.name}\n{matter.author.address}",
        ]
    else:
        parts.append(
            later(
                "The author has given us their full name and postal address, and has not agreed "
                "that we pass them on to you. We will do so if a court orders it."
            )
        )
    parts += [later("This ends our part in the matter."), _page(matter)]
    return parts
