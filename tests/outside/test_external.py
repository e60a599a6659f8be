"""Asking a publisher's service: signed, in time, to no address that is not anybody's."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput, Unavailable
from belowline.core.terms import Finding
from belowline.outside import dialling
from belowline.outside.breaker import FAILURES, LONGEST_PAUSE, PAUSE, Breaker
from belowline.outside.dialling import Dialler, check_outward_url, is_public, may_dial
from belowline.outside.external import (
    AboutAuthor,
    AboutStory,
    HttpExternal,
    NullExternal,
    Question,
    Service,
)
from tests.conftest import SettableClock
from tests.outside.service import Script, serving

HERE = ("127.0.0.0/8",)
SECRET = "a-secret-that-only-the-service-knows"
QUESTION = Question(
    "echo",
    "en",
    "What a <heron>.",
    is_edit=False,
    story=AboutStory("mill", "The mill", "https://www.echo.example/mill"),
    author=AboutAuthor(3, is_staff=False),
)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def url(script: Script) -> Iterator[str]:
    with serving(script) as found:
        yield found


def service(url: str, *, ms: int = 2000) -> Service:
    return Service(url, SECRET, timedelta(milliseconds=ms))


def asker(clock: SettableClock, **given: object) -> HttpExternal:
    return HttpExternal(allowed=HERE, clock=clock, **given)  # type: ignore[arg-type]


@pytest.mark.enable_socket
def test_a_question_is_signed_and_says_nothing_of_who_wrote_it(
    script: Script, url: str, clock: SettableClock
) -> None:
    script.answers(finding="hold", rule="spam", label="scam", passages=[[0, 4]])

    answer = asker(clock).ask(service(url), QUESTION)

    ((headers, body),) = script.asked
    stamp = headers["Belowline-Timestamp"]
    mac = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Belowline-Signature"] == f"v1={mac}"
    assert stamp == str(int(clock().timestamp()))
    assert (answer.finding, answer.rule, answer.passages) == (Finding.HOLD, "spam", ((0, 4),))
    assert json.loads(body) == {
        "version": 1,
        "site": "echo",
        "language": "en",
        "text": "What a <heron>.",
        "is_edit": False,
        "story": {
            "key": "mill",
            "title": "The mill",
            "url": "https://www.echo.example/mill",
        },
        "author": {"published": 3, "is_staff": False},
    }


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        pytest.param(200, b"", {}, id="nothing"),
        pytest.param(200, b"<html>", {}, id="no-json"),
        pytest.param(200, b"[" * 20_000, {}, id="too-deep"),
        pytest.param(200, b'{"finding": "delete"}', {}, id="no-finding"),
        pytest.param(200, b'{"finding": "hold", "passages": "all"}', {}, id="no-passages"),
        pytest.param(200, b'{"finding": "pass", "label": "%s"}' % (b"x" * 70_000), {}, id="large"),
        pytest.param(500, b'{"finding": "pass"}', {}, id="an-error"),
        pytest.param(204, b"", {}, id="empty"),
        pytest.param(
            302, b'{"finding": "pass"}', {"Location": "http://127.0.0.1:9/"}, id="a-redirect"
        ),
    ],
)
def test_what_is_no_answer_is_unavailable(  # noqa: PLR0917 - a row of the table
    script: Script,
    url: str,
    clock: SettableClock,
    status: int,
    body: bytes,
    headers: dict[str, str],
) -> None:
    script.status, script.body, script.headers = status, body, headers

    with pytest.raises(Unavailable):
        asker(clock).ask(service(url), QUESTION)

    assert len(script.asked) == 1


@pytest.mark.enable_socket
@pytest.mark.parametrize("slow", ["waits", "drips"])
def test_nobody_waits_longer_than_the_deadline(
    script: Script, url: str, clock: SettableClock, slow: str
) -> None:
    """A byte every now and then is no answer either."""
    setattr(script, slow, 1.5 if slow == "waits" else 0.1)

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        asker(clock).ask(service(url, ms=300), QUESTION)

    assert time.monotonic() - began < 1.0


@pytest.mark.enable_socket
def test_an_address_inside_is_not_dialled_unless_the_installation_allows_it(
    script: Script, url: str, clock: SettableClock
) -> None:
    with pytest.raises(Unavailable, match="private network"):
        HttpExternal(clock=clock).ask(service(url), QUESTION)

    assert script.asked == []


def test_a_name_is_judged_by_every_address_it_stands_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One public and one private address: whoever rebinds a name gets nowhere."""

    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (one, 443)) for one in ("93.184.216.34", "169.254.169.254")]

    monkeypatch.setattr(dialling.socket, "getaddrinfo", resolve)

    with pytest.raises(Unavailable, match="private network"):
        Dialler().post("https://check.example/", b"{}", headers={}, deadline=timedelta(seconds=2))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.7", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - refused
        "224.0.0.1", "255.255.255.255", "::1", "::",
        "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2001:0:53aa:64c:0:fbff:2c1d:36a2", "192.0.2.1", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_that_are_nobodys_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822"])
def test_addresses_that_anybody_reaches_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(network="10.0.0.0/8"))
def test_an_allowed_network_is_allowed_and_its_neighbours_are_not(
    address: ipaddress.IPv4Address,
) -> None:
    inside = address in ipaddress.ip_network("10.2.0.0/16")

    assert may_dial(address, ("10.2.0.0/16",)) == inside


@pytest.mark.parametrize(
    "url",
    [
        "http://check.example/", "ftp://check.example/", "https://", "https:///x", "javascript:1",
        "https://me:pw@check.example/", "https://check.example/#part", "https://check.example:x/",
        "https://check.example/ a", "//check.example", "https://chéck.example/", "file:///etc/hosts",
        "https://check.example/" + "x" * 600, "http://localhost.evil.example/",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        check_outward_url(url)


def test_nobody_is_asked_by_the_null_twin() -> None:
    with pytest.raises(Unavailable):
        NullExternal().ask(service("https://check.example/"), QUESTION)


@pytest.mark.enable_socket
def test_a_slow_service_does_not_keep_everybody_waiting(script: Script, url: str) -> None:
    """Readers' other requests need the threads in which posters would wait."""
    script.waits = 0.6
    dialler = Dialler(allowed=HERE)

    def post() -> str:
        try:
            dialler.post(url, b"{}", headers={}, deadline=timedelta(seconds=0.5))
        except Unavailable:
            return "at once"
        except TimeoutError:
            return "too late"
        return "answered"

    with ThreadPoolExecutor(40) as many:
        fates = Counter(many.map(lambda _: post(), range(40)))

    # On a busy machine one may come only after another has given up.
    assert fates["answered"] == 0
    assert 1 < fates["too late"] <= dialling.MOST_WAITING


# The circuit breaker


class Watch:
    """A stopwatch that is set by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        """Return the time that was set."""
        return self.at


@pytest.mark.enable_socket
def test_a_dead_service_costs_a_few_people_their_time_and_not_everybody(
    script: Script, url: str, clock: SettableClock
) -> None:
    script.status = 503
    watch = Watch()
    external = asker(clock, breaker=Breaker(stopwatch=watch))

    for _ in range(FAILURES + 5):
        with pytest.raises(Unavailable):
            external.ask(service(url), QUESTION)
    assert (len(script.asked), external.left_alone()) == (FAILURES, 1)

    script.status, watch.at = 200, PAUSE + 1
    assert external.ask(service(url), QUESTION).finding is Finding.PASS
    assert external.left_alone() == 0


def test_after_a_pause_one_tries_and_the_others_do_not_wait_for_it() -> None:
    watch = Watch()
    breaker = Breaker(stopwatch=watch)
    for _ in range(FAILURES):
        breaker.failed("one")
    watch.at = PAUSE

    assert [breaker.allows("one") for _ in range(3)] == [True, False, False]
    assert breaker.allows("another")


@given(st.integers(1, 20))
def test_each_failed_try_makes_the_pause_longer_up_to_an_end(tries: int) -> None:
    watch = Watch()
    breaker = Breaker(stopwatch=watch)
    for _ in range(FAILURES):
        breaker.failed("one")
    pause = PAUSE
    for _ in range(tries):
        watch.at += pause - 0.5
        assert not breaker.allows("one")
        watch.at += 0.5
        assert breaker.allows("one")
        breaker.failed("one")
        pause = min(pause * 2, LONGEST_PAUSE)
