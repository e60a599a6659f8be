"""Pages that only the demo has: its outbox of letters, and who is who with a way in as each.

They are handed to the application beside its own routes, and answer as if they were not there
unless the settings say that this is a demo.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from litestar import Response
from litestar.response import Redirect

from belowline.core.errors import NotFound
from belowline.core.terms import Actor, Privilege, ReaderId
from belowline.demo.people import list_people, where_next
from belowline.outside.mail import Letter
from belowline.readers import store as readers
from belowline.readers.sessions import Session, add_session, hash_token, make_token
from belowline.sites import store as sites
from belowline.web.auth import Visitor
from belowline.web.cookies import set_session
from belowline.web.forms import FormBody, read_form
from belowline.web.house import House
from belowline.web.route import Route
from belowline.web.security import CSP
from belowline.web.templating import page

NAME = re.compile(r"[0-9a-f]{32}")
LINK = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:)])")
MOST_LETTERS = 200
LETTER_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter in the outbox. ``name`` is its file's and its page's."""

    name: str
    at: datetime
    letter: Letter


def list_outbox(visitor: Visitor) -> Response[bytes]:
    """Show the letters, newest first."""
    folder = _folder(visitor)
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    sent = [_read(file) for file in files[:MOST_LETTERS]]
    return _page(visitor, "demo/outbox.html", sent=sent, total=len(files))


def show_letter(visitor: Visitor, letter: str) -> Response[bytes]:
    """Show one letter: its headers, its text with links that work, and its HTML in a frame."""
    sent = _find(visitor, letter)
    policy = CSP.replace("default-src 'none';", "default-src 'none'; frame-src 'self';")
    parts = LINK.split(sent.letter.text)
    return _page(visitor, "demo/letter.html", policy=policy, sent=sent, parts=parts)


def show_html(visitor: Visitor, letter: str) -> Response[bytes]:
    """Give a letter's HTML alone, in a sandbox, as a mail program would show it."""
    html = _find(visitor, letter).letter.html
    html = html.replace("<head>", '<head><base target="_top">', 1)
    return Response(
        html.encode(),
        media_type="text/html; charset=utf-8",
        headers={
            "Content-Security-Policy": LETTER_CSP,
            "X-Frame-Options": "SAMEORIGIN",
            "Cache-Control": "no-store",
        },
    )


def show_people(visitor: Visitor) -> Response[bytes]:
    """Show who is who: everybody's role or standing, and a button to sign in as them."""
    house = _demo(visitor)
    with house.db.read() as conn:
        site = sites.list_sites(conn)[0]
        people = list_people(conn, site, now=house.db.clock())
    # A browser applies this to where the form's answer leads, too: the paper's own address.
    policy = CSP.replace("form-action 'self'", f"form-action 'self' {' '.join(site.origins)}")
    return _page(visitor, "demo/people.html", policy=policy, people=people)


def sign_in_as(visitor: Visitor, data: FormBody) -> Redirect:
    """Sign in as somebody of the demo, and go where they would go."""
    house = _demo(visitor)
    reader_id = ReaderId(read_form(data, fields=("reader",)).number("reader") or 0)
    with house.db.read() as conn:
        if readers.get_reader(conn, reader_id).erased_at is not None:
            raise NotFound("There is no such reader.", code="no_reader")
        address = where_next(conn, sites.list_sites(conn)[0], reader_id)
    token = make_token()
    with house.db.write(Actor.of_system("demo")) as tx:
        ends = tx.now + timedelta(days=house.settings.session_days)
        token_hash = hash_token(house.settings.secret, token)
        add_session(tx, Session(token_hash, reader_id, None, None, tx.now, ends))
    answer = Redirect(address, status_code=303, headers={"Cache-Control": "no-store"})
    set_session(answer, house, token)
    return answer


DEMO_ROUTES = (
    Route("GET", "/outbox", list_outbox, Privilege.READ),
    Route("GET", "/outbox/{letter:str}", show_letter, Privilege.READ),
    Route("GET", "/outbox/{letter:str}/html", show_html, Privilege.READ),
    Route("GET", "/demo", show_people, Privilege.READ),
    Route("POST", "/demo/sign-in", sign_in_as, Privilege.SIGN_IN),
)


def _page(
    visitor: Visitor,
    template: str,
    *,
    policy: str = CSP,
    **values: Any,  # noqa: ANN401 - template values
) -> Response[bytes]:
    with visitor.house.db.read() as conn:
        paper = sites.list_sites(conn)[0]
    return page(
        template,
        headers={"Content-Security-Policy": policy},
        paper=paper,
        here="people" if template.endswith("people.html") else "outbox",
        now=visitor.house.db.clock(),
        **values,
    )


def _demo(visitor: Visitor) -> House:
    if not visitor.house.settings.demo:
        raise NotFound("There is nothing at this address.")
    return visitor.house


def _folder(visitor: Visitor) -> Path:
    outbox = _demo(visitor).settings.outbox
    if not outbox:
        raise NotFound("This demo keeps no outbox.")
    return Path(outbox)


def _find(visitor: Visitor, name: str) -> Sent:
    file = _folder(visitor) / f"{name}.json"
    if not NAME.fullmatch(name) or not file.is_file():
        raise NotFound("There is no such letter.", code="no_letter")
    return _read(file)


def _read(file: Path) -> Sent:
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Sent(file.stem, at, Letter(**json.loads(file.read_text(encoding="utf-8"))))
