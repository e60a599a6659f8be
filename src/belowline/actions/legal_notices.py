"""Giving notice that comments are illegal, and the clock that runs from then on.

Anybody may, with or without an account. Each comment gets a report in the lane of illegal content,
which waits in the one queue and is answered by a decision like every other. Whoever has no account
is believed as a new reader is, and can hide nothing.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from belowline.actions.case_facts import severities_of
from belowline.actions.cases import refresh_case
from belowline.actions.facts import ask_standing, standing_facts
from belowline.actions.reports import hold_if_asked, weigh_reader
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotFound, require
from belowline.core.keyed import keyed_hash
from belowline.core.markup import clean_text
from belowline.core.terms import (
    Actor,
    CommentId,
    Privilege,
    ReaderId,
    RuleKey,
    SiteId,
)
from belowline.core.text import Text
from belowline.events import kinds, legal_kinds, log
from belowline.readers.codes import Limit, count_attempt
from belowline.readers.email import check_email
from belowline.readers.model import StandingFacts
from belowline.readers.standing import may_give_notice
from belowline.reports import lanes, legal_letters, legal_notices
from belowline.reports import store as reports
from belowline.reports.lanes import IllegalKind, NoticeDraft
from belowline.reports.legal_letters import LetterDraft, LetterKind
from belowline.reports.legal_notices import LegalNotice, NewLegalNotice
from belowline.reports.model import Lane, NewReport
from belowline.reports.policy import ReporterRecord, Weight, may_report, weigh
from belowline.reports.trusted import is_trusted
from belowline.rules import store as rules
from belowline.storage.database import Database, Tx
from belowline.stories import store as stories

GUEST = Actor.of_system("legal_notice")
"""Who acts where nobody is signed in."""
AN_HOUR = Limit("legal_notice", 10, timedelta(hours=1))
A_DAY = Limit("legal_notice_day", 30, timedelta(days=1))
_PURPOSE = "legal-notice"
_MAC_LENGTH = 22


@dataclass(frozen=True, slots=True)
class From:
    """Where a notice comes from: who is signed in, if somebody is, and from which network."""

    reader_id: ReaderId | None
    network_hash: bytes = field(repr=False)
    """Keyed hash; notices that share one count as one, and are limited together."""
    mail_works: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """What a draft says, checked and cleaned."""

    kind: IllegalKind
    why: str = field(repr=False)
    name: str = field(repr=False)
    email: str = field(repr=False)
    comment_ids: tuple[CommentId, ...]


def give_notice(
    db: Database, comment_id: CommentId, *, site_id: SiteId, sender: From, draft: NoticeDraft
) -> LegalNotice:
    """Take a notice about a comment, and others that it names, and return it with its number.

    Raises:
        InvalidInput: it does not say why, or not in good faith, or names what is not there.
        NotAllowed: reports by this reader are paused, or the comment is their own or not public.
        NotFound: no such comment. TooMany: too many notices came from that network.
    """
    said = _read(draft, comment_id)
    by = sender.reader_id
    # Whoever gives notice of the abuse of a child is not asked who they are, signed in or not.
    named = by if said.kind not in lanes.ANONYMOUS else None
    with db.write(GUEST if named is None else Actor(named)) as tx:
        facts = standing_facts(tx.conn, site_id, by)
        require(may_give_notice(facts, now=tx.now, of_danger=said.kind in lanes.DANGERS))
        for limit in (AN_HOUR, A_DAY):
            count_attempt(tx, limit, key_hash=sender.network_hash)
        about = _lock_comments(tx, site_id, said, first=comment_id, by=by)
        notice = _keep(tx, site_id, said, named, sender)
        log.append(
            tx,
            site_id,
            legal_kinds.LegalNoticeReceived(
                notice.id, notice.kind, tuple(one.id for one in about), named is not None
            ),
        )
        for comment in about:
            _report(tx, comment, notice, facts)
        if notice.email and sender.mail_works:
            legal_letters.put_letter(
                tx, LetterDraft(site_id, notice.id, LetterKind.RECEIPT, tx.now)
            )
        return notice


def note_opened(db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId) -> None:
    """Note that a member of staff has the notices about this comment before them, the first time.

    From this moment the publisher knows of what they say.

    Raises:
        NotSignedIn, NotAllowed: no role.
    """
    with db.read() as conn:
        found = reports.list_for_comment(conn, site_id, comment_id)
        known = legal_notices.list_notices(conn, site_id, [one.legal_notice_id for one in found])
    if all(one.opened_at is not None for one in known.values()):
        return
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        for notice_id in sorted(known):
            if legal_notices.mark_opened(tx, notice_id, by=by):
                log.append(tx, site_id, legal_kinds.LegalNoticeOpened(notice_id))


def make_notice_token(secret: str, site_id: SiteId, number: str) -> str:
    """Return what the status page's address ends with: the number, and a proof that it was given.

    The number alone opens nothing, so it can be told on the telephone.
    """
    mac = keyed_hash(secret, _PURPOSE, str(site_id), number).hex()[:_MAC_LENGTH]
    return f"{number}-{mac}"


def read_notice_token(secret: str, site_id: SiteId, token: str) -> str:
    """Return the number in a status page's address.

    Raises:
        NotFound: it was not made here. Whether there is such a number it does not say.
    """
    number, _, _ = token.rpartition("-")
    made = make_notice_token(secret, site_id, number)
    if not token.isascii() or not hmac.compare_digest(made, token):
        raise NotFound("There is no such notice.", code="no_legal_notice")
    return number


def _read(draft: NoticeDraft, comment_id: CommentId) -> _Said:
    kind = lanes.read_kind(draft.kind)
    why = clean_text(draft.why, field="why", longest=lanes.LONGEST_WHY)
    name = email = ""
    others = lanes.read_others(draft.others)
    if kind not in lanes.ANONYMOUS:
        name = clean_text(draft.name, field="name", longest=lanes.LONGEST_NAME, lines=False)
        email = check_email(draft.email) if draft.email.strip() else ""
    lanes.check_said(draft, why=why)
    return _Said(kind, why, name, email, tuple(sorted({comment_id, *others})))


def _lock_comments(
    tx: Tx, site_id: SiteId, said: _Said, *, first: CommentId, by: ReaderId | None
) -> list[Comment]:
    """Take every comment that the notice is about, in the order of their ids.

    Raises:
        NotFound, NotAllowed, InvalidInput: one is not there to be reported.
    """
    found: list[Comment] = []
    for one in said.comment_ids:
        try:
            comment = _lock_shown(tx, site_id, one)
        except NotFound as error:
            if one == first:
                raise
            raise InvalidInput(
                Text("There is no comment %(number)s here.", number=one),
                field="others",
                code="no_such_comment",
            ) from error
        story = stories.get_story_by_id(tx.conn, site_id, comment.story_id)
        is_own = by is not None and comment.author_id == by
        require(may_report(is_own=is_own, status=comment.status, story_mode=story.mode))
        found.append(comment)
    return found


def _lock_shown(tx: Tx, site_id: SiteId, comment_id: CommentId) -> Comment:
    comment = comments.lock_comment(tx, site_id, comment_id)
    if not comment.shown:
        raise NotFound("There is no such comment.", code="no_comment")
    return comment


def _keep(
    tx: Tx, site_id: SiteId, said: _Said, named: ReaderId | None, sender: From
) -> LegalNotice:
    number = _free_number(tx, site_id)
    return legal_notices.add_notice(
        tx,
        NewLegalNotice(
            site_id,
            number,
            said.kind,
            said.why,
            said.name,
            said.email,
            named,
            sender.network_hash,
        ),
    )


def _free_number(tx: Tx, site_id: SiteId) -> str:
    while True:
        chosen: Sequence[str] = [secrets.choice(lanes.ALPHABET) for _ in range(lanes.NUMBER_LENGTH)]
        number = lanes.make_number("".join(chosen))
        if legal_notices.find_by_number(tx.conn, site_id, number) is None:
            return number


def _report(tx: Tx, comment: Comment, notice: LegalNotice, facts: StandingFacts) -> None:
    """Let the notice wait beside one of the comments that it is about."""
    rulebook = rules.get_current_rulebook(tx.conn, comment.site_id)
    nearest = lanes.RULES.get(notice.kind, RuleKey(""))
    rule = nearest if nearest in severities_of(tx.conn, comment.site_id) else RuleKey("")
    trusted = notice.reader_id is not None and is_trusted(
        tx.conn, comment.site_id, notice.reader_id
    )
    weight = _weigh(tx, comment.site_id, notice, facts, trusted=trusted)
    kept = reports.put_report(
        tx,
        NewReport(
            comment.site_id,
            comment.id,
            notice.reader_id,
            comment.revision,
            rulebook.id,
            rule,
            "",
            weight.value,
            weight.why,
            lane=Lane.ILLEGAL,
            legal_notice_id=notice.id,
            trusted=trusted,
        ),
    )
    log.append(
        tx,
        comment.site_id,
        kinds.CommentReported(
            kept.id,
            comment.id,
            comment.story_id,
            kept.rule,
            Lane.ILLEGAL,
            notice.id,
            rulebook_id=kept.rulebook_id,
            answered_by=kept.decision_id,
        ),
    )
    hold_if_asked(tx, comment, rulebook)
    refresh_case(tx, comment)


def _weigh(
    tx: Tx, site_id: SiteId, notice: LegalNotice, facts: StandingFacts, *, trusted: bool
) -> Weight:
    if notice.reader_id is None:
        return weigh(ReporterRecord(0, 0, is_guest=True))
    return weigh_reader(tx, site_id, facts, trusted=trusted)
