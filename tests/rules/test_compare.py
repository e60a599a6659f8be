"""What one version of the rules changes against another, for editors and for readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import RulebookId, RuleKey, SiteId
from belowline.rules.compare import compare_for_readers, compare_rules
from belowline.rules.default import DEFAULT_RULES
from belowline.rules.examples import EXAMPLES
from belowline.rules.model import USUAL_ACTIONS, Rulebook, RuleDraft, UsualAction

rule_drafts = st.builds(
    RuleDraft,
    key=st.sampled_from("abcdef").map(RuleKey),
    title=st.sampled_from(["One", "Two"]),
    text=st.sampled_from(["Be kind.", "Be fair."]),
    severity=st.integers(1, 4),
    eu_category=st.just("VIOLENCE"),
    guidance=st.sampled_from(["", "Look twice."]),
)
rulebooks = st.lists(rule_drafts, max_size=6, unique_by=lambda one: one.key).map(
    lambda found: book(*found)
)


def book(*found: RuleDraft) -> Rulebook:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    return Rulebook(RulebookId(1), SiteId(1), 1, "Welcome.", at, found)


@given(rulebooks)
def test_nothing_has_changed_against_itself(one: Rulebook):
    assert compare_for_readers(one, one) == []
    assert {change.kind for change in compare_rules(one, one)} <= {"same"}


@given(rulebooks, rulebooks)
def test_every_rule_of_either_version_is_told_once(one: Rulebook, other: Rulebook):
    found = compare_rules(one, other)
    keys = [
        (change.after or change.before).key for change in found if change.after or change.before
    ]
    assert sorted(keys) == sorted({rule.key for rule in (*one.rules, *other.rules)})


@given(rulebooks, rulebooks)
def test_what_is_added_one_way_is_dropped_the_other(one: Rulebook, other: Rulebook):
    def keys(found: Rulebook, against: Rulebook, kind: str) -> set[str]:
        return {
            (change.after or change.before).key  # type: ignore[union-attr]
            for change in compare_for_readers(against, found)
            if change.kind == kind
        }

    assert keys(other, one, "added") == keys(one, other, "dropped")
    assert keys(other, one, "changed") == keys(one, other, "changed")


def test_what_only_moderators_read_changes_nothing_for_readers():
    rule = DEFAULT_RULES[0]
    changed = replace(rule, guidance="Other.", stays="Other.", default_action=UsualAction.REMIND)
    assert compare_rules(book(rule), book(changed))[0].kind == "changed"
    assert compare_for_readers(book(rule), book(changed)) == []
    severe = replace(rule, severity=4)
    assert [one.kind for one in compare_for_readers(book(rule), book(severe))] == ["changed"]


def test_each_default_rule_has_an_example_on_either_side_and_says_what_is_usual():
    assert {rule.key for rule in DEFAULT_RULES} == set(EXAMPLES)
    assert len(DEFAULT_RULES) == 16
    for rule in DEFAULT_RULES:
        assert rule.stays
        assert rule.goes
        assert rule.stays != rule.goes
        assert rule.usually in USUAL_ACTIONS.values()
        assert rule.default_action is UsualAction.ESCALATE or rule.severity < 4
