from __future__ import annotations

import gc
import gzip
import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from belowline.core.errors import InvalidInput
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.opening import open_export
from belowline.transfer.shape import Record, Repaired, Skipped, SourceComment, SourceStory
from belowline.transfer.wordpress import read_wordpress

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
EXPORTS = Path(__file__).parents[2].parent / "shared/data/exports"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def a_comment(**fields: str) -> str:
    given = {
        "id": "7", "author": "Ada", "author_email": "ada@example.org",
        "date": "2024-05-01 14:00:00", "date_gmt": "2024-05-01 12:00:00", "content": "Hello",
        "approved": "1", "type": "comment", "parent": "0", "user_id": "0",
    } | fields  # fmt: skip
    inner = "".join(
        f"<wp:comment_{name}><![CDATA[{value}]]></wp:comment_{name}>"
        for name, value in given.items()
    )
    meta = '<wp:commentmeta><wp:meta_key>k</wp:meta_key><wp:meta_value>O:8:"Evil":0:{}'
    return f"<wp:comment>{inner}{meta}</wp:meta_value></wp:commentmeta></wp:comment>"


def a_story(*comments: str, link: str = "https://paper.example/a", **fields: str) -> str:
    given = {
        "post_id": "3", "post_date": "2024-05-01 10:00:00", "post_date_gmt": "2024-05-01 08:00:00",
        "comment_status": "open", "status": "publish", "post_type": "post", "post_password": "",
    } | fields  # fmt: skip
    inner = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in given.items())
    return f"<item><title>T</title><link>{link}</link>{inner}{''.join(comments)}</item>"


def a_file(*items: str, version: str = "1.2") -> str:
    return (
        f'{HEAD}<rss version="2.0" xmlns:wp="http://wordpress.org/export/{version}/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel>{''.join(items)}<wp:wxr_version>{version}</wp:wxr_version></channel></rss>"
    )


def read(text: str | bytes, **options: frozenset[str]) -> list[Record]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(read_wordpress(io.BytesIO(data), zone=BERLIN, now=NOW, **options))


def comments_in(*items: str) -> list[SourceComment]:
    return [record for record in read(a_file(*items)) if isinstance(record, SourceComment)]


def the_comment(**fields: str) -> SourceComment:
    (only,) = comments_in(a_story(a_comment(**fields)))
    return only


def why_skipped(**fields: str) -> Skip:
    (only,) = (r for r in read(a_file(a_story(a_comment(**fields)))) if isinstance(r, Skipped))
    return only.reason_code


def repairs_in(*items: str) -> set[Repair]:
    return {r.reason_code for r in read(a_file(*items)) if isinstance(r, Repaired)}


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_a_story_and_its_comment_are_read_from_every_version(version: str):
    story, comment = read(a_file(a_story(a_comment()), version=version))
    assert story == SourceStory(
        source_id="3", url="https://paper.example/a", title="T", section=None,
        published_at=datetime(2024, 5, 1, 8, tzinfo=UTC), open=True, visible=True,
    )  # fmt: skip
    assert isinstance(comment, SourceComment)
    assert (comment.source_id, comment.story_source_id, comment.parent_source_id) == (
        "7",
        "3",
        None,
    )
    assert comment.created_at == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert (comment.text, comment.status) == ("Hello", ImportStatus.PUBLISHED)


@pytest.mark.parametrize(
    ("approved", "status", "why"),
    [
        ("1", ImportStatus.PUBLISHED, None),
        ("0", ImportStatus.HELD, Hide.PENDING),
        ("trash", ImportStatus.REMOVED, Hide.TRASHED),
        ("post-trashed", ImportStatus.HIDDEN, Hide.STORY_NOT_PUBLIC),
        ("", ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
        ("yes", ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS),
    ],
)
def test_only_an_approved_comment_goes_live(approved: str, status: ImportStatus, why: Hide | None):
    comment = the_comment(approved=approved)
    assert (comment.status, comment.hidden_because) == (status, why)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"status": status}, id=status or "without a status")
        for status in ("draft", "private", "pending", "future", "trash", "inherit", "")
    ]
    + [
        pytest.param({"post_password": "x"}, id="password"),
        pytest.param({"post_type": "attachment"}, id="attachment"),
        pytest.param({"post_type": "nav_menu_item"}, id="menu"),
    ],
)
def test_a_comment_under_a_story_the_public_could_not_read_stays_hidden(fields: dict[str, str]):
    story, comment = read(a_file(a_story(a_comment(), **fields)))
    assert isinstance(story, SourceStory)
    assert isinstance(comment, SourceComment)
    assert not story.visible
    assert comment.status is ImportStatus.HIDDEN


def test_a_trashed_comment_is_removed_wherever_it_stands():
    (comment,) = comments_in(a_story(a_comment(approved="trash"), status="draft"))
    assert comment.status is ImportStatus.REMOVED


def test_two_answers_to_one_question_never_mean_the_friendlier_one():
    twice = a_story(a_comment()).replace("</item>", "<wp:status>draft</wp:status></item>")
    assert comments_in(twice)[0].status is ImportStatus.HIDDEN


def test_another_namespace_under_the_same_prefix_says_nothing():
    spoof = '<wp:status xmlns:wp="https://evil.example/">publish</wp:status></item>'
    (comment,) = comments_in(a_story(a_comment(), status="private").replace("</item>", spoof))
    assert comment.status is ImportStatus.HIDDEN


def test_a_kind_of_story_of_the_titles_own_can_be_named():
    file = a_file(a_story(a_comment(), post_type="review"))
    (_, comment) = read(file, story_kinds=frozenset({"review"}))
    assert isinstance(comment, SourceComment)
    assert comment.status is ImportStatus.PUBLISHED


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"type": "pingback"}, Skip.PINGBACK),
        ({"type": "trackback"}, Skip.TRACKBACK),
        ({"type": "note"}, Skip.NOTE),
        ({"type": "Note"}, Skip.NOTE),
        ({"type": "order_note"}, Skip.OTHER_KIND),
        ({"approved": "spam"}, Skip.SPAM),
        ({"content": " \n "}, Skip.EMPTY),
        ({"content": "<script>x</script>"}, Skip.EMPTY),
        ({"content": "x" * 100_001}, Skip.TOO_LONG),
        ({"id": ""}, Skip.NO_ID),
        ({"id": "0"}, Skip.NO_ID),
    ],
)
def test_what_is_no_readers_comment_is_left_out_with_a_reason(fields: dict[str, str], reason: Skip):
    assert why_skipped(**fields) is reason


def test_a_newsrooms_note_does_not_come_through_in_any_form():
    records = read(a_file(a_story(a_comment(type="note", content="Is this libel?"))))
    assert "libel" not in repr(records)


def test_a_missing_universal_time_is_worked_out_in_the_sites_zone():
    fields = {"date_gmt": "0000-00-00 00:00:00", "date": "2024-07-01 14:00:00"}
    assert the_comment(**fields).created_at == datetime(2024, 7, 1, 12, tzinfo=UTC)
    assert repairs_in(a_story(a_comment(**fields))) == {Repair.DATE_FROM_LOCAL}


@pytest.mark.parametrize(
    "zero", ["", "0000-00-00 00:00:00", "-0001-11-30 00:00:00", "1970-01-01 00:00"]
)
def test_a_comment_without_any_time_takes_its_storys(zero: str):
    fields = {"date_gmt": zero, "date": zero}
    assert the_comment(**fields).created_at == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert repairs_in(a_story(a_comment(**fields))) == {Repair.DATE_FROM_STORY}


def test_a_comment_without_any_time_anywhere_is_left_out():
    comment = a_comment(date_gmt="", date="")
    records = read(a_file(a_story(comment, post_date="", post_date_gmt="")))
    assert [r.reason_code for r in records if isinstance(r, Skipped)] == [Skip.NO_DATE]


def test_a_comment_from_the_future_is_dated_now():
    assert the_comment(date_gmt="2099-01-01 00:00:00").created_at == NOW
    assert repairs_in(a_story(a_comment(date_gmt="2099-01-01 00:00:00"))) == {Repair.DATE_IN_FUTURE}


def test_names_are_decoded_and_hold_nothing_that_turns_the_line():
    assert the_comment(author="Tom &amp;amp; Jerry\n").author.name == "Tom & Jerry"
    assert the_comment(author="A\u202ed\u0085a").author.name == "Ad a"
    assert the_comment(author="").author.name == ""


def test_an_address_loses_its_spaces_and_an_impossible_one_is_dropped():
    assert the_comment(author_email=" ada@example.org\n").author.email == "ada@example.org"
    assert the_comment(author_email="").author.email is None
    assert repairs_in(a_story(a_comment(author_email=""))) == set()
    assert the_comment(author_email="ada@localhost").author.email is None
    assert repairs_in(a_story(a_comment(author_email="not one"))) == {Repair.EMAIL_DROPPED}


def test_only_an_account_identifies_an_author():
    assert the_comment().author.source_id is None
    assert the_comment(user_id="5").author.source_id == "5"


def test_network_addresses_and_metadata_are_not_read():
    assert "Evil" not in repr(read(a_file(a_story(a_comment(author_IP="203.0.113.9")))))
    assert "203.0.113.9" not in repr(read(a_file(a_story(a_comment(author_IP="203.0.113.9")))))


def test_the_same_comment_in_joined_files_counts_once():
    records = read(a_file(a_story(a_comment()), a_story(a_comment())))
    assert [type(r) for r in records] == [SourceStory, SourceComment, Skipped, Skipped]


def test_a_later_file_can_hide_but_never_publish():
    kept, hidden = comments_in(a_story(a_comment()), a_story(a_comment(approved="trash")))
    assert (kept.source_id, kept.status) == (hidden.source_id, ImportStatus.PUBLISHED)
    assert hidden.status is ImportStatus.REMOVED
    (only,) = comments_in(a_story(a_comment(approved="0")), a_story(a_comment()))
    assert only.status is ImportStatus.HELD
    once_private = comments_in(a_story(status="private"), a_story(a_comment()))
    assert once_private[0].status is ImportStatus.HIDDEN


def test_one_id_for_two_sites_stories_and_comments_loses_neither():
    first, *rest = comments_in(
        a_story(a_comment()),
        a_story(
            a_comment(content="Other"), a_comment(id="8", parent="7"), link="https://b.example/a"
        ),
    )
    assert (first.source_id, first.story_source_id) == ("7", "3")
    assert [(c.source_id, c.parent_source_id) for c in rest] == [
        ("https://b.example/a/7", None),
        ("8", "https://b.example/a/7"),
    ]


def test_a_story_without_an_address_takes_its_comments_along_into_the_report():
    records = read(a_file(a_story(a_comment(), link="")))
    assert [(r.kind, r.reason_code) for r in records if isinstance(r, Skipped)] == [
        (RecordKind.STORY, Skip.NO_ADDRESS),
        (RecordKind.COMMENT, Skip.STORY_SKIPPED),
    ]


def test_markup_that_was_never_quoted_still_gives_its_words():
    bare = a_file(a_story(a_comment())).replace("<![CDATA[Hello]]>", "a <b>c</b> d")
    assert [r.text for r in read(bare) if isinstance(r, SourceComment)] == ["a c d"]


LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(a_file().replace(HEAD, HEAD + LAUGHS), "forbidden_xml", id="billion laughs"),
        pytest.param(
            a_file().replace(HEAD, HEAD + '<!DOCTYPE rss SYSTEM "https://evil.example/x.dtd">'),
            "forbidden_xml", id="external document type",
        ),
        pytest.param(
            a_file().replace(
                HEAD, HEAD + '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
            ),
            "forbidden_xml", id="external entity",
        ),
        pytest.param(a_file(a_story(a_comment()))[:-60], "malformed_xml", id="cut off"),
        pytest.param(a_file("<item>&nbsp;</item>"), "malformed_xml", id="undeclared entity"),
        pytest.param("`" + a_file(), "malformed_xml", id="stray backtick"),
        pytest.param("not xml at all", "malformed_xml", id="no XML"),
        pytest.param(
            a_file(a_story(a_comment(content="Zürich" * 30))).encode("latin-1"), "wrong_encoding",
            id="not in the encoding it names",
        ),
        pytest.param(a_file().replace("UTF-8", "EUC-JP"), "unknown_encoding", id="multi-byte"),
        pytest.param(a_file().replace("UTF-8", "nonsense"), "unknown_encoding", id="nonsense"),
        pytest.param("<disqus xmlns='http://disqus.com'/>", "not_wordpress", id="Disqus"),
        pytest.param("<rss><channel><item/></channel></rss>", "not_wordpress", id="a feed"),
        pytest.param("<html><body/></html>", "not_wordpress", id="a page"),
        pytest.param(a_file("<a>" * 100 + "</a>" * 100), "nested_too_deeply", id="deep"),
    ],
)  # fmt: skip
def test_a_file_that_is_broken_hostile_or_something_else_is_refused(
    content: str | bytes, code: str
):
    with pytest.raises(InvalidInput) as refused:
        read(content)
    assert refused.value.code == code
    if code == "malformed_xml":
        assert isinstance(refused.value.context["line"], int)


@pytest.mark.parametrize("data", [b"Z\xfcrich", b"Z\0rich"], ids=["Latin-1", "NUL"])
def test_a_stray_byte_costs_a_letter_and_is_named(data: bytes):
    file = a_file(a_story(a_comment(content="@@"), a_comment(id="8"))).encode()
    records = read(file.replace(b"@@", data))
    assert [r.text for r in records if isinstance(r, SourceComment)] == ["Z\ufffdrich", "Hello"]
    named = [r for r in records if isinstance(r, Repaired)]
    assert [(r.source_id, r.reason_code) for r in named] == [("7", Repair.WRONG_LETTERS)]


def test_utf_16_is_read():
    (_, comment) = read(
        a_file(a_story(a_comment(content="Ж"))).replace("UTF-8", "UTF-16").encode("utf-16")
    )
    assert isinstance(comment, SourceComment)
    assert comment.text == "Ж"


def test_an_element_too_large_to_be_text_is_refused():
    class Endless(io.RawIOBase):
        """A file whose first comment never ends."""

        started = False

        def read(self, size: int = -1) -> bytes:
            head, self.started = not self.started, True
            opening = a_file("<item>").split("</item>")[0].split("<wp:wxr")[0].encode()
            return opening + b"<title>" if head else b"x" * size

    with pytest.raises(InvalidInput) as refused:
        list(read_wordpress(Endless(), zone=UTC, now=NOW))  # type: ignore[arg-type]
    assert refused.value.code == "element_too_large"


def test_reading_forgets_what_it_has_read():
    """The tree is pruned: after hundreds of stories no more is alive than after a few."""

    def alive() -> int:
        return sum(type(thing).__name__ == "Element" for thing in gc.get_objects())

    items = (
        a_story(a_comment(), link=f"https://paper.example/{n}", post_id=str(n + 1))
        for n in range(500)
    )
    reading = read_wordpress(io.BytesIO(a_file(*items).encode()), zone=UTC, now=NOW)
    counts = [alive() for number, _ in enumerate(reading) if number % 100 == 50]
    assert max(counts) < 2_000


def real(name: str) -> Path:
    path = EXPORTS / name
    if not path.exists():
        pytest.skip(f"the real export {name} is not beside this checkout")
    return path


def read_real(name: str) -> list[Record]:
    with open_export(real(name)) as stream:
        return list(read_wordpress(stream, zone=UTC, now=NOW))


def counted_in_raw_text(text: str) -> Counter[tuple[str, str]]:
    """Count comments by (approved, kind) with regular expressions, apart from any XML parser."""

    def value(block: str, name: str) -> str:
        found = re.search(
            rf"<wp:{name}>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</wp:{name}>", block, re.DOTALL
        )
        return found[1].strip() if found else ""

    return Counter(
        (value(block, "comment_approved"), value(block, "comment_type"))
        for block in re.findall(r"<wp:comment>.*?</wp:comment>", text, re.DOTALL)
    )


def test_the_theme_unit_test_file_counts_as_it_does_by_hand():
    name = "wp_theme-unit-test-data.xml.gz"
    by_hand = counted_in_raw_text(gzip.decompress(real(name).read_bytes()).decode())
    records = read_real(name)
    comments = [r for r in records if isinstance(r, SourceComment)]
    skipped = Counter(
        r.reason_code for r in records if isinstance(r, Skipped) and r.kind is RecordKind.COMMENT
    )
    kinds: Counter[str] = Counter()
    for (_, kind), count in by_hand.items():
        kinds[kind] += count
    assert len(comments) == kinds[""] + kinds["comment"] == 29
    assert skipped == {Skip.PINGBACK: kinds["pingback"], Skip.TRACKBACK: kinds["trackback"]}
    held = [c for c in comments if c.status is ImportStatus.HELD]
    assert len(held) == by_hand["0", ""] == 3
    assert sum(c.parent_source_id is not None for c in comments) == 10
    assert {c.hidden_because for c in comments} == {None, Hide.PENDING, Hide.STORY_NOT_PUBLIC}


def test_the_malformed_file_is_refused_with_its_line():
    with pytest.raises(InvalidInput, match="line 90") as refused:
        read_real("wp_malformed.xml")
    assert refused.value.context["line"] == 90


@pytest.mark.parametrize(
    ("name", "comments"),
    [
        ("wp_missing-version-tag.xml", 0),
        ("wp_namespace-edge-cases.xml", 0),
        ("wp_slashes.xml", 1),
        ("wp_small-export.xml", 1),
        ("wp_valid-wxr-1.1.xml", 1),
        ("wp_wxr-utf-8-challenges.xml", 0),
        ("isso_wordpress.xml", 8),
        ("remark42_xmlTestWP.xml", 3),
    ],
)
def test_real_files_of_others_are_read(name: str, comments: int):
    assert sum(isinstance(r, SourceComment) for r in read_real(name)) == comments


def test_an_arm_is_not_lost_among_the_escapes():
    (comment,) = (r for r in read_real("wp_slashes.xml") if isinstance(r, SourceComment))
    assert comment.html == r"\o/ ¯\_(ツ)_/¯"


def test_times_are_not_shifted_through_the_servers_zone():
    ten = next(
        r for r in read_real("isso_wordpress.xml")
        if isinstance(r, SourceComment) and r.source_id == "10"
    )  # fmt: skip
    assert ten.created_at == datetime(2022, 6, 6, 2, 13, 14, tzinfo=UTC)
    assert ten.created_at.utcoffset() == timedelta(0)
    assert ten.text.count("\n") == 1


def test_a_file_without_its_namespaces_is_refused():
    with pytest.raises(InvalidInput):
        read_real("remark42_xmlTestWPmd.xml")


def test_numbers_that_are_books_are_passed_over():
    name = "&#" + "9" * 5000 + ";"
    assert the_comment(author=name).author.name == "\ufffd"
    assert why_skipped(id="9" * 5000) is Skip.NO_ID


def test_an_entry_that_never_stops_answering_is_read_in_time():
    titles = "<title>a</title><title>b</title>" * 20_000
    story = a_story(a_comment()).replace("<title>T</title>", titles)
    assert len(comments_in(story)) == 1
