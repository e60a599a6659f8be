"""Tar archives: what is read from them, and what is refused."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.transfer.coral.reading import read_coral
from belowline.transfer.gathering import gather
from belowline.transfer.opening import RATIO_FREE_BYTES, find_files
from belowline.transfer.tarred import list_pieces
from belowline.transfer.zipped import MOST_FILES
from tests.transfer.newsroom import NOW, everything, lines, put

FILES = {"ThePress/stories.json": b"one\n" * 300, "ThePress/users.json": b"", "last": b"x" * 512}


def pack(files: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        folder = tarfile.TarInfo("ThePress/")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            # Fractions of a second take a header of their own, as most programs write it.
            info.mtime = 1.5  # type: ignore[assignment]
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def odd(kind: bytes, name: str = "a", target: str = "") -> bytes:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info.tobuf(tarfile.USTAR_FORMAT) + bytes(1024)


def contents(path: Path) -> dict[str, bytes]:
    found = {}
    for file in find_files(path):
        try:
            with file.open() as stream:
                found[file.name] = stream.read()
        except InvalidInput as error:
            found[file.name] = error.code.encode()
    return found


def refused(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(InvalidInput) as caught:
        contents(path)
    return caught.value.code


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("also", [lambda data: data, gzip.compress])
def test_the_files_in_an_archive_are_read_where_they_lie(
    tmp_path: Path, form: int, also: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "export"
    path.write_bytes(also(pack(FILES, form)))
    assert contents(path) == FILES | {"ThePress/users.json": b"empty_file"}


def test_what_a_desktop_leaves_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "export.tar"
    path.write_bytes(pack({"./a.json": b"{}", "._a.json": b"x", "__MACOSX/b": b"x"}))
    assert contents(path) == {"a.json": b"{}"}


def test_an_export_of_coral_may_be_one(tmp_path: Path) -> None:
    made = {name: lines(them) for name, them in everything().items()}
    files = put(tmp_path / "coral", **made)
    (tmp_path / "coral.tar.gz").write_bytes(
        gzip.compress(pack({f"coral/{name}.json": data for name, data in made.items()}))
    )
    packed = list(read_coral(gather([tmp_path / "coral.tar.gz"]), now=NOW))
    assert sorted(map(repr, packed)) == sorted(map(repr, read_coral(files, now=NOW)))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (odd(tarfile.SYMTYPE, target="/etc/passwd"), "unsafe_archive"),
        (odd(tarfile.LNKTYPE, target="b"), "unsafe_archive"),
        (odd(tarfile.FIFOTYPE), "unsafe_archive"),
        (odd(tarfile.BLKTYPE), "unsafe_archive"),
        (odd(b"S"), "unsafe_archive"),
        (odd(tarfile.REGTYPE, "../a"), "unsafe_archive"),
        (odd(tarfile.REGTYPE, "/etc/passwd"), "unsafe_archive"),
        (odd(tarfile.REGTYPE, "a\x1b[2J"), "unsafe_archive"),
        (pack(FILES)[:2000], "bad_tar"),
        (pack(FILES)[:1000], "bad_tar"),
        (pack({"a": b"x"}).replace(b"ThePress", b"ThePrEss"), "bad_tar"),
        (pack({}), "empty_file"),
        (odd(tarfile.DIRTYPE)[:512] * 20_000, "too_many_files"),
        (pack({f"f{number}": b"x" for number in range(MOST_FILES + 1)}), "too_many_files"),
        (pack({"a.gz": gzip.compress(b"{}")}), "unreadable_file"),
        (pack({"a.tar": pack(FILES)}), "unreadable_file"),
    ],
)
def test_what_is_not_plain_files_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "export"
    path.write_bytes(data)
    if code == "unreadable_file":
        assert set(contents(path).values()) == {code.encode()}
    else:
        assert refused(path, data) == code


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(pack({"a": bytes(RATIO_FREE_BYTES + 1024**2)}))
    assert refused(tmp_path / "bomb.tar.gz", packed) == "suspicious_compression"


def test_what_would_be_unpacked_again_and_again_is_refused(tmp_path: Path) -> None:
    first = os.urandom(1024**2) + bytes(89 * 1024**2)
    files = {"first": first} | {f"{number}": b"x" for number in range(MOST_FILES - 1)}
    packed = gzip.compress(pack(files, tarfile.USTAR_FORMAT), compresslevel=1)
    assert refused(tmp_path / "many.tar.gz", packed) == "gzipped_archive_too_large"


def test_a_size_beyond_the_end_is_found_out(tmp_path: Path) -> None:
    info = tarfile.TarInfo("a")
    info.size = 8**11 - 1
    data = info.tobuf(tarfile.USTAR_FORMAT) + b"x" * 512
    assert refused(tmp_path / "short.tar", data) == "bad_tar"
    assert refused(tmp_path / "short.tar.gz", gzip.compress(data)) == "bad_tar"


@settings(max_examples=200)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=3))
def test_a_damaged_archive_gives_files_or_a_named_error(place: int, instead: bytes) -> None:
    data = pack(FILES)
    place = min(place, len(data))
    try:
        pieces = list_pieces(io.BytesIO(data[:place] + instead + data[place + len(instead) :]))
    except InvalidInput as error:
        pieces = ()
        code = error.code
    else:
        code = ""
    assert pieces or code in {"bad_tar", "unsafe_archive", "empty_file", "too_many_files"}
