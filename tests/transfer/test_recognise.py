"""Formats are known by what is in a file, and what is none is told what it seems to be."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.transfer.opening import open_export
from belowline.transfer.outline import outline
from belowline.transfer.recognise import Format, recognise

WXR = '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel/></rss>'
DSQ = WXR.replace("><channel", ' xmlns:dsq="http://www.disqus.com/"><channel')


def known(content: str | bytes) -> Format:
    data = content if isinstance(content, bytes) else content.encode()
    stream = io.BufferedReader(io.BytesIO(data), 64 * 1024)  # type: ignore[arg-type]
    found = recognise(stream)
    assert stream.read() == data, "recognising a file leaves all of it to be read"
    return found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (WXR, Format.WORDPRESS),
        (f'<?xml version="1.0"?>\n<!-- made by\nWordPress --><!-- x -->\n{WXR}', Format.WORDPRESS),
        (codecs.BOM_UTF8 + WXR.encode(), Format.WORDPRESS),
        (WXR.encode("utf-16"), Format.WORDPRESS),
        (DSQ, Format.DISQUS_WXR),
        ('<disqus xmlns="http://disqus.com"></disqus>', Format.DISQUS),
        ('<x:disqus xmlns:x="http://disqus.com"/>', Format.DISQUS),
        ("SQLite format 3\0rest", Format.ISSO),
        ('{"version":1,"users":[],"posts":[]}\n{"id":"x"}', Format.REMARK42),
        ('{"id":"x","locator":{"url":"u"},"user":{}}', Format.REMARK42),
        ('[{"id":"x","user":{"name":"y"},"locator":{}}]', Format.REMARK42),
        ('{"comments":[{"comment":{"id":1}}],"info":{}}', Format.REMARK42),
        ('{"version":1,"comments":[{"commentHex":"a"}],"commenters":[]}', Format.COMMENTO),
        ('{"version":3,"pages":[],"comments":[],"commenters":[]}', Format.COMMENTO),
        ('{"version":3,"pages":[{"id":"a"}],"comments":[{"pageId":"a"', Format.COMMENTO),
        ('[{"id":"/a/","title":"x","comments":[{"id":0}]}]', Format.ISSO_JSON),
        ('[{"id":"1","rid":"0","content":"x","page_key":"/a"}]', Format.ARTALK),
        ('{"tenantID":"t","id":"c","revisions":[{"body":"kind"}]}', Format.CORAL),
        ('[{"_id":{"$oid":"x"},"tenantID":"t"}]', Format.CORAL),
        ('{"kind":"story","id":"1"}', Format.PLAIN_JSON),
        ("comment_id,story_url,text\n1,x,y\n", Format.PLAIN_CSV),
        ('"comment id";"text"\n', Format.PLAIN_CSV),
    ],
)
def test_each_format_is_known_by_its_content(content: str | bytes, found: Format):
    assert known(content) is found


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("`<?xml version='1.0'?><disqus/>", "stands before its beginning, at line 1"),
        ("<!DOCTYPE html><html><title>Sign in</title>", "web page"),
        ("<html><body>", "web page"),
        ("<!DOCTYPE disqus [<!ENTITY a 'b'>]><disqus/>", "document type"),
        ("<rss><channel><item/></channel></rss>", "feed"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", "feed"),
        ("<channel><item><wp:comment/></item></channel>", "beginning is missing"),
        ("<opml/>", "no program"),
        ("<", "no program"),
        ("- id: 1000\n  rid: 0\n  page_key: /a\n", "Artransfer"),
        ("---\ntitle: x\n", "YAML"),
        ("-- MySQL dump 10.13\n\nDROP TABLE IF EXISTS `wp_comments`;", "dump"),
        ("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;", "dump"),
        ("{}", "nothing by which"),
        ("[]", "nothing by which"),
        ('{"a": 1, "b": [2]}', "no program"),
        ("Dear desk, here are the comments.", "neither"),
        ("\0\1\2\3", "neither"),
    ],
)
def test_what_is_no_export_is_told_what_it_seems_to_be(content: str, words: str):
    with pytest.raises(InvalidInput, match=words) as refused:
        known(content)
    assert refused.value.code == "unknown_format"


def test_a_link_to_disqus_in_an_article_makes_no_dialect():
    link = '<item><description>href="http://disqus.com/x"</description></item>'
    assert known(WXR.replace("<channel/>", f"<channel>{link}</channel>")) is Format.WORDPRESS


def refusal(content: str | bytes) -> str | None:
    """Give the code with which a file is not recognised, or None if it is."""
    try:
        known(content)
    except InvalidInput as error:
        return error.code
    return None


@given(st.binary(max_size=300))
def test_any_bytes_are_a_format_or_are_refused(data: bytes):
    assert refusal(data) in {None, "unknown_format"}


@given(st.text(alphabet=string.punctuation + " \nab<", max_size=80))
def test_any_marks_are_a_format_or_are_refused(text: str):
    assert refusal(text) in {None, "unknown_format"}


def test_it_is_known_through_gzip(tmp_path: Path):
    path = tmp_path / "export.bin"
    path.write_bytes(gzip.compress(WXR.encode()))
    with open_export(path) as stream:
        assert recognise(stream) is Format.WORDPRESS


NAMES = st.text(alphabet='abé"\\ ', max_size=3)
JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def paths_of(value: object) -> set[tuple[str, ...]]:
    """List the paths of a value in the plainest way."""
    found: set[tuple[str, ...]] = set()
    if isinstance(value, dict):
        for name, inner in value.items():
            raw = json.dumps(name, ensure_ascii=False)[1:-1]
            found |= {(raw,), *((raw, *path) for path in paths_of(inner))}
    if isinstance(value, list):
        for inner in value:
            found |= {("[]", *path) for path in paths_of(inner)}
    return found


@given(JSON, st.integers(0, 60))
def test_the_outline_is_that_of_the_json_as_far_as_it_goes(value: object, cut: int):
    text = json.dumps(value, ensure_ascii=False)
    whole = {path for path in outline(text) if path[-1] != "[]"}
    assert whole == paths_of(value)
    assert {path for path in outline(text[:cut]) if path[-1] != "[]"} <= whole


@pytest.mark.parametrize(
    "unit", ["/**/", "--\n", "<!---->", "<?a?>", '{"a":', "[", '"\\', "a,", "- a: "]
)
def test_recognising_takes_no_time_however_a_file_begins(unit: str):
    with pytest.raises(InvalidInput):
        known(unit * (200_000 // len(unit)))
