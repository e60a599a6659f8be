"""Letters: nothing in them can become a second header or recipient, and a repeat is one letter."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from belowline.core.errors import InvalidInput, Misconfigured, Unavailable
from belowline.core.settings import Settings
from belowline.outside.mail import (
    Letter,
    NullMail,
    OutboxMail,
    SmtpMail,
    list_letters,
    make_mail,
    make_message,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_letter(**changes: object) -> Letter:
    values: dict[str, object] = {
        "to": "jane@paper.example",
        "subject": "Grüße",
        "text": "Hello",
        "html": "<p>Hello</p>",
        "message_id": "<n-1@paper.example>",
        "headers": {"List-Unsubscribe": "<https://x.example/u>"},
    }
    return Letter(**(values | changes))  # type: ignore[arg-type]


def test_a_letter_becomes_a_message_in_two_forms() -> None:
    message = make_message(a_letter(), sender="Paper <c@paper.example>", clock=lambda: NOW)

    assert message["To"] == "jane@paper.example"
    assert message["Subject"] == "Grüße"
    assert message["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"to": "a@x.example\r\nBcc: b@x.example"}, id="recipient"),
        pytest.param({"to": "a@x.example, b@x.example"}, id="two recipients"),
        pytest.param({"to": "A <a@x.example>"}, id="named recipient"),
        pytest.param({"subject": "x\r\nBcc: b@x.example"}, id="subject"),
        pytest.param({"subject": "x\u2028Bcc: b@x.example"}, id="subject with another line end"),
        pytest.param({"message_id": "<a@b>\r\nBcc: b@x.example"}, id="message id"),
        pytest.param({"headers": {"X": "y\nBcc: b@x.example"}}, id="header value"),
        pytest.param({"headers": {"X: y\nBcc": "b@x.example"}}, id="header name"),
        pytest.param({"headers": {"Bcc": "b@x.example"}}, id="a header of ours"),
    ],
)
def test_no_letter_smuggles_a_header_in(changes: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        OutboxMail(tmp_path).send(a_letter(**changes))

    assert refused.value.code == "bad_letter"
    assert list_letters(tmp_path) == []


def test_a_repeated_letter_lies_in_the_outbox_once(tmp_path: Path) -> None:
    mail = OutboxMail(tmp_path / "outbox")
    mail.send(a_letter(text="first"))
    mail.send(a_letter(text="second"))
    mail.send(a_letter(message_id="<n-2@paper.example>"))

    letters = list_letters(tmp_path / "outbox")

    assert {letter.message_id for letter in letters} == {
        "<n-1@paper.example>",
        "<n-2@paper.example>",
    }
    assert a_letter(text="second") in letters


def test_without_mail_letters_go_nowhere_and_it_says_so() -> None:
    mail = NullMail()
    mail.send(a_letter())

    assert not mail.works


class FakeServer(socketserver.StreamRequestHandler):
    """Speaks just enough SMTP to take one letter."""

    taken: list[bytes]
    refuses: bool

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"MAIL" and self.refuses:
                self.wfile.write(b"550 no\r\n")
            elif verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    body += part
                self.taken.append(body)
                self.wfile.write(b"250 kept\r\n")
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def server() -> Iterator[tuple[int, type[FakeServer]]]:
    handler = type("Server", (FakeServer,), {"taken": [], "refuses": False})
    with socketserver.TCPServer(("127.0.0.1", 0), handler) as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found.server_address[1], handler
        found.shutdown()
        thread.join()


def test_a_letter_goes_over_smtp(server: tuple[int, type[FakeServer]]) -> None:
    port, handler = server
    SmtpMail(f"smtp://127.0.0.1:{port}", sender="Paper <c@paper.example>").send(a_letter())

    assert b"To: jane@paper.example\r\n" in handler.taken[0]
    assert b"Message-ID: <n-1@paper.example>\r\n" in handler.taken[0]


def test_a_server_that_refuses_is_unavailable(server: tuple[int, type[FakeServer]]) -> None:
    port, handler = server
    handler.refuses = True
    mail = SmtpMail(f"smtp://127.0.0.1:{port}", sender="c@paper.example")

    with pytest.raises(Unavailable) as refused:
        mail.send(a_letter())
    assert refused.value.code == "mail_unavailable"


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        SmtpMail("smtp://127.0.0.1:1", sender="c@paper.example").send(a_letter())


@pytest.mark.parametrize("url", ["http://x.example", "smtp://", "mail.example"])
def test_an_address_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured):
        SmtpMail(url, sender="c@paper.example")


def test_the_settings_choose_how_mail_goes(tmp_path: Path) -> None:
    outbox = str(tmp_path)

    assert isinstance(make_mail(Settings()), NullMail)
    assert isinstance(make_mail(Settings(mail_url="smtps://x.example")), SmtpMail)
    assert isinstance(make_mail(Settings(demo=True, outbox=outbox)), OutboxMail)
    assert isinstance(make_mail(Settings(outbox=outbox)), NullMail), "only the demo has an outbox"
