"""Recognise the format of an export by what is in it, never by its name.

Only its beginning is looked at. What is not recognised is refused with what it seems to be and what
to do about it; what is recognised may still be refused by the reader of its format.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from enum import StrEnum

from belowline.core.errors import InvalidInput
from belowline.transfer.opening import HEAD, ExportFile
from belowline.transfer.outline import EACH, outline


class Format(StrEnum):
    """What an export can be."""

    WORDPRESS = "wordpress"
    DISQUS = "disqus"
    DISQUS_WXR = "disqus-wxr"
    """The extension of WordPress's format by which comments are brought to Disqus."""
    REMARK42 = "remark42"
    ISSO = "isso"
    """Its SQLite database."""
    ISSO_JSON = "isso-json"
    COMMENTO = "commento"
    """Also Commento++'s and Comentario's."""
    ARTALK = "artalk"
    CORAL = "coral"
    CORAL_CSV = "coral-csv"
    """The three files of its importer, which have no headings."""
    PLAIN_JSON = "plain-json"
    """Our own form, a JSON record a line."""
    PLAIN_CSV = "plain-csv"


NEEDS_BASE_URL = frozenset({Format.ISSO, Format.ISSO_JSON})
"""Formats that never know the site of their pages. Of others a file may not, and then says so."""

_SQLITE = b"SQLite format 3\x00"
_BYTE_ORDER = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_DISQUS = re.compile(r"=\s*[\"']https?://(?:www\.)?disqus\.com")
_BEFORE_ROOT = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_CSV_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_ ]{0,40}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T")
_YAML = re.compile(r"(?:---\s|- [a-z_]+:\s|[a-z_]+:\s)")
_SQL = re.compile(
    r"(?:\s*--[^\n]*\n|\s*/\*(?:[^*]|\*(?!/))*\*/;?)*\s*(?:CREATE|INSERT|PRAGMA|BEGIN|SET|DROP)\s",
    re.DOTALL | re.IGNORECASE,
)


def recognise_files(files: Sequence[ExportFile]) -> Format:
    """Return the format of an export that may be several files: that of the first that has one.

    Raises:
        InvalidInput: none of them has, and then what the first one seems to be.
    """
    refusals: list[InvalidInput] = []
    for file in files:
        try:
            with file.open() as stream:
                return recognise(stream)
        except InvalidInput as error:
            # A collection without records is an empty file, and a folder may hold a note on it.
            if error.code not in {"empty_file", "unknown_format"}:
                raise
            refusals.append(error)
    refusals.sort(key=lambda error: error.code == "empty_file")
    raise refusals[0] if refusals else _unknown("There is no file in this export.")


def recognise(stream: io.BufferedReader) -> Format:
    """Return the format of a file by its beginning, and leave all of it to be read.

    Raises:
        InvalidInput: with the code ``unknown_format``, saying what it seems to be instead.
    """
    head = stream.peek(HEAD)[:HEAD]
    if head.startswith(_SQLITE):
        return Format.ISSO
    text = _decode(head)
    start = text.lstrip(" \t\r\n")
    if start.startswith("<"):
        return _recognise_xml(start)
    if start.startswith(("{", "[")):
        return _recognise_json(start)
    if "<?xml" in start[:40]:
        raise _unknown(
            "This is XML, but something stands before its beginning, at line 1. Take it away."
        )
    if _SQL.match(start):
        raise _unknown("This is a dump of a database in SQL. Use the export of the program itself.")
    if _YAML.match(start):
        raise _unknown(_about_yaml(start))
    if _is_csv(start):
        return Format.PLAIN_CSV
    if _is_coral_csv(start):
        return Format.CORAL_CSV
    raise _unknown("This is no export that is known here: neither XML, JSON, CSV nor a database.")


def _unknown(message: str) -> InvalidInput:
    return InvalidInput(message, field="file", code="unknown_format")


def _decode(head: bytes) -> str:
    for mark, encoding in _BYTE_ORDER:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace")
    return head.decode("utf-8", "replace")


def _recognise_xml(text: str) -> Format:
    at = 0
    while before := _BEFORE_ROOT.match(text, at):
        at = before.end()
    rest = text[at:].lstrip()
    if rest[:9].lower() == "<!doctype":
        page = rest[9:40].strip().lower().startswith("html")
        raise _unknown(
            "This is a web page, perhaps the one that asks to sign in, and no export."
            if page
            else "This XML declares a document type, which no export does."
        )
    root = _ROOT.match(rest)
    name = root[1].rpartition(":")[2] if root else ""
    match name:
        case "disqus":
            return Format.DISQUS
        case "rss" if _DISQUS.search(rest.split(">", 1)[0]):
            return Format.DISQUS_WXR
        case "rss" if "wordpress.org/export" in rest:
            return Format.WORDPRESS
        case "rss" | "feed":
            raise _unknown(
                "This is a feed, which holds no comments. Export from the program itself."
            )
        case "html":
            raise _unknown(
                "This is a web page, perhaps the one that asks to sign in, and no export."
            )
        case "channel" | "item":
            raise _unknown(
                f"This begins with <{name}>: it is a piece of a WordPress export, whose beginning"
                " is missing."
            )
        case _:
            raise _unknown("This XML is of no program whose exports are known here.")


def _recognise_json(text: str) -> Format:
    paths = outline(text)
    in_list = text.startswith("[")
    names = {path[1 if in_list else 0] for path in paths if len(path) > in_list}
    comment = {path[2] for path in paths if path[:2] == ("comments", EACH) and len(path) > 2}
    if {"locator", "user"} <= names or "comment" in comment:
        return Format.REMARK42
    if "tenantID" in names:
        return Format.CORAL
    if "kind" in names:
        return Format.PLAIN_JSON
    if in_list and "page_key" in names:
        return Format.ARTALK
    if in_list and {"id", "comments"} <= names:
        return Format.ISSO_JSON
    if "commenters" in names or comment & {"commentHex", "pageId"}:
        return Format.COMMENTO
    if "version" in names and names & {"users", "posts"}:
        return Format.REMARK42
    if not names:
        raise _unknown("This JSON holds nothing by which its format could be told.")
    raise _unknown("This JSON is of no program whose exports are known here.")


def _about_yaml(text: str) -> str:
    if "page_key:" in text:
        return (
            "This is a picture of Artalk's own database in YAML. Export from Artalk with"
            " Artransfer, which writes JSON."
        )
    return "This looks like YAML, in which no program whose exports are known here writes."


def _is_csv(text: str) -> bool:
    line = text.split("\n", 1)[0].strip()
    marks = [mark for mark in ",;\t" if mark in line]
    names = [name.strip().strip('"') for name in line.split(marks[0])] if marks else []
    return len(names) >= 2 and all(_CSV_NAME.fullmatch(name) for name in names)


def _is_coral_csv(text: str) -> bool:
    """Whether a first row has the cells of one of Coral's tables, and in it what is sure to be."""
    try:
        cells = next(csv.reader(io.StringIO(text)), [])
    except csv.Error:
        return False
    match len(cells):
        case 6:
            return "@" in cells[1]
        case 7:
            return cells[1].startswith(("https://", "http://"))
        case 8:
            return _DAY.match(cells[3]) is not None
        case _:
            return False
