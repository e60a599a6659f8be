"""Asking a publisher's own service about a comment: a signed request, a checked answer.

The service gets the text and where it was sent, and nothing that says who wrote it. What its answer
means is judged in ``screens/external``. ``NullExternal`` stands in where nobody may be asked.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import msgspec

from belowline.core.clock import Clock, system_clock
from belowline.core.errors import Unavailable
from belowline.core.terms import Finding
from belowline.outside.breaker import Breaker
from belowline.outside.dialling import Dialler

VERSION = 1
MOST_PASSAGES = 50


class AboutStory(msgspec.Struct, frozen=True):
    """The story under which the comment was sent."""

    key: str
    title: str
    url: str


class AboutAuthor(msgspec.Struct, frozen=True):
    """As much as a service needs to know of the author: no name, no number."""

    published: int
    """Comments of theirs that are published here, counted as far as the site's screens need."""
    is_staff: bool


class Question(msgspec.Struct, frozen=True):
    """What the service is asked, as it is sent."""

    site: str
    language: str
    text: str
    is_edit: bool
    story: AboutStory | None
    author: AboutAuthor
    version: int = VERSION


class ExternalAnswer(msgspec.Struct, frozen=True):
    """What the service answers. Anything else is no answer."""

    finding: Finding
    rule: str | None = None
    label: str = ""
    """A short word for the desk, such as ``scam``: lower-case letters, digits and hyphens."""
    passages: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A service that a site has set up."""

    url: str
    secret: str = field(repr=False)
    deadline: timedelta


class External(Protocol):
    """Whatever asks services."""

    def ask(self, service: Service, question: Question) -> ExternalAnswer:
        """Ask and return the answer. Raises Unavailable or TimeoutError when there is none."""
        ...

    def left_alone(self) -> int:
        """Return how many services have failed so often that they are left alone for now."""
        ...


class NullExternal:
    """Nobody may be asked: a comment that a service should see waits for a person."""

    def ask(self, service: Service, question: Question) -> ExternalAnswer:  # noqa: ARG002
        """Raise Unavailable."""
        raise Unavailable("No service can be asked.", code="no_answer")

    def left_alone(self) -> int:
        """Return none."""
        return 0


class HttpExternal:
    """Asks over https, signed, within the service's deadline; leaves a dead one alone."""

    def __init__(
        self,
        *,
        allowed: Sequence[str] = (),
        clock: Clock = system_clock,
        breaker: Breaker | None = None,
    ) -> None:
        self._dialler = Dialler(allowed=allowed)
        self._clock = clock
        self._breaker = breaker or Breaker()

    def ask(self, service: Service, question: Question) -> ExternalAnswer:
        """Ask and return the answer. Raises Unavailable or TimeoutError."""
        # By address and secret: once either is mended, the service is asked at once.
        key = hashlib.sha256(f"{service.url}\n{service.secret}".encode()).hexdigest()
        if not self._breaker.allows(key):
            raise Unavailable("The service is left alone for now.", code="left_alone")
        try:
            found = self._ask(service, question)
        except (Unavailable, TimeoutError):
            self._breaker.failed(key)
            raise
        self._breaker.succeeded(key)
        return found

    def left_alone(self) -> int:
        """Return how many services are left alone for now."""
        return self._breaker.left_alone()

    def _ask(self, service: Service, question: Question) -> ExternalAnswer:
        body = msgspec.json.encode(question)
        at = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "Belowline",
            "Belowline-Timestamp": at,
            "Belowline-Signature": make_signature(service.secret, at, body),
        }
        raw = self._dialler.post(service.url, body, headers=headers, deadline=service.deadline)
        try:
            return msgspec.json.decode(raw, type=ExternalAnswer)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise Unavailable("The service answers in another way.", code="no_answer") from error


def make_signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what stands in ``Belowline-Signature``: version and HMAC-SHA256, in hex."""
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={mac.hexdigest()}"
