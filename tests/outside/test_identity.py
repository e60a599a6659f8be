"""Publishers' tokens: what is accepted, and every attack that is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from belowline.core.errors import Misconfigured, NotAllowed
from belowline.outside.identity import Claims, PublisherIdentity, check_token, make_identity
from belowline.outside.keys import NullKeys, StaticKeys

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = "correct horse battery staple and more"
ISSUER = "https://paper.example"
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa"})
JWKS = {"keys": [RSA.as_dict(private=False), EC.as_dict(private=False)]}

BY_SECRET = make_identity(
    {"kind": "secret", "issuer": ISSUER, "audience": "belowline", "secret": SECRET}
)
BY_KEYS = make_identity(
    {"kind": "jwks", "issuer": ISSUER, "audience": "belowline", "jwks_url": "https://x.example/k"}
)


def claims(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - claims can be anything
    now = int(NOW.timestamp())
    good = {
        "iss": ISSUER,
        "aud": "belowline",
        "sub": "4711",
        "site": "echo",
        "jti": "one",
        "iat": now,
        "exp": now + 300,
        "name": "Jane",
        "email": "j@x.example",
        "email_verified": True,
    }
    return {name: value for name, value in (good | changes).items() if value is not ...}


def by_secret(payload: dict[str, Any], secret: str = SECRET) -> str:
    return jwt.encode({"alg": "HS256"}, payload, OctKey.import_key(secret))


def check(token: str, identity: PublisherIdentity = BY_SECRET) -> Claims:
    return check_token(token, identity, site_key="echo", now=NOW, keys=StaticKeys(JWKS))


def reason(token: str, identity: PublisherIdentity = BY_SECRET) -> object:
    with pytest.raises(NotAllowed) as refused:
        check(token, identity)
    assert refused.value.code == "bad_token"
    return refused.value.context["reason"]


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_under_the_shared_secret_is_accepted() -> None:
    found = check(by_secret(claims()))

    assert found == Claims(
        ISSUER,
        "4711",
        "Jane",
        "j@x.example",
        email_verified=True,
        jti="one",
        expires_at=NOW + timedelta(seconds=300),
    )


@pytest.mark.parametrize(("algorithm", "key"), [("RS256", RSA), ("ES256", EC)])
def test_a_token_under_a_published_key_is_accepted(algorithm: str, key: RSAKey | ECKey) -> None:
    token = jwt.encode({"alg": algorithm, "kid": key.kid}, claims(aud=["other", "belowline"]), key)

    assert check(token, BY_KEYS).subject == "4711"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"iss": "https://evil.example"}, "issuer", id="issuer"),
        pytest.param({"iss": [ISSUER]}, "issuer", id="issuer in a list"),
        pytest.param({"iss": ...}, "issuer", id="no issuer"),
        pytest.param({"aud": "shop"}, "audience", id="audience"),
        pytest.param({"aud": "belowline.evil"}, "audience", id="audience that begins alike"),
        pytest.param({"aud": {"belowline": 1}}, "audience", id="audience as an object"),
        pytest.param({"aud": ...}, "audience", id="no audience"),
        pytest.param({"site": "other"}, "site", id="another site's"),
        pytest.param({"site": ...}, "site", id="no site"),
        pytest.param({"exp": ...}, "exp", id="no end"),
        pytest.param({"exp": "9999999999"}, "exp", id="end as text"),
        pytest.param({"exp": True}, "exp", id="end as a truth"),
        pytest.param({"exp": 1e300}, "exp", id="end beyond time"),
        pytest.param({"iat": ...}, "iat", id="no beginning"),
        pytest.param({"jti": ...}, "jti", id="no id"),
        pytest.param({"jti": "x" * 256}, "jti", id="long id"),
        pytest.param({"jti": 5}, "jti", id="id as a number"),
        pytest.param({"sub": ...}, "sub", id="no subject"),
        pytest.param({"sub": ""}, "sub", id="empty subject"),
        pytest.param({"sub": "a\x00b"}, "sub", id="subject with a null"),
        pytest.param({"exp": int(NOW.timestamp()) + 86401}, "lifetime", id="lives too long"),
        pytest.param(
            {"iat": int(NOW.timestamp()) - 86000, "exp": int(NOW.timestamp()) + 500},
            "lifetime",
            id="lives too long from long ago",
        ),
        pytest.param({"nbf": int(NOW.timestamp()) + 61}, "not_yet", id="not before later"),
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(changes: dict[str, Any], why: str) -> None:
    assert check(by_secret(claims()))
    assert reason(by_secret(claims(**changes))) == why


def test_clocks_may_differ_by_a_minute_and_no_more() -> None:
    now = int(NOW.timestamp())

    assert check(by_secret(claims(exp=now - 59, iat=now - 300)))
    assert reason(by_secret(claims(exp=now - 60, iat=now - 300))) == "expired"
    assert check(by_secret(claims(iat=now + 60)))
    assert reason(by_secret(claims(iat=now + 61))) == "not_yet"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
@pytest.mark.parametrize("identity", [BY_SECRET, BY_KEYS], ids=["secret", "keys"])
def test_an_unsigned_token_is_refused(algorithm: str, identity: PublisherIdentity) -> None:
    assert reason(f"{part({'alg': algorithm})}.{part(claims())}.", identity) == "algorithm"


def test_the_public_key_is_no_shared_secret() -> None:
    """Whoever knows the public key, and everybody does, could sign with it if HS256 were taken."""
    head, body = part({"alg": "HS256", "kid": "rsa"}), part(claims())
    mac = hmac.new(RSA.as_pem(private=False), f"{head}.{body}".encode(), hashlib.sha256).digest()
    token = f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    assert reason(token, BY_KEYS) == "algorithm"


def test_a_token_with_a_key_is_refused_where_a_secret_is_set_up() -> None:
    token = jwt.encode({"alg": "RS256", "kid": "rsa"}, claims(), RSA)

    assert reason(token, BY_SECRET) == "algorithm"


def test_a_key_that_the_token_brings_along_counts_for_nothing() -> None:
    header = {"alg": "RS256", "kid": "rsa", "jwk": STRANGER.as_dict(private=False)}

    assert reason(jwt.encode(header, claims(), STRANGER), BY_KEYS) == "signature"


def test_a_signature_by_somebody_else_is_refused() -> None:
    assert reason(by_secret(claims(), "another secret of good length, too")) == "signature"
    assert reason(jwt.encode({"alg": "RS256", "kid": "rsa"}, claims(), STRANGER), BY_KEYS) == (
        "signature"
    )


def test_an_unknown_key_is_refused() -> None:
    token = jwt.encode({"alg": "RS256", "kid": "gone"}, claims(), RSA)

    assert reason(token, BY_KEYS) == "unknown_key"
    with pytest.raises(NotAllowed):
        check_token(token, BY_KEYS, site_key="echo", now=NOW, keys=NullKeys())


def test_a_key_of_the_other_type_is_refused() -> None:
    token = jwt.encode({"alg": "RS256", "kid": "ec"}, claims(), RSA)

    assert reason(token, BY_KEYS) == "signature"


def test_a_changed_token_is_refused() -> None:
    head, body, mac = by_secret(claims()).split(".")
    _, other, _ = by_secret(claims(sub="1")).split(".")

    assert reason(f"{head}.{other}.{mac}") == "signature"
    assert reason(f"{head}.{body}.") == "signature"
    assert reason(f"{head}.{body}") == "signature"


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "é.é.é",
        "ey" * 100,
        f"{part([])}.{part(1)}.x",
        f"{part({'alg': 5})}.{part({})}.x",
        f"{part({'alg': 'HS256', 'crit': ['b64'], 'b64': False})}.x.x",
    ],
)
@pytest.mark.parametrize("identity", [BY_SECRET, BY_KEYS], ids=["secret", "keys"])
def test_rubbish_is_refused_like_everything_else(token: str, identity: PublisherIdentity) -> None:
    assert reason(token, identity) in {"signature", "algorithm"}


def test_an_over_long_token_is_not_even_read() -> None:
    assert reason(by_secret(claims(name="x" * 9000))) == "too_long"


@pytest.mark.parametrize("value", ["true", 1, "yes", None, ...])
def test_only_the_truth_itself_verifies_an_address(value: object) -> None:
    assert check(by_secret(claims(email_verified=value))).email_verified is False


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"secret": "short"}, id="short secret"),
        pytest.param({"secret": ...}, id="no secret"),
        pytest.param({"issuer": ""}, id="no issuer"),
        pytest.param({"audience": ...}, id="no audience"),
        pytest.param({"kind": "none"}, id="another kind"),
        pytest.param({"algorithms": ["RS256"]}, id="secret with RS256"),
        pytest.param({"jwks_url": "https://x.example"}, id="both kinds"),
        pytest.param({"kind": "jwks", "jwks_url": "https://x.example"}, id="keys with a secret"),
        pytest.param(
            {"kind": "jwks", "secret": ..., "jwks_url": "http://x.example"}, id="keys in the clear"
        ),
        pytest.param(
            {
                "kind": "jwks",
                "secret": ...,
                "jwks_url": "https://x.example",
                "algorithms": ["HS256"],
            },
            id="keys with HS256",
        ),
        pytest.param({"secret": RSA.as_pem(private=False).decode()}, id="a public key as secret"),
        pytest.param({"colour": "x"}, id="a word it does not know"),
    ],
)
def test_an_unsafe_set_up_is_refused(changes: dict[str, Any]) -> None:
    good = {"kind": "secret", "issuer": ISSUER, "audience": "belowline", "secret": SECRET}
    data = {name: value for name, value in (good | changes).items() if value is not ...}

    with pytest.raises(Misconfigured):
        make_identity(data)


def test_no_secret_stands_in_a_traceback() -> None:
    assert SECRET not in repr(BY_SECRET)
