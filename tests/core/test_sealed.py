"""What is sealed opens only with the same secret, for the same purpose, at the same place."""

from __future__ import annotations

import pytest

from belowline.core.errors import Unavailable
from belowline.core.sealed import seal, unseal

SECRET = "0123456789abcdef0123456789abcdef"
FIELDS = {"name": "Ann Lee", "address": "1 High Street"}


def test_what_was_sealed_can_be_read_again_and_not_in_the_database() -> None:
    sealed = seal(SECRET, "details", FIELDS, of="7 author")

    assert b"Ann" not in sealed
    assert unseal(SECRET, "details", sealed, of="7 author") == FIELDS
    assert seal(SECRET, "details", FIELDS, of="7 author") != sealed


@pytest.mark.parametrize(
    ("secret", "purpose", "of"),
    [
        pytest.param(SECRET[::-1], "details", "7 author", id="another secret"),
        pytest.param(SECRET, "letter", "7 author", id="another purpose"),
        pytest.param(SECRET, "details", "8 author", id="moved to another row"),
    ],
)
def test_it_opens_nowhere_else(secret: str, purpose: str, of: str) -> None:
    sealed = seal(SECRET, "details", FIELDS, of="7 author")

    with pytest.raises(Unavailable):
        unseal(secret, purpose, sealed, of=of)
    with pytest.raises(Unavailable):
        unseal(SECRET, "details", sealed[:-1] + bytes([sealed[-1] ^ 1]), of="7 author")
