"""How somebody becomes a signed-in reader: a code by mail, the publisher's token, and signing out.

No letter is sent and no key fetched inside a transaction. Whoever asks for a code hears the same,
whether the address is known or not.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from belowline.actions.facts import standing_facts
from belowline.core.errors import InvalidInput, NotAllowed, Unavailable, require
from belowline.core.keyed import keyed_hash
from belowline.core.language import language_of
from belowline.core.settings import Settings
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId
from belowline.events import log
from belowline.events.kinds import ReaderRenamed
from belowline.outside.identity import SKEW, Claims, bad_token, check_token, make_identity
from belowline.outside.keys import Keys
from belowline.outside.mail import Mail
from belowline.readers import codes, sessions
from belowline.readers import store as readers
from belowline.readers.codes import Code, Limit
from belowline.readers.email import check_email
from belowline.readers.letters import CODE_MINUTES, make_code_letter
from belowline.readers.model import Reader
from belowline.readers.names import SUGGESTED_NUMBERS, check_name, may_use_name, suggest_name
from belowline.readers.sessions import Session, hash_network, hash_token, make_token
from belowline.readers.standing import may
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Database, Tx
from belowline.stories import store as stories

CODE_FOR = timedelta(minutes=CODE_MINUTES)
CODE_DIGITS = 6
SHORTEST_BROWSER_SECRET = 16
PER_EMAIL = Limit("sign_in_mail", 5, timedelta(hours=1))
PER_EMAIL_A_DAY = Limit("sign_in_mail_day", 20, timedelta(days=1))
"""With five tries a code, whoever guesses at one address for a year gets in with 1 in 28."""
PER_NETWORK = Limit("sign_in_network", 20, timedelta(hours=1))

_ACTOR = Actor.of_system("sign_in")


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """Somebody asks for a code. ``browser_secret`` is kept by their browser alone, in a cookie."""

    site_id: SiteId
    email: str = field(repr=False)
    browser_secret: str = field(repr=False)
    network: str = field(repr=False)
    """The network address that asks."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody has signed in; the token goes into their cookie and is kept nowhere."""

    reader_id: ReaderId
    token: str = field(repr=False)
    is_new: bool


def request_code(db: Database, *, settings: Settings, mail: Mail, request: CodeRequest) -> None:
    """Send a one-time code to the address; it works in the asking browser alone.

    Raises:
        InvalidInput: this is not an address, or the browser's secret is no secret.
        TooMany: too many codes were asked for, for this address or from this network.
        Unavailable: mail is off or does not work.
    """
    email = check_email(request.email)
    if len(request.browser_secret) < SHORTEST_BROWSER_SECRET:
        raise InvalidInput("Reload the page and try again.", field="browser", code="bad_browser")
    if not mail.works:
        raise Unavailable("Sign-in by mail is not set up here.", code="mail_off")
    secret = settings.secret
    browser_hash = keyed_hash(secret, "browser", request.browser_secret)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    with db.write(_ACTOR) as tx:
        site = sites.get_site_by_id(tx.conn, request.site_id)
        for limit in (PER_EMAIL, PER_EMAIL_A_DAY):
            codes.count_attempt(tx, limit, key_hash=keyed_hash(secret, "email", email))
        codes.count_attempt(tx, PER_NETWORK, key_hash=hash_network(secret, request.network))
        code_hash = keyed_hash(secret, "code", browser_hash, code)
        codes.put_code(tx, Code(browser_hash, site.id, email, code_hash, tx.now + CODE_FOR))
    host = urlsplit(settings.base_url).hostname or "localhost"
    letter = make_code_letter(
        to=email,
        code=code,
        site_name=site.name,
        message_id=f"<code-{secrets.token_hex(16)}@{host}>",
        language=language_of(site.language),
    )
    mail.send(letter)


def redeem_code(
    db: Database, *, settings: Settings, code: str, browser_secret: str, name: str | None = None
) -> SignedIn:
    """Sign in with the code that went to the reader's address; a new reader gets an account.

    ``name`` is for a new reader only; without one they get a name that says nothing about them.

    Raises:
        NotAllowed: the code is wrong, used, over or tried too often; which, it does not say. Or
            the name looks like that of somebody who works here; then the code still works.
        InvalidInput: this cannot be a name; the code still works.
    """
    browser_hash = keyed_hash(settings.secret, "browser", browser_secret)
    digits = "".join(char for char in code[:40] if char in "0123456789")
    tried = keyed_hash(settings.secret, "code", browser_hash, digits)
    signed_in = None
    with db.write(_ACTOR) as tx:
        row = codes.lock_code(tx, browser_hash)
        # The comparison is made in any case, so that time tells nothing about the row.
        is_right = hmac.compare_digest(row.code_hash if row else bytes(32), tried)
        if row is not None and row.works(tx.now):
            if is_right and codes.use_code(tx, browser_hash):
                signed_in = _enter_by_email(tx, row, name=name, settings=settings)
            else:
                # The wrong try has to be kept, so the refusal is raised after the commit.
                codes.note_wrong_try(tx, browser_hash)
    if signed_in is None:
        raise NotAllowed(
            "This code does not work. Look at it again, or ask for a new one.", code="bad_code"
        )
    return signed_in


def _enter_by_email(tx: Tx, code: Code, *, name: str | None, settings: Settings) -> SignedIn:
    email = code.email
    codes.take_turn(tx, keyed_hash(settings.secret, "email", email))
    reader = readers.find_reader_by_email(tx.conn, email)
    if reader is not None:
        return SignedIn(reader.id, _begin_session(tx, reader.id, settings), is_new=False)
    if name:
        name = check_name(name)
        taken = readers.names_taken_by_staff(tx.conn)
        require(may_use_name(name, staff_keys=taken, own_keys=frozenset()))
    reader_id = readers.add_reader(tx, name=name or _suggested(tx, code.site_id), email=email)
    return SignedIn(reader_id, _begin_session(tx, reader_id, settings), is_new=True)


def sign_in_with_token(
    db: Database, *, settings: Settings, site: Site, token: str, keys: Keys
) -> SignedIn:
    """Sign in with the publisher's signed token, once; a new reader gets an account.

    An existing account with the same address is joined only if the publisher has verified the
    address, does not vouch for that account under another subject, and it is not a member of
    staff's: a publisher's shop must not open the moderators' door.

    Raises:
        NotAllowed: ``bad_token``, with the check it failed as ``reason``.
        Unavailable: the publisher's keys cannot be fetched.
    """
    if site.identity is None:
        raise bad_token("not_set_up")
    identity = make_identity(site.identity)
    claims = check_token(token, identity, site_key=site.key, now=db.clock(), keys=keys)
    subject_hash = keyed_hash(settings.secret, "subject", claims.issuer, claims.subject)
    with db.write(_ACTOR) as tx:
        if not sessions.use_once(tx, site.id, jti=claims.jti, expires_at=claims.expires_at + SKEW):
            raise bad_token("replayed")
        codes.take_turn(tx, subject_hash)
        reader = readers.find_reader_by_identity(
            tx.conn, issuer=claims.issuer, subject=claims.subject
        )
        if reader is not None:
            _follow_name(tx, reader, claims=claims, site_id=site.id)
            return SignedIn(reader.id, _begin_session(tx, reader.id, settings), is_new=False)
        reader_id, is_new = _join_or_add(tx, claims, site_id=site.id, settings=settings)
        readers.add_identity(tx, reader_id, issuer=claims.issuer, subject=claims.subject)
        return SignedIn(reader_id, _begin_session(tx, reader_id, settings), is_new=is_new)


def _join_or_add(
    tx: Tx, claims: Claims, *, site_id: SiteId, settings: Settings
) -> tuple[ReaderId, bool]:
    email = _verified_email(claims)
    if email is not None:
        codes.take_turn(tx, keyed_hash(settings.secret, "email", email))
        known = readers.find_reader_by_email(tx.conn, email)
        if known is not None:
            is_other = readers.has_identity_of(tx.conn, known.id, issuer=claims.issuer)
            if not is_other and not readers.has_role(tx.conn, known.id):
                return known.id, False
            # An address belongs to one account, and it stays with the one that has it.
            email = None
    name = _claimed_name(tx, claims, own_keys=frozenset())
    return readers.add_reader(tx, name=name or _suggested(tx, site_id), email=email), True


def _verified_email(claims: Claims) -> str | None:
    if claims.email is None or not claims.email_verified:
        return None
    try:
        return check_email(claims.email)
    except InvalidInput:
        return None


def _claimed_name(tx: Tx, claims: Claims, *, own_keys: frozenset[str]) -> str | None:
    """Return the token's name if it can be used; a bad name is no reason to refuse a sign-in."""
    if claims.name is None:
        return None
    try:
        name = check_name(claims.name)
    except InvalidInput:
        return None
    taken = readers.names_taken_by_staff(tx.conn)
    return None if may_use_name(name, staff_keys=taken, own_keys=own_keys) else name


def _follow_name(tx: Tx, reader: Reader, *, claims: Claims, site_id: SiteId) -> None:
    """Take over a name that changed at the publisher's.

    A name that the reader chose here stays, and a suspension does not end by a new name.
    """
    if reader.name_changed_at is not None:
        return
    facts = standing_facts(tx.conn, site_id, reader.id)
    if may(Privilege.CHANGE_NAME, facts, now=tx.now) is not None:
        return
    own_keys = readers.own_staff_keys(tx.conn, reader)
    name = _claimed_name(tx, claims, own_keys=own_keys)
    if name is None or name == reader.name:
        return
    readers.rename(tx, reader.id, name=name, chosen=False)
    stories.touch_of_author(tx, reader.id)
    log.append(tx, site_id, ReaderRenamed(reader.id))


def _suggested(tx: Tx, site_id: SiteId) -> str:
    """Return a name in the language of the site where the reader signs in first."""
    language = language_of(sites.get_site_by_id(tx.conn, site_id).language)
    return language.say(suggest_name(secrets.randbelow(SUGGESTED_NUMBERS)))


def _begin_session(tx: Tx, reader_id: ReaderId, settings: Settings) -> str:
    """Begin a session under a fresh token; an earlier one is never taken over."""
    token = make_token()
    ends = tx.now + timedelta(days=settings.session_days)
    token_hash = hash_token(settings.secret, token)
    sessions.add_session(tx, Session(token_hash, reader_id, None, None, tx.now, ends))
    return token


def sign_out(db: Database, *, settings: Settings, token: str) -> bool:
    """End the session of this token; say whether there was one."""
    with db.write(_ACTOR) as tx:
        return sessions.end_session(tx, hash_token(settings.secret, token))


def sign_out_elsewhere(db: Database, *, session: Session) -> int:
    """End the reader's other sessions, such as one left open on a lost phone; say how many."""
    with db.write(Actor(session.reader_id)) as tx:
        return sessions.end_other_sessions(tx, session.reader_id, keep=session.token_hash)
