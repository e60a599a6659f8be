"""Sending letters: over SMTP, into a demo's outbox folder, or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from belowline.core.clock import Clock, system_clock
from belowline.core.errors import InvalidInput, Misconfigured, Unavailable
from belowline.core.settings import Settings

TIMEOUT_SECONDS = 10.0
OWN_HEADERS = frozenset({"from", "to", "cc", "bcc", "subject", "date", "message-id", "sender"})

_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"\x00-\x1f\x7f]+@[^\s@,;:<>()\[\]\\\"\x00-\x1f\x7f]+")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.:\[\]-]+>")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one reader. ``message_id`` is the same whenever the same letter is repeated."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    """In angle brackets, such as ``<notice-7@comments.paper.example>``."""
    headers: Mapping[str, str] = field(default_factory=dict)


class Mail(Protocol):
    """Whatever takes letters away."""

    @property
    def works(self) -> bool:
        """Say whether letters go anywhere at all."""
        ...

    def send(self, letter: Letter) -> None:
        """Send one letter. Raises Unavailable; then the caller may try the same letter again."""
        ...


class NullMail:
    """Mail is not set up: letters are dropped, and ``works`` says so."""

    works = False

    def send(self, letter: Letter) -> None:
        """Drop the letter."""


class OutboxMail:
    """The demo's mail: one JSON file a letter. A repeated letter overwrites itself."""

    works = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter) -> None:
        """Write the letter into the folder."""
        make_message(letter, sender="outbox@localhost", clock=system_clock)
        name = hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]
        content = asdict(letter) | {"headers": dict(letter.headers)}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # Renamed into place, so that who lists the folder never reads half a letter.
            part = self.folder / f"{name}.part"
            part.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
            part.replace(self.folder / f"{name}.json")
        except OSError as error:
            raise _unavailable() from error


class SmtpMail:
    """Mail through a server: ``smtp://`` with STARTTLS, ``smtps://`` with TLS from the start."""

    works = True

    def __init__(self, url: str, *, sender: str, clock: Clock = system_clock) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            # Not "from": urllib's words repeat what stands there, and a password may.
            raise Misconfigured(
                "BELOWLINE_MAIL_URL: the port is a number from 1 to 65535; in a password, write "
                "/ as %2F, : as %3A, @ as %40 and % as %25.",
                code="bad_mail_url",
            ) from None
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise Misconfigured(
                "BELOWLINE_MAIL_URL must begin with smtp:// or smtps:// and name a host.",
                code="bad_mail_url",
            )
        if not _ADDRESS.fullmatch(parseaddr(sender)[1]) or len(sender.splitlines()) != 1:
            raise Misconfigured(
                "BELOWLINE_MAIL_FROM must be an address such as Paper <comments@paper.example>",
                code="bad_mail_from",
            )
        self.host = parts.hostname
        self.has_tls = parts.scheme == "smtps"
        self.port = port or (465 if self.has_tls else 587)
        self.sender = sender
        self._login = (unquote(parts.username or ""), unquote(parts.password or ""))
        self._clock = clock

    def send(self, letter: Letter) -> None:
        """Send one letter over a connection of its own."""
        message = make_message(letter, sender=self.sender, clock=self._clock)
        try:
            with self._connect() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise _unavailable() from error

    def reach(self) -> None:
        """Connect and sign in as for a letter, and leave. Raises Unavailable."""
        try:
            with self._connect() as server:
                server.noop()
        except (OSError, smtplib.SMTPException) as error:
            raise _unavailable() from error

    def _connect(self) -> smtplib.SMTP:
        tls = ssl.create_default_context()
        if self.has_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=tls
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            # A server on this machine may go without; no code crosses a network in the clear.
            is_here = self.host in {"localhost", "127.0.0.1", "::1"}
            if not self.has_tls and (not is_here or _offers_tls(server)):
                server.starttls(context=tls)
            if self._login[0]:
                server.login(*self._login)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server


def _offers_tls(server: smtplib.SMTP) -> bool:
    server.ehlo_or_helo_if_needed()
    return server.has_extn("starttls")


def make_message(letter: Letter, *, sender: str, clock: Clock) -> EmailMessage:
    """Build the message, plain text first, HTML beside it.

    Raises:
        InvalidInput: an address, id or header could smuggle in a second header or recipient.
    """
    if not _ADDRESS.fullmatch(letter.to) or not _MESSAGE_ID.fullmatch(letter.message_id):
        raise _bad_letter("to")
    message = EmailMessage(policy=SMTP)
    try:
        local, _, domain = letter.to.rpartition("@")
        message["To"] = Address(username=local, domain=domain)
        message["From"] = sender
        message["Subject"] = _one_line(letter.subject)
        message["Date"] = format_datetime(clock())
        message["Message-ID"] = letter.message_id
        for name, value in letter.headers.items():
            if not _HEADER_NAME.fullmatch(name) or name.lower() in OWN_HEADERS:
                raise _bad_letter("headers")
            message[name] = _one_line(value)
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
    except (ValueError, MessageError) as error:
        raise _bad_letter("headers") from error
    return message


def _one_line(value: str) -> str:
    if (
        any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in value)
        or len(value.splitlines()) > 1
    ):
        raise _bad_letter("headers")
    return value


def _bad_letter(field_name: str) -> InvalidInput:
    return InvalidInput("This cannot be put into a letter.", field=field_name, code="bad_letter")


def _unavailable() -> Unavailable:
    return Unavailable("Mail cannot be sent at present.", code="mail_unavailable")


def list_letters(folder: Path) -> list[Letter]:
    """Return the letters in a demo's outbox, newest first."""
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [Letter(**json.loads(file.read_text(encoding="utf-8"))) for file in files]


def make_mail(settings: Settings) -> Mail:
    """Return the mail that the settings ask for: the demo's outbox, a server, or none.

    Raises:
        Misconfigured: the server's address or the sender cannot be used.
    """
    if settings.demo and settings.outbox:
        return OutboxMail(Path(settings.outbox))
    if settings.mail_url:
        return SmtpMail(settings.mail_url, sender=settings.mail_from)
    return NullMail()
