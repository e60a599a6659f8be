"""Addresses: one form each, and nothing that could change a letter's head."""

from __future__ import annotations

import pytest

from belowline.core.errors import InvalidInput
from belowline.readers.email import check_email


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Jane.Doe@Paper.Example", "jane.doe@paper.example"),
        ("  a+b@x.example ", "a+b@x.example"),
        ("jane@bücher.example", "jane@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_form(raw: str, kept: str) -> None:
    assert check_email(raw) == kept
    assert check_email(kept) == kept


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("jane", id="no @"),
        pytest.param("jane@a@b.example", id="two"),
        pytest.param("jane@paper", id="no dot"),
        pytest.param("@paper.example", id="nobody"),
        pytest.param("jane@paper.example\r\nBcc: all@x.example", id="line end"),
        pytest.param("jane@paper.example\n", id="line end at the end"),
        pytest.param("jane@paper.example,joe@x.example", id="two in a list"),
        pytest.param("Jane <jane@paper.example>", id="with a name"),
        pytest.param('"jane doe"@paper.example', id="quoted"),
        pytest.param("jane(x)@paper.example", id="comment"),
        pytest.param("jаne@paper.example", id="Cyrillic a"),
        pytest.param("jane\x00@paper.example", id="null"),
        pytest.param("jane@[127.0.0.1]", id="address literal"),
        pytest.param("jane@-paper.example", id="hyphen first"),
        pytest.param("a" * 65 + "@x.example", id="long before the @"),
        pytest.param("a@" + "x." * 130 + "example", id="too long"),
        pytest.param("a@" + "ü" * 80 + ".example", id="long label in another script"),
        pytest.param("jane..doe@paper.example", id="two dots"),
    ],
)
def test_what_is_no_single_address_is_refused(raw: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_email(raw)

    assert refused.value.code == "bad_email"
