"""The command line: what it says, what it leaves behind, and the exit status."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
import sqlalchemy as sa

from belowline.cli import belowline
from belowline.core.terms import Actor
from belowline.sites import store as sites
from belowline.storage.database import Database
from belowline.storage.tables import stories
from tests.cli.conftest import Run

TOP = click.Context(belowline)


def groups_and_commands() -> list[list[str]]:
    """Return every command as it is typed, the groups among them."""
    found: list[list[str]] = [[]]
    for name in belowline.list_commands(TOP):
        command = belowline.get_command(TOP, name)
        found.append([name])
        found += [[name, sub] for sub in getattr(command, "commands", {})]
    return found


@pytest.mark.parametrize("command", groups_and_commands(), ids=" ".join)
def test_every_command_explains_itself(run: Run, command: list[str]) -> None:
    answer = run(*command, "--help")

    assert answer.status == 0
    assert answer.out.startswith("Usage: belowline")
    assert len(re.sub(r"\s+", " ", answer.out)) > 100


def test_the_list_of_commands_comes_without_importing_them() -> None:
    code = (
        "import sys; from belowline.cli import belowline; belowline(['--help'], "
        "standalone_mode=False); print('litestar' in sys.modules, 'sqlalchemy' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "False False"
    assert "demo newspaper" in answer.stdout


def test_the_version_is_told(run: Run) -> None:
    assert "0.1" in run("--version").out


def test_an_unknown_command_is_one_that_cannot_be_used(run: Run) -> None:
    answer = run("fly")

    assert answer.status == 2
    assert "No such command" in answer.err


def test_nothing_starts_without_a_secret(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BELOWLINE_SECRET")

    assert run("serve").refuses("BELOWLINE_SECRET")
    assert run("site", "list").refuses("BELOWLINE_SECRET")


def test_a_wildcard_origin_is_refused(run: Run) -> None:
    answer = run("site", "add", "courier", "--name", "The Courier", "--origin", "https://*.example")

    assert answer.refuses("wildcard")


def test_a_demo_on_a_public_address_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELOWLINE_DEMO", "true")
    monkeypatch.setenv("BELOWLINE_BASE_URL", "https://comments.courier.example")

    assert run("serve").refuses("Demo mode")


def test_an_unmigrated_database_says_what_to_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")

    assert run("serve").refuses("belowline migrate")
    assert run("site", "list").refuses("belowline migrate")
    assert run("migrate").status == 0
    assert run("migrate").status == 0
    assert run("site", "list").status == 0


def test_a_database_that_is_not_there_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/none")

    for command in (["site", "list"], ["migrate"], ["serve"]):
        assert run(*command).refuses("does not answer"), command


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("secret = ", "belowline.toml", id="not-toml"),
        pytest.param("colour = 'red'", "colour", id="unknown-setting"),
        pytest.param("port = 'x'", "port", id="wrong-kind"),
    ],
)
def test_a_bad_settings_file_is_one_line(run: Run, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "belowline.toml").write_text(text)

    assert run("site", "list").refuses(says)


def test_a_settings_file_that_is_named_must_be_there(run: Run) -> None:
    assert run("--config", "missing.toml", "site", "list").refuses("missing.toml")


def test_a_site_is_added_listed_and_changed(courier: Run, sqlite_url: str) -> None:
    assert "courier" in courier("site", "list").out
    changed = courier(
        "site",
        "set",
        "courier",
        "--name",
        "The New Courier",
        "--setting",
        "newcomer_holds=2",
        "--setting",
        "mode=hold_first",
        "--setting",
        'words=[{"word": "drat", "finding": "hold"}]',
    )

    assert changed.status == 0, changed
    db = Database(sqlite_url)
    with db.read() as conn:
        site = sites.get_site(conn, "courier")
    db.close()
    assert site.name == "The New Courier"
    assert site.settings.newcomer_holds == 2
    assert site.settings.mode == "hold_first"
    assert site.settings.words[0].word == "drat"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        pytest.param(
            ["site", "add", "courier", "--name", "Again", "--origin", "https://a.example"],
            "already",
            id="key-taken",
        ),
        pytest.param(
            ["site", "add", "Two Words", "--name", "Again", "--origin", "https://a.example"],
            "key",
            id="bad-key",
        ),
        pytest.param(["site", "set", "courier", "--setting", "colour=red"], "colour", id="unknown"),
        pytest.param(
            ["site", "set", "courier", "--setting", "longest=many"],
            "cannot be used",
            id="wrong-kind",
        ),
        pytest.param(["site", "set", "courier", "--setting", "longest"], "longest", id="no-value"),
        pytest.param(["site", "set", "tribune", "--name", "x"], "no such site", id="no-site"),
        pytest.param(
            ["staff", "appoint", "courier", "nobody", "--role", "owner"],
            "address",
            id="bad-address",
        ),
        pytest.param(["staff", "list", "tribune"], "no such site", id="staff-of-no-site"),
        pytest.param(["rules", "show", "tribune"], "no such site", id="rules-of-no-site"),
    ],
)
def test_a_value_that_cannot_be_used_is_one_line(
    courier: Run, command: list[str], says: str
) -> None:
    answer = courier(*command)

    assert answer.refuses(says), answer


def test_changing_nothing_is_a_mistake(courier: Run) -> None:
    assert courier("site", "set", "courier").status == 2


def test_tokens_are_set_up_from_a_file(courier: Run, tmp_path: Path) -> None:
    file = tmp_path / "identity.json"
    good = {
        "kind": "secret",
        "issuer": "https://www.courier.example",
        "audience": "belowline",
        "secret": "x1" * 20,
    }
    for text, says in (("{", "not JSON"), ("[]", "object"), ('{"kind": "secret"}', "issuer")):
        file.write_text(text)
        assert courier("site", "identity", "courier", str(file)).refuses(says)
    file.write_text(json.dumps(good))

    assert courier("site", "identity", "courier", str(file)).status == 0
    assert courier("site", "identity", "courier", "--off").status == 0
    assert courier("site", "identity", "courier").status == 2


def test_a_name_is_no_markup_for_the_terminal(courier: Run) -> None:
    name = "[/bold] Ann [red"
    mail = "ann@courier.example"
    for arguments in (
        ["site", "set", "courier", "--name", f"The {name}"],
        ["staff", "appoint", "courier", mail, "--role", "editor", "--name", name],
    ):
        assert courier(*arguments).status == 0

    assert name in courier("staff", "list", "courier").out
    assert name in courier("site", "list").out


def test_staff_are_appointed_listed_and_dismissed(courier: Run) -> None:
    listed = courier("staff", "list", "courier").out
    assert "owner@courier.example" in listed
    assert "moderator" in listed

    assert courier("staff", "dismiss", "courier", "moderator@courier.example").status == 0
    assert "moderator@" not in courier("staff", "list", "courier").out
    assert courier("staff", "dismiss", "courier", "moderator@courier.example").status == 2
    assert courier("staff", "dismiss", "courier", "stranger@courier.example").status == 2


def test_rules_are_shown_changed_and_published_again(courier: Run, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    shown = courier("rules", "show", "courier").out
    file.write_text(shown.replace("version 1", "version 2"))

    dry = courier("rules", "publish", "courier", str(file), "--dry-run")
    published = courier("rules", "publish", "courier", str(file))

    assert "nothing published" in dry.out
    assert "Version 2" in published.out
    again = courier("rules", "show", "courier").out
    assert again.splitlines()[1:] == shown.splitlines()[1:]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("intro = ", id="not-toml"),
        pytest.param("intro = 'x'", id="no-rules"),
        pytest.param("[[rules]]\nkey = 'a'", id="incomplete"),
        pytest.param("rules = 3", id="wrong-kind"),
        pytest.param(
            "[[rules]]\nkey='kind'\ntitle='Be kind'\ntext='Be kind.'\nseverity=9\neu_category=''",
            id="no-such-severity",
        ),
    ],
)
def test_a_rulebook_that_cannot_be_used_is_not_published(
    courier: Run, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(text)

    for extra in ([], ["--dry-run"]):
        answer = courier("rules", "publish", "courier", str(file), *extra)
        assert answer.status == 2, answer
        assert answer.err.count("\n") == 1
    assert courier("rules", "show", "courier").out.startswith("# Version 1")


def test_a_sound_installation_passes_with_advice(courier: Run) -> None:
    answer = courier("check")

    assert answer.status == 0, answer
    assert "agree with the rows" in answer.out
    assert "BELOWLINE_MAIL_URL" in answer.out


def test_a_count_that_does_not_agree_fails_and_is_put_right(courier: Run, sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with db.write(Actor.of_system("test")) as tx:
        site = sites.get_site(tx.conn, "courier")
        tx.conn.execute(
            sa.insert(stories).values(
                site_id=site.id,
                key="one",
                title="One",
                url="https://www.courier.example/one",
                created_at=tx.now,
                comment_count=7,
            )
        )
    db.close()

    found = courier("check")
    fixed = courier("check", "--fix")

    assert found.status == 1
    assert "kept 7, counted 0" in found.out
    assert fixed.status == 0
    assert "1 put right" in fixed.out
    assert courier("check").status == 0


def test_a_site_that_nobody_can_look_after_is_warned_of(run: Run) -> None:
    run(
        "site", "add", "courier", "--name", "The Courier", "--origin", "https://www.courier.example"
    )
    assert "nobody" in run("check").out

    run("staff", "appoint", "courier", "one@courier.example", "--role", "moderator")
    assert "cannot decide appeals" in run("check").out


def test_check_says_that_migrations_are_missing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    answer = run("check")

    assert answer.status == 1
    assert "belowline migrate" in answer.out


def test_check_tells_of_a_mail_server_that_does_not_answer(
    courier: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELOWLINE_MAIL_URL", "smtp://127.0.0.1:1")
    answer = courier("check", "--mail-to", "me@courier.example")

    assert answer.status == 1
    assert "127.0.0.1:1 does not answer" in answer.out
    assert "test letter" in answer.out


def test_a_port_that_is_taken_is_one_line(courier: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert courier("serve", "--port", port).refuses(f"Port {port}")
        folder = str(tmp_path / "demo")
        assert courier("demo", "--port", port, "--folder", folder).refuses(f"Port {port}")
    assert not (tmp_path / "demo").exists()


def test_a_server_does_not_carry_what_only_other_commands_need() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, belowline.cli.serve; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    assert "belowline.web.app" in loaded
    assert not {"rich", "belowline.transfer.intake"} & set(loaded)
