"""What the embed's scripts say in another language, as a module that they load.

English pays nothing for it: its words stand in the scripts. The module holds the words and knows
which form goes with a number; ``static/dom.js`` asks it.
"""

from __future__ import annotations

import msgspec

from belowline.core.language import language_of

_PLURAL = """
const rules = new Intl.PluralRules("{tag}");
words.plural = (one, num) => many[one]?.[forms.indexOf(rules.select(num))] ?? many[one]?.at(-1);
"""


def words_module(name: str) -> bytes:
    """Return the module for a language."""
    language = language_of(name)
    catalogue = language.catalogue
    wanted = catalogue.in_scripts
    texts = {key: text for key, text in catalogue.texts.items() if key in wanted}
    plurals = {key: forms for key, forms in catalogue.plurals.items() if key in wanted}
    lines = (
        f"export const words = {_json(texts)};",
        f"const many = {_json(plurals)};",
        f"const forms = {_json(language.forms)};",
    )
    return ("\n".join(lines) + _PLURAL.replace("{tag}", language.tag)).encode()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
