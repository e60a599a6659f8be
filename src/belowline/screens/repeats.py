"""Whether a draft says what was said before: by its author, or by others in a campaign.

Texts are compared by their folded words; nearly the same means that most runs of three words are
shared. Lines quoted from another comment are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from belowline.core.folding import fold
from belowline.core.terms import Finding, ScreenName, Verdict
from belowline.screens.model import DISRUPTION, SPAM, Draft, ScreenFacts

_WORD = re.compile(r"[^\W_]+")
_QUOTED_LINE = re.compile(r"^[ \t]{0,3}>.*$", re.MULTILINE)
_RUN = 3
_NEAR = 0.8

# "I quite agree" may be said to several people in a day; the fourth time it is noise.
_SHORT_LETTERS = 20
_SHORT_TIMES = 3

# Fewer words than these are said alike by chance.
_NEAR_MIN_WORDS = 8
_CAMPAIGN_MIN_WORDS = 12


@dataclass(frozen=True, slots=True)
class _Print:
    """A text reduced to what is compared."""

    words: tuple[str, ...]
    runs: frozenset[tuple[str, ...]]

    def is_same(self, other: _Print) -> bool:
        return self.words == other.words

    def is_near(self, other: _Print) -> bool:
        if self.runs.isdisjoint(other.runs):
            return False
        shared = len(self.runs & other.runs)
        both = len(self.runs) + len(other.runs) - shared
        return shared > 0 and shared >= _NEAR * both


# A draft is compared with the same few dozen texts as the drafts around it.
@lru_cache(maxsize=256)
def _fingerprint(text: str) -> _Print:
    own = _QUOTED_LINE.sub("", text)
    # Somebody who pastes everything as a quotation is compared by the quotation.
    words = tuple(_WORD.findall(fold(own))) or tuple(_WORD.findall(fold(text)))
    return _Print(words, frozenset(zip(*(words[at:] for at in range(_RUN)), strict=False)))


def screen_repeats(draft: Draft, facts: ScreenFacts) -> Verdict:
    """Hold what the author or others have lately said in the same or nearly the same words.

    The author's own are looked at within the site's window, without what was refused or taken
    back; short ones such as "I agree" may be repeated three times. Another's words count from
    twelve words up, as a campaign. An edit is not compared with the author's own comments, one of
    which it is.
    """
    print_ = _fingerprint(draft.text)
    if not print_.words:
        return Verdict(ScreenName.REPEATS, Finding.PASS)
    if not draft.is_edit:
        own = _judge_own(print_, facts)
        if own is not None:
            return own
    if len(print_.words) >= _CAMPAIGN_MIN_WORDS and _may_repeat(print_, facts.recent_by_others):
        others = sum(1 for text in facts.recent_by_others if _is_alike(print_, text))
        if others:
            return _held("campaign", others)
    return Verdict(ScreenName.REPEATS, Finding.PASS)


def _may_repeat(print_: _Print, texts: tuple[str, ...]) -> bool:
    """Tell whether anything of it, however little, was said in these texts."""
    return not print_.runs.isdisjoint(_all_runs(texts))


# Drafts that come at the same moment are compared with the same texts.
@lru_cache(maxsize=8)
def _all_runs(texts: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(run for text in texts for run in _fingerprint(text).runs)


def _is_alike(print_: _Print, text: str) -> bool:
    other = _fingerprint(text)
    return print_.is_same(other) or print_.is_near(other)


def _judge_own(print_: _Print, facts: ScreenFacts) -> Verdict | None:
    window = facts.settings.repeat_window
    earlier = [
        _fingerprint(comment.text)
        for comment in facts.recent
        if not comment.is_gone and facts.now - comment.created_at < window
    ]
    same = sum(1 for other in earlier if print_.is_same(other))
    is_short = sum(map(len, print_.words)) < _SHORT_LETTERS
    if same >= (_SHORT_TIMES if is_short else 1):
        return _held("repeated", same)
    if len(print_.words) >= _NEAR_MIN_WORDS:
        near = sum(1 for other in earlier if print_.is_near(other))
        if near:
            return _held("nearly_repeated", near)
    return None


def _held(code: str, times: int) -> Verdict:
    return Verdict(
        ScreenName.REPEATS,
        Finding.HOLD,
        code=code,
        rule=SPAM if code == "campaign" else DISRUPTION,
        detail={"times": times},
    )
