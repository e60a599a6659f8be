"""Runs every screen over a draft and keeps every verdict.

The order is that of ``ScreenName`` and matters only to whoever reads the verdicts: no screen sees
another's answer, and none is skipped because an earlier one refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from belowline.core.errors import Unavailable
from belowline.core.terms import Finding, ScreenName, Verdict
from belowline.outside.classifier import Classifier, ClassifierAnswer, Desks, NullDesks
from belowline.outside.external import (
    AboutAuthor,
    AboutStory,
    External,
    NullExternal,
    Question,
    Service,
)
from belowline.outside.watch import NullWatch, Watch
from belowline.screens.classifier import judge_score
from belowline.screens.external import judge_answer
from belowline.screens.length import screen_length
from belowline.screens.links import screen_links
from belowline.screens.model import AskedOutside, Draft, ScreenFacts
from belowline.screens.names import screen_names
from belowline.screens.newcomer import screen_newcomer
from belowline.screens.rate import screen_rate
from belowline.screens.repeats import screen_repeats
from belowline.screens.shouting import screen_shouting
from belowline.screens.words import screen_words

Screen = Callable[[Draft, ScreenFacts], Verdict]

SCREENS: tuple[tuple[ScreenName, Screen], ...] = (
    (ScreenName.LENGTH, screen_length),
    (ScreenName.SHOUTING, screen_shouting),
    (ScreenName.LINKS, screen_links),
    (ScreenName.REPEATS, screen_repeats),
    (ScreenName.WORDS, screen_words),
    (ScreenName.NEWCOMER, screen_newcomer),
    (ScreenName.RATE, screen_rate),
)
"""The screens that need nothing but the draft and the facts; the classifier's comes last."""

ONLY_WHERE_SET_UP = frozenset({ScreenName.EXTERNAL, ScreenName.NAMES})
"""The screens that say nothing at all, not even pass, where nobody has set them up."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """What screens need that is neither in a draft nor known about it."""

    external: External = field(default_factory=NullExternal)
    secret: str = field(default="", repr=False)
    """The installation's, under which protected names are hashed."""
    desks: Desks = field(default_factory=NullDesks)
    """What each site's own decisions make of a score."""
    watch: Watch = field(default_factory=NullWatch)


NOTHING_BEYOND = Beyond()
"""Nobody to ask and no secret: what would need them is unavailable, and so held."""

ABOUT_THE_AUTHOR = frozenset({ScreenName.REPEATS, ScreenName.NEWCOMER, ScreenName.RATE})
"""The screens whose answer depends on what else the author has sent."""


def screen(
    draft: Draft, facts: ScreenFacts, *, classifier: Classifier, beyond: Beyond = NOTHING_BEYOND
) -> tuple[Verdict, ...]:
    """Return one verdict of every screen, in the order of ``ScreenName``.

    Call it outside any transaction, for the classifier may ask over the network. A screen that
    does not answer says so in its verdict; an error in a screen's own code is not caught.
    """
    verdicts = [_run(name, run, draft=draft, facts=facts) for name, run in SCREENS]
    with beyond.watch.scoring():
        answer = _ask(classifier, draft=draft, facts=facts, desks=beyond.desks)
    found = (*verdicts, judge_score(answer, facts), *_where_set_up(draft, facts, beyond))
    beyond.watch.judged(found)
    return found


def screen_again(
    draft: Draft, facts: ScreenFacts, verdicts: Sequence[Verdict]
) -> tuple[Verdict, ...]:
    """Return the verdicts with those renewed that depend on what the author sent lately.

    For when the author has sent something else since the facts were gathered. It asks nobody and
    may run inside a transaction.
    """
    renewed = {
        name: _run(name, run, draft=draft, facts=facts)
        for name, run in SCREENS
        if name in ABOUT_THE_AUTHOR
    }
    return tuple(renewed.get(verdict.screen, verdict) for verdict in verdicts)


def _run(name: ScreenName, run: Screen, *, draft: Draft, facts: ScreenFacts) -> Verdict:
    try:
        return run(draft, facts)
    except Unavailable:
        return Verdict(name, Finding.UNAVAILABLE, code="unavailable")


def _where_set_up(draft: Draft, facts: ScreenFacts, beyond: Beyond) -> Iterator[Verdict]:
    if facts.external is not None:
        yield _ask_outside(facts.external, draft, facts, beyond.external)
    if facts.names is not None:
        yield screen_names(draft, facts.names, secret=beyond.secret)


def _ask_outside(
    asked: AskedOutside, draft: Draft, facts: ScreenFacts, external: External
) -> Verdict:
    service = Service(asked.url, asked.secret, asked.deadline)
    question = Question(
        asked.site,
        asked.language,
        draft.text,
        draft.is_edit,
        AboutStory(*asked.story) if asked.story is not None else None,
        AboutAuthor(facts.author_published_count, facts.is_staff),
    )
    try:
        return judge_answer(external.ask(service, question), draft)
    except Unavailable as unavailable:
        return judge_answer(unavailable, draft)
    except TimeoutError:
        return judge_answer(Unavailable("It did not answer in time.", code="timeout"), draft)


def _ask(
    classifier: Classifier, *, draft: Draft, facts: ScreenFacts, desks: Desks
) -> ClassifierAnswer | Unavailable | None:
    try:
        answer = classifier.score(
            draft.text,
            language=facts.settings.language,
            deadline=facts.settings.classifier_deadline,
        )
    except Unavailable as unavailable:
        return unavailable
    except TimeoutError:
        return Unavailable("The classifier did not answer in time.", code="timeout")
    if answer is None or facts.site_id is None:
        return answer
    return desks.adjust(facts.site_id, draft.text, answer)
