"""A reader's account: name, mail, a copy of the data, and leaving for good."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

from belowline.actions.readers import (
    RENAME_EVERY,
    erase_account,
    export_data,
    read_unsubscribe_token,
    rename_reader,
    set_mail_notices,
    set_public_page,
)
from belowline.actions.readers import unsubscribe as switch_off
from belowline.core.errors import BelowlineError, Conflict, InvalidInput, NotAllowed, TooMany
from belowline.core.terms import Privilege
from belowline.core.text import Text, later
from belowline.readers.names import LONGEST_NAME
from belowline.readers.standing import may
from belowline.storage.imports import has_imports
from belowline.web import cookies
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.forms import FormBody, read_form
from belowline.web.pages.frame import reader_page
from belowline.web.pages.sign_in import Next
from belowline.web.redirects import local_path, see_other
from belowline.web.templating import page

ERASE_WORD = later("erase")
"""What has to be typed, so that nobody erases an account by one click too many."""


def name_form(visitor: Visitor, after: Next = None) -> Response[bytes]:
    """Show the form for the name that others see; somebody new comes here first."""
    return _name_page(visitor, local_path(after, otherwise=""))


def change_name(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Change my name."""
    form = read_form(data, fields=("name", "next"))
    onward = local_path(form.text("next"), otherwise="")
    try:
        rename_reader(
            visitor.house.db, visitor.reader_id, site_id=visitor.at.id, name=form.text("name")
        )
    except NotAllowed as error:
        # It is about the name unless standing says otherwise, so it is said beside the name.
        about_name = InvalidInput(error.message, field="name", code=error.code)
        return _name_page(visitor, onward, typed=form.text("name"), error=about_name)
    except (InvalidInput, TooMany) as error:
        return _name_page(visitor, onward, typed=form.text("name"), error=error)
    return see_other(onward or f"/me/{visitor.at.key}/account")


def _name_page(
    visitor: Visitor, onward: str, *, typed: str | None = None, error: BelowlineError | None = None
) -> Response[bytes]:
    return reader_page(
        visitor,
        "pages/name.html",
        http_status=status_of(error) if error else 200,
        onward=onward,
        typed=typed,
        error=error,
        longest=LONGEST_NAME,
        days=RENAME_EVERY.days,
        refusal=may(Privilege.CHANGE_NAME, visitor.facts, now=visitor.house.db.clock()),
    )


def account(visitor: Visitor) -> Response[bytes]:
    """Show what is kept about me, and what I can do about it."""
    with visitor.house.db.read() as conn:
        # The same for everybody: it says nothing about whose comments came in.
        has_past = has_imports(conn, visitor.at.id)
    return reader_page(
        visitor, "pages/account.html", mail_works=visitor.house.mail.works, has_past=has_past
    )


def change_mail(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Switch notices by mail on or off."""
    wanted = read_form(data, fields=("wanted",)).ticked("wanted")
    set_mail_notices(visitor.house.db, visitor.reader_id, wanted=wanted)
    return see_other(f"/me/{visitor.at.key}/account")


def change_public_page(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Switch the page that lists my published comments on or off."""
    wanted = read_form(data, fields=("wanted",)).ticked("wanted")
    set_public_page(visitor.house.db, visitor.reader_id, wanted=wanted)
    return see_other(f"/me/{visitor.at.key}/account")


def data_copy(visitor: Visitor) -> Response[bytes]:
    """Give me a copy of everything that is kept about me."""
    with visitor.house.db.read() as conn:
        found = export_data(conn, visitor.reader_id)
    return Response(
        content=msgspec.json.format(msgspec.json.encode(found), indent=2),
        media_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="belowline-my-data.json"',
            "Cache-Control": "private, no-store",
        },
    )


def erase_form(visitor: Visitor) -> Response[bytes]:
    """Say what erasing means, and ask for the word that confirms it."""
    return _erase_page(visitor)


def erase(visitor: Visitor, data: FormBody) -> Response[Any]:
    """Erase my account for good."""
    typed = read_form(data, fields=("confirm",)).text("confirm").strip().strip("“”\"'").lower()
    word = visitor.language.say(ERASE_WORD)
    if typed != word.lower():
        wrong = InvalidInput(
            Text("Type the word %(word)s to confirm.", word=word),
            field="confirm",
            code="not_confirmed",
        )
        return _erase_page(visitor, error=wrong)
    try:
        restricted = erase_account(visitor.house.db, visitor.reader_id)
    except Conflict as error:
        return _erase_page(visitor, error=error)
    answer: Response[Any] = see_other(f"/s/{visitor.at.key}")
    if restricted:
        answer = page(
            "pages/erased.html",
            site=visitor.at,
            restricted=restricted,
        )
    cookies.drop_session(answer, visitor.house)
    return answer


def _erase_page(visitor: Visitor, *, error: BelowlineError | None = None) -> Response[bytes]:
    return reader_page(
        visitor,
        "pages/erase.html",
        http_status=status_of(error) if error else 200,
        error=error,
        word=visitor.language.say(ERASE_WORD),
    )


def unsubscribe_form(visitor: Visitor, token: str) -> Response[bytes]:
    """Ask whether notices by mail shall end; mail programs open links by themselves."""
    house = visitor.house
    read_unsubscribe_token(house.db, settings=house.settings, token=token)
    return reader_page(visitor, "pages/unsubscribe.html", done=False)


def unsubscribe(visitor: Visitor, token: str) -> Response[bytes]:
    """End notices by mail for the reader of the link; nobody needs to be signed in for it."""
    house = visitor.house
    switch_off(house.db, settings=house.settings, token=token)
    return reader_page(visitor, "pages/unsubscribe.html", done=True)
