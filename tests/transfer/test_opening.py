from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from belowline.core.errors import InvalidInput
from belowline.transfer.opening import open_export

TEXT = b"<rss></rss>\n"


def read(path: Path, **limits: int) -> bytes:
    with open_export(path, **limits) as stream:
        return stream.read()


@pytest.mark.parametrize("content", [TEXT, gzip.compress(TEXT)], ids=["plain", "gzip"])
def test_gzip_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path, content: bytes):
    path = tmp_path / "export.txt"
    path.write_bytes(content)
    assert read(path) == TEXT


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param(b"PK\x03\x04rest", "zip", id="broken zip"),
        pytest.param(b"\x28\xb5\x2f\xfd", "zstd", id="zstd"),
        pytest.param(b"\0" * 257 + b"ustar\0", "tar", id="tar"),
        pytest.param(b"BZh91AY", "bzip2", id="bzip2"),
        pytest.param(gzip.compress(b"PK\x03\x04rest"), "twice", id="zip in gzip"),
        pytest.param(gzip.compress(gzip.compress(TEXT)), "twice", id="gzip in gzip"),
        pytest.param(b"", "empty", id="empty"),
        pytest.param(gzip.compress(b""), "empty", id="empty in gzip"),
        pytest.param(gzip.compress(TEXT * 50)[:-20], "early", id="cut off"),
        pytest.param(gzip.compress(TEXT)[:10] + b"\xff" * 30, "damaged", id="damaged"),
        pytest.param(gzip.compress(TEXT)[:-8] + b"\x00" * 8, "damaged", id="wrong checksum"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, content: bytes, word: str):
    path = tmp_path / "export.xml"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=word) as refused:
        read(path)
    assert refused.value.field == "file"


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "none", tmp_path, tmp_path / "pipe"):
        with pytest.raises(InvalidInput):
            read(path)


def test_a_bomb_is_refused_by_its_ratio_while_it_is_unpacked(tmp_path: Path):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"\x20" * 40_000_000))
    with pytest.raises(InvalidInput) as refused:
        read(path)
    assert refused.value.code == "suspicious_compression"


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_the_absolute_bound_is_exact(tmp_path: Path, pack: Callable[[bytes], bytes]):
    path = tmp_path / "export"
    path.write_bytes(pack(b"x" * 1000))
    assert len(read(path, max_bytes=1000)) == 1000
    with pytest.raises(InvalidInput) as refused:
        read(path, max_bytes=999)
    assert refused.value.code == "file_too_large"
