"""What one version of the rules changes against another. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from belowline.rules.model import Rulebook, RuleDraft


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


def compare_rules(current: Rulebook | None, draft: Rulebook) -> list[RuleChange]:
    """Say rule by rule what the draft changes, in the draft's order, dropped ones last."""
    old = {rule.key: rule for rule in current.rules} if current else {}
    kept = [rule.key for rule in draft.rules if rule.key in old]
    before = [key for key in old if key in set(kept)]
    moved = {new for new, was in zip(kept, before, strict=True) if new != was}
    found = [RuleChange(old.get(rule.key), rule, rule.key in moved) for rule in draft.rules]
    found += [RuleChange(rule, None) for key, rule in old.items() if draft.rule(key) is None]
    return found


def compare_for_readers(earlier: Rulebook, later: Rulebook) -> list[RuleChange]:
    """Say what changes for readers: what is for moderators alone changes nothing for them."""
    return [
        one
        for one in compare_rules(earlier, later)
        if one.kind in {"added", "dropped"}
        or (
            one.before is not None
            and one.after is not None
            and not one.before.reads_like(one.after)
        )
    ]
