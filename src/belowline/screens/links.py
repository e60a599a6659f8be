"""Whether a draft carries more links than a conversation needs, or one that runs a program.

Links are counted however they are written: with a scheme, bare, with the scheme crossed out
(``hxxp``) or with the dots spaced or spelled (``example dot com``). Every pattern is bounded, so
that a long text costs its length.
"""

from __future__ import annotations

import re

from belowline.core.folding import fold, locate
from belowline.core.terms import Finding, ScreenName, Verdict
from belowline.screens.model import SPAM, Draft, ScreenFacts

# Endings that stand for a link without a scheme. Those that are English words ("it", "me", "so",
# "to") are left out, or every missing space after a full stop would be a link.
_ENDINGS = (
    "com|org|net|edu|gov|info|biz|io|co|ai|app|dev|xyz|top|shop|store|online|site|club|live|vip|"
    "icu|cc|tv|ly|gg|ru|su|cn|uk|de|fr|es|nl|pl|eu|ie|ca|au|nz|us|ch|jp|kr|br|mx|ua|tk|ml|ga|cf|"
    "link|click|bet|casino|loan|win|blog|news|xn--[a-z0-9-]{1,59}"
)
# Fewer endings count where the dot itself is only supposed.
_SURE_ENDINGS = "com|org|net|biz|xyz|ru|cn|io|info|co[ ]{0,2}[.][ ]{0,2}uk"
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,62})"
_REST = r"[^\s<>\"\])]*"
_SPOKEN_DOT = r"(?:[ ]{0,2}[\[({][ ]?(?:[.]|dot)[ ]?[\])}][ ]{0,2}|[ ]{1,2}dot[ ]{1,2}|[ ][.][ ]?)"

_LINK = re.compile(
    rf"""
    (?<![a-z0-9])(?:https?|hxxps?|h[*]{{2}}ps?|ftp)[ ]?:[ ]?/[ ]?/[ ]?[^\s<>\"\])]{_REST}
    | (?<![\w@.-])www[.][^\s<>\"\])]{_REST}
    | (?<![\w@.-])(?:{_LABEL}[.]){{1,8}}(?:{_ENDINGS})(?![\w-])(?:[:/?\#]{_REST})?
    | (?<![\w@.-]){_LABEL}{_SPOKEN_DOT}(?:{_SURE_ENDINGS})(?![\w-])(?:/{_REST})?
    """,
    re.VERBOSE,
)
# No pattern above or below fits a text without any of these, and most texts have none.
_LINK_SIGN = re.compile(r":|dot|[ \[({][.]|[.][^\s]")
_PROGRAM_SIGNS = ("script", "data")
_SPOKEN_ARTICLE = re.compile(r"(?:the|a|an|of|this|that|every)[ ]+dot[ ]")
_HOST = re.compile(r"^(?:[a-z*]{3,6}[ ]?:[ ]?/[ ]?/[ ]?)?(?:[^/?#@]{0,200}@)?([^/?#:\\]{1,253})")

_PROGRAM_SCHEME = r"(?:java\s{0,3}script|vb\s{0,3}script|data\s{0,3}:\s{0,3}text/html)"
# As the target of a link it was put there to run; in running text it may be a book's title.
_PROGRAM_LINK = re.compile(
    rf"(?:\]\s{{0,3}}\(|\]\s{{0,3}}:|<)\s{{0,3}}<?\s{{0,3}}{_PROGRAM_SCHEME}\s{{0,3}}[:,;]"
)
_PROGRAM = re.compile(rf"(?<![a-z0-9]){_PROGRAM_SCHEME}\s{{0,3}}:(?=[^\s])")


def screen_links(draft: Draft, facts: ScreenFacts) -> Verdict:
    """Hold more links than the site's maximum, not counting links to the site's own domains.

    A link whose target is a program (``javascript:``) is refused; the same words in running text
    are held. Addresses of mail are not links.
    """
    folded = fold(draft.text)
    may_be_program = any(sign in folded for sign in _PROGRAM_SIGNS)
    targets = [match.span() for match in _PROGRAM_LINK.finditer(folded)] if may_be_program else []
    if targets:
        return Verdict(
            ScreenName.LINKS,
            Finding.REFUSE,
            code="program_link",
            rule=SPAM,
            passages=locate(draft.text, targets),
        )
    mentions = [match.span() for match in _PROGRAM.finditer(folded)] if may_be_program else []
    if mentions:
        return Verdict(
            ScreenName.LINKS,
            Finding.HOLD,
            code="program_text",
            rule=SPAM,
            passages=locate(draft.text, mentions),
        )
    links = [span for span in _find_links(folded) if not _is_own(folded[slice(*span)], facts)]
    if len(links) <= facts.settings.max_links:
        return Verdict(ScreenName.LINKS, Finding.PASS, detail={"links": len(links)})
    return Verdict(
        ScreenName.LINKS,
        Finding.HOLD,
        code="too_many_links",
        rule=SPAM,
        passages=locate(draft.text, links),
        detail={"links": len(links), "limit": facts.settings.max_links},
    )


def _find_links(folded: str) -> list[tuple[int, int]]:
    if _LINK_SIGN.search(folded) is None:
        return []
    # "The dot com bubble" is history, not an address.
    return [match.span() for match in _LINK.finditer(folded) if not _SPOKEN_ARTICLE.match(match[0])]


def _is_own(link: str, facts: ScreenFacts) -> bool:
    host = _HOST.match(link)
    if host is None:
        return False
    name = host[1].rstrip(".")
    return any(
        name == domain or name.endswith(f".{domain}")
        for domain in map(fold, facts.settings.own_domains)
    )
