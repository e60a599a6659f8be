"""The demo's own pages: there in a demo, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from litestar.testing import TestClient

from belowline.actions.sites import create_site
from belowline.core.settings import Settings
from belowline.core.terms import Actor, ReaderId
from belowline.demo.outbox import DEMO_ROUTES
from belowline.outside.mail import Letter, OutboxMail
from belowline.readers import store as readers
from belowline.storage.database import Database
from belowline.web.app import make_app
from belowline.web.house import make_house

BASE = "http://127.0.0.1:8000"
LETTER = Letter(
    "ada@reader.example",
    "Your code",
    "Use 123456 or go to http://127.0.0.1:8000/me/courier, please. <b>&",
    "<html><head></head><body><script>alert(1)</script><p>123456</p></body></html>",
    "<code-1@127.0.0.1>",
)

Browse = Callable[..., TestClient]  # type: ignore[type-arg]


@pytest.fixture
def reader(migrated_sqlite: Path, tmp_path: Path) -> ReaderId:
    file = tmp_path / "demo.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    db = Database(f"sqlite:///{file}")
    create_site(db, key="courier", name="The Courier", origins=["http://127.0.0.1:8001"])
    with db.write(Actor.of_system("test")) as tx:
        made = readers.add_reader(tx, name="Ada <b>", email="ada@reader.example")
    db.close()
    OutboxMail(tmp_path / "outbox").send(LETTER)
    return made


@pytest.fixture
def browse(reader: ReaderId, tmp_path: Path) -> Browse:  # noqa: ARG001 - fills the database
    """Give a client of a demo, or of an installation that is none."""
    settings = Settings(
        secret="0123456789abcdef-made-up-for-this-test",
        database_url=f"sqlite:///{tmp_path}/demo.db",
        demo=True,
        outbox=str(tmp_path / "outbox"),
    )

    def make(*, demo: bool = True) -> TestClient:  # type: ignore[type-arg]
        house = make_house(replace(settings, demo=demo))
        app = make_app(house, extra=DEMO_ROUTES)
        return TestClient(app, base_url=BASE)

    return make


def letter_address(tmp_path: Path) -> str:
    [file] = (tmp_path / "outbox").glob("*.json")
    return f"/outbox/{file.stem}"


def test_letters_are_listed_and_shown_with_links_that_work(browse: Browse, tmp_path: Path) -> None:
    client = browse()
    listed = client.get("/outbox").text
    shown = client.get(letter_address(tmp_path)).text

    assert letter_address(tmp_path) in listed
    assert '<a href="http://127.0.0.1:8000/me/courier">' in shown
    assert "&lt;b&gt;&amp;" in shown
    assert "<script>" not in shown


def test_a_letters_html_stays_in_its_sandbox(browse: Browse, tmp_path: Path) -> None:
    answer = browse().get(f"{letter_address(tmp_path)}/html")

    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["x" * 32, "..%2fdemo", "0" * 32, "0" * 31, "secret"])
def test_nothing_but_letters_can_be_read(browse: Browse, name: str) -> None:
    assert browse().get(f"/outbox/{name}").status_code == 404


def test_somebody_is_signed_in_by_a_button(browse: Browse, reader: ReaderId) -> None:
    client = browse()
    people = client.get("/demo")
    signed_in = client.post(
        "/demo/sign-in",
        data={"reader": str(reader)},
        headers={"Origin": BASE},
        follow_redirects=False,
    )

    assert "Ada &lt;b&gt;" in people.text
    assert "form-action 'self' http://127.0.0.1:8001" in people.headers["content-security-policy"]
    assert signed_in.status_code == 303
    assert signed_in.headers["location"] == "http://127.0.0.1:8001"
    assert signed_in.cookies


@pytest.mark.parametrize(
    ("headers", "fields", "status"),
    [
        pytest.param({}, {"reader": "1"}, 403, id="without-origin"),
        pytest.param({"Origin": "http://127.0.0.1:8001"}, {"reader": "1"}, 403, id="from-paper"),
        pytest.param({"Origin": BASE}, {"reader": "999"}, 404, id="unknown"),
        pytest.param({"Origin": BASE}, {}, 404, id="nobody"),
        pytest.param({"Origin": BASE}, {"reader": "x"}, 422, id="no-number"),
    ],
)
def test_nobody_is_signed_in_otherwise(
    browse: Browse, headers: dict[str, str], fields: dict[str, str], status: int
) -> None:
    answer = browse().post("/demo/sign-in", data=fields, headers=headers)

    assert answer.status_code == status
    assert not answer.cookies


def test_an_installation_that_is_no_demo_has_none_of_this(browse: Browse, tmp_path: Path) -> None:
    client = browse(demo=False)
    paths = ["/outbox", "/demo", letter_address(tmp_path), f"{letter_address(tmp_path)}/html"]

    assert [client.get(path).status_code for path in paths] == [404] * 4
    answer = client.post("/demo/sign-in", data={"reader": "1"}, headers={"Origin": BASE})
    assert answer.status_code == 404
    assert not answer.cookies
