"""Readers' and editors' words with something marked in them: passages, and what a change changed.

Pure. Everything that is not a mark is escaped here, piece by piece, so the result may stand in a
page as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup, escape

from belowline.core.terms import Passage
from belowline.rules.model import Rulebook, RuleDraft

PIECE = re.compile(r"\s+|\w+|[^\w\s]")
_MARK = Markup("<mark>{}</mark>")
_INS = Markup("<ins>{}</ins>")
_DEL = Markup("<del>{}</del>")


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule as a new version of the rules changes it; None where it was or will not be."""

    before: RuleDraft | None
    after: RuleDraft | None
    moved: bool = False

    @property
    def kind(self) -> str:
        """Say in one word what happens: added, dropped, changed, moved or same."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "dropped"
        if self.before != self.after:
            return "changed"
        return "moved" if self.moved else "same"


def marked(text: str, passages: Iterable[Passage]) -> Markup:
    """Return the text escaped, with the passages in ``mark``; overlapping ones become one."""
    parts: list[Markup] = []
    at = 0
    for start, end in _merged(passages, len(text)):
        parts += [escape(text[at:start]), _MARK.format(text[start:end])]
        at = end
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def changes(before: str, after: str) -> Markup:
    """Return the later text escaped, with what went in ``del`` and what came in ``ins``."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    parts: list[Markup] = []
    gone = come = ""
    steps = SequenceMatcher(None, old, new).get_opcodes()
    for place, (tag, i1, i2, j1, j2) in enumerate(steps):
        was, now = "".join(old[i1:i2]), "".join(new[j1:j2])
        # A space between two changed words belongs to the change, which then reads as one.
        joins = now.isspace() and 0 < place < len(steps) - 1
        if tag != "equal" or joins:
            gone, come = gone + was, come + now
            continue
        parts += [*_change(gone, come), escape(now)]
        gone = come = ""
    return Markup("").join([*parts, *_change(gone, come)])


def compare_rules(current: Rulebook | None, draft: Rulebook) -> list[RuleChange]:
    """Say rule by rule what the draft changes, in the draft's order, dropped ones last."""
    old = {rule.key: rule for rule in current.rules} if current else {}
    kept = [rule.key for rule in draft.rules if rule.key in old]
    before = [key for key in old if key in set(kept)]
    moved = {new for new, was in zip(kept, before, strict=True) if new != was}
    found = [RuleChange(old.get(rule.key), rule, rule.key in moved) for rule in draft.rules]
    found += [RuleChange(rule, None) for key, rule in old.items() if draft.rule(key) is None]
    return found


def _change(gone: str, come: str) -> list[Markup]:
    return [mark.format(text) for mark, text in ((_DEL, gone), (_INS, come)) if text]


def _merged(passages: Iterable[Passage], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for one in sorted(passages, key=lambda passage: (passage.start, passage.end)):
        # A verdict about an erased text points nowhere.
        start, end = min(max(one.start, 0), length), min(one.end, length)
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
