"""The publisher's own sign-in: a signed token that says who somebody is there.

A site is set up for one kind of signature, a shared secret (HS256) or published keys (RS256,
ES256), and only for that: which algorithm counts is never the token's choice.

What signatures need is imported with the first token: it takes nine megabytes, and many
installations never see one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from belowline.core.errors import Misconfigured, NotAllowed
from belowline.core.settings_checks import SECRET_LENGTH
from belowline.outside.keys import Keys, check_jwks_url

if TYPE_CHECKING:
    from joserfc.jwk import GuestProtocol

    from belowline.outside.keys import PublicKey

LONGEST_TOKEN = 8192
SKEW = timedelta(seconds=60)
LONGEST_LIFE = timedelta(hours=24)
LONGEST_ID = 255
PUBLIC_ALGORITHMS = frozenset({"RS256", "ES256"})


@dataclass(frozen=True, slots=True)
class PublisherIdentity:
    """How a site's tokens are checked."""

    kind: Literal["secret", "jwks"]
    issuer: str
    audience: str
    secret: str = field(default="", repr=False)
    jwks_url: str = ""
    algorithms: tuple[str, ...] = ("HS256",)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a checked token says."""

    issuer: str
    subject: str
    name: str | None
    email: str | None
    email_verified: bool
    jti: str
    expires_at: datetime


class _UnknownKey(Exception):
    """The token names a key that the publisher has not published."""


def make_identity(data: Mapping[str, Any]) -> PublisherIdentity:
    """Read how a site's tokens are checked from the site's ``identity``.

    Raises:
        Misconfigured: something is missing, weak, or mixes the two kinds.
    """
    kind = data.get("kind")
    issuer, audience = data.get("issuer"), data.get("audience")
    unknown = set(data) - {"kind", "issuer", "audience", "secret", "jwks_url", "algorithms"}
    if not isinstance(issuer, str) or not isinstance(audience, str) or not issuer or not audience:
        raise _misconfigured("Token sign-in needs an issuer and an audience.")
    if unknown:
        raise _misconfigured(f"Token sign-in does not know {min(unknown)!r}.")
    match kind:
        case "secret":
            return _with_secret(data, issuer, audience)
        case "jwks":
            return _with_keys(data, issuer, audience)
        case _:
            raise _misconfigured("Token sign-in is of the kind 'secret' or 'jwks'.")


def _with_secret(data: Mapping[str, Any], issuer: str, audience: str) -> PublisherIdentity:
    from joserfc.errors import JoseError  # noqa: PLC0415 - see above
    from joserfc.jwk import OctKey  # noqa: PLC0415

    secret = data.get("secret")
    if not isinstance(secret, str) or len(secret) < SECRET_LENGTH:
        raise _misconfigured(f"The shared secret has at least {SECRET_LENGTH} characters.")
    if data.get("jwks_url") or list(data.get("algorithms") or ["HS256"]) != ["HS256"]:
        raise _misconfigured("A shared secret goes with HS256 alone, and without keys.")
    try:
        # A public key pasted in place of the secret would let everybody sign; joserfc refuses it.
        OctKey.import_key(secret)
    except (JoseError, ValueError) as error:
        raise _misconfigured("This is not a shared secret.") from error
    return PublisherIdentity("secret", issuer, audience, secret)


def _with_keys(data: Mapping[str, Any], issuer: str, audience: str) -> PublisherIdentity:
    algorithms = tuple(data.get("algorithms") or sorted(PUBLIC_ALGORITHMS))
    if data.get("secret") or not set(algorithms) <= PUBLIC_ALGORITHMS:
        raise _misconfigured("Published keys go with RS256 or ES256, and without a secret.")
    url = check_jwks_url(str(data.get("jwks_url") or ""))
    return PublisherIdentity("jwks", issuer, audience, "", url, algorithms)


def _misconfigured(message: str) -> Misconfigured:
    return Misconfigured(message, code="bad_identity")


def check_token(
    token: str, identity: PublisherIdentity, *, site_key: str, now: datetime, keys: Keys
) -> Claims:
    """Return what the publisher's token says, once everything about it is right.

    It must be signed as the site is set up, carry iss, aud, exp, iat, jti, sub and the site's own
    key as ``site``, and live at most a day. Clocks may differ by a minute.

    Raises:
        NotAllowed: with the code ``bad_token`` and, as ``reason``, which check it failed.
        Unavailable: the publisher's keys cannot be fetched.
    """
    if len(token) > LONGEST_TOKEN:
        raise bad_token("too_long")
    claims = _verified(token, identity, keys)
    if claims.get("iss") != identity.issuer:
        raise bad_token("issuer")
    audience = claims.get("aud")
    if identity.audience not in (audience if isinstance(audience, list) else [audience]):
        raise bad_token("audience")
    if claims.get("site") != site_key:
        raise bad_token("site")
    issued_at, expires_at = _time(claims, "iat"), _time(claims, "exp")
    if now >= expires_at + SKEW:
        raise bad_token("expired")
    if issued_at > now + SKEW or ("nbf" in claims and _time(claims, "nbf") > now + SKEW):
        raise bad_token("not_yet")
    if not timedelta() < expires_at - issued_at <= LONGEST_LIFE:
        raise bad_token("lifetime")
    name, email = claims.get("name"), claims.get("email")
    return Claims(
        identity.issuer,
        _id(claims, "sub"),
        name if isinstance(name, str) else None,
        email if isinstance(email, str) else None,
        # The word "true" is no confirmation; providers have sent "false" as a string.
        claims.get("email_verified") is True,
        _id(claims, "jti"),
        expires_at,
    )


def bad_token(reason: str) -> NotAllowed:
    """Make the one refusal of a faulty token; ``reason`` is for the publisher's engineer."""
    return NotAllowed("The sign-in of the site was not accepted.", code="bad_token", reason=reason)


def _verified(token: str, identity: PublisherIdentity, keys: Keys) -> dict[str, Any]:
    from joserfc import jwt  # noqa: PLC0415 - see above
    from joserfc.errors import JoseError, UnsupportedAlgorithmError  # noqa: PLC0415
    from joserfc.jwk import OctKey  # noqa: PLC0415

    def public_key(signed: GuestProtocol) -> PublicKey:
        kid = signed.headers().get("kid")
        key = keys.find_key(identity.jwks_url, kid=kid if isinstance(kid, str) else None)
        if key is None:
            raise _UnknownKey
        return key

    key = OctKey.import_key(identity.secret) if identity.kind == "secret" else public_key
    try:
        return dict(jwt.decode(token, key, algorithms=list(identity.algorithms)).claims)
    except _UnknownKey as error:
        raise bad_token("unknown_key") from error
    except UnsupportedAlgorithmError as error:
        raise bad_token("algorithm") from error
    # joserfc lets malformed base64, JSON and key mismatches through as plain errors of Python.
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise bad_token("signature") from error


def _time(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise bad_token(name)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise bad_token(name) from error


def _id(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID or not value.isprintable():
        raise bad_token(name)
    return value
