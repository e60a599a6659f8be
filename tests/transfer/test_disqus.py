"""Disqus: what it says of a comment, in both ages of its format, and what it never says."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from belowline.core.errors import InvalidInput
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.disqus import read_disqus
from belowline.transfer.shape import Record, SourceAuthor, SourceStory
from belowline.transfer.wordpress import read_wordpress
from tests.transfer.reading import NOW, comments, repairs, skips, stories, the_comment

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<disqus xmlns="http://disqus.com" '
    'xmlns:dsq="http://disqus.com/disqus-internals">'
)


def a_thread(source_id: str = "1", **fields: str) -> str:
    given = {
        "id": "", "forum": "courier", "link": "https://courier.example/a", "title": "A",
        "createdAt": "2014-05-01T08:00:00Z", "isClosed": "false", "isDeleted": "false",
    } | fields  # fmt: skip
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in given.items())
    return f'<thread dsq:id="{source_id}">{inner}</thread>'


def a_comment(
    source_id: str = "7",
    *,
    thread: str = "1",
    parent: str = "",
    author: str = "<name>Ada</name><isAnonymous>false</isAnonymous><username>ada</username>",
    **fields: str,
) -> str:
    given = {
        "id": "", "message": "<p>Hello</p>", "createdAt": "2014-05-01T12:00:00Z",
        "isDeleted": "false", "isSpam": "false",
    } | fields  # fmt: skip
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in given.items())
    answers = f'<parent dsq:id="{parent}"/>' if parent else ""
    return (
        f'<post dsq:id="{source_id}">{inner}<author>{author}</author>'
        f'<thread dsq:id="{thread}"/>{answers}</post>'
    )


def read(*entries: str, head: str = HEAD) -> list[Record]:
    data = f"{head}{''.join(entries)}</disqus>".encode()
    return list(read_disqus(io.BytesIO(data), now=NOW))


def test_a_story_and_a_comment_of_the_modern_age_are_read():
    story, comment = read(a_thread(), a_comment(parent="6"))
    assert story == SourceStory(
        "1", "https://courier.example/a", "A", None, datetime(2014, 5, 1, 8, tzinfo=UTC),
        open=True, visible=True,
    )  # fmt: skip
    assert comment == the_comment([comment])
    assert comment.author == SourceAuthor("ada", "Ada", None)
    assert (comment.source_id, comment.parent_source_id, comment.text) == ("7", "6", "Hello")
    assert comment.created_at == datetime(2014, 5, 1, 12, tzinfo=UTC)
    assert comment.status is ImportStatus.PUBLISHED


def test_the_old_age_has_addresses_and_its_network_addresses_are_not_read():
    old = "<email> ada@example.org </email><name>Ada</name><isAnonymous>true</isAnonymous>"
    records = read(
        a_thread(ipAddress="203.0.113.9"), a_comment(author=old, ipAddress="203.0.113.9")
    )
    assert the_comment(records).author == SourceAuthor(None, "Ada", "ada@example.org")
    assert "203.0.113" not in repr(records)


def test_only_a_name_with_an_account_is_an_author_of_its_own():
    guest = "<name>Ada</name><isAnonymous>true</isAnonymous>"
    claims = f"{guest}<username>google-1</username>"
    assert the_comment(read(a_thread(), a_comment(author=guest))).author.source_id is None
    assert the_comment(read(a_thread(), a_comment(author=claims))).author.source_id is None


@pytest.mark.parametrize(
    ("fields", "status", "why"),
    [
        pytest.param(
            {"isDeleted": "true", "message": "", "author": "<isAnonymous>true</isAnonymous>"},
            ImportStatus.DELETED, Hide.DELETED, id="taken back: emptied",
        ),
        pytest.param({"isDeleted": "true"}, ImportStatus.REMOVED, Hide.TRASHED, id="taken down"),
        pytest.param({"isDeleted": "True"}, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS, id="True"),
        pytest.param({"isSpam": "123"}, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS, id="spam 123"),
        pytest.param({"isSpam": ""}, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS, id="spam nothing"),
        pytest.param({"isApproved": "false"}, ImportStatus.HELD, Hide.PENDING, id="pending"),
        pytest.param({"isApproved": "true"}, ImportStatus.PUBLISHED, None, id="approved"),
        pytest.param(
            {"isApproved": "maybe"}, ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS, id="maybe"
        ),
    ],
)  # fmt: skip
def test_what_the_public_could_not_read_there_stays_hidden(
    fields: dict[str, str], status: ImportStatus, why: Hide | None
):
    comment = the_comment(read(a_thread(), a_comment(**fields)))
    assert (comment.status, comment.hidden_because) == (status, why)


def test_the_words_that_were_taken_down_are_kept_and_those_taken_back_are_not():
    down = the_comment(read(a_thread(), a_comment(isDeleted="true")))
    back = the_comment(read(a_thread(), a_comment(isDeleted="true", message="")))
    assert (down.text, back.text, back.html) == ("Hello", "", "")


def test_spam_is_left_out_even_when_it_is_called_deleted_too():
    assert skips(read(a_thread(), a_comment(isSpam="true"))) == [Skip.SPAM]
    assert skips(read(a_thread(), a_comment(isSpam="true", isDeleted="true"))) == [Skip.SPAM]


def test_two_answers_to_one_question_never_mean_the_friendlier_one():
    twice = a_comment().replace("<author>", "<isSpam>true</isSpam><author>")
    assert the_comment(read(a_thread(), twice)).status is ImportStatus.HIDDEN


def test_another_namespace_says_nothing():
    spoof = '<isDeleted xmlns="https://evil.example/">false</isDeleted><author>'
    hidden = a_comment().replace("<isDeleted><![CDATA[false]]></isDeleted>", "")
    assert the_comment(read(a_thread(), hidden.replace("<author>", spoof))).status is (
        ImportStatus.HIDDEN
    )


def test_under_a_deleted_story_nothing_is_public():
    story, comment = read(a_thread(isDeleted="true"), a_comment())
    assert not stories([story])[0].visible
    assert the_comment([comment]).hidden_because is Hide.STORY_NOT_PUBLIC


def test_a_closed_story_takes_no_more_comments():
    (story,) = stories(read(a_thread(isClosed="true")))
    assert (story.open, story.visible) == (False, True)


def test_the_identifier_is_the_key_unless_it_is_only_an_address():
    keyed, addressed, bare = stories(
        read(
            a_thread(id="123 https://courier.example/?p=123"),
            a_thread("2", id="https://www.courier.example/a"),
            a_thread("3", id="https://courier.example/b", link=""),
        )
    )
    assert (keyed.key, keyed.aliases) == ("123 https://courier.example/?p=123", ())
    assert (addressed.key, addressed.aliases) == (None, ("https://www.courier.example/a",))
    assert (bare.url, bare.key) == ("https://courier.example/b", None)


def test_an_empty_thread_is_left_out_with_its_comments():
    records = read('<thread dsq:id="3"><id/></thread>', a_comment(thread="3"))
    assert skips(records, RecordKind.STORY) == [Skip.NO_ADDRESS]
    assert skips(records) == [Skip.STORY_SKIPPED]


def test_a_comment_without_its_thread_is_named():
    assert skips(read(a_thread(), a_comment(thread="99"))) == [Skip.STORY_MISSING]
    no_reference = a_comment().replace('<thread dsq:id="1"/>', "")
    assert skips(read(a_thread(), no_reference)) == [Skip.STORY_MISSING]


def test_comments_may_come_before_their_thread_and_are_as_hidden_as_it_is():
    many = [a_comment(str(number), message="x" * 2000) for number in range(10, 5000)]
    records = read(*many, a_thread(isDeleted="true"))
    assert len(comments(records)) == len(many)
    assert {c.hidden_because for c in comments(records)} == {Hide.STORY_NOT_PUBLIC}


def test_a_thread_met_twice_counts_once_and_as_the_stricter():
    records = read(a_thread(), a_thread(isDeleted="true"), a_comment())
    assert skips(records, RecordKind.STORY) == [Skip.DUPLICATE]
    assert the_comment(records).status is ImportStatus.HIDDEN


def test_references_as_text_and_times_without_zone_are_read_too():
    as_described = (
        a_comment().replace('<thread dsq:id="1"/>', "<thread>1</thread><parent>6</parent>")
    ).replace("12:00:00Z", "12:00:00")
    comment = the_comment(read(a_thread(), as_described))
    assert (comment.story_source_id, comment.parent_source_id) == ("1", "6")
    assert comment.created_at == datetime(2014, 5, 1, 12, tzinfo=UTC)


def test_a_comment_without_an_id_is_named():
    assert skips(read(a_thread(), a_comment().replace(' dsq:id="7"', ""))) == [Skip.NO_ID]


def test_a_link_that_disqus_shortened_is_whole_again():
    link = '<p><a href="https://far.example/long/way" title="x">https://far.example/lo...</a></p>'
    assert the_comment(read(a_thread(), a_comment(message=link))).text == (
        "https://far.example/long/way"
    )


def test_lines_are_kept_where_there_are_no_paragraphs():
    plain = the_comment(read(a_thread(), a_comment(message="One\nTwo")))
    marked = the_comment(read(a_thread(), a_comment(message="<p>One\ntwo</p>")))
    assert (plain.text, marked.text) == ("One\nTwo", "One two")


def test_scripts_do_not_come_along():
    bad = "<p>Hi<script>alert(1)</script></p><img src=x onerror=alert(1)>"
    assert the_comment(read(a_thread(), a_comment(message=bad))).text == "Hi"


def test_dates_are_put_right_and_named():
    future = read(a_thread(), a_comment(createdAt="2099-01-01T00:00:00Z"))
    assert the_comment(future).created_at == NOW
    assert repairs(future) == {Repair.DATE_IN_FUTURE: 1}
    broken = read(a_thread(), a_comment(createdAt="2011-x09-30T22:48:43Z"))
    assert the_comment(broken).created_at == datetime(2014, 5, 1, 8, tzinfo=UTC)
    assert repairs(broken) == {Repair.DATE_FROM_STORY: 1}


def test_a_stray_byte_costs_a_letter_and_not_the_file():
    data = f"{HEAD}{a_thread()}{a_comment(message='Gr@@e')}</disqus>".encode()
    records = list(read_disqus(io.BytesIO(data.replace(b"@@", b"\xfc")), now=NOW))
    assert the_comment(records).text == "Gr\ufffde"
    assert repairs(records) == {Repair.WRONG_LETTERS: 1}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<rss/>", "not_disqus"),
        ("<html/>", "not_disqus"),
        ('<x:disqus xmlns:x="https://evil.example/"/>', "not_disqus"),
        ("`" + HEAD + "</disqus>", "malformed_xml"),
        (HEAD + a_thread(), "malformed_xml"),
        ('<!DOCTYPE disqus [<!ENTITY a "b">]><disqus/>', "forbidden_xml"),
        (HEAD + "<a>" * 100 + "</a>" * 100 + "</disqus>", "nested_too_deeply"),
        ("", "malformed_xml"),
    ],
)
def test_what_is_broken_or_something_else_is_refused(content: str, code: str):
    with pytest.raises(InvalidInput) as refused:
        list(read_disqus(io.BytesIO(content.encode()), now=NOW))
    assert refused.value.code == code


WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dsq="http://www.disqus.com/" xmlns:wp="http://wordpress.org/export/1.0/"><channel><item>
<title>A</title><link>https://courier.example/a</link>
<dsq:thread_identifier>story-9</dsq:thread_identifier>
<wp:post_date_gmt>2014-05-01 08:00:00</wp:post_date_gmt>
<wp:comment_status>open</wp:comment_status>{more}
<wp:comment><dsq:remote><dsq:id>reader-4</dsq:id><dsq:avatar>x</dsq:avatar></dsq:remote>
<wp:comment_id>65</wp:comment_id><wp:comment_author>Ada</wp:comment_author>
<wp:comment_author_email>ada@example.org</wp:comment_author_email>
<wp:comment_date_gmt>2014-05-02 08:00:00</wp:comment_date_gmt>
<wp:comment_content><![CDATA[Hello]]></wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment>
</item></channel></rss>"""


def read_wxr(more: str = "") -> list[Record]:
    data = io.BytesIO(WXR.format(more=more).encode())
    return list(read_wordpress(data, zone=ZoneInfo("UTC"), now=NOW))


def test_the_dialect_in_which_comments_are_brought_to_disqus_is_read():
    story, comment = read_wxr()
    assert (stories([story])[0].key, stories([story])[0].visible) == ("story-9", True)
    assert the_comment([comment]).status is ImportStatus.PUBLISHED
    assert the_comment([comment]).author.source_id == "reader-4"


def test_in_that_dialect_too_a_draft_is_a_draft():
    assert the_comment(read_wxr("<wp:status>draft</wp:status>")).status is ImportStatus.HIDDEN
    assert the_comment(read_wxr("<wp:post_type>x</wp:post_type>")).status is ImportStatus.HIDDEN
