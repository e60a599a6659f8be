"""What the command refuses before it begins: unsafe settings, wrong databases, typing errors.

Each refusal is one line, names the setting, and leaves nothing behind.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from belowline.cli.demo import alone_in
from belowline.core.errors import Misconfigured
from belowline.core.terms import RuleKey
from belowline.sites.model import ListedWord, SiteSettings
from belowline.sites.policy import check_settings
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        pytest.param("BELOWLINE_MAILURL", "smtp://x", "BELOWLINE_MAIL_URL", id="misspelt"),
        pytest.param("BELOWLINE_PORT", "99999", "65535", id="no-port"),
        pytest.param("BELOWLINE_UNDO_SECONDS", "-5", "undo_seconds", id="negative"),
        pytest.param("BELOWLINE_SESSION_DAYS", "0", "session_days", id="none"),
        pytest.param("BELOWLINE_OUTBOX", "outbox", "BELOWLINE_MAIL_URL", id="letters-nowhere"),
        pytest.param("BELOWLINE_BASE_URL", "https://a:b@c.example", "origin", id="password"),
        pytest.param("BELOWLINE_BASE_URL", "https://C.example", "lower case", id="capitals"),
        pytest.param("BELOWLINE_BASE_URL", "https://c.example/x?y", "nothing after", id="path"),
        pytest.param("BELOWLINE_BASE_URL", "http://c.example", "https", id="in-the-clear"),
        pytest.param("BELOWLINE_MAIL_URL", "smtp://u:p/w@m.example", "%2F", id="mail-password"),
        pytest.param("DATABASE_URL", "sqlite:///:memory:", "memory", id="in-memory"),
        pytest.param("DATABASE_URL", "mysql://x/y", "postgresql://", id="another-database"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)

    answer = run("serve")

    assert answer.refuses(says), answer
    assert "p/w" not in answer.err


def test_an_option_cannot_make_a_demo_public(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a demo anybody signs in as anybody, so what is refused as a setting is refused here."""
    monkeypatch.setenv("BELOWLINE_DEMO", "true")

    assert run("serve", "--host", "0.0.0.0").refuses("Demo mode")  # noqa: S104


def test_check_names_what_only_looks_like_a_setting(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELOWLINE_SERVICE_HOST", "10.0.0.1")

    answer = run("check")

    assert answer.status == 0
    assert "BELOWLINE_SERVICE_HOST" in answer.out
    assert "10.0.0.1" not in answer.out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"\xff\xfe", "belowline.toml", id="not-utf-8"),
        pytest.param(b"colour = 1\nshape = 2\n", "'colour', 'shape'", id="every-unknown-name"),
    ],
)
def test_a_settings_file_says_all_that_is_wrong(
    run: Run, tmp_path: Path, content: bytes, says: str
) -> None:
    (tmp_path / "belowline.toml").write_bytes(content)

    assert run("site", "list").refuses(says)


def test_a_database_in_the_wrong_folder_is_named_and_not_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere.db")
    file = tmp_path / "elsewhere.db"

    for command in (["serve"], ["site", "list"]):
        assert run(*command).refuses(str(file)), command
    answer = run("check")

    assert answer.status == 1
    assert "belowline migrate" in answer.out
    assert not file.exists()


def test_a_folder_that_cannot_be_made_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/file/belowline.db")

    assert run("migrate").refuses("cannot be made")


def test_what_is_no_database_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear editor, " * 100)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")

    for command in ("migrate", "serve"):
        assert run(command).refuses(str(file)), command


def test_a_newer_version_s_database_is_left_alone(run: Run, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "belowline.db") as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")

    assert run("migrate").refuses("newer version")
    assert run("serve").refuses("belowline migrate")


@pytest.mark.parametrize(
    "setting",
    [
        pytest.param("longest=-4", id="nobody-could-write"),
        pytest.param("edit_seconds=99999999999", id="past-the-end-of-time"),
        pytest.param("classifier_hold=7", id="no-score-reaches-it"),
        pytest.param('words=[{"word": "x", "finding": "kill"}]', id="no-such-finding"),
        pytest.param('words=[{"word": "x", "rule": "etiquette"}]', id="no-such-rule"),
    ],
)
def test_a_site_setting_that_would_stop_a_thread_is_refused(courier: Run, setting: str) -> None:
    before = courier("site", "show", "courier").out

    answer = courier("site", "set", "courier", "--setting", setting)

    assert answer.status == 2, answer
    assert answer.err.count("\n") == 1
    assert courier("site", "show", "courier").out == before


def test_every_default_of_a_site_may_stand() -> None:
    check_settings(SiteSettings(), rules=())
    listed = SiteSettings(words=(ListedWord("blether", "obscenity", "refuse"),))
    check_settings(listed, rules=[RuleKey("obscenity")])


def test_a_site_is_shown_without_its_secret(courier: Run, tmp_path: Path) -> None:
    secret = "0123456789abcdef-for-the-tokens-only"
    (tmp_path / "identity.json").write_text(
        '{"kind": "secret", "issuer": "https://www.courier.example", "audience": "belowline", '
        f'"secret": "{secret}"}}'
    )
    assert courier("site", "identity", "courier", "identity.json").status == 0

    answer = courier("site", "show", "courier")

    assert answer.status == 0
    assert "https://www.courier.example" in answer.out
    assert "edit_seconds" in answer.out
    assert secret not in answer.out


def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second would move the first one's newspaper to a port of its own."""
    with alone_in(tmp_path / "demo"):
        with pytest.raises(Misconfigured) as refused, alone_in(tmp_path / "demo"):
            pass
        with alone_in(tmp_path / "another"):
            pass
    with alone_in(tmp_path / "demo"):
        pass

    assert refused.value.code == "folder_taken"
