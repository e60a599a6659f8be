"""Zip archives: one file or several, and nothing that an archive can do besides."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from belowline.core.errors import InvalidInput
from belowline.transfer import zipped
from belowline.transfer.opening import find_files, open_export

TEXT = b"<rss></rss>\n"


def pack(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes], how: int = 8) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def read_all(path: Path) -> None:
    for file in find_files(path):
        with file.open() as stream:
            while stream.read(1 << 20):
                pass


def refused(path: Path) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        read_all(path)
    return caught.value


def linking(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


def named(name: str) -> zipfile.ZipInfo:
    """Make an entry with a name that the library would tidy if it were given one."""
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name
    return info


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_single_file_is_read_as_if_it_lay_there_itself(tmp_path: Path, how: int):
    entries = [("export/", b""), ("export/a.xml", TEXT), ("__MACOSX/._a.xml", b"x")]
    with open_export(pack(tmp_path / "a.zip", *entries, how=how)) as stream:
        assert stream.read() == TEXT


def test_several_files_are_read_one_after_the_other(tmp_path: Path):
    path = pack(tmp_path / "a.zip", ("b.xml", TEXT), ("a.xml", TEXT * 2))
    files = find_files(path)
    assert [file.name for file in files] == ["b.xml", "a.xml"]
    for file, size in zip(files, (1, 2), strict=True):
        with file.open() as stream:
            assert stream.read() == TEXT * size
    with pytest.raises(InvalidInput, match="2 files") as caught, open_export(path):
        pass
    assert caught.value.code == "several_files"


@pytest.mark.parametrize(
    "name",
    [
        "../a.xml", "a/../../b.xml", "/etc/a.xml", "C:\\a.xml", "c:a.xml", "..\\a.xml",
        "a\\b.xml", "~/a.xml", "\\\\host\\a.xml", "a\nb.xml", "..",
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str):
    path = pack(tmp_path / "a.zip", ("good.xml", TEXT), (named(name), TEXT))
    assert refused(path).code == "unsafe_archive"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int):
    path = pack(tmp_path / "a.zip", (linking("a.xml", kind), b"/etc/passwd"))
    assert refused(path).code == "unsafe_archive"


def test_nothing_is_ever_written_to_the_disk(tmp_path: Path):
    path = pack(tmp_path / "a.zip", ("b.xml", TEXT))
    with open_export(path) as stream:
        stream.read()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("inner", "word"),
    [
        (b"PK\x03\x04rest", "twice"),
        (b"\x1f\x8brest", "twice"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\0" * 257 + b"ustar\0", "tar"),
        (b"", "empty"),
    ],
)
def test_archives_in_archives_are_refused(tmp_path: Path, inner: bytes, word: str):
    assert word in refused(pack(tmp_path / "a.zip", ("a.xml", inner))).message


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_uncommon_packing_is_refused(tmp_path: Path, how: int):
    assert "packed in a way" in refused(pack(tmp_path / "a.zip", ("a.xml", TEXT), how=how)).message


def test_an_encrypted_file_is_refused(tmp_path: Path):
    path = pack(tmp_path / "a.zip", ("a.xml", TEXT))
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    path.write_bytes(data)
    assert "encrypted" in refused(path).message


def test_a_bomb_is_refused_while_it_is_unpacked(tmp_path: Path):
    path = pack(tmp_path / "a.zip", ("a.xml", b" " * 40_000_000))
    assert refused(path).code == "suspicious_compression"


def test_files_that_lie_in_each_other_are_refused(tmp_path: Path):
    """One packed piece that a hundred names point at is as large as a hundred."""
    path = pack(tmp_path / "a.zip", ("a", os.urandom(2000)))
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[at:end]
    names = [bytes([letter]) for letter in range(ord("a"), ord("z"))]
    listed = b"".join(
        entry.replace(b"a", name) if entry[46:47] == b"a" else entry for name in names
    )
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, len(names), len(names), len(listed))
    path.write_bytes(data[:at] + listed + bytes(tail))
    assert refused(path).code in {"suspicious_compression", "bad_zip"}


def test_two_files_of_one_name_are_refused(tmp_path: Path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = pack(tmp_path / "a.zip", ("a.xml", TEXT), ("a.xml", TEXT))
    assert "same name" in refused(path).message


def test_too_many_files_are_refused_before_their_list_is_read(tmp_path: Path):
    path = pack(tmp_path / "a.zip", *((f"{n}.xml", b"x") for n in range(zipped.MOST_FILES + 1)))
    assert refused(path).code == "too_many_files"


def test_a_list_of_huge_length_is_refused_before_it_is_read(tmp_path: Path):
    path = pack(tmp_path / "a.zip", ("a.xml", TEXT))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x05\x06") + 12, 2**31)
    path.write_bytes(data)
    assert refused(path).code == "too_many_files"


def test_an_archive_of_nothing_is_refused(tmp_path: Path):
    assert refused(pack(tmp_path / "a.zip", ("folder/", b""))).code == "empty_file"
    assert "empty zip" in refused(pack(tmp_path / "b.zip")).message


def test_damage_is_refused_wherever_it_is(tmp_path: Path):
    good = pack(tmp_path / "a.zip", ("a.xml", os.urandom(300)), ("b.xml", TEXT * 40)).read_bytes()
    path = tmp_path / "b.zip"
    for cut in range(4, len(good), 7):
        path.write_bytes(good[:cut])
        assert refused(path).field == "file"
    for at in range(4, len(good), 3):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :])
        with suppress(InvalidInput):
            read_all(path)


def test_what_only_calls_itself_a_zip_is_read_as_what_it_is(tmp_path: Path):
    path = tmp_path / "a.zip"
    path.write_bytes(TEXT)
    with open_export(path) as stream:
        assert isinstance(stream, io.BufferedReader)
        assert stream.read() == TEXT


def test_a_long_remark_does_not_hide_a_huge_list(tmp_path: Path):
    path = pack(tmp_path / "a.zip", ("a.json", b"{}"))
    data = path.read_bytes()
    end = data.rindex(b"PK\x05\x06")
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    remark = b"x" * 65_535
    whole = data[end : end + 20] + struct.pack("<H", len(remark)) + remark
    path.write_bytes(data[:end] + locator + whole)

    assert "huge" in refused(path).message
