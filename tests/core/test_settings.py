"""Settings: file, environment, and what refuses to start."""

from __future__ import annotations

from pathlib import Path

import pytest

from belowline.core.errors import Misconfigured
from belowline.core.settings import load_settings
from belowline.core.settings_checks import check_origin

SAFE = {"BELOWLINE_SECRET": "0123456789abcdef0123456789abcdef"}


def test_safe_settings_load() -> None:
    settings = load_settings(SAFE | {"DATABASE_URL": "sqlite:///x.db", "PORT": "9000"})

    assert (settings.database_url, settings.port, settings.demo) == ("sqlite:///x.db", 9000, False)


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        pytest.param({}, "weak_secret", id="no secret"),
        pytest.param({"BELOWLINE_SECRET": "a" * 64}, "weak_secret", id="one letter repeated"),
        pytest.param({"BELOWLINE_SECRET": "short"}, "weak_secret", id="short secret"),
        pytest.param(
            SAFE | {"BELOWLINE_BASE_URL": "http://news.example"},
            "insecure_base_url",
            id="cookies in the clear",
        ),
        pytest.param(SAFE | {"BELOWLINE_BASE_URL": "news"}, "bad_base_url", id="no origin"),
        pytest.param(
            SAFE | {"BELOWLINE_DEMO": "yes", "BELOWLINE_HOST": "0.0.0.0"},  # noqa: S104
            "public_demo",
            id="a demo that all can reach",
        ),
        pytest.param(
            SAFE | {"BELOWLINE_DEMO": "1", "BELOWLINE_BASE_URL": "https://a.example"},
            "public_demo",
            id="a demo with a public name",
        ),
        pytest.param(
            SAFE | {"BELOWLINE_TRUSTED_PROXIES": "0.0.0.0/0"},
            "wildcard_proxy",
            id="everybody is a proxy",
        ),
        pytest.param(SAFE | {"BELOWLINE_TRUSTED_PROXIES": "proxy"}, "bad_proxy", id="no address"),
        pytest.param(SAFE | {"PORT": "many"}, "bad_setting", id="not a number"),
    ],
)
def test_unsafe_settings_refuse_to_start(environ: dict[str, str], code: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        load_settings(environ)

    assert refused.value.code == code
    assert refused.value.message


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.news.example",
        "https://news.example/path",
        "news.example",
        "ftp://a.example",
        "https://user@news.example",
        "https://News.example",
        "https://news.example.",
        "https://[news.example",
        "https://news.example;script-src *",
        "https://news.example:x",
        "https://müller.example",
        "https://news.example\n",
    ],
)
def test_an_origin_is_exact(origin: str) -> None:
    with pytest.raises(Misconfigured):
        check_origin(origin)


def test_a_trailing_slash_is_not_another_origin() -> None:
    assert check_origin("https://www.news.example/") == "https://www.news.example"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "belowline.toml"
    file.write_text('secret = "fedcba9876543210fedcba9876543210"\nport = 7000\n')

    settings = load_settings({"PORT": "7001"}, file=file)

    assert settings.port == 7001


@pytest.mark.parametrize(
    ("text", "code"),
    [("sekret = 1", "unknown_setting"), ("= broken", "bad_settings_file")],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "belowline.toml"
    file.write_text(text)

    with pytest.raises(Misconfigured) as refused:
        load_settings(SAFE, file=file)

    assert refused.value.code == code


def test_the_secret_is_not_in_the_settings_words() -> None:
    assert SAFE["BELOWLINE_SECRET"] not in repr(load_settings(SAFE))
