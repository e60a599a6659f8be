"""Sending a request to an address that somebody typed in, without being led into one's own network.

The address that is really dialled is checked, not the name: a name may stand for another address a
moment later. Redirects are not followed, proxies not asked, and an answer has a time and a size.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from belowline.core.errors import InvalidInput, Unavailable

LARGEST_ANSWER = 64 * 1024
LONGEST_ADDRESS = 500
AT_ONCE = 8
"""Requests that are under way at the same time; who comes after them waits within their time."""
MOST_WAITING = 16
"""So many wait for an answer at the same time; for more there is none. Others need the threads."""

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


def check_outward_url(url: str) -> str:
    """Return an address that may be asked, or refuse it.

    Raises:
        InvalidInput: it is not https (plain http is only for this machine itself), names a user, or
            is no address at all.
    """
    try:
        parts = urlsplit(url)
        fine = parts.port is None or parts.port > 0
    except ValueError as error:
        raise InvalidInput("This is not an address.", field="url", code="bad_url") from error
    is_here = parts.hostname in _LOCAL_NAMES
    if (
        not fine
        or not parts.hostname
        or parts.username is not None
        or parts.fragment
        or len(url) > LONGEST_ADDRESS
        or not url.isascii()
        or any(char.isspace() for char in url)
        or not (parts.scheme == "https" or (parts.scheme == "http" and is_here))
    ):
        raise InvalidInput(
            "The address must begin with https:// and name no user.", field="url", code="bad_url"
        )
    return url


def is_public(address: IpAddress) -> bool:
    """Say whether an address is one that anybody on the internet could reach.

    An IPv6 address that stands for an IPv4 one is judged by that.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


@lru_cache(maxsize=8)
def _networks(allowed: Sequence[str]) -> tuple[IpNetwork, ...]:
    return tuple(ipaddress.ip_network(one, strict=False) for one in allowed)


def may_dial(address: IpAddress, allowed: Sequence[str]) -> bool:
    """Say whether an address may be dialled: it is public, or in a network that is allowed."""
    return is_public(address) or any(
        address in network
        for network in _networks(tuple(allowed))
        if network.version == address.version
    )


@dataclass(slots=True)
class _Call:
    """One request, whose connection somebody else may cut."""

    sock: socket.socket | None = None
    is_cut: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def holds(self, sock: socket.socket) -> None:
        with self.lock:
            self.sock = sock
            if self.is_cut:
                raise TimeoutError

    def cut(self) -> None:
        with self.lock:
            self.is_cut = True
            if self.sock is not None:
                try:
                    self.sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    # It is closed already.
                    return


class _Connection(http.client.HTTPConnection):
    """Dials an address that was checked, and asks its certificate for the name."""

    def __init__(
        self, parts: SplitResult, *, address: IpAddress, call: _Call, seconds: float
    ) -> None:
        self._is_tls = parts.scheme == "https"
        port = parts.port or (443 if self._is_tls else 80)
        super().__init__(str(parts.hostname), port, timeout=seconds)
        self._dialled = str(address)
        self._call = call

    def connect(self) -> None:
        """Open the connection."""
        plain = socket.create_connection((self._dialled, self.port), timeout=self.timeout)
        self.sock = plain
        self._call.holds(plain)
        if self._is_tls:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
            self._call.holds(self.sock)


class Dialler:
    """Sends requests, a few at a time, each within its deadline however slowly it is answered."""

    def __init__(self, *, allowed: Sequence[str] = ()) -> None:
        """Take the private networks that may be dialled all the same."""
        self._allowed = tuple(allowed)
        self._places = threading.BoundedSemaphore(MOST_WAITING)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="belowline-outward")

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str], deadline: timedelta
    ) -> bytes:
        """Send a request and return the body of its answer.

        Raises:
            Unavailable: the address is not public, very many wait already, or there is no answer
                that is 200.
            TimeoutError: it takes longer than the deadline.
        """
        if not self._places.acquire(blocking=False):
            raise _silent()
        call, seconds = _Call(), deadline.total_seconds()
        try:
            future = self._threads.submit(self._post, url, body, dict(headers), call, seconds)
            return future.result(timeout=seconds)
        except TooLate:
            future.cancel()
            call.cut()
            raise TimeoutError from None
        finally:
            self._places.release()

    def _post(
        self, url: str, body: bytes, headers: dict[str, str], call: _Call, seconds: float
    ) -> bytes:
        parts = urlsplit(check_outward_url(url))
        try:
            address = self._resolve(parts)
            connection = _Connection(parts, address=address, call=call, seconds=seconds)
            try:
                path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
                connection.request("POST", path, body=body, headers=headers)
                with connection.getresponse() as answer:
                    found = answer.read(LARGEST_ANSWER + 1)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _silent() from error
        if answer.status != http.client.OK or len(found) > LARGEST_ANSWER:
            raise _silent()
        return found

    def _resolve(self, parts: SplitResult) -> IpAddress:
        """Return the address to dial. One that is refused refuses the name with it."""
        found = socket.getaddrinfo(str(parts.hostname), None, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        if not addresses or not all(may_dial(one, self._allowed) for one in addresses):
            raise Unavailable("This address is inside a private network.", code="private_address")
        return addresses[0]


def _silent() -> Unavailable:
    return Unavailable("The service does not answer as it should.", code="no_answer")
