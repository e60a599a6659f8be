"""E-mail addresses: the one form in which they are kept, and what is refused before a letter."""

from __future__ import annotations

import re

from belowline.core.errors import InvalidInput

LONGEST_EMAIL = 254
LONGEST_LOCAL_PART = 64

# ASCII before the @, so that no two addresses look alike; the dots stand between words.
_WORD = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_WORD}(?:\.{_WORD})*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")


def check_email(raw: str) -> str:
    """Return the address in lower case, its domain in ASCII, or refuse it.

    One address, nothing else: no display name, list, comment, quoted part or line end could get
    from here into a letter's head.

    Raises:
        InvalidInput: it is not an address that a letter could be sent to.
    """
    text = raw.strip(" ")
    local, _, domain = text.partition("@")
    if len(text) > LONGEST_EMAIL or len(local) > LONGEST_LOCAL_PART or not local.isascii():
        raise _bad()
    try:
        domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError as error:
        raise _bad() from error
    email = f"{local}@{domain}".lower()
    local, _, domain = email.partition("@")
    if len(email) > LONGEST_EMAIL or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise _bad()
    return email


def _bad() -> InvalidInput:
    return InvalidInput("This is not an e-mail address.", field="email", code="bad_email")
