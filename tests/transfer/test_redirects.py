"""Old links to comments: how they looked, and where they lead now."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from belowline.actions.sites import ModeChange, create_site, set_story_mode
from belowline.comments import store as comments_store
from belowline.core.terms import CommentId, CommentStatus, Role, StoryMode
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.imports import list_imports
from belowline.transfer.codes import Hide, ImportStatus
from belowline.transfer.intake import Intake, take_in
from belowline.transfer.permalinks import FORMS, new_link, old_link
from belowline.transfer.redirects import (
    FORMATS,
    Redirect,
    count_moved,
    find_moved,
    list_redirects,
    to_csv,
)
from belowline.web.templating import HERE
from tests.factories import SYSTEM, make_staff
from tests.transfer.made import newsroom, said, story

SECRET = "made up for the tests of redirects"
BASE = "https://comments.courier.example"
STORY = "https://www.courier.example/news/bridge"
UUID = "0c7a3b52-9e0e-4f57-9b2f-6a6f0f4d3c11"


@pytest.fixture
def site(db: Database) -> Site:
    made = create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])
    hidden = said("hidden", minutes=9, status=ImportStatus.REMOVED, why=Hide.TRASHED)
    take_in(Intake(db, made, "coral", SECRET), [*newsroom(), hidden])
    return made


def lines_of(db: Database, site: Site) -> list[Redirect]:
    with db.read() as conn:
        return list(list_redirects(conn, site.id, base_url=BASE, site_key=site.key))


@pytest.mark.parametrize(
    ("source", "source_id", "old"),
    [
        ("coral", UUID, f"{STORY}?commentID={UUID}"),
        ("wordpress", "12", f"{STORY}#comment-12"),
        ("disqus", "345", f"{STORY}#comment-345"),
        ("isso", "7", f"{STORY}#isso-7"),
        ("remark42", UUID, f"{STORY}#remark42__comment-{UUID}"),
        ("commento", "ab12" * 16, f"{STORY}#commento-{'ab12' * 16}"),
        ("commento", UUID, f"{STORY}#comentario-{UUID}"),
        ("artalk", "9", f"{STORY}#atk-comment-9"),
        ("plain", "9", None),
        ("isso-json", "9f", None),
    ],
)
def test_each_source_had_its_own_form_of_link(source: str, source_id: str, old: str | None) -> None:
    assert old_link(source, source_id, story_url=STORY) == old


def test_a_query_that_is_there_stays_and_a_fragment_goes() -> None:
    assert old_link("coral", "x", story_url=f"{STORY}?id=4#top") == f"{STORY}?id=4&commentID=x"
    assert old_link("isso", "7", story_url=f"{STORY}#top") == f"{STORY}#isso-7"
    assert new_link(f"{STORY}?id=4#top", 8) == f"{STORY}?id=4#belowline-c8"
    assert new_link("", 8) is None
    assert old_link("isso", "7", story_url="") is None


def test_every_form_of_the_embeds_script_is_known_here() -> None:
    text = (HERE / "static/was.js").read_text()

    assert re.findall(r'^  \["(\w+)", /', text, re.MULTILINE) == list(FORMS)


def test_a_line_leads_from_the_old_link_to_the_new_ones(db: Database, site: Site) -> None:
    lines = {one.source_id: one for one in lines_of(db, site)}

    with db.read() as conn:
        (moved,) = find_moved(conn, site.id, sources=("coral",), source_id="b")
    assert set(lines) == {"a", "b"}, "what readers cannot see has no new link"
    assert lines["b"] == Redirect(
        "coral",
        "b",
        "https://old.example/news/s1?commentID=b",
        f"https://old.example/news/s1#belowline-c{moved.comment_id}",
        f"{BASE}/s/courier/s1/c/{moved.comment_id}#c{moved.comment_id}",
    )


def test_what_is_taken_down_or_hidden_is_known_and_not_shown(db: Database, site: Site) -> None:
    def shown(source_id: str) -> list[bool]:
        with db.read() as conn:
            found = find_moved(conn, site.id, sources=("coral",), source_id=source_id)
        return [one.is_shown for one in found]

    assert (shown("a"), shown("hidden"), shown("never")) == ([True], [False], [])
    with db.read() as conn:
        (moved,) = find_moved(conn, site.id, sources=("coral",), source_id="b")
        one = comments_store.get_comment(conn, site.id, CommentId(moved.comment_id))
    with db.write(SYSTEM) as tx:
        comments_store.set_status(tx, one, CommentStatus.WITHDRAWN)
    assert shown("b") == [False]
    editor = make_staff(db, site.id, Role.EDITOR)
    change = ModeChange(StoryMode.SUSPENDED, "A court case")
    set_story_mode(db, one.story_id, site_id=site.id, by=editor, change=change)
    assert shown("a") == [False]
    assert lines_of(db, site) == []


def test_another_sites_comments_are_not_found(db: Database, site: Site) -> None:
    other = create_site(db, key="echo", name="Echo", origins=["https://echo.example"])

    with db.read() as conn:
        assert len(find_moved(conn, site.id, sources=("coral",), source_id="a")) == 1
        assert find_moved(conn, other.id, sources=("coral",), source_id="a") == []
    assert lines_of(db, other) == []


def test_an_import_has_its_own_lines(db: Database, site: Site) -> None:
    take_in(Intake(db, site, "isso", SECRET), [story("s9"), said("77", story="s9")])

    with db.read() as conn:
        latest, first = (one.id for one in list_imports(conn, site.id))
        counts = [count_moved(conn, site.id, one) for one in (first, latest)]
        own = list(
            list_redirects(conn, site.id, base_url=BASE, site_key=site.key, import_id=latest)
        )
    assert counts == [2, 1]
    assert [one.old for one in own] == ["https://old.example/news/s9#isso-77"]


def test_the_file_is_written_in_three_ways(db: Database, site: Site) -> None:
    lines = lines_of(db, site)
    written = {form: "".join(write(lines)) for form, (write, _) in FORMATS.items()}

    table = list(csv.DictReader(io.StringIO(written["csv"])))
    assert [row["old"] for row in table] == [one.old for one in lines]
    assert [json.loads(line)["new"] for line in written["json"].splitlines()] == [
        one.new for one in lines
    ]
    assert written["nginx"].splitlines() == [
        f'"coral/{one.source_id}" "{one.new}";' for one in lines
    ]


def test_nothing_of_an_address_or_an_id_breaks_out_of_the_file_for_nginx() -> None:
    write, _ = FORMATS["nginx"]
    nasty = [
        Redirect("coral", 'x"; }', None, None, "https://a.example/c/1"),
        Redirect("coral", "ok", None, 'https://a.example/$host/"; return 500 "', "p"),
    ]

    assert "".join(write(nasty)) == (
        '"coral/ok" "https://a.example/%24host/%22;%20return%20500%20%22";\n'
    )


def test_no_id_becomes_a_formula_in_a_spreadsheet() -> None:
    link = "https://courier.example/a#belowline-c1"
    one = Redirect("plain", "=HYPERLINK(1)", None, link, link)

    assert "".join(to_csv([one])).splitlines()[1] == f"plain,'=HYPERLINK(1),,{link},{link}"
