"""Publishers' keys: fetched rarely, carefully, and kept while the publisher's server is away."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from belowline.core.errors import Misconfigured, Unavailable
from belowline.outside.keys import LARGEST_SET, JwksKeys, check_jwks_url, read_keys

ONE = ECKey.generate_key("P-256", {"kid": "one"})
TWO = ECKey.generate_key("P-256", {"kid": "two"})


@dataclass
class Publisher:
    """A publisher's server, and what it is to answer."""

    url: str = ""
    keys: list[Any] = field(default_factory=lambda: [ONE.as_dict(private=False)])
    status: int = 200
    body: bytes | None = None
    asked: int = 0
    answers: threading.Event = field(default_factory=threading.Event)
    """Set unless the server is to keep everybody waiting."""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    state = Publisher()
    state.answers.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked += 1
            state.answers.wait(10)
            body = state.body or json.dumps({"keys": state.keys}).encode()
            self.send_response(state.status)
            if state.status == 302:
                self.send_header("Location", state.url + "elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/keys"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


class Stopwatch:
    """A stopwatch that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_keys_are_fetched_once_in_ten_minutes(publisher: Publisher) -> None:
    watch = Stopwatch()
    keys = JwksKeys(stopwatch=watch)

    assert keys.find_key(publisher.url, kid="one") is not None
    watch.now += 599
    assert keys.find_key(publisher.url, kid="one") is not None
    assert publisher.asked == 1
    watch.now += 1
    assert keys.find_key(publisher.url, kid="one") is not None
    assert publisher.asked == 2


def test_a_new_key_is_found_but_guessing_asks_once_a_minute(publisher: Publisher) -> None:
    watch = Stopwatch()
    keys = JwksKeys(stopwatch=watch)
    assert keys.find_key(publisher.url, kid="one") is not None
    publisher.keys.append(TWO.as_dict(private=False))

    assert keys.find_key(publisher.url, kid="two") is None
    watch.now += 60
    assert keys.find_key(publisher.url, kid="two") is not None
    for guess in range(20):
        assert keys.find_key(publisher.url, kid=str(guess)) is None
    assert publisher.asked == 2


def test_known_keys_outlast_an_outage_of_an_hour(publisher: Publisher) -> None:
    watch = Stopwatch()
    keys = JwksKeys(stopwatch=watch)
    assert keys.find_key(publisher.url, kid="one") is not None
    publisher.status = 500

    watch.now += 3000
    assert keys.find_key(publisher.url, kid="one") is not None
    watch.now += 700
    with pytest.raises(Unavailable):
        keys.find_key(publisher.url, kid="one")


def test_a_server_that_is_away_is_not_asked_again_at_once(publisher: Publisher) -> None:
    publisher.status = 503
    keys = JwksKeys(stopwatch=Stopwatch())

    for _ in range(3):
        with pytest.raises(Unavailable):
            keys.find_key(publisher.url, kid="one")
    assert publisher.asked == 1


def test_a_slow_server_keeps_nobody_waiting_whose_key_is_known(publisher: Publisher) -> None:
    watch = Stopwatch()
    keys = JwksKeys(stopwatch=watch)
    elsewhere = f"{publisher.url}?of=another"
    for url in (publisher.url, elsewhere):
        assert keys.find_key(url, kid="one") is not None
    watch.now += 600
    publisher.answers.clear()
    first = threading.Thread(target=keys.find_key, args=(publisher.url,), kwargs={"kid": "one"})
    first.start()
    while publisher.asked < 3:
        time.sleep(0.001)

    began = time.monotonic()
    assert keys.find_key(publisher.url, kid="one") is not None
    watch.now -= 1
    assert keys.find_key(elsewhere, kid="one") is not None
    took = time.monotonic() - began
    publisher.answers.set()
    first.join()

    assert took < 1
    assert publisher.asked == 3


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(302, None, id="a redirect is not followed"),
        pytest.param(200, b"[]", id="no key set"),
        pytest.param(200, b"{", id="no JSON"),
        pytest.param(200, b"[" * 100_000, id="deep JSON"),
        pytest.param(200, b" " * (LARGEST_SET + 1), id="too much"),
    ],
)
def test_an_answer_that_is_no_key_set_is_not_taken(
    publisher: Publisher, status: int, body: bytes | None
) -> None:
    publisher.status, publisher.body = status, body

    with pytest.raises(Unavailable):
        JwksKeys().find_key(publisher.url, kid="one")
    assert publisher.asked == 1


@pytest.mark.filterwarnings("ignore:Key size should be")
def test_only_public_signing_keys_of_good_strength_are_taken() -> None:
    good = ONE.as_dict(private=False)
    found = read_keys(
        {
            "keys": [
                good,
                OctKey.generate_key(256, {"kid": "shared"}).as_dict(private=True),
                RSAKey.generate_key(1024, {"kid": "weak"}).as_dict(private=False),
                ECKey.generate_key("P-521", {"kid": "curve"}).as_dict(private=False),
                TWO.as_dict(private=False) | {"use": "enc"},
                {"kty": "RSA"},
                {"kty": ["EC"]},
                "text",
                None,
            ]
        }
    )

    assert set(found) == {"one"}


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example/k",
        "https://me@x.example/k",
        "file:///k",
        "https://",
        "",
        "http://127.0.0.1.x/",
    ],
)
def test_keys_come_over_https_alone(url: str) -> None:
    with pytest.raises(Misconfigured):
        check_jwks_url(url)
