"""Coral's accounts: what proves them, what limits them, and that nothing else of them is taken."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from belowline.core.terms import Role, SanctionKind
from belowline.transfer.coral.accounts import read_account
from belowline.transfer.shape import Record, SourceAccount, SourceNote
from tests.transfer.newsroom import (
    ADA,
    COURIER,
    DORA,
    HERALD,
    NOW,
    SECRETS,
    Made,
    account,
    accounts,
    as_plain,
    at,
    left_out,
    limited,
    put_right,
    sanctions,
)

Spell = tuple[SanctionKind, datetime, datetime | None]


def read(made: Made, site: str | None = COURIER) -> list[Record]:
    return list(
        read_account(as_plain(made), now=NOW, site=site, sso_issuer="https://courier.example")
    )


def the(made: Made, site: str | None = COURIER) -> SourceAccount:
    (only,) = accounts(read(made, site))
    return only


def limits(site: str | None = COURIER, **status: object) -> list[Spell]:
    return [
        (one.kind, one.starts_at, one.ends_at) for one in sanctions(read(limited(**status), site))
    ]


def test_an_account_comes_with_what_proves_it():
    one = the(account(email="Ada@Reader.example"))
    assert (one.source_id, one.name, one.created_at) == (ADA, "Ada", at(-1000))
    assert (one.email, one.email_verified, one.role) == ("ada@reader.example", True, None)
    assert one.identities == ()


@pytest.mark.parametrize("verified", [False, None, "perhaps"])
def test_an_address_that_was_not_verified_proves_nothing(verified: object):
    assert not the(account(emailVerified=verified)).email_verified


def test_what_is_no_address_proves_nothing_either():
    records = read(account(email="nobody"))
    assert put_right(records) == ["email_dropped"]
    assert (accounts(records)[0].email, accounts(records)[0].email_verified) == (None, False)


def test_sign_ins_elsewhere_are_identities_and_passwords_are_none():
    profiles = [
        {"type": "local", "id": "ada@reader.example", "password": SECRETS[0], "passwordID": "p"},
        {"type": "sso", "id": "reader-17", "lastIssuedAt": at()},
        {"type": "google", "id": "1092"},
        {"type": "facebook", "id": "77"},
        {"type": "oidc", "id": "sub", "issuer": "https://id.example", "audience": "a"},
        {"type": "oidc", "id": "sub"},
        {"type": "google"},
        None,
    ]
    one = the(account(profiles=profiles))
    assert one.identities == (
        ("https://courier.example", "reader-17"),
        ("google", "1092"),
        ("facebook", "77"),
        ("https://id.example", "sub"),
    )
    assert SECRETS[0] not in repr(one)


@pytest.mark.parametrize(
    ("role", "scopes", "here"),
    [
        ("ADMIN", None, Role.OWNER),
        ("MODERATOR", None, Role.MODERATOR),
        ("MODERATOR", {"scoped": False}, Role.MODERATOR),
        ("MODERATOR", {"scoped": True, "siteIDs": [COURIER]}, Role.MODERATOR),
        ("MODERATOR", {"scoped": True, "siteIDs": [HERALD]}, None),
        ("MODERATOR", {"scoped": True}, None),
        ("MODERATOR", {"siteIDs": [HERALD]}, None),
        ("STAFF", None, None),
        ("MEMBER", None, None),
        ("COMMENTER", None, None),
        ("admin", None, None),
        (None, None, None),
    ],
)
def test_what_somebody_did_for_the_site(role: object, scopes: object, here: Role | None):
    assert the(account(role=role, moderationScopes=scopes)).role is here


def test_who_left_leaves_nothing():
    records = read(account(deletedAt=at(5), moderatorNotes=[{"body": "Rude", "createdAt": at()}]))
    assert left_out(records) == [("author", "deleted")]
    assert len(records) == 1


def entry(minutes: int, *, active: bool, **fields: object) -> Made:
    return {"active": active, "createdBy": DORA, "createdAt": at(minutes), **fields}


OUT = SanctionKind.WITHDRAWAL


def test_an_exclusion_from_the_organisation_runs_without_an_end():
    history = [entry(1, active=True, message="Enough.", id="b1")]
    (one,) = sanctions(read(limited(ban={"active": True, "history": history})))
    assert (one.kind, one.starts_at, one.ends_at) == (OUT, at(1), None)
    assert (one.note, one.imposed_by, one.source_id) == ("Enough.", DORA, f"{ADA}:withdrawal:b1")


def test_what_was_lifted_has_an_end():
    history = [entry(1, active=True), entry(5, active=False), entry(9, active=True)]
    assert limits(ban={"active": True, "history": history}) == [
        (OUT, at(1), at(5)),
        (OUT, at(9), None),
    ]
    history.append(entry(12, active=False))
    assert limits(ban={"active": False, "history": history})[1] == (OUT, at(9), at(12))


@pytest.mark.parametrize(
    ("sites", "site", "expected"),
    [
        ([COURIER], COURIER, [(OUT, at(1), None)]),
        ([HERALD, COURIER], COURIER, [(OUT, at(1), None)]),
        ([HERALD], COURIER, []),
        ([HERALD], None, [(OUT, at(1), None)]),
    ],
)
def test_an_exclusion_from_a_site_counts_there(
    sites: list[str], site: str | None, expected: list[Spell]
):
    status = {"active": False, "siteIDs": sites, "history": [entry(1, active=True, siteIDs=sites)]}
    assert limits(site, ban=status) == expected
    if not expected:
        assert left_out(read(limited(ban=status), site)) == [("sanction", "other_site")]


def test_what_holds_now_counts_where_the_history_says_otherwise():
    assert limits(ban={"active": True}) == [(OUT, at(-1000), None)]
    assert limits(ban={"active": False, "siteIDs": [COURIER]}) == [(OUT, at(-1000), None)]
    history = [entry(1, active=True)]
    assert limits(ban={"active": False, "history": history}) == [(OUT, at(1), at(1))]
    history = [entry(1, active=True), entry(5, active=False)]
    assert limits(ban={"active": True, "history": history}) == [
        (OUT, at(1), at(5)),
        (OUT, at(5), None),
    ]


def test_suspensions_have_their_own_times():
    def suspended(start: object, finish: object) -> Made:
        return {"id": "s", "from": {"start": start, "finish": finish}, "createdAt": at(2)}

    later = NOW + timedelta(days=3)
    history = [suspended(at(3), at(60)), suspended(at(70), later), suspended(None, at(90))]
    kind = SanctionKind.SUSPENSION
    assert limits(suspension={"history": history}) == [
        (kind, at(3), at(60)),
        (kind, at(70), later),
        (kind, at(2), at(90)),
    ]
    records = read(limited(suspension={"history": [suspended(at(3), None)]}))
    assert left_out(records) == [("sanction", "no_date")]


def test_being_read_first_and_warnings_come_too():
    held = [entry(1, active=True)]
    assert limits(premod={"active": True, "history": held}) == [
        (SanctionKind.HOLD_FIRST, at(1), None)
    ]
    warned = [
        entry(1, active=True, message="Please."),
        entry(4, active=False, acknowledgedAt=at(3)),
        entry(8, active=True),
        entry(9, active=True),
    ]
    kind = SanctionKind.WARNING
    assert limits(warning={"active": True, "history": warned}) == [
        (kind, at(1), at(3)),
        (kind, at(8), at(9)),
        (kind, at(9), None),
    ]
    both = [entry(1, active=True, acknowledgedAt=at(6))]
    assert limits(warning={"active": False, "history": both}) == [(kind, at(1), at(6))]


def test_old_databases_lack_some_of_it():
    bare = account()
    del bare["status"]
    assert sanctions(read(bare)) == []
    assert limits(ban=None, premod="x", suspension=[1], warning={"history": ["x", None]}) == []


def test_what_staff_noted_comes_with_who_noted_it():
    notes = [
        {"id": "n1", "body": "Kind on the phone.", "createdBy": DORA, "createdAt": at(4)},
        {"id": "n2", "body": " "},
        {"body": "Undated"},
    ]
    records = read(account(moderatorNotes=notes))
    found = [one for one in records if isinstance(one, SourceNote)]
    assert [
        (one.source_id, one.text, one.by_account_source_id, one.created_at) for one in found
    ] == [
        ("n1", "Kind on the phone.", DORA, at(4)),
        (f"{ADA}:note:2", "Undated", None, at(-1000)),
    ]
    assert left_out(records) == [("note", "empty")]
