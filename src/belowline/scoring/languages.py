"""Which language a text is in, well enough to know whose model may judge it.

A language is told by its small words, which are a third of any text and differ even between
neighbours. A few words say nothing, and then nothing is claimed: whoever asks falls back on the
site's own language. A script that only other languages use says enough by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict

LEAST_KNOWN = 2
"""Small words that must be found before a language is named."""
LEAST_LEAD = 1.5
"""How many times as many they must be as those of the next language."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_LINK = re.compile(r"https?://\S+")
LOOKED_AT = 4000
"""Characters of a text that are looked at, and a tenth of that for its script."""

_SMALL_WORDS = {
    "en": "the and is are was were you your that this with for not have has they what it of to "
    "but be from would will just so who about there their he she his her we my if an at by "
    "do does don't can't it's i'm how why when all like get them been more because than out",
    "de": "der die das und ist nicht ich du sie es ein eine einen dem den des mit auf für sich "
    "auch von zu wie wir ihr aber oder wenn dass nur noch schon hat haben sind war wird werden "
    "kein keine bei nach aus über mehr doch mal was man im am zum zur diese dieser euch",
    "fr": "le la les des et est pas je tu il elle nous vous un une que qui dans pour sur avec ce "
    "cette mais sont ont être plus ne se au aux du en par c'est n'est tout comme si bien même",
    "es": "el la los las y es no que de en un una por para con se lo como pero más su al del son "
    "está muy todo esta este ya si cuando porque hay ser también yo tú usted eso nada sin",
    "it": "il lo la gli le di che e è non un una per con sono si come ma più del della dei nel "
    "alla questo questa anche se quando perché hanno ha essere io tu noi voi cosa solo sempre",
    "pt": "o a os as de que e é não um uma por para com se como mas mais do da dos das no na em "
    "são está muito isso este também já quando porque você eu ele ela nós foi ser tem ao",
    "nl": "de het een en is niet ik je jij hij zij wij van dat die voor met op te in zijn maar "
    "ook als dan nog wel geen naar om aan bij er wat hoe deze dit heeft hebben worden was u",
    "pl": "i w na nie się jest że to z do o jak co ale za po tak tylko czy od już dla był być są "
    "przez jego jej ich mnie ty ja on ona my wy bo gdy jeszcze może bardzo które który ten ta",
    "cy": "y yr yn a ac mae i o ar am ei eu ni nid dim bod fod sy sydd wedi gan chi nhw hi fe ond "
    "os pan beth pwy hwn hon hyn yw oedd bydd fydd gyda mewn neu eich ein dy fy rwy rydw",
    "sv": "och att det är en ett inte jag du han hon vi ni de som på för med av till om men så har "
    "var kan ska från den vad hur när bara också mycket eller utan nu finns blir blev",
    "da": "og at det er en et ikke jeg du han hun vi i de som på for med af til om men så har var "
    "kan skal fra den hvad hvordan når kun også meget eller uden nu findes bliver blev",
    "tr": "ve bir bu da de için ile çok ne ama gibi daha var yok mı mi ben sen o biz siz onlar "
    "değil olarak kadar sonra olan diye her şey nasıl neden ki ya hem en",
}
_LANGUAGES: dict[str, tuple[str, ...]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in set(_words.split()):
        _LANGUAGES[_word] = (*_LANGUAGES.get(_word, ()), _language)

_SCRIPTS = {
    "ARABIC": "ar",
    "CYRILLIC": "ru",
    "GREEK": "el",
    "HEBREW": "he",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "DEVANAGARI": "hi",
    "THAI": "th",
}


def detect(text: str) -> str | None:
    """Return the code of the language that a text is clearly in, or None if it is not clear."""
    plain = _LINK.sub(" ", text[:LOOKED_AT].replace("’", "'"))
    script = None if plain.isascii() else _script(plain[: LOOKED_AT // 10])
    if script is not None:
        return script
    found: defaultdict[str, float] = defaultdict(float)
    for word in _WORD.findall(plain.lower()):
        languages = _LANGUAGES.get(word, ())
        for language in languages:
            # A word that several languages share says less of each.
            found[language] += 1 / len(languages)
    ranked = sorted(found.items(), key=lambda pair: -pair[1])[:2]
    if not ranked or ranked[0][1] < LEAST_KNOWN:
        return None
    behind = ranked[1][1] if len(ranked) > 1 else 0.0
    return ranked[0][0] if ranked[0][1] >= LEAST_LEAD * behind else None


def _script(text: str) -> str | None:
    """Return the language that most letters are written for, if their script tells."""
    letters = [char for char in text if char.isalpha()]
    scripts = Counter(unicodedata.name(char, "").split(" ")[0] for char in letters)
    script, count = scripts.most_common(1)[0] if scripts else ("", 0)
    return _SCRIPTS.get(script) if count > len(letters) / 2 else None
