"""The acts in ``content/desk.toml`` as the calls that a click, or a letter, would make."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

from belowline.actions import (
    authority_orders,
    dangers,
    defamation,
    handing_on,
    hearings,
    holds,
    legal,
    legal_notices,
    saved_reasons,
    trusted,
)
from belowline.actions.legal_drafts import NoticeDraft as DefamationDraft
from belowline.actions.legal_facts import Office
from belowline.core.keyed import keyed_hash
from belowline.core.terms import RuleKey
from belowline.demo.company import Company
from belowline.demo.desk_parts import (
    AskedAgain,
    Court,
    Danger,
    Defamation,
    DeskAct,
    Evidence,
    HandedOn,
    Illegal,
    ListedName,
    Order,
    SavedReason,
    Trusted,
)
from belowline.legal.model import Contact, Grounds
from belowline.moderation.dangers import Told
from belowline.moderation.orders import OrderDraft, OrderKind
from belowline.reports import store as reports
from belowline.reports.lanes import NoticeDraft

NETWORK = "198.51.100.23"
"""From where the invented letters come; nobody's address."""


def do(company: Company, act: DeskAct) -> None:
    """Do one act. Raises BelowlineError if an action refuses it."""
    db, site_id = company.db, company.site.id
    match act:
        case SavedReason():
            saved_reasons.save_reason(
                db,
                site_id=site_id,
                by=company.people[act.by],
                rule=RuleKey(act.rule),
                text=act.text,
            )
        case Trusted():
            trusted.name_trusted(
                db,
                company.people[act.reader],
                site_id=site_id,
                by=company.people[act.by],
                field=act.field,
            )
        case HandedOn():
            handing_on.hand_case_on(
                db,
                company.comments[act.comment],
                site_id=site_id,
                by=company.people[act.by],
                note=act.note,
            )
        case Court():
            legal.set_legal_status(
                db,
                site_id,
                [company.stories[act.story]],
                by=company.people[act.by],
                change=legal.LegalChange(act.status),
            )
        case ListedName():
            legal.list_name(
                db,
                site_id,
                company.stories[act.story],
                by=company.people[act.by],
                name=act.name,
                secret=company.settings.secret,
            )
        case AskedAgain():
            _ask_again(company, act)
        case _:
            _do_for_the_law(company, act)


def _ask_again(company: Company, act: AskedAgain) -> None:
    by, site_id = company.people[act.reader], company.site.id
    with company.db.read() as conn:
        made = reports.list_by_reporter(conn, site_id, by)
    about = company.comments[act.comment]
    report = next(one.report for one in made if one.report.comment_id == about)
    network = keyed_hash(company.settings.secret, "network", NETWORK)
    hearings.ask_again(
        company.db,
        report.id,
        site_id=site_id,
        by=hearings.Asker(by, network),
        text=act.text,
    )


def _do_for_the_law(
    company: Company, act: Danger | Evidence | Illegal | Defamation | Order
) -> None:
    match act:
        case Danger():
            _see_to_danger(company, act)
        case Evidence():
            by = company.people[act.by]
            draft = holds.HoldDraft(act.reason, by, company.db.clock() + timedelta(days=act.days))
            holds.place_hold(
                company.db, company.site.id, company.comments[act.comment], by=by, draft=draft
            )
        case Illegal():
            legal_notices.give_notice(
                company.db,
                company.comments[act.comment],
                site_id=company.site.id,
                sender=legal_notices.From(
                    None, keyed_hash(company.settings.secret, "network", NETWORK)
                ),
                draft=NoticeDraft(
                    act.said_to_be, act.why, good_faith=True, name=act.name, email=act.email
                ),
            )
        case Defamation():
            _complain(company, act)
        case Order():
            _order(company, act)
        case _:
            assert_never(act)


def _see_to_danger(company: Company, act: Danger) -> None:
    by, site_id = company.people[act.by], company.site.id
    danger = dangers.open_danger(company.db, company.comments[act.comment], site_id=site_id, by=by)
    told = Told(act.authority, act.channel, act.reference)
    dangers.tell_authority(company.db, danger.id, site_id=site_id, by=by, told=told)


def _complain(company: Company, act: Defamation) -> None:
    draft = DefamationDraft(
        company.site,
        company.comments[act.comment],
        Contact(act.name, act.email),
        Grounds(
            words=act.words,
            why=act.why,
            meaning=act.meaning,
            wrong=act.wrong,
            cannot_sue=True,
            consents=True,
        ),
        NETWORK,
    )
    defamation.receive_notice(company.db, draft, office=Office(company.settings, mail_works=True))


def _order(company: Company, act: Order) -> None:
    draft = OrderDraft(
        OrderKind.ACT,
        act.authority,
        act.legal_basis,
        act.reasons,
        str(company.comments[act.comment]),
        act.territory,
        act.redress,
        "en",
        company.db.clock() - timedelta(minutes=20),
        act.reference,
    )
    authority_orders.enter_order(
        company.db, site_id=company.site.id, by=company.people[act.by], order=draft
    )
