"""What the desk finds, on both databases: the same, and nothing that is not there or not theirs."""

from __future__ import annotations

import pytest

from belowline.actions.moderation import DecisionDraft, decide
from belowline.core.terms import CommentId, Outcome, RuleKey, SiteId
from belowline.search.model import SearchOrder
from belowline.search.named import find_meant
from belowline.search.query import read_query
from belowline.search.store import find_comments, find_decisions
from belowline.storage.database import Database
from tests import factories
from tests.search.worlds import fill, found

World = tuple[Database, SiteId, dict[str, CommentId]]

TEXTS = {
    "bridge": "The bridge should stay open, and the café beside it too.",
    "road": "A new road? The bridge-keeper's don't-care attitude is CRIMINAL.",
    "accents": "Ärger über die Brücke: naïve Pläne, São João, Ελληνικά, Москва и 東京タワー.",
    "numbers": "It cost 1e5 pounds in 2026, 12abc and 3.14 besides; see a_b and a-b-c.",
    "shout": "BRIDGE bridge Bridge brídge!",
}


@pytest.fixture
def world(db: Database) -> World:
    site = factories.make_site(db)
    made = {name: factories.make_comment(db, site.id, text=text).id for name, text in TEXTS.items()}
    fill(db)
    return db, site.id, made


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        pytest.param("bridge", {"bridge", "road", "shout"}, id="a word, in any case and accent"),
        pytest.param("brídge café", {"bridge"}, id="all words are needed"),
        pytest.param("cafe", {"bridge"}, id="an accent is no difference"),
        pytest.param('"bridge should"', {"bridge"}, id="words in their order"),
        pytest.param('"should bridge"', set(), id="and not in another"),
        pytest.param("bridge -café", {"road", "shout"}, id="without a word"),
        pytest.param("bridge -cafe -criminal", {"shout"}, id="without two"),
        pytest.param("crim*", {"road"}, id="a word's beginning"),
        pytest.param("don't", {"road"}, id="an apostrophe"),
        pytest.param("bridge-keeper", {"road"}, id="a hyphen"),
        pytest.param("uber", {"accents"}, id="an umlaut"),
        pytest.param("Joao", {"accents"}, id="a tilde"),
        pytest.param("ΕΛΛΗΝΙΚΑ", {"accents"}, id="Greek"),
        pytest.param("москва", {"accents"}, id="Cyrillic"),
        pytest.param("東京", {"accents"}, id="signs without spaces between them"),
        pytest.param("京東", set(), id="and not in another order"),
        pytest.param("1e5", {"numbers"}, id="what a parser might take for a number"),
        pytest.param("12abc 2026", {"numbers"}, id="digits and letters"),
        pytest.param('"3 14"', {"numbers"}, id="a decimal point"),
        pytest.param("a_b", {"numbers"}, id="an underscore parts words"),
        pytest.param("-bridge", {"accents", "numbers"}, id="all that do not say it"),
        pytest.param("ms1", set(), id="a mark cannot be typed"),
        pytest.param("status:removed", set(), id="none of that status"),
        pytest.param("author:nobody-of-that-name", set(), id="a name that nobody has"),
        pytest.param("story:nothing-like-it", set(), id="a story that is not there"),
    ],
)
def test_both_databases_find_the_same(world: World, typed: str, names: set[str]) -> None:
    db, site_id, made = world

    assert set(found(db, [site_id], typed)) == {made[name] for name in names}


def test_nothing_is_found_at_a_site_that_was_not_asked(db: Database) -> None:
    here, there = factories.make_site(db), factories.make_site(db, "elsewhere")
    ours = factories.make_comment(db, here.id, text="The ferry is late.").id
    theirs = factories.make_comment(db, there.id, text="The ferry is late.").id
    fill(db)

    assert found(db, [here.id], "ferry") == [ours]
    assert found(db, [here.id, there.id], "ferry") == [theirs, ours]
    assert found(db, [], "ferry") == []


def test_comments_are_found_by_who_wrote_them_where_and_what_became_of_them(db: Database) -> None:
    site = factories.make_site(db)
    ann, bob = factories.make_reader(db, "Ann Lee"), factories.make_reader(db, "Bob Hill")
    story = factories.make_story(db, site.id, "bridge-vote")
    by_ann = factories.make_comment(db, site.id, author_id=ann, story_id=story, text="A ferry.")
    by_bob = factories.make_comment(
        db, site.id, author_id=bob, text="A ferry.", verdicts=[factories.REFUSING]
    )
    fill(db)

    assert found(db, [site.id], 'ferry author:"ann lee"') == [by_ann.id]
    assert found(db, [site.id], "author:bob") == [by_bob.id]
    assert found(db, [site.id], "story:bridge-vote") == [by_ann.id]
    assert found(db, [site.id], "story:vote ferry") == [by_ann.id]
    assert found(db, [site.id], "status:refused") == [by_bob.id]
    assert found(db, [site.id], "rule:hate") == [by_bob.id]
    assert found(db, [site.id], "after:2026-03-02") == [by_bob.id, by_ann.id]
    assert found(db, [site.id], "before:2026-03-02") == []
    assert found(db, [site.id], "after:2026-04") == []


def test_the_best_match_comes_first_and_pages_go_on_behind_each_other(db: Database) -> None:
    site = factories.make_site(db)
    texts = [
        "The ferry was mentioned once among very many other words about the council and its plans.",
        "Ferry, ferry, ferry.",
        "A ferry would do.",
        "No ship.",
    ]
    made = [factories.make_comment(db, site.id, text=text).id for text in texts]
    fill(db)

    assert found(db, [site.id], "ferry", SearchOrder.BEST) == [made[1], made[2], made[0]]
    for order in SearchOrder:
        whole = found(db, [site.id], "ferry", order)
        paged, after = [], None
        with db.read() as conn:
            meant = find_meant(conn, read_query("ferry"), [site.id])
            while page := find_comments(conn, meant, order=order, after=after, limit=1):
                after = page[-1].place
                paged.append(page[0].id)
        assert paged == whole


def test_a_decision_is_found_by_its_reason_until_it_is_taken_back(db: Database) -> None:
    site = factories.make_site(db)
    moderator = factories.make_staff(db, site.id)
    comment = factories.make_comment(db, site.id)
    reason = "This goes for the person, not the argument."
    draft = DecisionDraft(Outcome.REMOVE, RuleKey("personal-attack"), reason, comment.version)
    made = decide(db, comment.id, site_id=site.id, by=moderator, decision=draft)
    fill(db)

    with db.read() as conn:
        for typed, count in (("argument", 1), ("rule:personal-attack", 1), ("bridge", 0)):
            meant = find_meant(conn, read_query(typed), [site.id])
            assert [one.id for one in find_decisions(conn, meant)] == [made.id] * count
