"""Whether a draft uses listed words, however they are spelled.

Which words those are is the editor's choice; a modest list comes with Belowline. How disguises are
seen through is ``wordlist``'s business.
"""

from __future__ import annotations

from functools import lru_cache

from belowline.core.terms import Finding, ScreenName, Verdict
from belowline.screens.default_words import DEFAULT_WORDS
from belowline.screens.model import Draft, ListedWord, ScreenFacts, ScreenSettings, gravity
from belowline.screens.wordlist import Hit, WordList, compiled


def screen_words(draft: Draft, facts: ScreenFacts) -> Verdict:
    """Hold or refuse a draft by the strictest listed word in it, citing that word's rule.

    Between words of the same strictness the gravest rule is cited. All places are shown. The
    words themselves are not in the verdict, for verdicts outlive an erased comment.
    """
    settings = facts.settings
    hits = _word_list(settings).search(draft.text)
    hits = tuple(hit for hit in hits if hit.word.finding in (Finding.HOLD, Finding.REFUSE))
    if not hits:
        return Verdict(ScreenName.WORDS, Finding.PASS)
    worst = min(hits, key=_severity).word
    return Verdict(
        ScreenName.WORDS,
        worst.finding,
        code="listed_word",
        rule=worst.rule,
        passages=tuple(hit.passage for hit in hits),
        detail={"hits": len(hits)},
    )


def _severity(hit: Hit) -> tuple[bool, tuple[int, str]]:
    return (hit.word.finding is not Finding.REFUSE, gravity(hit.word.rule))


# Asked for at every draft, by the settings alone: a list of words is slow to recognise.
@lru_cache(maxsize=64)
def _word_list(settings: ScreenSettings) -> WordList:
    return compiled(_all_words(settings), settings.allowed_words)


def _all_words(settings: ScreenSettings) -> tuple[ListedWord, ...]:
    """Gather the site's words, the strictest first, so that they win in the same place."""
    own = (
        *(ListedWord(word, finding=Finding.REFUSE) for word in settings.refused_words),
        *settings.listed_words,
        *(ListedWord(word) for word in settings.held_words),
        *(DEFAULT_WORDS if settings.use_default_words else ()),
    )
    return tuple(sorted(own, key=lambda word: word.finding is not Finding.REFUSE))
