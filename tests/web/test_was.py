"""Old links that lead to comments where they are today, and the console's page about them."""

from __future__ import annotations

import pytest

from belowline.comments import store as comments
from belowline.core.terms import CommentId, CommentStatus, Role
from belowline.storage.imported import find_targets
from belowline.storage.imports import list_imports
from belowline.transfer.codes import Hide, ImportStatus
from belowline.transfer.intake import Intake, take_in
from tests import factories
from tests.transfer.made import newsroom, said
from tests.web.asking import SECRET, Asker


@pytest.fixture
def moved(echo: Asker) -> Asker:
    """Give the site with a made-up source's comments in it."""
    hidden = said("hidden", minutes=9, status=ImportStatus.REMOVED, why=Hide.TRASHED)
    take_in(Intake(echo.db, echo.site, "coral", SECRET), [*newsroom(), hidden])
    return echo


def number(echo: Asker, source_id: str) -> int:
    with echo.db.read() as conn:
        found = find_targets(conn, echo.site.id, source="coral", kind="comment", ids=[source_id])
    return found[source_id]


def test_an_old_number_leads_to_the_comment_for_good(moved: Asker) -> None:
    answer = moved.ask("GET", "/was/echo/coral/b")

    assert answer.status_code == 301
    assert answer.headers["location"] == f"/s/echo/s1/c/{number(moved, 'b')}#c{number(moved, 'b')}"
    assert moved.ask("GET", answer.headers["location"].partition("#")[0]).status_code == 200


def test_what_readers_cannot_see_any_more_is_gone(moved: Asker) -> None:
    with moved.db.write(factories.SYSTEM) as tx:
        one = comments.get_comment(tx.conn, moved.site.id, CommentId(number(moved, "b")))
        comments.set_status(tx, one, CommentStatus.WITHDRAWN)

    for source_id in ("b", "hidden"):
        answer = moved.ask("GET", f"/was/echo/coral/{source_id}")
        assert answer.status_code == 410
        assert "no longer there" in answer.text
        assert "Words" not in answer.text
        assert 'href="/s/echo/s1"' in answer.text


@pytest.mark.parametrize("path", ["coral/never", "disqus/b", "coral/B", "nothing/b"])
def test_what_never_came_in_is_not_found(moved: Asker, path: str) -> None:
    assert moved.ask("GET", f"/was/echo/{path}").status_code == 404


def test_the_embed_finds_the_comment_of_its_own_story_alone(moved: Asker) -> None:
    factories.make_story(moved.db, moved.site.id, "other")

    found = moved.ask("GET", "stories/s1/was/coral/b")

    assert found.json() == {"comment": number(moved, "b")}
    for path in ("s1/was/coral/hidden", "other/was/coral/b", "s1/was/comment/b", "s1/was/x/b"):
        assert moved.ask("GET", f"stories/{path}").status_code == 404


def test_an_owner_sees_the_imports_and_gets_the_file(moved: Asker) -> None:
    owner = moved.token(factories.make_staff(moved.db, moved.site.id, Role.OWNER))
    with moved.db.read() as conn:
        (one,) = list_imports(conn, moved.site.id)
    there = f"/console/echo/imports/{one.id}"

    assert there in moved.ask("GET", "/console/echo/imports", by=owner).text
    page = moved.ask("GET", there, by=owner).text
    file = moved.ask("GET", f"{there}/redirects?form=csv", by=owner)

    assert "2 comments of this import can be seen" in page
    assert f"https://old.example/news/s1#belowline-c{number(moved, 'a')}" in page
    assert file.headers["content-disposition"].endswith(f'echo-redirects-{one.id}.csv"')
    assert len(file.text.splitlines()) == 3
    assert moved.ask("GET", f"{there}/redirects?form=exe", by=owner).status_code == 422


def test_another_sites_import_is_not_there(moved: Asker) -> None:
    other = factories.make_site(moved.db, "other")
    owner = moved.token(factories.make_staff(moved.db, other.id, Role.OWNER))
    with moved.db.read() as conn:
        (one,) = list_imports(conn, moved.site.id)

    for path in (f"imports/{one.id}", f"imports/{one.id}/redirects"):
        assert moved.ask("GET", f"/console/other/{path}", by=owner).status_code == 404
