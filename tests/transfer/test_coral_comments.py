"""Coral's comments and stories: wordings, standing, pictures, ratings, and what is left of some."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.transfer.codes import Hide, ImportStatus
from belowline.transfer.coral.acts import read_act, read_decision, read_notice
from belowline.transfer.coral.comments import read_comment
from belowline.transfer.coral.stories import read_story
from belowline.transfer.shape import (
    Record,
    Skipped,
    SourceComment,
    SourceDecision,
    SourceOutcome,
    SourceReport,
)
from tests.transfer.newsroom import (
    ADA,
    DORA,
    NOW,
    Made,
    act,
    as_plain,
    at,
    cid,
    comment,
    comments,
    decision,
    left_out,
    notice,
    put_right,
    stories,
    story,
    wording,
)


def read(**fields: object) -> list[Record]:
    return list(read_comment(as_plain(comment(1, **fields)), now=NOW))


def the(records: list[Record]) -> SourceComment:
    (only,) = comments(records)
    return only


def told(made: Made) -> list[Record]:
    return list(read_story(as_plain(made), now=NOW, closing=None))


def test_a_comment_comes_with_its_place_author_and_time():
    one = the(read(parentID=cid(9)))
    assert (one.source_id, one.parent_source_id) == (cid(1), cid(9))
    assert (one.author.source_id, one.author.name, one.author.email) == (ADA, "", None)
    assert (one.created_at, one.edited_at, one.earlier) == (at(1), None, ())
    assert one.text == "Words **1**"
    assert one.respect == 0


@pytest.mark.parametrize("parent", [None, ""])
def test_a_comment_without_a_parent_is_a_root(parent: str | None):
    assert the(read(parentID=parent)).parent_source_id is None


@pytest.mark.parametrize(
    ("status", "here", "why"),
    [
        ("NONE", ImportStatus.PUBLISHED, None),
        ("APPROVED", ImportStatus.PUBLISHED, None),
        ("REJECTED", ImportStatus.REMOVED, Hide.TRASHED),
        ("PREMOD", ImportStatus.HELD, Hide.PENDING),
        ("SYSTEM_WITHHELD", ImportStatus.HELD, Hide.PENDING),
        ("none", ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        (None, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        (True, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
    ],
)
def test_where_a_comment_stood(status: object, here: ImportStatus, why: Hide | None):
    one = the(read(status=status))
    assert (one.status, one.hidden_because) == (here, why)


@given(st.text().filter(lambda status: status not in {"NONE", "APPROVED"}))
def test_only_what_coral_showed_is_public(status: str):
    assert all(one.status is not ImportStatus.PUBLISHED for one in comments(read(status=status)))


def test_every_wording_comes_oldest_first():
    wordings = [wording(1, "One"), wording(2, "<p>Two</p>"), wording(3, ""), wording(4, "Four")]
    one = the(read(revisions=wordings))
    assert (one.text, one.html, one.edited_at) == ("Four", "Four", at(4))
    assert [(old.text, old.html, old.created_at) for old in one.earlier] == [
        ("One", "One", at(1)),
        ("Two", "<p>Two</p>", at(2)),
    ]


@pytest.mark.parametrize("status", ["APPROVED", "REJECTED", "NONE"])
def test_what_an_account_left_behind_is_a_place_and_nothing_else(status: str):
    one = the(read(status=status, revisions=[], authorID=None, deletedAt=at(9)))
    assert (one.status, one.hidden_because) == (ImportStatus.DELETED, Hide.DELETED)
    assert (one.text, one.html, one.author.source_id) == ("", "", None)
    # Even where words were left, as old versions did.
    one = the(read(status=status, deletedAt=at(9), tags=[{"type": "FEATURED"}]))
    assert (one.text, one.html, one.earlier, one.featured_at) == ("", "", (), None)


@pytest.mark.parametrize("revisions", [None, "x", ["x"], {"a": 1}])
def test_a_comment_whose_wordings_cannot_be_read_is_left_out(revisions: object):
    assert left_out(read(revisions=revisions)) == [("comment", "damaged")]


def test_a_comment_that_shows_nothing_is_left_out():
    assert left_out(read(revisions=[wording(1, "<div><br></div>")])) == [("comment", "empty")]


def test_times_are_put_right():
    assert the(read(createdAt=None)).created_at == at(1)
    assert left_out(read(createdAt=None, revisions=[wording(1, "x", createdAt="soon")])) == [
        ("comment", "no_date")
    ]
    records = read(createdAt=NOW + timedelta(days=1))
    assert (the(records).created_at, put_right(records)) == (NOW, ["date_in_future"])


@pytest.mark.parametrize(
    ("media", "address"),
    [
        (
            {"type": "giphy", "id": "g", "url": "https://g.example/cat.gif"},
            "https://g.example/cat.gif",
        ),
        ({"type": "external", "url": "https://i.example/a_b.png"}, "https://i.example/a%5Fb.png"),
        (
            {"type": "tenor", "url": "javascript:x", "still": "https://t.example/s"},
            "https://t.example/s",
        ),
    ],
)
def test_a_picture_becomes_its_address(media: Made, address: str):
    records = read(revisions=[wording(1, "", media=media)])
    assert the(records).text in {address, address.replace("%5F", "_")}
    assert put_right(records) == ["picture_dropped"]
    with_words = the(read(revisions=[wording(1, "<p>Look</p>", media=media)]))
    assert with_words.text.startswith("Look\n\nhttps://")
    assert with_words.html == "<p>Look</p>"


def test_a_film_whose_address_is_in_the_words_is_not_named_twice():
    url = "https://www.youtube.com/watch?v=x&t=1"
    body = f'<a href="{url.replace("&", "&amp;")}">{url.replace("&", "&amp;")}</a>'
    one = the(read(revisions=[wording(1, body, media={"type": "youtube", "url": url})]))
    assert one.text.count("youtube") == 1


@pytest.mark.parametrize(
    ("rating", "text"),
    [
        (4, "★★★★☆\n\nFine"),
        (1, "★☆☆☆☆\n\nFine"),
        ({"$numberInt": "5"}, "★★★★★\n\nFine"),
        (0, "Fine"),
        (6, "Fine"),
        (None, "Fine"),
        ("many", "Fine"),
        (True, "Fine"),
    ],
)
def test_a_rating_stands_before_the_words(rating: object, text: str):
    made = comment(1, revisions=[wording(1, "Fine")])
    records = list(read_comment(as_plain(made) | {"rating": rating}, now=NOW))  # type: ignore[operator]
    assert the(records).text == text


def test_a_rating_without_words_is_not_lost():
    assert the(read(rating=2, revisions=[wording(1, "")])).text == "★★☆☆☆"


def test_what_coral_shows_by_a_look_is_said_in_letters():
    body = (
        'The butler <span class="coral-rte-spoiler">did <b>it</b></span>. '
        'Great <span class="coral-rte-sarcasm">ending</span>.'
    )
    assert the(read(revisions=[wording(1, body)])).text == (
        "The butler (spoiler: did **it**). Great ending /s."
    )


def test_what_was_featured_stays_so_if_it_is_public():
    tags = [{"type": "STAFF"}, {"type": "FEATURED", "createdAt": at(50)}]
    assert the(read(tags=tags)).featured_at == at(50)
    assert the(read(tags=[{"type": "FEATURED"}])).featured_at == at(1)
    assert the(read(tags=tags, status="REJECTED")).featured_at is None
    assert the(read(tags=[{"type": "STAFF"}, "FEATURED", None])).featured_at is None


@pytest.mark.parametrize(
    ("closed_at", "is_open"),
    [
        (None, True),
        (False, True),
        (at(3), False),
        (NOW + timedelta(days=1), True),
        ("someday", False),
        (True, False),
    ],
)
def test_when_a_story_is_open(closed_at: object, is_open: bool):  # noqa: FBT001 - a table's column
    (one,) = stories(told(story(closedAt=closed_at)))
    assert one.open is is_open


def test_a_story_comes_with_its_address_and_title():
    (one,) = stories(told(story()))
    assert (one.url, one.title, one.section) == (
        "https://courier.example/news/1",
        "Story 1 & more",
        "News",
    )
    assert (one.published_at, one.visible, one.key) == (at(), True, None)
    (one,) = stories(told(story(metadata=None)))
    assert (one.title, one.section, one.published_at) == ("", None, at())
    (archived,) = stories(told(story(isArchived=True)))
    assert not archived.open


def test_a_story_that_the_publisher_named_keeps_its_name():
    (one,) = stories(told(story(id="cms-4711")))
    assert (one.source_id, one.key) == ("cms-4711", "cms-4711")


def test_a_story_without_an_address_is_left_out():
    assert left_out(told(story(url="javascript:alert(1)"))) == [("story", "no_address")]
    assert left_out(told(story(id=""))) == [("story", "no_id")]


def done(made: Made) -> Record:
    (only,) = read_act(as_plain(made), now=NOW)
    return only


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (act(1, userID=None), "author_missing"),
        (act(1, commentID=None), "comment_missing"),
        (act(1, "DONT_AGREE"), "other_kind"),
        (act(1, "FLAG", reason="COMMENT_REPORTED_BIO"), "other_kind"),
        (act(1, "FLAG", reason="COMMENT_DETECTED_SPAM", userID=None), "other_kind"),
        (act(1, "FLAG", reason="COMMENT_REPORTED_SPAM", createdAt=None), "no_date"),
        (act(1, "FLAG", reason="COMMENT_REPORTED_SPAM", id=None), "no_id"),
        (act(1, "WAVE"), "other_kind"),
    ],
)
def test_what_is_no_reaction_and_no_report(made: Made, why: str):
    one = done(made)
    assert isinstance(one, Skipped)
    assert one.reason_code == why


def test_a_report_comes_with_its_reason_and_words():
    one = done(act(1, "FLAG", reason="COMMENT_REPORTED_OFFENSIVE", additionalDetails="Ugh"))
    assert isinstance(one, SourceReport)
    assert (one.reason, one.note) == ("COMMENT_REPORTED_OFFENSIVE", "Ugh")
    one = done(act(1, "ILLEGAL", userID=None))
    assert isinstance(one, SourceReport)
    assert (one.reason, one.account_source_id) == ("ILLEGAL", None)


def test_a_readers_words_are_never_in_a_reason():
    one = done(act(1, "FLAG", reason="my neighbour, Mr Smith <b>"))
    assert isinstance(one, SourceReport)
    assert one.reason == "myneighbourMrSmithb"


def decided(**fields: object) -> Record:
    status = str(fields.pop("status", "REJECTED"))
    (only,) = read_decision(as_plain(decision(1, status, **fields)), now=NOW)
    return only


def test_a_decision_comes_with_who_why_and_when():
    why = {"code": "OTHER", "customReason": "Off topic", "detailedExplanation": "Three times."}
    one = decided(rejectionReason=why)
    assert isinstance(one, SourceDecision)
    assert (one.outcome, one.reason) == (SourceOutcome.REMOVED, "OTHER")
    assert (one.note, one.account_source_id) == ("Off topic\n\nThree times.", DORA)
    automatic = decided(status="APPROVED", moderatorID=None)
    assert isinstance(automatic, SourceDecision)
    assert (automatic.outcome, automatic.account_source_id) == (SourceOutcome.KEPT, None)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": "PREMOD"}, "other_kind"),
        ({"createdAt": "x"}, "no_date"),
        ({"id": None}, "no_id"),
        ({"commentID": None}, "comment_missing"),
    ],
)
def test_what_is_no_decision_is_left_out(fields: Made, why: str):
    one = decided(**fields)
    assert isinstance(one, Skipped)
    assert one.reason_code == why


def test_a_legal_report_comes_with_the_decision_that_stands_nowhere_else():
    history = [
        {"type": "NOTE", "body": "Asked the lawyers", "createdBy": DORA, "createdAt": at(20)},
        {"type": "DECISION_MADE", "createdBy": DORA, "createdAt": at(30)},
    ]
    legal = notice(1, decision={"legality": "LEGAL"}, history=history)
    report, one = read_notice(as_plain(legal), now=NOW)
    assert isinstance(report, SourceReport)
    assert report.note == "Section 185\n\nIt names my neighbour."
    assert isinstance(one, SourceDecision)
    assert (one.outcome, one.account_source_id, one.decided_at) == (
        SourceOutcome.KEPT,
        DORA,
        at(30),
    )
    illegal = notice(1, decision={"legality": "ILLEGAL"}, commentModerationActionID="x")
    assert len(list(read_notice(as_plain(illegal), now=NOW))) == 1
