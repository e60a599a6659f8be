"""Display names: which can be used, and when two look the same to a reader's eye.

Pure. A name is public from the first comment on, so none is ever made from an e-mail address, and
nobody may take one that passes for a member of staff.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet

from belowline.core.errors import InvalidInput
from belowline.core.markup import clean_text
from belowline.core.terms import Refusal
from belowline.core.text import Text
from belowline.readers.model import ERASED_NAME

LONGEST_NAME = 40
SHORTEST_NAME = 2
SUGGESTED_NUMBERS = 1_000_000

# Letters that a reader takes for these Latin ones, after case, accents and width are folded away.
_LATIN_FOR = {
    "a": "аαɑ4@",
    "b": "вьβʙ8",
    "c": "сϲᴄ",
    "d": "ԁɗ",
    "e": "еεєɛə3",
    "f": "ƒ",
    "g": "ɡց9",
    "h": "һнհħ",
    "k": "кκᴋ",
    # One stroke is one stroke: I, l, 1 and | cannot be told apart in many typefaces.
    "l": "iіιıɩɪӏ1|jјłⅼǀ",
    "m": "мᴍ",
    "n": "пηոɴ",
    "o": "оοσօøo0",
    "p": "рρþ",
    "q": "ԛգ",
    "r": "гяʀ",
    "s": "ѕꜱʂ5$",
    "t": "тτᴛŧ7",
    "u": "υμսцʋ",
    "v": "νѵᴠ",
    "w": "шԝωщ",
    "x": "хχ×",
    "y": "уγʏ",
    "z": "ζᴢ2",
    "ae": "æ",
    "oe": "œ",
}
_LOOK_ALIKES = {ord(letter): latin for latin, letters in _LATIN_FOR.items() for letter in letters}
# Pairs that run together into another letter.
_LIGATURES = (("rn", "m"), ("vv", "w"), ("cl", "d"))

# Letters by category that show as nothing, and marks that only join: a name of these is empty.
_BLANKS = dict.fromkeys(map(ord, "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"))
_AROUND = " \t.,:;!?|@#*+-_~='\"`´^/\\()[]{}<>«»“”‘’„‚‹›•·–—"
_ENDS = (
    "com|net|org|info|biz|io|co|uk|de|fr|eu|ru|cn|tv|me|app|dev|xyz|shop|site|online|store|top|"
    "club|live|news|link|click|gg|ly|example"
)
_ADDRESS = re.compile(rf"\S@\S|://|\bwww\.|[^\W_]\.(?:{_ENDS})\b", re.IGNORECASE)


def name_key(name: str) -> str:
    """Return what a name looks like: two names with the same key cannot be told apart at a glance.

    Case, accents, width, spaces and punctuation fall away; look-alike letters of other scripts
    and digits that stand for letters become the Latin letter. Never empty for a visible name.
    """
    # What stands around a name (“Jane Doe!”, a check mark) does not make it another name.
    text = _bare(name).strip(_AROUND).translate(_LOOK_ALIKES)
    # Folding may uncover more to fold, such as letters that a decorated one decomposes to.
    text = _bare(text).translate(_LOOK_ALIKES)
    shown = "".join(char for char in text if unicodedata.category(char)[0] in "LN")
    key = shown or "".join(_bare(name).split())
    for pair, letter in _LIGATURES:
        key = key.replace(pair, letter)
    return key


def _bare(text: str) -> str:
    """Take off case, accents, width and everything that shows as nothing."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (char for char in text if unicodedata.category(char) not in {"Mn", "Me", "Cf", "Cc"})
    return unicodedata.normalize("NFKC", "".join(kept).translate(_BLANKS))


def check_name(name: str) -> str:
    """Return the name in the form in which it is kept, or refuse it.

    Raises:
        InvalidInput: it is too long, has fewer than two visible characters, or is an address.
    """
    cleaned = clean_text(name.translate(_BLANKS), field="name", longest=LONGEST_NAME, lines=False)
    visible = [char for char in cleaned if unicodedata.category(char)[0] in "LNPS"]
    if len(visible) < SHORTEST_NAME:
        raise InvalidInput(
            Text("A name has at least %(shortest)s visible characters.", shortest=SHORTEST_NAME),
            field="name",
            code="name_too_short",
            shortest=SHORTEST_NAME,
        )
    if _ADDRESS.search(unicodedata.normalize("NFKC", cleaned).replace("。", ".")):
        raise InvalidInput(
            "A name cannot be an e-mail or web address.", field="name", code="name_is_address"
        )
    return cleaned


_RESERVED = frozenset(
    name_key(name)
    for name in (
        ERASED_NAME,
        "Moderator",
        "Moderators",
        "The moderators",
        "Moderation",
        "Editor",
        "Editors",
        "The editor",
        "The editors",
        "Admin",
        "Mod",
        "Mods",
        "Newsroom",
        "The newsroom",
        "Staff",
        "System",
    )
)


# Wherever one of these stands in a name, it speaks for the site. Letters around a long one make it
# no less of an office.
_SHORT_OFFICES = frozenset(name_key(word) for word in ("admin", "admins"))
_LONG_OFFICES = tuple(name_key(word) for word in ("moderator", "administrator", "belowline"))
# Beside somebody's name these say only that it is really them.
_BESIDE = frozenset(
    name_key(word)
    for word in (
        *("mod", "mods", "moderation", "editor", "editors", "staff", "team", "newsroom", "desk"),
        *("official", "officially", "verified", "real", "true", "the", "account", "here"),
    )
)


def may_use_name(
    name: str, *, staff_keys: AbstractSet[str], own_keys: AbstractSet[str]
) -> Refusal | None:
    """Say why somebody may not be called this, or None if they may.

    A name that looks like a member of staff's, also with an office beside it (“Jane Doe, editor”),
    or like an office itself (“Moderator Jo”, “Erased reader”), would lend a reader an authority
    that they do not have. ``own_keys`` are looks of names that are the reader's own already, such
    as a moderator's own name.
    """
    key = name_key(name)
    if key in own_keys:
        return None
    if staff_keys & {key, bare_key(name)}:
        return Refusal("name_of_staff", "This looks like the name of somebody who works here.")
    if key in _RESERVED or any(_is_office(name_key(word)) for word in _words(name)):
        return Refusal("name_reserved", "This name is kept for the people who look after the site.")
    return None


def bare_key(name: str) -> str:
    """Return what a name looks like without an office, or a word that only says it is really them.

    Empty for a name that is nothing else.
    """
    looks = ((word, name_key(word)) for word in _words(name))
    return name_key(
        "".join(word for word, look in looks if look not in _BESIDE and not _is_office(look))
    )


def _is_office(look: str) -> bool:
    return look in _SHORT_OFFICES or any(office in look for office in _LONG_OFFICES)


def _words(name: str) -> list[str]:
    """Part a name where its letters and digits end; marks and joiners end nothing."""
    shown = "".join(
        char if unicodedata.category(char)[0] in "LNMC" else " "
        for char in unicodedata.normalize("NFKC", name)
    )
    return shown.split()


def suggest_name(number: int) -> str:
    """Return a name for somebody who has not chosen one; it says nothing about them.

    ``number`` is any number below ``SUGGESTED_NUMBERS``, drawn at random by the caller, never
    computed from an address.
    """
    return Text("Reader %(number)s", number=f"{number % SUGGESTED_NUMBERS:06d}")
