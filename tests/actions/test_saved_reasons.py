"""A desk keeps its reasons by rule, for itself alone."""

from __future__ import annotations

import pytest

from belowline.actions.saved_reasons import drop_reason, save_reason
from belowline.core.errors import InvalidInput, NotAllowed, NotFound
from belowline.core.terms import ReaderId, RuleKey
from belowline.moderation.reasons import LONGEST_SAVED, MOST_SAVED
from belowline.moderation.saved import SavedReason, list_saved
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.tables import events
from tests.factories import make_reader, make_site, make_staff, rows_of

SPAM = RuleKey("spam")
TEXT = "{name}, this advertises something."


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def moderator(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id)


def there(db: Database, site: Site, rule: RuleKey | None = None) -> list[SavedReason]:
    with db.read() as conn:
        return list_saved(conn, site.id, rule=rule)


def test_reasons_are_kept_by_rule_until_they_are_dropped(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    colleague = make_staff(db, site.id)
    save_reason(db, site_id=site.id, by=moderator, rule=SPAM, text=f" {TEXT}\n")
    save_reason(db, site_id=site.id, by=colleague, rule=RuleKey("hate"), text="No.")
    save_reason(db, site_id=site.id, by=colleague, rule=SPAM, text=TEXT)

    assert [(one.rule, one.text) for one in there(db, site)] == [(SPAM, TEXT), ("hate", "No.")]
    (first,) = there(db, site, SPAM)

    drop_reason(db, first.id, site_id=site.id, by=colleague)

    assert [one.rule for one in there(db, site)] == ["hate"]
    with pytest.raises(NotFound):
        drop_reason(db, first.id, site_id=site.id, by=colleague)
    happened = [(one.kind, one.data) for one in rows_of(db, events)][-3:]
    assert happened == [
        ("ReasonSaved", {"rule": "spam"}),
        ("ReasonSaved", {"rule": "hate"}),
        ("ReasonDropped", {"rule": "spam"}),
    ]


@pytest.mark.parametrize(
    ("rule", "text", "code"),
    [
        ("spam", " ", "reason_needed"),
        ("spam", "x" * (LONGEST_SAVED + 1), "too_long"),
        ("spam", "Hello {nme}", "unknown_gap"),
        ("spam", "Hello {", "open_brace"),
        ("kindness", TEXT, "unknown_rule"),
    ],
)
def test_what_cannot_be_used_is_refused(  # noqa: PLR0917 - a case
    db: Database, site: Site, moderator: ReaderId, rule: str, text: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        save_reason(db, site_id=site.id, by=moderator, rule=RuleKey(rule), text=text)
    assert refused.value.code == code
    assert there(db, site) == []


def test_there_are_never_more_than_somebody_reads_through(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    for number in range(MOST_SAVED):
        save_reason(db, site_id=site.id, by=moderator, rule=SPAM, text=f"Reason {number}.")
    with pytest.raises(InvalidInput) as refused:
        save_reason(db, site_id=site.id, by=moderator, rule=SPAM, text="One more.")
    assert refused.value.code == "enough_saved"


def test_they_are_for_moderators_of_the_site(db: Database, site: Site, moderator: ReaderId) -> None:
    save_reason(db, site_id=site.id, by=moderator, rule=SPAM, text=TEXT)
    (one,) = there(db, site)
    elsewhere = make_site(db, "tribune")
    for nobody in (make_reader(db), make_staff(db, elsewhere.id)):
        with pytest.raises(NotAllowed):
            save_reason(db, site_id=site.id, by=nobody, rule=SPAM, text="Mine.")
        with pytest.raises(NotAllowed):
            drop_reason(db, one.id, site_id=site.id, by=nobody)
    with pytest.raises(NotFound):
        drop_reason(db, one.id, site_id=elsewhere.id, by=make_staff(db, elsewhere.id))
    assert there(db, elsewhere) == []
