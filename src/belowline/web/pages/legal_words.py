"""What pages call the steps of a legal notice, and their times: London's, as the law has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from markupsafe import Markup

from belowline.core.language import Language
from belowline.core.text import later
from belowline.legal.calendar import LONDON
from belowline.legal.defamation import Act, Step
from belowline.legal.model import AnswerKind, ClosedAs, Lack, LetterKind, LetterState
from belowline.web.templating import machine_time

STEPS: Mapping[Step, str] = {
    Step.DEFECTIVE: later("The notice is not complete"),
    Step.TELL_AUTHOR: later("The author has to be written to"),
    Step.UNREACHABLE: later("The author cannot be reached"),
    Step.WAITING: later("Waiting for the author’s answer"),
    Step.SILENT: later("The author has not answered in time"),
    Step.NOT_COMPLETE: later("The author’s answer is not complete"),
    Step.AGREED: later("The author agrees to the removal"),
    Step.STANDS_BY_IT: later("The author stands by the comment"),
    Step.AGAIN: later("The same has been removed twice before"),
    Step.GONE: later("The comment is down"),
}
"""Where a notice stands, for the desk and for the complainant."""

WHY: Mapping[Step, str] = {
    Step.DEFECTIVE: later(
        "Within 48 hours the complainant is told so, with everything that is required. The "
        "comment need not come down (regulation 4)."
    ),
    Step.TELL_AUTHOR: later(
        "Within 48 hours the author is sent the notice, and the complainant an acknowledgement "
        "(paragraphs 2 and 4)."
    ),
    Step.UNREACHABLE: later(
        "Without a private, electronic way to the author, the comment is removed within 48 hours "
        "and the complainant told so (paragraphs 3 and 4)."
    ),
    Step.WAITING: later(
        "The author has until midnight at the end of the fifth day. Nothing has to come down "
        "meanwhile (paragraph 2)."
    ),
    Step.SILENT: later(
        "Within 48 hours after that midnight the comment is removed and the complainant told "
        "(paragraph 5)."
    ),
    Step.NOT_COMPLETE: later(
        "Full name or postal address is missing or obviously false: within 48 hours of the answer "
        "the comment is removed and the complainant told (paragraph 6)."
    ),
    Step.AGREED: later(
        "Within 48 hours of the answer the comment is removed and the complainant told "
        "(paragraph 7)."
    ),
    Step.STANDS_BY_IT: later(
        "The comment stays. Within 48 hours of the answer the complainant is told, with the "
        "author’s details if the author consents (paragraph 8)."
    ),
    Step.AGAIN: later(
        "The complainant says that this is at least the third notice about the same, and our "
        "record bears it out: the comment is removed within 48 hours, and nobody is asked "
        "(paragraph 9)."
    ),
    Step.GONE: later(
        "Whoever removes it, it counts (paragraph 1). The complainant is told, and then it is over."
    ),
}
"""What the law asks at each step, for the desk."""

NEXT: Mapping[Step, str] = {
    Step.DEFECTIVE: later("We write to you about what is still needed."),
    Step.TELL_AUTHOR: later("We send your notice to the author and write to you."),
    Step.UNREACHABLE: later("We remove the comment and write to you."),
    Step.WAITING: later("The author may answer until then. We write to you about what follows."),
    Step.SILENT: later("We remove the comment and write to you."),
    Step.NOT_COMPLETE: later("We remove the comment and write to you."),
    Step.AGREED: later("We remove the comment and write to you."),
    Step.STANDS_BY_IT: later("We write to you about the author’s answer."),
    Step.AGAIN: later("We remove the comment and write to you."),
    Step.GONE: later("We write to you about it."),
}
"""What comes next, for the complainant."""

ENDS: Mapping[ClosedAs, str] = {
    ClosedAs.DEFECTIVE: later("Closed: we have written to the complainant about what is needed"),
    ClosedAs.REMOVED: later("Closed: the comment has been removed"),
    ClosedAs.REFUSED: later("Closed: the author stands by the comment, and it stays"),
    ClosedAs.DROPPED: later("Closed: the notice is not pursued"),
}

LETTERS: Mapping[LetterKind, str] = {
    LetterKind.DEFECTIVE: later("Letter to the complainant: what a notice must contain"),
    LetterKind.AUTHOR: later("Letter to the author: the notice, and until when to answer"),
    LetterKind.ACKNOWLEDGED: later("Letter to the complainant: acknowledgement"),
    LetterKind.REMOVED: later("Letter to the complainant: the comment has been removed"),
    LetterKind.REFUSED: later("Letter to the complainant: the author stands by the comment"),
}

TOLD: Mapping[LetterKind, str] = {
    LetterKind.DEFECTIVE: later("We wrote to you about what a notice must contain"),
    LetterKind.AUTHOR: later("We sent your notice to the author"),
    LetterKind.ACKNOWLEDGED: later("We acknowledged your notice"),
    LetterKind.REMOVED: later("We told you that the comment has been removed"),
    LetterKind.REFUSED: later("We told you that the author stands by the comment"),
}
"""The letters, to whoever sent the notice."""

ACTS: Mapping[Act, str] = {
    Act.REMOVE: later("Remove the comment"),
    **{Act(kind.value): words for kind, words in LETTERS.items()},
}

LETTER_STATES: Mapping[LetterState, tuple[str, str]] = {
    LetterState.WAITING: (later("on its way"), "warn"),
    LetterState.SENT: (later("sent"), "good"),
    LetterState.FAILED: (later("could not be delivered"), "bad"),
}

ANSWERS: Mapping[AnswerKind, str] = {
    AnswerKind.AGREES: later("The author agrees that the comment is removed"),
    AnswerKind.REFUSES: later("The author wants it to stay, and gave name and address"),
    AnswerKind.INCOMPLETE: later("The author wants it to stay, and gave no name or address"),
}

LACKS: Mapping[Lack, str] = {
    Lack.NAME: later("your name"),
    Lack.WORDS: later("the words that you complain of"),
    Lack.WHY: later("why they are defamatory of you"),
    Lack.MEANING: later("the meaning that you understand them to have"),
    Lack.WRONG: later("what is wrong in them, or opinion not supported by fact"),
    Lack.CANNOT_SUE: later("that you do not know enough about the author to bring proceedings"),
    Lack.CONSENT: later("whether your name and address may be passed on to the author"),
}

IN_LONDON = later("%(day)s, %(time)s London time")
MIDNIGHT = later("midnight at the end of %(day)s, London time")
_BLINK = timedelta(microseconds=1)


def in_london(moment: datetime, language: Language) -> Markup:
    """Return a time as clocks in London show it; a midnight as the end of the day before."""
    at = moment.astimezone(LONDON)
    if at.time().isoformat() == "00:00:00":
        words = language.find(MIDNIGHT) % {
            "day": language.full_day((moment - _BLINK).astimezone(LONDON).date())
        }
    else:
        words = language.find(IN_LONDON) % {
            "day": language.full_day(at.date()),
            "time": f"{at:%H:%M}",
        }
    return Markup('<time class="london" datetime="{}">{}</time>').format(
        machine_time(moment), words
    )
