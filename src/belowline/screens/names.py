"""Protected names, found in a text without being known: only keyed hashes of their parts are kept.

A name's words are folded as an eye reads them and hashed under the installation's secret. So that a
slip of the finger hides nobody, the words with any one letter left out are hashed as well: two
words that differ by a letter share one of those. A text is hashed in the same way and compared.
Nobody can read a name out of the list, not from the database and not from a verdict.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from belowline.core.folding import fold, locate
from belowline.core.keyed import keyed_hash
from belowline.core.terms import Finding, RuleKey, ScreenName, SiteId, Verdict
from belowline.screens.model import Draft, HashedName, HashedWord, NameList

COURT_SAFETY = RuleKey("court-safety")
MOST_WORDS = 6
NEAR_FROM = 5
"""Letters from which a word of a longer name may differ by one."""
NEAR_ALONE_FROM = 7
"""Letters from which a name of one word may."""
BETWEEN = 1
"""Words that may stand between two of a name's, such as a middle name."""

_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(r"(.)\1+")
_DIGITS = str.maketrans("013457", "oieast")
_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a text and where it stands in the folded text."""

    word: str
    start: int
    end: int


@dataclass(slots=True)
class Hasher:
    """Hashes words of one site's list under the installation's secret."""

    key: bytes = field(repr=False)
    _known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, secret: str, site_id: SiteId) -> Hasher:
        """Make one for a site; what is hashed for another is worthless here."""
        return cls(keyed_hash(secret, "listed names", str(site_id)))

    def hash(self, word: str) -> str:
        """Return a word's hash."""
        found = self._known.get(word)
        if found is None:
            mac = hashlib.blake2b(word.encode(), key=self.key, digest_size=12)
            found = self._known[word] = mac.hexdigest()
        return found

    def near(self, word: str) -> tuple[str, ...]:
        """Return the hashes of the word and of it with each letter left out."""
        shorter = {_squeeze(word[:at] + word[at + 1 :]) for at in range(len(word))}
        return tuple(sorted(map(self.hash, {word, *shorter})))

    def check(self) -> str:
        """Return what tells a list that was made under another secret."""
        return self.hash("")


def name_words(name: str) -> tuple[str, ...]:
    """Return a name's words as they are compared."""
    return tuple(token.word for token in _tokens(name))


def initials_of(name: str) -> str:
    """Return all of a name that is ever shown."""
    return " ".join(f"{word[0].upper()}." for word in _WORD.findall(name)[:MOST_WORDS])


def hash_name(name: str, hasher: Hasher) -> tuple[tuple[HashedWord, ...], tuple[str, ...]]:
    """Return the hashed words of a name, and its words as one."""
    words = name_words(name)
    least = NEAR_FROM if len(words) > 1 else NEAR_ALONE_FROM
    hashed = tuple(
        HashedWord(
            # A word in the genitive, as in "the Smiths house", is the word.
            tuple(map(hasher.hash, {word, _squeeze(f"{word}s")} if len(word) > 1 else {word})),
            hasher.near(word) if len(word) >= least else (),
        )
        for word in words
    )
    joined = {_squeeze("".join(words)), _squeeze("".join(reversed(words)))}
    return hashed, tuple(map(hasher.hash, joined)) if len(words) > 1 else ()


def screen_names(draft: Draft, names: NameList, *, secret: str) -> Verdict:
    """Hold a draft that names a protected person, citing the rule on courts; never refuse.

    The verdict says which entry of the list it was, by its number. A list that was made under
    another secret cannot be compared, which is unavailable.
    """
    hasher = Hasher.of(secret, names.site_id)
    if not secret or any(one.key_check != hasher.check() for one in names.names):
        return Verdict(ScreenName.NAMES, Finding.UNAVAILABLE, code="unavailable")
    tokens = list(_tokens(draft.text))
    for name in names.names:
        span = _find(name, tokens, hasher)
        if span is not None:
            return Verdict(
                ScreenName.NAMES,
                Finding.HOLD,
                code="legal_check",
                rule=COURT_SAFETY,
                passages=locate(draft.text, [span]),
                detail={"entry": name.id},
            )
    return Verdict(ScreenName.NAMES, Finding.PASS)


def _find(name: HashedName, tokens: Sequence[_Token], hasher: Hasher) -> tuple[int, int] | None:
    for token in tokens:
        if name.joined and hasher.hash(token.word) in name.joined:
            return token.start, token.end
    if len(name.words) == 1:
        return next(
            ((one.start, one.end) for one in tokens if _fits(name.words[0], one.word, hasher)), None
        )
    fits: Mapping[int, list[tuple[int, bool]]] = {
        place: found
        for place, token in enumerate(tokens)
        if (
            found := [
                (number, hasher.hash(token.word) in word.exact)
                for number, word in enumerate(name.words)
                if _fits(word, token.word, hasher)
            ]
        )
    }
    for start in fits:
        places = _together(start, fits, wanted=len(name.words))
        if places is not None:
            return tokens[min(places)].start, tokens[max(places)].end
    return None


def _together(
    start: int, fits: Mapping[int, list[tuple[int, bool]]], *, wanted: int
) -> list[int] | None:
    """Return where all words of a name stand close together, one of them as it is written."""
    found: dict[int, int] = {}
    is_sure, last = False, start
    for place in sorted(one for one in fits if one >= start):
        if place - last > BETWEEN + 1:
            break
        free = [(number, exact) for number, exact in fits[place] if number not in found]
        if not free:
            continue
        number, exact = max(free, key=lambda one: one[1])
        found[number], last = place, place
        is_sure = is_sure or exact
        if len(found) == wanted:
            return list(found.values()) if is_sure else None
    return None


def _fits(word: HashedWord, token: str, hasher: Hasher) -> bool:
    if hasher.hash(token) in word.exact:
        return True
    if not word.near or len(token) < NEAR_FROM - 1:
        return False
    return not set(word.near).isdisjoint(hasher.near(token))


def _squeeze(word: str) -> str:
    return _RUN.sub(r"\1", word)


def _tokens(text: str) -> Iterator[_Token]:
    """Give a text's words: folded, digits in words as letters, doubled letters as one.

    Three single letters or more in a row are a word that was pulled apart, besides being letters.
    """
    found = []
    for match in _WORD.finditer(fold(text)):
        raw = match[0][:_LONGEST_WORD]
        word = raw if raw.isdigit() else raw.translate(_DIGITS)
        found.append(_Token(_squeeze(word), match.start(), match.end()))
    row: list[_Token] = []
    for token, following in pairwise([*found, _Token("", 0, 0)]):
        yield token
        is_single = token.end - token.start == 1
        row = [*row, token] if is_single else []
        if len(row) > 2 and following.end - following.start != 1:
            yield _Token(_squeeze("".join(one.word for one in row)), row[0].start, row[-1].end)
