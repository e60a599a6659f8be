"""Signing in: by a code, by the publisher's token, and through the first-party window."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from joserfc import jwt
from joserfc.jwk import OctKey

from belowline.actions.sign_in import (
    CodeRequest,
    SignedIn,
    redeem_code,
    request_code,
    sign_in_with_token,
    sign_out,
    sign_out_elsewhere,
)
from belowline.actions.window import make_window_ticket, redeem_window_ticket
from belowline.core.errors import (
    BelowlineError,
    InvalidInput,
    NotAllowed,
    NotSignedIn,
    TooMany,
    Unavailable,
)
from belowline.core.settings import Settings
from belowline.core.terms import Actor, ReaderId, Role, SanctionKind
from belowline.outside.keys import NullKeys
from belowline.outside.mail import NullMail, OutboxMail, list_letters
from belowline.readers import codes
from belowline.readers import store as readers
from belowline.readers.model import Reader
from belowline.readers.sessions import Session, hash_network, load_session, note_network
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.tables import decisions, network_traces, sanctions, used_tokens
from belowline.storage.tables import readers as readers_table
from belowline.storage.tables import sessions as sessions_table
from tests.conftest import SettableClock

SECRET = "0123456789abcdef0123456789abcdef"
SHARED = "a secret that only the paper and we know"
ORIGIN = "https://www.echo.example"
BROWSER = "browser-secret-of-jane"
SETTINGS = Settings(secret=SECRET, base_url="https://comments.echo.example")
SYSTEM = Actor.of_system("test")


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db, "echo")


def make_site(db: Database, key: str) -> Site:
    with db.write(SYSTEM) as tx:
        site_id = sites.add_site(
            tx, key=key, name="The Echo", origins=[f"https://www.{key}.example"]
        )
        sites.change_site(
            tx,
            site_id,
            identity={
                "kind": "secret",
                "issuer": "https://echo.example",
                "audience": "belowline",
                "secret": SHARED,
            },
        )
        return sites.get_site_by_id(tx.conn, site_id)


@pytest.fixture
def outbox(tmp_path: Path) -> OutboxMail:
    return OutboxMail(tmp_path)


@pytest.fixture
def ask(db: Database, site: Site, outbox: OutboxMail) -> Callable[..., str]:
    """Ask for a code, and read it from the letter."""

    def asking(
        email: str = "jane@x.example", *, browser: str = BROWSER, network: str = "192.0.2.1"
    ) -> str:
        before = {letter.message_id for letter in list_letters(outbox.folder)}
        request_code(
            db,
            settings=SETTINGS,
            mail=outbox,
            request=CodeRequest(site.id, email, browser, network),
        )
        (letter,) = (one for one in list_letters(outbox.folder) if one.message_id not in before)
        assert letter.to == email.lower()
        found = re.search(r"^(\d{3}) (\d{3})$", letter.text, re.MULTILINE)
        assert found is not None
        return found[1] + found[2]

    return asking


def redeem(db: Database, code: str, *, browser: str = BROWSER, name: str | None = None) -> SignedIn:
    return redeem_code(db, settings=SETTINGS, code=code, browser_secret=browser, name=name)


def reader_of(db: Database, signed_in: SignedIn) -> Reader:
    with db.read() as conn:
        return readers.get_reader(conn, signed_in.reader_id)


def session_of(db: Database, token: str) -> Session | None:
    with db.read() as conn:
        return load_session(conn, secret=SECRET, token=token, now=db.clock())


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def is_refused(db: Database, code: str, *, browser: str = BROWSER) -> bool:
    try:
        redeem(db, code, browser=browser)
    except NotAllowed as refused:
        return refused.code == "bad_code" and refused.context == {}
    return False


def test_a_code_signs_a_new_reader_in_under_a_name_that_says_nothing(
    db: Database, ask: Callable[..., str]
) -> None:
    signed_in = redeem(db, ask("Jane.Doe@x.example"))

    reader = reader_of(db, signed_in)
    assert signed_in.is_new
    assert reader.email == "jane.doe@x.example"
    assert re.fullmatch(r"Reader \d{6}", reader.name)
    session = session_of(db, signed_in.token)
    assert session is not None
    assert session.reader_id == reader.id
    assert session.origin is None


def test_whoever_comes_back_is_the_same_reader_with_a_new_session(
    db: Database, ask: Callable[..., str]
) -> None:
    first = redeem(db, ask(), name="Jane")
    second = redeem(db, ask(), name="Somebody else")

    assert second.reader_id == first.reader_id
    assert not second.is_new
    assert second.token != first.token
    assert reader_of(db, second).name == "Jane"


def test_a_code_may_be_typed_as_it_stands_in_the_letter(
    db: Database, ask: Callable[..., str]
) -> None:
    code = ask()

    assert redeem(db, f" {code[:3]} {code[3:]}\n").is_new


def test_a_code_works_once(db: Database, ask: Callable[..., str]) -> None:
    code = ask()
    redeem(db, code)

    assert is_refused(db, code)


def test_a_code_works_in_the_asking_browser_alone(db: Database, ask: Callable[..., str]) -> None:
    code = ask()

    assert is_refused(db, code, browser="browser-secret-of-mallory")
    assert redeem(db, code).is_new


def test_a_code_works_for_ten_minutes(
    db: Database, ask: Callable[..., str], clock: SettableClock
) -> None:
    code = ask()
    clock.advance(timedelta(minutes=10))

    assert is_refused(db, code)


def test_a_code_is_dead_after_five_wrong_tries(db: Database, ask: Callable[..., str]) -> None:
    code = ask()
    for _ in range(5):
        assert is_refused(db, wrong(code))

    assert is_refused(db, code)


def test_four_wrong_tries_are_forgiven(db: Database, ask: Callable[..., str]) -> None:
    code = ask()
    for _ in range(4):
        assert is_refused(db, wrong(code))

    assert redeem(db, code).is_new


def test_a_new_code_of_the_browser_replaces_the_earlier_one(
    db: Database, ask: Callable[..., str]
) -> None:
    first, second = ask(), ask()

    assert first == second or is_refused(db, first)
    assert redeem(db, second).is_new


def test_of_many_tries_at_once_one_gets_in(
    db: Database, ask: Callable[..., str], site: Site, token: Callable[..., str]
) -> None:
    code, once = ask(), token()

    def with_code() -> SignedIn:
        return redeem(db, code)

    def with_token() -> SignedIn:
        return enter(db, site, once)

    for way in (with_code, with_token):
        with ThreadPoolExecutor(4) as pool:
            tries = [pool.submit(way) for _ in range(4)]
        assert sum(one.exception() is None for one in tries) == 1


def test_without_a_code_there_is_nothing_to_redeem(db: Database) -> None:
    assert is_refused(db, "000000")
    assert is_refused(db, "")


def test_an_address_gets_five_letters_an_hour(
    ask: Callable[..., str], clock: SettableClock
) -> None:
    for number in range(5):
        ask(browser=f"a-browser-of-somebody-{number}", network=f"192.0.2.{number}")
        clock.advance(timedelta(minutes=1))

    with pytest.raises(TooMany) as refused:
        ask(browser="a-browser-of-somebody-9", network="192.0.2.9")
    assert refused.value.context["retry_after"] == 55 * 60
    clock.advance(timedelta(minutes=55))
    assert ask()


def test_an_address_gets_twenty_letters_a_day(
    ask: Callable[..., str], clock: SettableClock
) -> None:
    """Each code is five guesses, and nobody's mailbox is a bin."""
    for number in range(20):
        ask(browser=f"a-browser-of-somebody-{number}", network=f"192.0.2.{number}")
        clock.advance(timedelta(minutes=15))

    with pytest.raises(TooMany) as refused:
        ask(browser="a-browser-of-somebody-99", network="192.0.2.99")
    assert refused.value.context["retry_after"] == 19 * 60 * 60
    clock.advance(timedelta(hours=19))
    assert ask()


def test_a_network_gets_twenty_letters_an_hour(ask: Callable[..., str]) -> None:
    for number in range(20):
        ask(f"jane{number}@x.example", network=f"2001:db8::{number}")

    with pytest.raises(TooMany):
        ask("another@x.example", network="2001:db8::99")
    assert ask("another@x.example", network="2001:db8:0:1::99")


def test_known_and_unknown_addresses_get_the_same_answer(
    db: Database, ask: Callable[..., str], outbox: OutboxMail
) -> None:
    redeem(db, ask("known@x.example"))
    ask("known@x.example")
    ask("unknown@x.example", browser="another-browser-secret")

    texts = [re.sub(r"\d{3} \d{3}", "", one.text) for one in list_letters(outbox.folder)]
    assert len(set(texts)) == 1


@pytest.mark.parametrize(
    "email", ["jane", "jane@x.example\r\nBcc: all@x.example", "a@x.example,b@x.y"]
)
def test_no_letter_goes_to_what_is_no_address(
    ask: Callable[..., str], outbox: OutboxMail, email: str
) -> None:
    with pytest.raises(InvalidInput):
        ask(email)

    assert list_letters(outbox.folder) == []


def test_without_mail_nobody_is_made_to_wait_for_a_letter(db: Database, site: Site) -> None:
    request = CodeRequest(site.id, "jane@x.example", BROWSER, "192.0.2.1")
    with pytest.raises(Unavailable) as refused:
        request_code(db, settings=SETTINGS, mail=NullMail(), request=request)

    assert refused.value.code == "mail_off"


def test_a_name_that_cannot_be_had_does_not_cost_the_code(
    db: Database, ask: Callable[..., str], site: Site
) -> None:
    with db.write(SYSTEM) as tx:
        editor = readers.add_reader(tx, name="Ed Itor")
        sites.put_staff(tx, site.id, reader_id=editor, role=Role.EDITOR)
    code = ask()

    with pytest.raises(NotAllowed) as refused:
        redeem(db, code, name="Ed ltor")
    assert refused.value.code == "name_of_staff"
    with pytest.raises(InvalidInput):
        redeem(db, code, name="x")
    assert reader_of(db, redeem(db, code, name="Jane")).name == "Jane"


# The publisher's token.


@pytest.fixture
def token(clock: SettableClock) -> Callable[..., str]:
    """Sign a token as the publisher does."""
    made = iter(range(1000))

    def signing(**changes: Any) -> str:  # noqa: ANN401 - claims can be anything
        now = int(clock.now.timestamp())
        good = {
            "iss": "https://echo.example",
            "aud": "belowline",
            "site": "echo",
            "sub": "4711",
            "jti": f"jti-{next(made)}",
            "iat": now,
            "exp": now + 300,
            "name": "Jane",
            "email": "jane@x.example",
            "email_verified": True,
        }
        return jwt.encode({"alg": "HS256"}, good | changes, OctKey.import_key(SHARED))

    return signing


def enter(db: Database, site: Site, token: str) -> SignedIn:
    return sign_in_with_token(db, settings=SETTINGS, site=site, token=token, keys=NullKeys())


def test_a_token_signs_a_reader_in_and_knows_them_again(
    db: Database, site: Site, token: Callable[..., str]
) -> None:
    first, second = enter(db, site, token()), enter(db, site, token())

    assert first.is_new
    assert (second.reader_id, second.is_new) == (first.reader_id, False)
    reader = reader_of(db, first)
    assert (reader.name, reader.email) == ("Jane", "jane@x.example")
    assert session_of(db, second.token) is not None


def test_a_token_works_once(db: Database, site: Site, token: Callable[..., str]) -> None:
    once = token()
    enter(db, site, once)

    with pytest.raises(NotAllowed) as refused:
        enter(db, site, once)
    assert refused.value.context["reason"] == "replayed"


def test_a_token_for_one_site_is_worth_nothing_at_another(
    db: Database, site: Site, token: Callable[..., str]
) -> None:
    other = make_site(db, "other")

    with pytest.raises(NotAllowed) as refused:
        enter(db, other, token())
    assert refused.value.context["reason"] == "site"
    assert enter(db, site, token()).is_new


def test_a_site_without_token_sign_in_takes_none(
    db: Database, site: Site, token: Callable[..., str]
) -> None:
    with db.write(SYSTEM) as tx:
        sites.change_site(tx, site.id, identity=None)
        bare = sites.get_site_by_id(tx.conn, site.id)

    with pytest.raises(NotAllowed) as refused:
        enter(db, bare, token())
    assert refused.value.code == "bad_token"


def test_a_verified_address_joins_the_account_that_has_it(
    db: Database, site: Site, token: Callable[..., str], ask: Callable[..., str]
) -> None:
    by_code = redeem(db, ask("jane@x.example"))

    assert enter(db, site, token(email="Jane@X.example")).reader_id == by_code.reader_id


@pytest.mark.parametrize("verified", [False, "true", 1, None])
def test_an_unverified_address_joins_nothing(
    db: Database, site: Site, token: Callable[..., str], ask: Callable[..., str], verified: object
) -> None:
    by_code = redeem(db, ask("jane@x.example"))

    by_token = enter(db, site, token(email_verified=verified))

    assert by_token.reader_id != by_code.reader_id
    assert reader_of(db, by_token).email is None


def test_no_token_opens_the_account_of_staff_by_address(
    db: Database, site: Site, token: Callable[..., str], ask: Callable[..., str]
) -> None:
    staff = redeem(db, ask("jane@x.example"))
    with db.write(SYSTEM) as tx:
        sites.put_staff(tx, site.id, reader_id=staff.reader_id, role=Role.MODERATOR)

    by_token = enter(db, site, token())

    assert by_token.reader_id != staff.reader_id
    assert reader_of(db, by_token).email is None


def test_a_second_subject_does_not_get_the_first_ones_account(
    db: Database, site: Site, token: Callable[..., str]
) -> None:
    first = enter(db, site, token(sub="1"))

    assert enter(db, site, token(sub="2")).reader_id != first.reader_id


@pytest.mark.parametrize("name", ["x", "jane@x.example", "a" * 90, "Ed Itor", 5, None])
def test_a_bad_name_never_stops_a_sign_in(
    db: Database, site: Site, token: Callable[..., str], name: object
) -> None:
    with db.write(SYSTEM) as tx:
        editor = readers.add_reader(tx, name="Ed Itor")
        sites.put_staff(tx, site.id, reader_id=editor, role=Role.EDITOR)

    assert reader_of(db, enter(db, site, token(name=name))).name.startswith("Reader ")


def test_a_new_name_at_the_publishers_is_taken_over(
    db: Database, site: Site, token: Callable[..., str]
) -> None:
    enter(db, site, token(name="Jane"))

    assert reader_of(db, enter(db, site, token(name="Jane Doe"))).name == "Jane Doe"


def test_a_name_that_the_reader_chose_here_stays(
    db: Database, site: Site, token: Callable[..., str]
) -> None:
    signed_in = enter(db, site, token(name="Jane"))
    with db.write(SYSTEM) as tx:
        readers.rename(tx, signed_in.reader_id, name="Jay")

    assert reader_of(db, enter(db, site, token(name="Jane Doe"))).name == "Jay"


def test_a_suspended_reader_signs_in_but_keeps_the_name(
    db: Database, site: Site, token: Callable[..., str]
) -> None:
    signed_in = enter(db, site, token(name="Jane"))
    suspend(db, site, signed_in.reader_id)

    assert reader_of(db, enter(db, site, token(name="Jane Doe"))).name == "Jane"


def suspend(db: Database, site: Site, reader_id: ReaderId) -> None:
    with db.write(SYSTEM) as tx:
        decision = tx.conn.execute(
            sa.insert(decisions)
            .values(
                site_id=site.id,
                reader_id=reader_id,
                outcome="sanction",
                reason="",
                source="report",
                answered=[],
                decided_at=tx.now,
            )
            .returning(decisions.c.id)
        ).scalar_one()
        tx.conn.execute(
            sa.insert(sanctions).values(
                site_id=site.id,
                reader_id=reader_id,
                kind=SanctionKind.SUSPENSION,
                decision_id=decision,
                starts_at=tx.now,
                ends_at=tx.now + timedelta(days=1),
            )
        )


# Sessions, the window and traces.


def test_a_session_ends_by_itself_and_by_signing_out(
    db: Database, ask: Callable[..., str], clock: SettableClock
) -> None:
    one, two = redeem(db, ask()), redeem(db, ask())
    assert session_of(db, one.token) is not None

    assert sign_out(db, settings=SETTINGS, token=one.token)
    assert not sign_out(db, settings=SETTINGS, token=one.token)
    assert session_of(db, one.token) is None
    clock.advance(timedelta(days=30))
    assert session_of(db, two.token) is None


def test_signing_out_elsewhere_keeps_this_session(db: Database, ask: Callable[..., str]) -> None:
    one, two = redeem(db, ask()), redeem(db, ask())
    here = session_of(db, two.token)
    assert here is not None

    assert sign_out_elsewhere(db, session=here) == 1
    assert session_of(db, one.token) is None
    assert session_of(db, two.token) is not None


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "é\x00"])
def test_a_made_up_token_is_nobodys(db: Database, token: str) -> None:
    assert session_of(db, token) is None


@pytest.fixture
def session(db: Database, ask: Callable[..., str]) -> Session:
    found = session_of(db, redeem(db, ask()).token)
    assert found is not None
    return found


def ticket_for(db: Database, session: Session, site: Site) -> str:
    return make_window_ticket(
        SETTINGS, session=session, origin=site.origins[0], site=site, now=db.clock()
    )


def test_a_ticket_buys_a_token_bound_to_origin_and_site(
    db: Database, site: Site, session: Session, clock: SettableClock
) -> None:
    ticket = ticket_for(db, session, site)

    bought = redeem_window_ticket(db, settings=SETTINGS, site=site, ticket=ticket, origin=ORIGIN)

    short = session_of(db, bought.token)
    assert short is not None
    assert (short.reader_id, short.site_id, short.origin) == (session.reader_id, site.id, ORIGIN)
    assert bought.expires_at == clock.now + timedelta(minutes=15)
    clock.advance(timedelta(minutes=15))
    assert session_of(db, bought.token) is None


@pytest.mark.parametrize(
    "misuse", ["twice", "late", "elsewhere", "another site", "changed", "signed out"]
)
def test_a_misused_ticket_buys_nothing(
    db: Database, site: Site, session: Session, clock: SettableClock, misuse: str
) -> None:
    other = make_site(db, "other")
    ticket = ticket_for(db, session, site)
    where, origin = site, ORIGIN
    match misuse:
        case "twice":
            redeem_window_ticket(db, settings=SETTINGS, site=site, ticket=ticket, origin=ORIGIN)
        case "late":
            clock.advance(timedelta(seconds=60))
        case "elsewhere":
            origin = "https://www.echo.example.evil.example"
        case "another site":
            where, origin = other, other.origins[0]
        case "changed":
            ticket = ticket[:-2] + "AA"
        case _:
            clock.advance(timedelta(seconds=1))
            with db.write(SYSTEM) as tx:
                tx.conn.execute(sa.delete(sessions_table))

    with pytest.raises(BelowlineError) as refused:
        redeem_window_ticket(db, settings=SETTINGS, site=where, ticket=ticket, origin=origin)
    assert isinstance(refused.value, NotAllowed | NotSignedIn)


def test_a_ticket_is_made_for_the_sites_own_origins_alone(
    db: Database, site: Site, session: Session
) -> None:
    with pytest.raises(NotAllowed) as refused:
        make_window_ticket(
            SETTINGS, session=session, origin="https://evil.example", site=site, now=db.clock()
        )
    assert refused.value.code == "wrong_origin"


def test_a_short_session_cannot_lengthen_itself(db: Database, site: Site, session: Session) -> None:
    ticket = ticket_for(db, session, site)
    bought = redeem_window_ticket(db, settings=SETTINGS, site=site, ticket=ticket, origin=ORIGIN)
    short = session_of(db, bought.token)
    assert short is not None

    with pytest.raises(NotAllowed):
        ticket_for(db, short, site)


def test_a_household_leaves_one_trace_and_no_address(
    db: Database, session: Session, clock: SettableClock
) -> None:
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8::3"):
        clock.advance(timedelta(hours=1))
        with db.write(SYSTEM) as tx:
            note_network(tx, session.reader_id, secret=SECRET, address=address)

    with db.read() as conn:
        (trace,) = conn.execute(sa.select(network_traces)).all()
    assert trace.seen_at == clock.now
    assert b"2001" not in trace.network_hash
    assert hash_network(SECRET, "192.0.2.1") == hash_network(SECRET, "::ffff:192.0.2.1")
    assert hash_network(SECRET, "192.0.2.1") != hash_network(SECRET, "192.0.2.2")


def test_what_is_over_is_dropped(
    db: Database,
    site: Site,
    ask: Callable[..., str],
    token: Callable[..., str],
    clock: SettableClock,
) -> None:
    signed_in = redeem(db, ask())
    enter(db, site, token())
    with db.write(SYSTEM) as tx:
        note_network(tx, signed_in.reader_id, secret=SECRET, address="192.0.2.1")
        assert codes.drop_expired(tx) == 0
    clock.advance(timedelta(days=30))

    with db.write(SYSTEM) as tx:
        # Two sessions, one code, one used token, three attempts and one trace.
        assert codes.drop_expired(tx) == 8
        assert tx.conn.execute(sa.select(used_tokens)).all() == []
        assert tx.conn.execute(sa.select(readers_table)).all() != []
