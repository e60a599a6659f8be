"""A small world in which every route has something to act on, whoever walks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa

from belowline.actions.appeals import file_appeal
from belowline.actions.authority_orders import enter_order
from belowline.actions.cases import record_decision
from belowline.actions.considering import TogetherDraft
from belowline.actions.dangers import open_danger
from belowline.actions.defamation import answer_notice, receive_notice
from belowline.actions.follows import make_unfollow_token
from belowline.actions.holds import HoldDraft, place_hold
from belowline.actions.legal_drafts import AnswerDraft, NoticeDraft
from belowline.actions.legal_facts import Office, OnNotice, make_page_token
from belowline.actions.legal_notices import make_notice_token
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.readers import make_unsubscribe_token
from belowline.actions.sanctions import SanctionDraft
from belowline.actions.sites import ModeChange, appoint, change_site, set_story_mode
from belowline.actions.together import decide_together
from belowline.actions.transparency_reports import publish_report
from belowline.actions.views import ViewDraft, save_view
from belowline.actions.withdrawals import propose_withdrawal
from belowline.comments.model import Comment
from belowline.core.terms import (
    DefamationId,
    Finding,
    Outcome,
    ReaderId,
    Role,
    RuleKey,
    SanctionKind,
    ScreenName,
    SiteId,
    Source,
    StoryId,
    StoryMode,
    Verdict,
)
from belowline.followers.legal import DefamationPost
from belowline.legal import correspondence
from belowline.legal.model import AnswerKind, Contact, Grounds, LetterKind
from belowline.moderation import saved
from belowline.moderation.filters import Filters
from belowline.moderation.model import Ground, NewDecision, QueueView
from belowline.moderation.orders import OrderDraft, OrderKind
from belowline.moderation.together import CommentChoice
from belowline.reports import store as reports
from belowline.rules import store as rules
from belowline.rules.default import DEFAULT_RULES
from belowline.sanctions import store as sanctions
from belowline.sanctions.model import NewSanction
from belowline.sanctions.reviews import add_review
from belowline.sites.model import SiteSettings
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.storage.imported import put_target
from belowline.storage.imports import SourceFile, begin_import
from belowline.stories import store as stories
from tests import factories
from tests.web.asking import Asker

RULE = RuleKey("personal-attack")
HELD = Verdict(ScreenName.LINKS, Finding.HOLD, "too_many_links")


class Walker(StrEnum):
    """Who walks."""

    NOBODY = "nobody"
    READER = "reader"
    MODERATOR = "moderator"
    EDITOR = "editor"
    OWNER = "owner"
    ELSEWHERE = "moderator of another site"


class Standing(StrEnum):
    """What the walker may count on at the site."""

    CLEAN = "clean"
    WARNED = "warned, not acknowledged"
    HELD_FIRST = "own comments held first"
    SUSPENDED = "suspended"
    WITHDRAWN = "privilege withdrawn"
    ERASED = "erased"


@dataclass
class World:
    """The walker's token, and the ids that stand for the braces in an address or a form."""

    token: str | None
    ids: dict[str, str] = field(default_factory=dict)
    in_mode: dict[StoryMode, dict[str, str]] = field(default_factory=dict)

    def of(self, mode: StoryMode) -> dict[str, str]:
        """Return all ids, with the story and the comments of the one in this mode."""
        return self.ids | self.in_mode[mode]


def build(asker: Asker, walker: Walker, standing: Standing) -> World:
    """Make the world for one walker."""
    db, site_id = asker.db, asker.site.id
    owner, other = (factories.make_staff(db, site_id, role) for role in (Role.OWNER, Role.EDITOR))
    moderator = factories.make_staff(db, site_id)
    reader = factories.make_reader(db, email="jo@paper.example")
    elsewhere = factories.make_site(db, "elsewhere")
    me, token = asker.reader("The walker")
    by = me if walker in {Walker.MODERATOR, Walker.EDITOR, Walker.OWNER} else moderator
    if by == me:
        appoint(db, site_id=site_id, by=None, reader_id=me, role=Role(walker))
    if walker is Walker.ELSEWHERE:
        appoint(db, site_id=elsewhere.id, by=None, reader_id=me, role=Role.MODERATOR)
    publish_report(db, asker.site, year=2025, by=owner, notes={})
    world = World(None if walker is Walker.NOBODY else token)
    world.ids |= _matters(asker, reader=reader, by=by, other=other)
    world.ids |= {
        "site": asker.site.key,
        "warning": str(_sanction(db, site_id, me, by=other, kind=SanctionKind.WARNING)),
        "lifted": str(_sanction(db, site_id, reader, by=other, kind=SanctionKind.WARNING)),
        "reader": str(reader),
        **_withdrawals(asker, by=(owner, moderator)),
        "leaves": str(other),
        "view": str(
            save_view(
                db, ViewDraft("Held", Filters(QueueView.HELD), shared=True), site_id=site_id, by=by
            )
        ),
        "year": "2025",
        "source": "wordpress",
        "form": "comment",
        "import": _import(db, site_id),
        "token": make_unsubscribe_token(asker.house.settings, reader),
        "unfollow": make_unfollow_token(asker.house.settings, reader, StoryId(1)),
        "illegal_token": _notice(asker, reader),
        **_dangers(asker, world.ids["held"], by=other),
        **_together(db, site_id, by=by),
    }
    world.ids |= _legal(asker, reader=reader, me=me)
    for mode in StoryMode:
        world.in_mode[mode] = _story(asker, mode, me=me, reader=reader, by=(other, owner))
    _take_standing(db, site_id, me, standing, by=other)
    return world


def _withdrawals(asker: Asker, *, by: tuple[ReaderId, ReaderId]) -> dict[str, str]:
    """Make a proposed withdrawal, and one that is to be looked at again."""
    db, site_id = asker.db, asker.site.id
    one, other = (factories.make_comment(db, site_id).author_id for _ in range(2))
    draft = SanctionDraft(SanctionKind.WITHDRAWAL, None, "A threat.", RULE)
    proposal = propose_withdrawal(db, site_id=site_id, reader_id=one, by=by[0], draft=draft)
    withdrawn = factories.withdraw(db, site_id, other, by=by)
    with db.write(factories.SYSTEM) as tx:
        review = add_review(tx, site_id, withdrawn.id, due_at=tx.now)
    return {"proposal": str(proposal.id), "review": str(review)}


def _matters(asker: Asker, *, reader: ReaderId, by: ReaderId, other: ReaderId) -> dict[str, str]:
    """Make what a moderator works on: a held comment, an own decision, an appeal, a draft."""
    db, site_id = asker.db, asker.site.id
    held = factories.make_comment(db, site_id, author_id=reader, verdicts=[HELD])
    decided = factories.make_comment(db, site_id, author_id=reader)
    mine = remove(db, decided, by=by)
    appealed = remove(db, factories.make_comment(db, site_id, author_id=reader), by=other)
    appeal = file_appeal(db, appealed, site_id=site_id, by=reader, text="Look again, please.")
    with db.write(factories.SYSTEM) as tx:
        rules.put_draft(tx, site_id, intro="New", drafts=DEFAULT_RULES)
        reason = saved.save(tx, site_id, rule=RuleKey("spam"), text="An advert.", by=other)
    evidence = HoldDraft("A claim.", other, db.clock() + timedelta(days=30))
    hold = place_hold(db, site_id, decided.id, by=other, draft=evidence)
    return {
        "reason": str(reason),
        "hold": str(hold),
        "held": str(held.id),
        "version": str(held.version),
        "undoable": str(mine),
        "appeal": str(appeal.id),
        "managed": str(held.story_id),
    }


def _dangers(asker: Asker, held: str, *, by: ReaderId) -> dict[str, str]:
    """Make a threat that is being seen to, and an order about what moderators work on."""
    db, site_id = asker.db, asker.site.id
    threat = factories.make_comment(db, site_id)
    order = OrderDraft(
        OrderKind.ACT, "A court", "A law", "Reasons", held, "Here", "Appeal", "en", db.clock()
    )
    return {
        "danger": str(open_danger(db, threat.id, site_id=site_id, by=by).id),
        "order": str(enter_order(db, site_id=site_id, by=by, order=order)),
    }


def _together(db: Database, site_id: SiteId, *, by: ReaderId) -> dict[str, str]:
    """Make what somebody decided together, here and over all sites, and a comment to choose."""

    def choose() -> CommentChoice:
        return CommentChoice(site_id, factories.make_comment(db, site_id, verdicts=[HELD]).id, 1, 0)

    one, other = (
        decide_together(
            db, TogetherDraft((choose(),), removes=False), site_id=at, by=by, key=f"walk {at}"
        )
        for at in (site_id, None)
    )
    return {
        "batch": str(one),
        "batch_over_all": str(other),
        "choice": f"{site_id}-{choose().comment_id}-1-0",
    }


def _import(db: Database, site_id: SiteId) -> str:
    file = SourceFile("wordpress", "export.xml", "0" * 64, {})
    with db.write(factories.SYSTEM) as tx:
        return str(begin_import(tx, site_id, file, by="jo", landing="a landing"))


def _notice(asker: Asker, author: ReaderId) -> str:
    comment = factories.make_comment(asker.db, asker.site.id, author_id=author)
    notice = factories.make_notice(asker.db, comment)
    return make_notice_token(asker.house.settings.secret, asker.site.id, notice.number)


def _legal(asker: Asker, *, reader: ReaderId, me: ReaderId) -> dict[str, str]:
    """Make notices of defamation: a fresh one, one that was answered, and one for the walker."""
    db, office = asker.db, Office(asker.house.settings, mail_works=True)
    site = change_site(db, asker.site, settings=SiteSettings(defamation_s5=True))
    grounds = Grounds("He stole it.", "A crime.", "A thief.", "No.", True, False)  # noqa: FBT003

    def receive(comment: Comment) -> DefamationId:
        jo = Contact("Jo Bloggs", "jo@mail.example")
        draft = NoticeDraft(site, comment.id, jo, grounds, "203.0.113.9")
        return receive_notice(db, draft, office=office).id

    def told(notice: DefamationId) -> DefamationId:
        with db.write(factories.SYSTEM) as tx:
            correspondence.order_letter(tx, site.id, notice, LetterKind.AUTHOR)
        DefamationPost(db, mail=asker.mail, settings=asker.house.settings).work()
        return notice

    comment = factories.make_comment(db, site.id, author_id=reader)
    fresh = receive(comment)
    answered = told(receive(factories.make_comment(db, site.id, author_id=reader)))
    stands = AnswerDraft(AnswerKind.REFUSES, "Al Writer", "1 High Street", consents=False)
    answer_notice(db, OnNotice(site.id, answered, reader), answer=stands, office=office)
    with db.write(factories.SYSTEM) as tx:
        tx.conn.execute(
            sa.update(tables.readers)
            .where(tables.readers.c.id == me)
            .values(email="walker@paper.example")
        )
    mine = told(receive(factories.make_comment(db, site.id, author_id=me)))
    return {
        "notice": str(fresh),
        "notice_comment": str(comment.id),
        "notice_version": str(comment.version),
        "notice_answered": str(answered),
        "notice_of_mine": str(mine),
        "notice_token": make_page_token(asker.house.settings, fresh),
    }


def _story(
    asker: Asker, mode: StoryMode, *, me: ReaderId, reader: ReaderId, by: tuple[ReaderId, ReaderId]
) -> dict[str, str]:
    db, site_id = asker.db, asker.site.id
    story_id = factories.make_story(db, site_id, f"story-{mode}".replace("_", "-"))

    def write(author_id: ReaderId) -> Comment:
        return factories.make_comment(db, site_id, story_id=story_id, author_id=author_id)

    theirs, own = write(reader), write(me)
    with db.write(factories.SYSTEM) as tx:
        record = "comment", str(theirs.id)
        put_target(tx, site_id, source="wordpress", record=record, target_id=theirs.id)
    gone = remove(db, write(me), by=by[0])
    told_no = _told_no(asker, (write(reader), write(reader)), me=me, by=by[0])
    if mode is not StoryMode.OPEN:
        change = ModeChange(mode, "For now")
        set_story_mode(db, story_id, site_id=site_id, by=by[1], change=change)
    with db.read() as conn:
        key = stories.get_story_by_id(conn, site_id, story_id).key
    return {
        "story": key,
        "theirs": str(theirs.id),
        "own": str(own.id),
        "decision": str(gone),
    } | told_no


def _told_no(
    asker: Asker, about: tuple[Comment, Comment], *, me: ReaderId, by: ReaderId
) -> dict[str, str]:
    """Make a report of the walker's and a notice of a guest's, both told that the comment stays."""
    db, (reported, noticed) = asker.db, about
    report = factories.make_report(db, reported, by=me)
    notice = factories.make_notice(db, noticed)
    for comment in about:
        draft = DecisionDraft(Outcome.KEEP, None, "It is about the bridge.", comment.version)
        decide(db, comment.id, site_id=comment.site_id, by=by, decision=draft)
    with db.read() as conn:
        (of_guest,) = reports.list_of_notice(conn, notice.id)
    return {
        "my_report": str(report.id),
        "told_no": make_notice_token(asker.house.settings.secret, asker.site.id, notice.number),
        "told_no_report": str(of_guest.id),
    }


def remove(db: Database, comment: Comment, *, by: ReaderId) -> int:
    """Have a comment removed, and return the decision's id."""
    draft = DecisionDraft(Outcome.REMOVE, RULE, "It insults.", comment.version)
    return decide(db, comment.id, site_id=comment.site_id, by=by, decision=draft).id


def _sanction(
    db: Database, site_id: int, reader_id: ReaderId, *, by: ReaderId, kind: SanctionKind
) -> int:
    with db.write(factories.SYSTEM) as tx:
        rulebook = rules.get_current_rulebook(tx.conn, site_id)
        decision = record_decision(
            tx,
            NewDecision(
                site_id=site_id,
                reader_id=reader_id,
                outcome=Outcome.SANCTION,
                source=Source.OWN_INITIATIVE,
                decided_by=by,
                reason="Once more.",
                ground=Ground(rulebook.id, RULE, 2),
            ),
        )
        ends_at = None if kind is SanctionKind.WITHDRAWAL else tx.now + timedelta(days=7)
        sanction_id = sanctions.add_sanction(
            tx, site_id, NewSanction(reader_id, kind, decision.id, ends_at)
        )
        if kind is SanctionKind.WARNING:
            sanctions.acknowledge_sanction(tx, sanction_id)
        return sanction_id


def _take_standing(
    db: Database, site_id: int, me: ReaderId, standing: Standing, *, by: ReaderId
) -> None:
    match standing:
        case Standing.CLEAN:
            return
        case Standing.ERASED:
            with db.write(factories.SYSTEM) as tx:
                tx.conn.execute(
                    sa.update(tables.readers)
                    .where(tables.readers.c.id == me)
                    .values(erased_at=tx.now)
                )
        case Standing.WARNED:
            warning = _sanction(db, site_id, me, by=by, kind=SanctionKind.WARNING)
            with db.write(factories.SYSTEM) as tx:
                tx.conn.execute(
                    sa.update(tables.sanctions)
                    .where(tables.sanctions.c.id == warning)
                    .values(acknowledged_at=None)
                )
        case Standing.HELD_FIRST:
            _sanction(db, site_id, me, by=by, kind=SanctionKind.HOLD_FIRST)
        case Standing.SUSPENDED:
            _sanction(db, site_id, me, by=by, kind=SanctionKind.SUSPENSION)
        case Standing.WITHDRAWN:
            _sanction(db, site_id, me, by=by, kind=SanctionKind.WITHDRAWAL)
