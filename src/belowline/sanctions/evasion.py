"""Signs that somebody whose privilege was withdrawn writes again under another name.

Pure. It compares two readers and says what they have in common, how much each of these says, and
why it may be chance. It never says that they are one person, and nothing is done because of it:
a moderator looks, and asks before deciding. Two people who share a house are not one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from belowline.core.terms import ReaderId
from belowline.core.text import Text, later

RUN = 6
"""So many words in a row, in both readers' comments, are a phrase that they share."""
MANY_SHARE = 5
"""A network from which so many readers act says little about any two of them."""
SOON_AFTER = timedelta(days=30)
WORTH_SHOWING = 3

_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"^\s{0,3}>.*$", re.MULTILINE)
_LINK = re.compile(r"(?:https?://|www\.)([^\s<>\"')\]]{4,300})", re.IGNORECASE)


class Weight(StrEnum):
    """How much a sign says, from the least."""

    LITTLE = "little"
    SOME = "some"
    MUCH = "much"


COUNTS = {Weight.LITTLE: 1, Weight.SOME: 2, Weight.MUCH: 3}

WEIGHTS: Mapping[Weight, str] = {
    Weight.LITTLE: later("says little"),
    Weight.SOME: later("says something"),
    Weight.MUCH: later("says much"),
}
"""Each weight as a moderator reads it."""

SENTENCES: Mapping[str, str] = {
    "same_network": later(
        "Both acted from the same network within the last 30 days. A household, an office or a "
        "library shares one."
    ),
    "crowded_network": later(
        "Both acted from a network that %(readers)s readers use. Mobile networks and large "
        "workplaces look like that."
    ),
    "same_name": later("Their names look the same. Names are not rare, and some are jokes."),
    "same_phrases": later(
        "Word for word, both wrote %(count)s of the same phrases, such as “%(phrase)s”. Both may "
        "quote somebody."
    ),
    "same_links": later("Both linked to %(link)s. It may have been going round."),
    "came_soon_after": later(
        "This account first wrote here %(days)s days after the withdrawal. So do many new readers."
    ),
}
"""What each sign says, with what speaks for chance."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of one reader at a site, as far as it is compared."""

    reader_id: ReaderId
    name_key: str
    networks: frozenset[bytes] = frozenset()
    """Keyed hashes of the last 30 days; nothing older is kept."""
    texts: tuple[str, ...] = ()
    first_wrote_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that two readers have in common."""

    code: str
    weight: Weight
    detail: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Say it as one plain text."""
        return Text(SENTENCES[self.code], **self.detail)

    @property
    def weighs(self) -> str:
        """Say how much it says."""
        return WEIGHTS[self.weight]


def compare(
    newer: Trace,
    withdrawn: Trace,
    *,
    withdrawn_at: datetime,
    crowds: Mapping[bytes, int],
    own_hosts: frozenset[str] = frozenset(),
) -> tuple[Sign, ...]:
    """Return what a reader has in common with one whose privilege is withdrawn, weightiest first.

    ``crowds`` says how many of the site's readers act from each network; links to ``own_hosts``,
    the publisher's own pages, are not counted.
    """
    if newer.reader_id == withdrawn.reader_id:
        return ()
    found = [
        *_networks(newer, withdrawn, crowds),
        *_names(newer, withdrawn),
        *_phrases(newer, withdrawn),
        *_links(newer, withdrawn, own_hosts),
        *_timing(newer, withdrawn_at),
    ]
    return tuple(sorted(found, key=lambda one: (-COUNTS[one.weight], one.code)))


def is_worth_showing(signs: Iterable[Sign]) -> bool:
    """Say whether this is enough to be shown: never one weak sign, and never the timing alone."""
    found = list(signs)
    said = sum(COUNTS[one.weight] for one in found)
    return said >= WORTH_SHOWING and any(one.code != "came_soon_after" for one in found)


def _networks(one: Trace, other: Trace, crowds: Mapping[bytes, int]) -> list[Sign]:
    shared = one.networks & other.networks
    if not shared:
        return []
    # The loneliest network says the most.
    readers = min(crowds.get(network, 2) for network in shared)
    if readers >= MANY_SHARE:
        return [Sign("crowded_network", Weight.LITTLE, {"readers": readers})]
    return [Sign("same_network", Weight.SOME)]


def _names(one: Trace, other: Trace) -> list[Sign]:
    return [Sign("same_name", Weight.SOME)] if one.name_key == other.name_key else []


def _phrases(one: Trace, other: Trace) -> list[Sign]:
    mine, theirs = _runs(one.texts), _runs(other.texts)
    # Neighbouring runs are one longer phrase; each is counted once for so many words.
    count = -(-len(mine & theirs) // RUN)
    if not count:
        return []
    phrase = " ".join(min(mine & theirs))
    weight = Weight.SOME if count == 1 else Weight.MUCH
    return [Sign("same_phrases", weight, {"count": count, "phrase": phrase})]


def _links(one: Trace, other: Trace, own_hosts: frozenset[str]) -> list[Sign]:
    shared = sorted(_targets(one.texts, own_hosts) & _targets(other.texts, own_hosts))
    return [Sign("same_links", Weight.SOME, {"link": shared[0]})] if shared else []


def _timing(newer: Trace, withdrawn_at: datetime) -> list[Sign]:
    if newer.first_wrote_at is None:
        return []
    after = newer.first_wrote_at - withdrawn_at
    if not timedelta(0) <= after <= SOON_AFTER:
        return []
    return [Sign("came_soon_after", Weight.LITTLE, {"days": after.days})]


def _runs(texts: tuple[str, ...]) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for text in texts:
        own = _LINK.sub(" ", _QUOTED.sub("", text))
        words = _WORD.findall(own.casefold())
        found.update(zip(*(words[at:] for at in range(RUN)), strict=False))
    return found


def _targets(texts: tuple[str, ...], own_hosts: frozenset[str]) -> set[str]:
    links = {
        match[1].rstrip("/.,;:!?").casefold().removeprefix("www.")
        for text in texts
        for match in _LINK.finditer(text)
    }
    # A bare host is shared by far too many; an exact page is not.
    return {link for link in links if "/" in link and link.split("/")[0] not in own_hosts}
