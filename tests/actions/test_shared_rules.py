"""Rules that several sites share: taken into drafts, and in force only where somebody publishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.rules import publish_rulebook, save_draft
from belowline.actions.shared_rules import share_rules
from belowline.core.errors import Conflict, InvalidInput, NotAllowed, StaleVersion
from belowline.core.terms import Outcome, ReaderId, Role, RuleKey
from belowline.events import kinds
from belowline.rules import store as rules
from belowline.rules.default import DEFAULT_RULES
from belowline.rules.model import Rulebook, RuleDraft
from belowline.sites.model import Site
from belowline.storage.database import Database
from tests.factories import events_of, make_comment, make_site, make_staff

OWN = RuleDraft(RuleKey("harbour"), "Keep the harbour tidy", "No fish.", 1, "OTHER_VIOLATION_TC")
BASE_RULE = replace(OWN, key=RuleKey("be-kind"), title="Be kind", text="Be kind.")


@pytest.fixture
def base(db: Database) -> Site:
    return make_site(db, "group")


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def editor(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id, Role.EDITOR)


def current(db: Database, site: Site) -> Rulebook:
    with db.read() as conn:
        return rules.get_current_rulebook(conn, site.id)


def draft_of(db: Database, site: Site) -> Rulebook | None:
    with db.read() as conn:
        return rules.find_draft(conn, site.id)


def publish(
    db: Database, site: Site, drafts: Sequence[RuleDraft] | None, by: ReaderId | None = None
) -> Rulebook:
    if drafts is not None:
        save_draft(db, site.id, by=by, intro="Welcome.", drafts=drafts)
    found = draft_of(db, site)
    assert found is not None
    return publish_rulebook(db, site.id, by=by, version=found.version)


def keys(book: Rulebook | None) -> list[tuple[str, bool]]:
    assert book is not None
    return [(rule.key, rule.shared) for rule in book.rules]


def test_sharing_changes_the_draft_and_nothing_for_readers(
    db: Database, base: Site, site: Site, editor: ReaderId
) -> None:
    publish(db, base, [BASE_RULE])
    publish(db, site, [OWN])

    share_rules(db, site.id, by=editor, base_key="group")

    assert keys(current(db, site)) == [("harbour", False)]
    assert keys(draft_of(db, site)) == [("be-kind", True), ("harbour", False)]
    published = publish(db, site, None, editor)
    assert keys(published) == [("be-kind", True), ("harbour", False)]


def test_a_change_of_the_base_reaches_readers_only_when_an_editor_publishes_it(
    db: Database, base: Site, site: Site, editor: ReaderId
) -> None:
    publish(db, base, [BASE_RULE])
    publish(db, site, [OWN])
    share_rules(db, site.id, by=editor, base_key="group")
    before = publish(db, site, None, editor)

    publish(db, base, [replace(BASE_RULE, text="Be kind, always."), replace(OWN, severity=3)])

    assert current(db, site) == before
    waiting = draft_of(db, site)
    assert waiting is not None
    assert waiting.rules[0].text == "Be kind, always."
    # The site's own rule under a shared key gives way to the shared one.
    assert keys(waiting) == [("be-kind", True), ("harbour", True)]
    (event,) = events_of(db, kinds.RulebookShared)
    assert (event.site_id, event.data["draft_version"]) == (site.id, waiting.version)


def test_what_is_shared_cannot_be_rewritten_by_who_shares_it(
    db: Database, base: Site, site: Site, editor: ReaderId
) -> None:
    publish(db, base, [BASE_RULE])
    share_rules(db, site.id, by=editor, base_key="group")
    forged = replace(BASE_RULE, text="Be cruel.", shared=True)
    save_draft(db, site.id, by=editor, intro="", drafts=[forged, replace(OWN, shared=True)])
    saved = draft_of(db, site)
    assert keys(saved) == [("be-kind", True), ("harbour", False)]
    assert saved is not None
    assert saved.rules[0].text == "Be kind."
    # With the shared rules there need be none of its own.
    save_draft(db, site.id, by=editor, intro="", drafts=[])
    assert keys(draft_of(db, site)) == [("be-kind", True)]


def test_a_colleague_who_was_editing_is_told_of_the_change(
    db: Database, base: Site, site: Site, editor: ReaderId
) -> None:
    publish(db, base, [BASE_RULE])
    share_rules(db, site.id, by=editor, base_key="group")
    seen = draft_of(db, site)
    assert seen is not None
    publish(db, base, [replace(BASE_RULE, text="Be kind, always.")])
    with pytest.raises(StaleVersion):
        save_draft(db, site.id, by=editor, intro="", drafts=[OWN], seen=seen.fingerprint)


def test_no_longer_sharing_leaves_the_sites_own_rules_in_the_draft(
    db: Database, base: Site, site: Site, editor: ReaderId
) -> None:
    publish(db, base, [BASE_RULE])
    publish(db, site, [OWN])
    share_rules(db, site.id, by=editor, base_key="group")
    publish(db, site, None, editor)
    share_rules(db, site.id, by=editor, base_key="")
    assert keys(draft_of(db, site)) == [("harbour", False)]
    publish(db, base, [replace(BASE_RULE, text="Changed.")])
    assert keys(draft_of(db, site)) == [("harbour", False)]


def test_who_may_share_what(db: Database, base: Site, site: Site, editor: ReaderId) -> None:
    with pytest.raises(NotAllowed):
        share_rules(db, site.id, by=make_staff(db, site.id), base_key="group")
    with pytest.raises(NotAllowed):
        share_rules(db, site.id, by=make_staff(db, base.id, Role.OWNER), base_key="group")
    for key in ("nowhere", site.key):
        with pytest.raises(InvalidInput):
            share_rules(db, site.id, by=editor, base_key=key)
    share_rules(db, site.id, by=editor, base_key="group")
    third = make_site(db, "mercury")
    owner, of_base = make_staff(db, third.id, Role.OWNER), make_staff(db, base.id, Role.OWNER)
    # One level deep: neither from who shares, nor by who is shared.
    with pytest.raises(Conflict):
        share_rules(db, third.id, by=owner, base_key=site.key)
    with pytest.raises(Conflict):
        share_rules(db, base.id, by=of_base, base_key=third.key)


def test_an_old_decision_goes_on_citing_its_versions_words(
    db: Database, base: Site, site: Site, editor: ReaderId
) -> None:
    share_rules(db, site.id, by=editor, base_key="group")
    first = publish(db, site, None, editor)
    comment = make_comment(db, site.id)
    draft = DecisionDraft(Outcome.REMOVE, RuleKey("spam"), "An advert.", comment.version)
    made = decide(db, comment.id, site_id=site.id, by=editor, decision=draft)

    changed = [replace(rule, text="Other words.") for rule in DEFAULT_RULES if rule.key != "spam"]
    publish(db, base, changed)
    publish(db, site, None, editor)

    assert current(db, site).rule("spam") is None
    assert made.ground is not None
    with db.read() as conn:
        cited = rules.get_rulebook_by_id(conn, site.id, made.ground.rulebook_id)
    assert cited.version == first.version
    assert cited.rule("spam") == first.rule("spam")
