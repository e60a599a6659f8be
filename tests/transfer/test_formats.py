"""The list of formats: all that can be recognised are in it, and are read by it."""

from __future__ import annotations

import io
from datetime import UTC
from pathlib import Path

import pytest

from belowline.core.errors import InvalidInput
from belowline.transfer.formats import IMPORTERS, Asked, recognise
from belowline.transfer.gathering import gather
from belowline.transfer.recognise import Format
from tests.transfer.newsroom import COURIER, NOW, comments, everything, lines, put
from tests.transfer.reading import BASE, read_as
from tests.transfer.test_any_bytes import GOOD
from tests.transfer.test_coral_any_bytes import GOOD as GOOD_FILES

ASKED = Asked(UTC, NOW, base_url=BASE)


def test_every_format_that_is_recognised_can_be_read() -> None:
    assert set(IMPORTERS) == {one.value for one in Format}


@pytest.mark.parametrize("kind", GOOD)
def test_a_single_file_is_read_as_its_reader_reads_it(kind: Format, tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(GOOD[kind])
    importer = IMPORTERS[kind]
    stream = io.BufferedReader(io.BytesIO(GOOD[kind]))  # type: ignore[arg-type]
    assert list(importer.read([path], ASKED)) == list(read_as(kind, stream, now=NOW))


@pytest.mark.parametrize("name", GOOD_FILES)
def test_an_export_of_several_files_may_be_one(name: str, tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(GOOD_FILES[name])
    importer = IMPORTERS[name]
    assert comments(importer.read([path], ASKED))
    # Coral's begins with its tenant here, which nothing tells from other JSON.
    if name != "coral":
        assert recognise([path]) is importer


def test_a_folder_is_an_export(tmp_path: Path) -> None:
    made = {name: lines(them) for name, them in everything().items()}
    put(tmp_path / "coral", **made)
    asked = Asked(UTC, NOW, source_site=COURIER, sso_issuer="https://courier.example")
    importer = recognise([tmp_path / "coral"])
    assert importer.name == "coral"
    assert len(comments(importer.read([tmp_path / "coral"], asked))) == 10
    one_by_one = [file.path for file in gather([tmp_path / "coral"])]
    assert len(comments(importer.read(one_by_one, asked))) == 10


def test_of_several_files_the_broken_one_is_named(tmp_path: Path) -> None:
    for name, data in (("a.xml", GOOD[Format.WORDPRESS]), ("b.xml", b"<rss><channel>")):
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InvalidInput, match=r"^b\.xml: "):
        list(IMPORTERS["wordpress"].read([tmp_path], ASKED))


@pytest.mark.parametrize("name", ["isso", "isso-json"])
def test_where_pages_are_known_by_their_path_the_site_has_to_be_said(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "export"
    path.write_bytes(GOOD.get(Format(name), b"SQLite format 3\x00"))
    with pytest.raises(InvalidInput) as caught:
        list(IMPORTERS[name].read([path], Asked(UTC, NOW)))
    assert caught.value.code == "base_url_needed"


def test_what_nobody_knows_is_refused_with_what_it_seems_to_be_and_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_text("<feed/>", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"feed.*--from \(artalk, commento, coral"):
        recognise([path])


def test_every_format_is_in_the_reference() -> None:
    text = (Path(__file__).parents[2] / "docs/reference/imports.md").read_text(encoding="utf-8")
    assert [name for name in IMPORTERS if f"`{name}`" not in text] == []
