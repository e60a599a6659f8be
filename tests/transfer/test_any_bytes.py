"""Whatever a file holds: records or one clear error, in bounded memory, and nothing made public."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.transfer.artalk import read_artalk
from belowline.transfer.codes import ImportStatus, RecordKind
from belowline.transfer.recognise import Format
from belowline.transfer.remark42 import read_remark42
from belowline.transfer.shape import Record, Skipped
from tests.transfer import test_artalk, test_commento, test_disqus, test_isso, test_remark42
from tests.transfer.reading import NOW, comments, read_as

GOOD: dict[Format, bytes] = {
    Format.DISQUS: (
        test_disqus.HEAD + test_disqus.a_thread()
        + "".join(test_disqus.a_comment(str(n), parent=str(n - 1)) for n in range(2, 6))
        + "</disqus>"
    ).encode(),
    Format.WORDPRESS: test_disqus.WXR.format(more="<wp:status>publish</wp:status>").encode(),
    Format.REMARK42: "\n".join(
        json.dumps(value)
        for value in (
            test_remark42.meta(test_remark42.blocked("2121-01-01T00:00:00Z")),
            test_remark42.said(),
            test_remark42.said("c2", pid="c1", edit={"time": "2021-03-06T00:00:00Z"}),
        )
    ).encode(),
    Format.COMMENTO: json.dumps(
        {
            "version": 1,
            "comments": [test_commento.first(), test_commento.third()],
            "commenters": [test_commento.account()],
        }
    ).encode(),
    Format.ARTALK: json.dumps([test_artalk.said(), test_artalk.said(id="8", rid="7")]).encode(),
    Format.ISSO_JSON: json.dumps([test_isso.page(test_isso.plain(), test_isso.plain())]).encode(),
}  # fmt: skip


def read(kind: Format, data: bytes) -> list[Record]:
    return list(read_as(kind, io.BufferedReader(io.BytesIO(data))))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(GOOD))
def test_the_good_files_are_good(kind: Format):
    assert comments(read(kind, GOOD[kind]))


@pytest.mark.parametrize("kind", [*GOOD, Format.ISSO])
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(kind: Format, data: bytes):
    with suppress(InvalidInput):
        read(kind, data)


@pytest.mark.parametrize("kind", list(GOOD))
@given(st.data())
def test_any_damage_to_a_good_file_is_read_or_refused(kind: Format, data: st.DataObject):
    good = GOOD[kind]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(good)))
        length = data.draw(st.integers(0, 12))
        good = good[:at] + data.draw(st.binary(max_size=8)) + good[at + length :]
    records: list[Record] = []
    with suppress(InvalidInput):
        records = read(kind, good)
    for comment in comments(records):
        assert "\0" not in comment.html + comment.text + comment.author.name


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=8)
    | st.sampled_from(["true", "approved", "root", "2024-05-01T00:00:00Z", "/a", "https://x.example/"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)  # fmt: skip


def mixed_up(record: Callable[..., dict[str, object]]) -> st.SearchStrategy[dict[str, object]]:
    """Give records in which some fields hold anything, and some are missing."""
    names = sorted(record())
    changed = st.dictionaries(st.sampled_from(names), VALUE, max_size=4)
    missing = st.sets(st.sampled_from(names), max_size=2)
    return st.builds(
        lambda given, gone: {k: v for k, v in (record() | given).items() if k not in gone},
        changed,
        missing,
    )


def accounted(records: list[Record]) -> int:
    """Count the comments and those that were left out, which is all that were read."""
    left_out = (r for r in records if isinstance(r, Skipped) and r.kind is RecordKind.COMMENT)
    return len(comments(records)) + sum(1 for _ in left_out)


def as_lines(values: list[dict[str, object]]) -> io.BytesIO:
    return io.BytesIO("\n".join(json.dumps(value) for value in values).encode())


@given(st.lists(mixed_up(partial(test_remark42.said, edit={})), min_size=1, max_size=5))
def test_no_comment_of_remark42_is_lost(said: list[dict[str, object]]):
    records = list(read_remark42(as_lines([test_remark42.meta(), *said]), now=NOW))
    assert accounted(records) == len(said)


@given(mixed_up(partial(test_remark42.said, delete=False, pin=False, orig="Hello")))
def test_of_remark42_nothing_that_was_deleted_is_made_public(said: dict[str, object]):
    for comment in comments(read_remark42(as_lines([test_remark42.meta(), said]), now=NOW)):
        if comment.status is ImportStatus.PUBLISHED:
            deleted = said.get("delete")
            assert deleted is None or str(deleted).strip().lower() in {"", "false", "0", "no"}


@given(st.lists(mixed_up(test_artalk.said), min_size=1, max_size=5))
def test_no_comment_of_artalk_is_lost(said: list[dict[str, object]]):
    records = list(
        read_artalk(as_lines(said), zone=NOW.tzinfo, now=NOW, base_url="https://a.example")
    )  # type: ignore[arg-type]
    assert accounted(records) == len(said)


@given(
    st.lists(mixed_up(test_commento.first), max_size=4),
    st.lists(mixed_up(test_commento.third), max_size=4),
)
def test_no_comment_of_commento_is_lost_and_none_is_made_public(
    first: list[dict[str, object]], third: list[dict[str, object]]
):
    whole = {"version": 3, "comments": [*first, *third], "commenters": []}
    records = read(Format.COMMENTO, json.dumps(whole).encode())
    assert accounted(records) == len(first) + len(third)
    public = [c for c in comments(records) if c.status is ImportStatus.PUBLISHED]
    may_be = sum(one.get("state") == "approved" for one in first)
    may_be += sum(one.get("isApproved") in (True, "true", 1, "1", "yes") for one in third)
    assert len(public) <= may_be


TRUTHS = st.sampled_from(["true", "false", "", "1", "TRUE"])


@given(st.lists(st.tuples(TRUTHS, TRUTHS, TRUTHS), max_size=5), TRUTHS)
def test_of_disqus_only_what_is_neither_deleted_nor_spam_is_public(
    marks: list[tuple[str, str, str]], story_deleted: str
):
    said = [
        test_disqus.a_comment(str(n), isDeleted=deleted, isSpam=spam, isApproved=approved)
        for n, (deleted, spam, approved) in enumerate(marks)
    ]
    records = test_disqus.read(test_disqus.a_thread(isDeleted=story_deleted), *said)
    assert accounted(records) == len(marks)
    public = {c.source_id for c in comments(records) if c.status is ImportStatus.PUBLISHED}
    assert public == {
        str(n)
        for n, mark in enumerate(marks)
        if mark == ("false", "false", "true") and story_deleted == "false"
    }


CHUNK = 1024 * 1024


def endless(start: bytes, again: bytes) -> Iterator[bytes]:
    """Give a gigabyte that begins in one way and goes on in another."""
    yield start
    for _ in range(1024):
        yield again * (CHUNK // len(again))


class Flowing(io.RawIOBase):
    """A file that exists only as it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._held = self._held or next(self._pieces, b"")
        data, self._held = self._held[: len(buffer)], self._held[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


ENDLESS: dict[str, tuple[Format, bytes, bytes]] = {
    "one line of JSON": (Format.REMARK42, b'{"version":1,"users":[]}\n{"id":"', b"x"),
    "one list in JSON": (Format.REMARK42, b'{"version":1,"users":[', b"{},"),
    "one text in Artrans": (Format.ARTALK, b'[{"content":"', b"\xe2\x82\xac"),
    "names without end": (Format.COMMENTO, b'{"version":1,"comments":[{"', b"a"),
    "one element of XML": (Format.DISQUS, test_disqus.HEAD.encode() + b"<post><message>", b"x"),
    "elements of XML": (Format.DISQUS, test_disqus.HEAD.encode() + b"<post>", b"<a/>"),
    "one comment of XML": (Format.DISQUS, test_disqus.HEAD.encode() + b"<!-- ", b"> "),
    "attributes": (Format.DISQUS, test_disqus.HEAD.encode() + b"<post a='", b"b"),
    "one line of text": (Format.WORDPRESS, b"", b"x"),
    "white space": (Format.WORDPRESS, b"<rss>", b" \n"),
}


@pytest.mark.parametrize("name", list(ENDLESS))
def test_a_gigabyte_in_one_piece_is_refused_in_little_memory_and_time(name: str):
    """In a process of its own, whose memory the system bounds: more of it would be an error."""
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (600 << 20,) * 2); "
        f"sys.path[:0] = {[str(Path(__file__).parents[2]), *sys.path]!r}; "
        f"from tests.transfer.test_any_bytes import refuse; refuse({name!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("refused:")


def refuse(name: str) -> None:
    """Read one of the endless files and print how it was refused."""
    kind, start, again = ENDLESS[name]
    reading = partial(read_as, kind)
    try:
        for _ in reading(io.BufferedReader(Flowing(endless(start, again)))):
            pass
    except InvalidInput as error:
        sys.stdout.write(f"refused: {error.code}\n")
