"""Every way in which Belowline says no, as one tree.

    BelowlineError
    ├── InvalidInput      the request itself is wrong; ``field`` names where
    ├── NotAllowed        standing, role or policy refuses
    ├── NotSignedIn       nobody is signed in, and somebody must be
    ├── NotFound          no such thing here, or not for you
    ├── Conflict          the world has moved on
    │   └── StaleVersion  the thing seen is no longer the thing there
    ├── TooMany           too often, or too much at once
    ├── Unavailable       a part that is needed does not answer
    └── Misconfigured     the installation is set up wrongly; only at start and in the CLI

Each carries a stable ``code`` that a page or a client can translate, a ``message`` that is fit for
the public, and ``context`` of public values (ids, limits, rule keys). Status codes are known to
``web/errors.py`` alone. Nothing here ever holds a reader's words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from belowline.core.terms import Refusal

Found = TypeVar("Found")


class BelowlineError(Exception):
    """The root of the tree."""

    default_code = "error"

    def __init__(
        self, message: str, *, code: str | None = None, **context: str | int | None
    ) -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.message = message
        self.context = context


class InvalidInput(BelowlineError):
    """A value that was sent cannot be used."""

    default_code = "invalid_input"

    def __init__(
        self, message: str, *, field: str, code: str | None = None, **context: str | int | None
    ) -> None:
        super().__init__(message, code=code, field=field, **context)
        self.field = field


class NotSignedIn(BelowlineError):
    """The verb needs a reader, and nobody is signed in."""

    default_code = "not_signed_in"


class NotAllowed(BelowlineError):
    """Standing, role or policy refuses the verb."""

    default_code = "not_allowed"


class NotFound(BelowlineError):
    """There is no such thing, or none that this person may know of."""

    default_code = "not_found"


class Conflict(BelowlineError):
    """The change does not fit what is there now."""

    default_code = "conflict"


class StaleVersion(Conflict):
    """Somebody else changed it after it was shown; look again."""

    default_code = "stale_version"


class TooMany(BelowlineError):
    """A limit was reached. ``retry_after`` in ``context`` is in seconds."""

    default_code = "too_many"


class Unavailable(BelowlineError):
    """A part that is needed does not answer."""

    default_code = "unavailable"


class Misconfigured(BelowlineError):
    """The installation is set up wrongly and refuses to start."""

    default_code = "misconfigured"


def require(refusal: Refusal | None) -> None:
    """Raise :class:`NotAllowed` carrying the refusal, or return if there is none."""
    if refusal is None:
        return
    raise NotAllowed(
        refusal.message,
        code=refusal.code,
        until=refusal.until.isoformat() if refusal.until else None,
        rule=refusal.rule,
        decision=refusal.decision_id,
    )


def attempt(work: Callable[..., Found], *values: Any) -> Found | BelowlineError:  # noqa: ANN401 - any
    """Do something for one of several, and return the error instead of raising it."""
    try:
        return work(*values)
    except BelowlineError as error:
        return error
