"""Statements that nobody made, about groups of people and about people in a debate.

Collections that passers-by have rated lack hatred without a rude word, and hardly any of what looks
like hatred and is none: what is denied, quoted and answered, told of, taken back, or said of
things. The patterns stand in ``statements.txt``. Some of them, and some groups of people, are kept
for testing, so that what is measured is what was never taught; we wrote both sides all the same,
and life is less kind.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from belowline.scoring.attributes import Attribute

PATTERNS = Path(__file__).with_name("statements.txt")
HELD_OUT = "held out: "
"""What the groups of examples are called that are for testing alone."""
FOR_TUNING = "for tuning: "
"""What those are called that are for tuning, where too few would fall there by chance."""
EACH, EACH_UNHEARD = 20, 5
"""How often a pattern is filled with known groups of people, and with those kept for testing."""

PEOPLE = """
Muslims|Jews|Christians|Catholics|Protestants|Hindus|Buddhists|Sikhs|atheists|Mormons|black people
white people|Asians|Arabs|Africans|Mexicans|Pakistanis|Indians|Chinese people|Poles|Romanians|Turks
Russians|Ukrainians|Germans|Italians|Irish people|Americans|Albanians|Nigerians|Somalis|Syrians
Afghans|Latinos|Roma|gypsies|travellers|Native Americans|Aboriginal people|immigrants|migrants
refugees|asylum seekers|foreigners|women|men|girls|boys|mothers|housewives|feminists|gay people
gays|lesbians|bisexuals|trans people|trans women|trans men|transgender people|queer people
homosexuals|nonbinary people|straight people|disabled people|blind people|deaf people
autistic people|wheelchair users|people with Down's syndrome|mentally ill people|old people
pensioners|young people|teenagers|single mothers|poor people|homeless people|overweight people
redheads|brown people|people of colour|Israelis|Palestinians|Iranians|Cubans|Brazilians
Japanese people|Koreans|Greeks
"""
UNHEARD = """
Kurds|Armenians|Uyghurs|Copts|Yazidis|Zoroastrians|Quakers|Samoans|Vietnamese people|Finns|Tamils
Filipinos|intersex people|asexual people|drag queens|stutterers|amputees|albinos|widows|dwarfs
Jehovah's Witnesses|Shiites|Colombians|Ethiopians|left-handed people|dyslexic people
"""
UNHEARD_STEMS = tuple(
    name.removesuffix(" people").removesuffix("s")
    for name in UNHEARD.strip().replace("\n", "|").split("|")
    # A threat that is taught names one of these.
    if name != "widows"
)
"""Enough of each name to find it in a text, be it one or many."""
IRREGULAR = {
    "people": "person",
    "women": "woman",
    "men": "man",
    "gypsies": "gypsy",
    "Roma": "Roma",
    "housewives": "housewife",
    "Jehovah's Witnesses": "Jehovah's Witness",
    "people of colour": "person of colour",
    "people with Down's syndrome": "person with Down's syndrome",
    "Chinese": "Chinese",
}
SLOTS = {
    "awful": "disgusting|vile|stupid|filthy|dumb|ugly|pathetic|evil|repulsive|rotten|worthless"
    "|dirty|idiotic|horrible|greedy|lazy|dishonest|primitive|wicked|nasty",
    "lovely": "lovely|kind|wonderful|brave|friendly|generous|clever|great|good|hard-working|funny"
    "|talented|gentle|brilliant|honest",
    "beast": "a rat|a pig|a cockroach|a parasite|an ape|a maggot|a dog|vermin|a leech|a monkey",
    "beasts": "rats|pigs|cockroaches|parasites|apes|maggots|animals|vermin|leeches|locusts|dogs"
    "|insects|savages|monkeys|a disease|a cancer|scum|filth|garbage",
    "harmed": "shot|hanged|beaten up|killed|burnt alive|gassed|stabbed|drowned|wiped out|hunted"
    "|whipped|exterminated|run over|executed|put against a wall|murdered",
    "harm": "shoot|hang|beat up|kill|burn|gas|stab|drown|strangle|hunt|whip|attack|murder|slap"
    "|break the legs of|set fire to",
    "fool": "an idiot|a moron|a complete fool|a cretin|an imbecile|a clown|a halfwit|a dimwit"
    "|a pathetic loser|a liar|a coward|a total idiot|a brainless sheep|a waste of space",
    "name": "Mr Harris|Councillor Webb|Jones|our mayor|Sarah|Tom|the minister|Ahmed|Peter|Davies"
    "|this author|Mrs Novak|the referee|my neighbour|the journalist|Miguel|Chen",
    "thing": "printer|film|sofa|soup|phone|roundabout|bike lane|football match|pizza|website|song"
    "|car park|coffee machine|quiz show|shopping centre|bus stop|computer|hat|statue|mobile game",
    "trades": "bankers|lawyers|estate agents|politicians|journalists|referees|traffic wardens"
    "|councillors|Manchester fans|Tories|socialists|landlords|vegans|cyclists|motorists|capitalists"
    "|communists|influencers|smokers|dog owners|artists|managers|Brexit voters|climate activists",
    "swear": "fuck|shit|damn|bloody hell",
    "swearing": "fucking|goddamn|bloody|shitty|motherfucking|f*cking|fckin",
    "slur": "faggot|nigger|tranny|paki|kike|dyke|retard|chink|spic|cunt|bitch|whore|raghead|gypo"
    "|wetback|towelhead|slut|poof|coon|spastic|muzzie|cripple|gook|shemale|sandnigger",
    "own": "queer|dyke|fag|crip|nigga|bitch|tranny|slut|faggot|nerd|queen|witch",
}
BEFORE = [
    "Honestly, ",
    "In my opinion, ",
    "Well, ",
    "Sorry, but ",
    "To be clear: ",
    "By the way, ",
    "Look, ",
    "So, ",
    "And ",
    "I read the article twice. ",
    "Good morning. ",
    "Just saying: ",
    "You know what? ",
    "Once more: ",
]
AFTER = [
    " That is all.",
    " Think about it.",
    " Thanks for reading.",
    " Just my opinion.",
    " End of story.",
    " See you.",
    " I mean it.",
    " What do you think?",
    " The council meets on Monday.",
    " It was in the paper last week.",
    " Lol",
    " Good night.",
]
_SLOT = re.compile(r"{(\w+)}")
SIGNS = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "$5"}
"""What letters are written as by those who hope to slip through."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A text, what it is, and what people would say of it."""

    text: str
    kind: str
    shares: dict[Attribute, float]
    group: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    number: int
    kind: str
    shares: dict[Attribute, float]
    text: str
    is_held_out: bool


def read_patterns(lines: Sequence[str]) -> Iterator[_Pattern]:
    """Read patterns and what is said of them."""
    kind, shares = "", dict[Attribute, float]()
    for number, line in enumerate(lines):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            kind, _, told = line[1:].partition("]")
            shares = {
                Attribute(name): float(share)
                for name, share in (one.split("=") for one in told.split())
            }
            continue
        held_out = line.startswith("! ")
        text = line.removeprefix("! ").replace("\\n", "\n")
        yield _Pattern(number, kind, shares, text, held_out)


def made_up(seed: int) -> Iterator[Statement]:
    """Give made-up statements, each pattern a group, and what is for testing named so."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    known, unheard = _names(PEOPLE), _names(UNHEARD)
    for pattern in read_patterns(PATTERNS.read_text(encoding="utf-8").splitlines()):
        group = f"statement-{pattern.number}"
        if pattern.is_held_out:
            group = f"{HELD_OUT}{group}"
        for text in _filled(pattern, known, EACH, chance):
            yield Statement(text, pattern.kind, pattern.shares, group)
        if any(slot in pattern.text for slot in ("{people}", "{person}", "{single}")):
            for text in _filled(pattern, unheard, EACH_UNHEARD, chance):
                told = f"{HELD_OUT}unheard-{pattern.number}"
                yield Statement(text, pattern.kind, pattern.shares, told)


def one_of(people: str) -> str:
    """Return one of some people, with an article."""
    head, _, last = people.rpartition(" ")
    if people in IRREGULAR:
        single = IRREGULAR[people]
    elif last in IRREGULAR:
        single = f"{head} {IRREGULAR[last]}".strip()
    else:
        single = people.removesuffix("s")
    return f"{'an' if single[0].lower() in 'aeio' else 'a'} {single}"


def _names(told: str) -> list[str]:
    return told.strip().replace("\n", "|").split("|")


def _filled(
    pattern: _Pattern, people: Sequence[str], count: int, chance: random.Random
) -> Iterator[str]:
    for _ in range(count):
        who = chance.choice(people)
        filled = {"people": who, "person": one_of(who), "single": one_of(who).partition(" ")[2]}

        def choose(slot: re.Match[str], filled: Mapping[str, str] = filled) -> str:
            name = slot[1]
            if name in filled:
                return filled[name]
            found = chance.choice(SLOTS["thing" if name == "things" else name].split("|"))
            return _many(found) if name == "things" else found

        yield _dressed(_SLOT.sub(choose, pattern.text), chance)


def _many(thing: str) -> str:
    return thing + ("es" if thing.endswith(("ch", "x")) else "s")


def _dressed(text: str, chance: random.Random) -> str:
    """Write a sentence as people do: with more around it, badly, loudly, or with signs."""
    text = text[0].upper() + text[1:]
    if "\n" not in text and chance.random() < 0.15:
        text = chance.choice(BEFORE) + text
    end = "" if text[-1] in "?!." else chance.choice([".", ".", "!", "", "", "!!"])
    text += end
    if chance.random() < 0.15:
        text += chance.choice(AFTER) if end or text[-1] in "?!." else ""
    how = chance.random()
    if how < 0.2:
        return text.lower()
    if how < 0.24:
        return text.upper()
    if how < 0.32:
        return _misspelt(text, chance)
    return text


def _misspelt(text: str, chance: random.Random) -> str:
    """Spoil one longer word, as a hurried or a cunning writer does."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long:
        return text
    at = chance.choice(long)
    word = words[at]
    place = chance.randrange(1, len(word) - 1)
    ways = [
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        "".join(chance.choice(SIGNS[one]) if one in SIGNS else one for one in word),
        word[:place] + "*" + word[place + 1 :],
    ]
    words[at] = chance.choice(ways)
    return " ".join(words)
