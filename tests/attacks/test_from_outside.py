"""Every attack string in what comes from outside: an export, the publisher's tokens, the shell."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from joserfc import jwt
from joserfc.jwk import OctKey

from belowline.actions.rules import check_rules
from belowline.actions.sites import change_site
from belowline.cli import belowline
from belowline.cli.rules import from_toml, to_toml
from belowline.core.errors import InvalidInput
from belowline.core.terms import RulebookId, RuleKey, SiteId
from belowline.rules.model import Rulebook, RuleDraft
from belowline.storage import tables
from belowline.transfer.intake import Intake, take_in
from belowline.transfer.wordpress import read_wordpress
from tests.attacks.corpus import pack
from tests.attacks.reading import read_page, squeeze
from tests.attacks.world import World, chunks, kept, packs
from tests.web.asking import SECRET, Asker

SHARED = "a secret between the publisher and us, long enough"
ISSUER = "https://login.echo.example"
EVERY = 6
"""So seldom a thread of the import is looked at; all of them are made by one template."""
UNSEEN = re.compile("[^\\t\\n\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""What XML cannot hold."""


def element(name: str, text: str, *, raw: bool) -> str:
    """Write an element whose text is escaped or, as WordPress writes it, in a marked section."""
    text = UNSEEN.sub("", text)
    if not raw:
        return f"<{name}>{escape(text)}</{name}>"
    return f"<{name}><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


def export(lines: Sequence[str]) -> bytes:
    """Write an export in which each line is an author's name and a comment, and packed a title."""
    titles = pack(lines, 250)
    items = []
    number = 0
    for at, chunk in enumerate(chunks(lines, 5)):
        title = titles[at % len(titles)]
        parts = [
            element("title", title, raw=bool(at % 2)),
            element("link", f"https://paper.example/{squeeze(chunk[0]).replace(' ', '')}", raw=True)
            if at % 3
            else f"<link>https://paper.example/s{at}</link>",
            f"<wp:post_id>{at + 1}</wp:post_id><wp:status>publish</wp:status>",
            "<wp:post_date_gmt>2024-05-01 08:00:00</wp:post_date_gmt>",
            "<wp:comment_status>open</wp:comment_status><wp:post_type>post</wp:post_type>",
        ]
        for line in chunk:
            number += 1
            parts += [
                f"<wp:comment><wp:comment_id>{number}</wp:comment_id>",
                element("wp:comment_author", line, raw=bool(number % 3)),
                element("wp:comment_author_email", line, raw=True),
                "<wp:comment_date_gmt>2024-05-01 12:00:00</wp:comment_date_gmt>",
                element("wp:comment_content", line, raw=bool(number % 2)),
                "<wp:comment_approved>1</wp:comment_approved></wp:comment>",
            ]
        items.append(f"<item>{''.join(parts)}</item>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
        f"<wp:wxr_version>1.2</wp:wxr_version>{''.join(items)}</channel></rss>"
    ).encode()


def test_every_line_in_an_export(echo: Asker, lines: Sequence[str]) -> None:
    intake = Intake(echo.db, echo.site, "wordpress", SECRET)
    records = read_wordpress(io.BytesIO(export(lines)), zone=UTC, now=echo.db.clock())

    take_in(intake, records)

    with echo.db.read() as conn:
        keys = list(conn.execute(sa.select(tables.stories.c.key)).scalars())
        taken = conn.execute(sa.select(sa.func.count()).select_from(tables.comments)).scalar_one()
        names = set(conn.execute(sa.select(tables.readers.c.name)).scalars())
        addresses = set(conn.execute(sa.select(tables.readers.c.email)).scalars())
    # Much is nothing but a script, of which no word is left.
    assert taken > len(lines) / 4
    assert addresses == {None}
    assert all(1 < len(f"-{name}") <= 41 and len(name.splitlines()) == 1 for name in names)
    for key in keys[::EVERY]:
        read_page(echo.ask("GET", f"/s/echo/{key}").text)


def test_every_line_as_the_name_that_a_publisher_claims(echo: Asker, lines: Sequence[str]) -> None:
    world = World(echo)
    identity = {"kind": "secret", "issuer": ISSUER, "audience": "belowline", "secret": SHARED}
    change_site(world.db, echo.site, identity=identity)
    key = OctKey.import_key(SHARED)
    now = int(world.db.clock().timestamp())
    for at, line in enumerate(lines[::EVERY]):
        claims = {
            "iss": ISSUER,
            "aud": "belowline",
            "sub": f"{at}",
            "site": "echo",
            "jti": f"{at}",
            "iat": now,
            "exp": now + 300,
            "name": line[:40],
            "email": line,
            "email_verified": True,
        }
        token = jwt.encode({"alg": "HS256"}, claims, key)
        answer = echo.ask("POST", "sign-in/token", json={"token": token})
        assert answer.status_code == 200, answer.text
        if at % 10 == 0:
            session = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
            page = echo.ask("GET", "/me/echo/account", by=session, origin=None)
            found = read_page(page.text)
            name = squeeze(kept(line[:40], longest=40, lines=False))
            assert name in found.text or "Reader " in found.text


def test_every_line_in_a_rulebook_that_goes_through_a_file(
    lines: Sequence[str], tmp_path: Path
) -> None:
    file = tmp_path / "rules.toml"
    for chunk in chunks(packs(lines, 1400), 30):
        drafts = check_rules(
            [
                RuleDraft(RuleKey(f"rule-{at}"), text[:100], text, 2, "VIOLENCE", text)
                for at, text in enumerate(chunk)
            ]
        )
        book = Rulebook(RulebookId(1), SiteId(1), 2, chunk[0], None, tuple(drafts))
        file.write_text(to_toml(book), encoding="utf-8")
        intro, found = from_toml(file)
        assert (intro, check_rules(found)) == (chunk[0], drafts)


def test_no_line_is_a_rules_key(lines: Sequence[str]) -> None:
    for line in lines:
        try:
            [found] = check_rules([RuleDraft(RuleKey(line), "Title", "Text.", 2, "VIOLENCE", "")])
        except InvalidInput:
            continue
        assert re.fullmatch(r"[a-z][a-z0-9-]+", found.key)


def test_lines_as_arguments_of_commands(
    migrated_sqlite: Path, lines: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "belowline.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELOWLINE_SECRET", "0123456789abcdef-made-up-for-this-test")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    runner = CliRunner()

    def run(*arguments: str) -> int:
        answer = runner.invoke(belowline, arguments)
        error = answer.exception
        # A refusal of ours or of click's, never a mistake.
        assert error is None or isinstance(error, SystemExit) or hasattr(error, "code"), error
        return answer.exit_code

    origin = "https://www.courier.example"
    assert run("site", "add", "courier", "--name", "The Courier", "--origin", origin) == 0
    for at, line in enumerate((*lines[:60], "[/bold] [link=https://evil.example]x[/link] [red")):
        run("site", "add", line, "--name", line, "--origin", line)
        run("site", "set", "courier", "--name", line, "--origin", origin)
        run("site", "set", "courier", "--setting", line)
        run("site", "set", "courier", "--setting", f"contact={line}")
        run("staff", "appoint", "courier", line, "--role", "owner")
        mail = f"staff{at}@courier.example"
        run("staff", "appoint", "courier", mail, "--role", "owner", "--name", line[:40])
        run("staff", "appoint", line, mail, "--role", "owner")
    assert run("site", "list") == 0
    assert run("staff", "list", "courier") == 0
    assert run("rules", "show", "courier") == 0
