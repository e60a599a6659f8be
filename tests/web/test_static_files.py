"""Scripts and styles: from memory, compressed, revalidated, and nothing else of the disk."""

from __future__ import annotations

import gzip

import pytest

from belowline.web.encoding import choose_encoding, is_unchanged
from belowline.web.static_files import FOLDER, StaticFiles


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        (b"", ""),
        (b"gzip, deflate, br, zstd", "zstd"),
        (b"gzip;q=1.0, br;q=0", "gzip"),
        (b"identity", ""),
        (b"GZIP", "gzip"),
    ],
)
def test_the_best_encoding_that_the_client_takes(accepts: bytes, encoding: str) -> None:
    assert choose_encoding(accepts) == encoding


@pytest.mark.parametrize(
    ("known", "unchanged"),
    [
        (b"", False),
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"b", "a"', True),
        (b'"b"', False),
        (b"*", True),
    ],
)
def test_a_known_tag_is_recognised(known: bytes, *, unchanged: bool) -> None:
    assert is_unchanged(b'"a"', known) is unchanged


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/", "/static/x.css", "/embed.js"])
def test_only_files_of_the_folder_are_known(path: str) -> None:
    assert not StaticFiles().knows(path)


def test_first_load_of_the_embed_stays_small() -> None:
    """The embed's script and styles together, as the embed asks for them at first."""
    names = ["embed.js", "thread.js", "api.js", "dom.js", "drafts.js", "thread.css"]

    size = sum(len(gzip.compress((FOLDER / name).read_bytes(), 9)) for name in names)

    assert size <= 15_000
