from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from belowline.core.errors import InvalidInput
from belowline.transfer.gathering import gather, naming
from belowline.transfer.zipped import MOST_FILES


def test_a_folder_gives_its_files_and_those_one_folder_down(tmp_path: Path):
    for name in (
        "b.json",
        "a.json",
        "ThePress/c.json",
        "ThePress/deep/d.json",
        ".hidden",
        "__MACOSX/x",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    (tmp_path / "link.json").symlink_to(tmp_path / "a.json")
    assert [file.name for file in gather([tmp_path])] == ["ThePress/c.json", "a.json", "b.json"]


def test_an_archive_gives_the_files_in_it(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("ThePress/stories.json", "{}\n")
        archive.writestr("ThePress/users.json", "")
    (tmp_path / "more.json").write_text("{}", encoding="utf-8")
    files = gather([tmp_path / "export.zip", tmp_path / "more.json"])
    assert [file.name for file in files] == [
        "ThePress/stories.json", "ThePress/users.json", "more.json",
    ]  # fmt: skip
    with files[0].open() as stream:
        assert stream.read() == b"{}\n"


def test_an_empty_folder_is_refused(tmp_path: Path):
    with pytest.raises(InvalidInput) as caught:
        gather([tmp_path])
    assert caught.value.code == "empty_file"


def test_too_many_files_are_refused(tmp_path: Path):
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        gather([tmp_path])
    assert caught.value.code == "too_many_files"


def test_what_is_wrong_with_a_file_is_said_with_its_name(tmp_path: Path):
    (tmp_path / "users.json").write_text("{}", encoding="utf-8")
    (file,) = gather([tmp_path])
    with pytest.raises(InvalidInput, match=r"^Which site"), naming(file):
        raise InvalidInput("Which site is meant?", field="source_site")
    with pytest.raises(InvalidInput) as caught, naming(file):
        raise InvalidInput("The file is broken.", field="file", code="malformed_json", line=3)
    error = caught.value
    assert error.message == "users.json: The file is broken."
    assert (error.code, error.field, error.context["line"]) == ("malformed_json", "file", 3)
