"""Each step of the demo newspaper as a call of the action that a reader's click would make."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import assert_never
from urllib.parse import urlsplit

from belowline.actions import appeals, moderation, reports, sanctions
from belowline.actions.appeals import Ruling
from belowline.actions.comments import (
    CommentDraft,
    EditDraft,
    edit_comment,
    post_comment,
    withdraw_comment,
)
from belowline.actions.moderation import DecisionDraft
from belowline.actions.questions import pin_question
from belowline.actions.reactions import react
from belowline.actions.reports import ReportDraft
from belowline.actions.sanctions import SanctionDraft
from belowline.actions.sites import ModeChange, add_story, appoint, set_story_mode
from belowline.actions.withdrawals import confirm_withdrawal, propose_withdrawal
from belowline.comments import store as comments
from belowline.core.terms import (
    Actor,
    RuleKey,
    SanctionKind,
)
from belowline.demo import deskwork
from belowline.demo import schedule as on
from belowline.demo.company import Company
from belowline.demo.parts import CommentPart, ReaderPart, StaffPart, StoryPart
from belowline.outside.classifier import NullClassifier
from belowline.readers import store as readers
from belowline.rules import store as rules
from belowline.sanctions.thresholds import USUAL
from belowline.stories.model import StoryDraft

CLASSIFIER = NullClassifier()


def perform(company: Company, act: on.Act) -> None:
    """Do one step. Raises BelowlineError if an action refuses it."""
    match act:
        case on.Join(reader=person):
            _join(company, person)
        case on.OpenStory(story=story):
            _open_story(company, story)
        case on.PinQuestion(story=story):
            _pin_question(company, story)
        case on.SetMode(story=story):
            _set_mode(company, story)
        case on.Write(story=story, comment=comment):
            _write(company, story, comment)
        case on.Edit(comment=comment):
            _edit(company, comment)
        case on.Withdraw(comment=comment):
            withdraw_comment(
                company.db,
                company.comments[comment.key],
                site_id=company.site.id,
                by=company.people[comment.by],
            )
        case on.Respect(comment=comment, by=by):
            react(
                company.db,
                company.comments[comment.key],
                site_id=company.site.id,
                by=company.people[by],
                respects=True,
            )
        case _:
            _perform_by_rule(company, act)


def _perform_by_rule(
    company: Company,
    act: on.Report
    | on.Decide
    | on.Impose
    | on.Acknowledge
    | on.Appeal
    | on.AnswerAppeal
    | on.Feature
    | on.DeskWork,
) -> None:
    match act:
        case on.Report(comment=comment, report=report):
            reports.report_comment(
                company.db,
                company.comments[comment.key],
                site_id=company.site.id,
                by=company.people[report.by],
                report=ReportDraft(RuleKey(report.rule), report.note),
            )
        case on.Decide(comment=comment):
            _decide(company, comment)
        case on.Impose(comment=comment):
            _impose(company, comment)
        case on.Acknowledge(comment=comment):
            sanctions.acknowledge(
                company.db,
                company.sanctions[comment.key],
                site_id=company.site.id,
                by=company.people[comment.by],
            )
        case on.Appeal(comment=comment):
            _appeal(company, comment)
        case on.AnswerAppeal(comment=comment):
            _answer_appeal(company, comment)
        case on.Feature(comment=comment):
            _feature(company, comment)
        case on.DeskWork(act=work):
            deskwork.do(company, work)
        case _:
            assert_never(act)


def _join(company: Company, person: ReaderPart | StaffPart) -> None:
    with company.db.write(Actor.of_system("demo")) as tx:
        reader_id = readers.add_reader(tx, name=person.name, email=person.email)
    company.people[person.key] = reader_id
    if isinstance(person, StaffPart):
        appoint(company.db, site_id=company.site.id, by=None, reader_id=reader_id, role=person.role)


def _open_story(company: Company, story: StoryPart) -> None:
    url = company.site.origins[0] + urlsplit(story.url).path
    added = add_story(
        company.db,
        company.site,
        StoryDraft(story.key, story.title, url),
        by=company.people[on.EDITOR],
    )
    company.stories[story.key] = added.id


def _pin_question(company: Company, story: StoryPart) -> None:
    pin_question(
        company.db,
        company.stories[story.key],
        site_id=company.site.id,
        by=company.people[on.EDITOR],
        text=story.question,
    )


def _set_mode(company: Company, story: StoryPart) -> None:
    set_story_mode(
        company.db,
        company.stories[story.key],
        site_id=company.site.id,
        by=company.people[on.EDITOR],
        change=ModeChange(story.mode, story.mode_reason),
    )


def _write(company: Company, story: StoryPart, comment: CommentPart) -> None:
    # The invented readers have years of comments behind them that nobody wrote down, so only
    # those who are said to be new are met as newcomers.
    holds = company.site.settings.newcomer_holds if comment.held else 0
    site = replace(company.site, settings=replace(company.site.settings, newcomer_holds=holds))
    with company.db.read() as conn:
        accepts = rules.get_current_rulebook(conn, site.id).version
    parent_id = company.comments[comment.reply_to] if comment.reply_to is not None else None
    draft = CommentDraft(site, story.key, comment.text, parent_id=parent_id, accepts=accepts)
    written = post_comment(company.db, draft, by=company.people[comment.by], classifier=CLASSIFIER)
    company.comments[comment.key] = written.id


def _edit(company: Company, comment: CommentPart) -> None:
    if comment.edited is None:
        raise ValueError(comment.key)
    site = replace(company.site, settings=replace(company.site.settings, newcomer_holds=0))
    draft = EditDraft(site, company.comments[comment.key], comment.edited.text)
    edit_comment(company.db, draft, by=company.people[comment.by], classifier=CLASSIFIER)


def _decide(company: Company, comment: CommentPart) -> None:
    part = comment.decision
    if part is None:
        raise ValueError(comment.key)
    comment_id = company.comments[comment.key]
    with company.db.read() as conn:
        seen = comments.get_comment(conn, company.site.id, comment_id).version
    rule = RuleKey(part.rule) if part.rule is not None else None
    made = moderation.decide(
        company.db,
        comment_id,
        site_id=company.site.id,
        by=company.people[part.by],
        decision=DecisionDraft(part.outcome, rule, part.reason, seen),
    )
    company.decisions[comment.key] = made.id


def _impose(company: Company, comment: CommentPart) -> None:
    part, decided = comment.sanction, comment.decision
    if part is None or decided is None or decided.rule is None:
        raise ValueError(comment.key)
    lasts_for = timedelta(days=part.days) if part.days is not None else None
    if part.kind is SanctionKind.HOLD_FIRST:
        lasts_for = USUAL.hold_first_lasts
    site_id, reader_id = company.site.id, company.people[comment.by]
    draft = SanctionDraft(
        part.kind,
        lasts_for,
        part.reason,
        RuleKey(decided.rule),
        based_on=company.decisions[comment.key],
    )
    if part.kind is SanctionKind.WITHDRAWAL:
        # A moderator who removes may propose it, and an editor confirms.
        proposal = propose_withdrawal(
            company.db,
            site_id=site_id,
            reader_id=reader_id,
            by=company.people[decided.by],
            draft=draft,
        )
        editor = company.people[on.EDITOR]
        imposed = confirm_withdrawal(company.db, proposal.id, site_id=site_id, by=editor)
    else:
        imposed = sanctions.impose(
            company.db,
            site_id=site_id,
            reader_id=reader_id,
            by=company.people[decided.by],
            sanction=draft,
        )
    company.sanctions[comment.key] = imposed.id


def _appeal(company: Company, comment: CommentPart) -> None:
    if comment.appeal is None:
        raise ValueError(comment.key)
    filed = appeals.file_appeal(
        company.db,
        company.decisions[comment.key],
        site_id=company.site.id,
        by=company.people[comment.by],
        text=comment.appeal.text,
    )
    company.appeals[comment.key] = filed.id


def _answer_appeal(company: Company, comment: CommentPart) -> None:
    answer = comment.appeal.decision if comment.appeal is not None else None
    if answer is None:
        raise ValueError(comment.key)
    appeals.decide_appeal(
        company.db,
        company.appeals[comment.key],
        site_id=company.site.id,
        by=company.people[answer.by],
        ruling=Ruling(answer.outcome == "uphold", answer.reason),
    )


def _feature(company: Company, comment: CommentPart) -> None:
    if comment.featured is None:
        raise ValueError(comment.key)
    moderation.feature_comment(
        company.db,
        company.comments[comment.key],
        site_id=company.site.id,
        by=company.people[comment.featured.by],
        reason=comment.featured.reason,
    )
