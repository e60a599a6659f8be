"""The word list that comes with Belowline: short, English, and only ever a reason to look.

Nothing here refuses by itself. Court reports quote slurs, surnames and dishes share letters with
them, and a person can tell. Mild words are left out, as the law is an ass, and so is what is one
letter from an innocent word ("Shiite"). An editor adds and allows words in the site's settings.
"""

from __future__ import annotations

from belowline.core.terms import RuleKey
from belowline.screens.model import (
    HARASSMENT,
    HATE,
    OBSCENITY,
    PERSONAL_ATTACK,
    THREAT,
    ListedWord,
)

# Words are parted by spaces here, phrases by commas. A star is explained at ListedWord.
_WORDS: dict[RuleKey, str] = {
    OBSCENITY: (
        "*fuck* fuk fukin fuking fuq phuck* "
        "shit shits shitty shitting shitted shithead* shithole* shitshow* *bullshit* "
        "horseshit cunt cunts cunty cuntish wank wanks wanked wanker* wanking "
        "cocksuck* blowjob* handjob* jizz cumshot* dildo dildos titties"
    ),
    PERSONAL_ATTACK: (
        "arsehole* asshole* arsewipe* dickhead* dickwad* knobhead* bellend* shitbag* scumbag* "
        "twat twats twatty tosser tossers bitch bitches bitchy slut sluts slutty whore whores "
        "skank skanks douchebag* dipshit* dumbass* libtard*"
    ),
    HATE: (
        "nigger* nigga niggas niglet* sandnigger* kike kikes gook gooks spic spics wetback* "
        "raghead* towelhead* camelfucker* paki pakis pikey pikeys gyppo gyppos "
        "faggot faggots faggy tranny trannies shemale* retard retards retarded "
        "spaz spazzes mongoloid* subhuman*"
    ),
    HARASSMENT: "kys",
}
_PHRASES: dict[RuleKey, str] = {
    PERSONAL_ATTACK: "bell end, arse hole, piece of shit",
    HARASSMENT: (
        "kill yourself, go kill yourself, kill your self, kill urself, neck yourself, "
        "hope you die, hope you get cancer, go hang yourself, drink bleach"
    ),
    HATE: "go back to your own country, gas the jews, heil hitler, sieg heil, white power",
    THREAT: (
        "i will kill you, i'll kill you, ill kill you, i will kill u, gonna kill you, "
        "going to kill you, i know where you live, we know where you live, you will be shot, "
        "ought to be shot, should be shot, should be hanged, should be lynched, want you dead"
    ),
}


def _listed(groups: dict[RuleKey, str], *, parted_by: str | None) -> tuple[ListedWord, ...]:
    return tuple(
        ListedWord(word.strip(), rule)
        for rule, words in groups.items()
        for word in words.split(parted_by)
    )


DEFAULT_WORDS: tuple[ListedWord, ...] = (
    *_listed(_PHRASES, parted_by=","),
    *_listed(_WORDS, parted_by=None),
)
