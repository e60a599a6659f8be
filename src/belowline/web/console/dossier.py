"""All that a moderator should see before deciding about a comment, read in one moment.

Reads only. Each part is a small value that a template can show without asking anything back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from markupsafe import Markup

from belowline.actions.case_facts import CaseMatter, gather_matter
from belowline.actions.evasion import find_suspected
from belowline.actions.records import proposal_for
from belowline.appeals import store as appeals
from belowline.appeals.model import Appeal
from belowline.comments import store as comments
from belowline.comments.model import Comment, Revision
from belowline.core.terms import (
    AppealState,
    CommentId,
    DecisionId,
    Finding,
    Outcome,
    Refusal,
    Verdict,
)
from belowline.core.text import later
from belowline.moderation import decisions
from belowline.moderation import store as cases
from belowline.moderation.around import Surroundings, read_surroundings
from belowline.moderation.deciding import may_decide, may_decide_beside_appeal
from belowline.moderation.model import CITE_A_RULE, AuthorRecord, Case
from belowline.moderation.policy import Reason, explain
from belowline.moderation.record import author_record
from belowline.readers.search import names_of
from belowline.reports import store as reports
from belowline.reports.legal_notices import LegalNotice, list_notices
from belowline.reports.model import Report
from belowline.rules import store as rules
from belowline.rules.model import Rulebook
from belowline.sanctions import ladder
from belowline.sanctions import store as sanctions
from belowline.sanctions.model import Sanction
from belowline.screens import store as verdicts
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.web.auth import Visitor
from belowline.web.console.held_for import name_codes
from belowline.web.console.questions import InQuestion, rules_in_question
from belowline.web.console.shown import ShownDecision, Titles, show_decisions
from belowline.web.marking import changes, marked

AUTHORS_DECISIONS = 4
HEAVY = 0.75
LIGHT = 0.5
DECIDABLE = (Outcome.PUBLISH, Outcome.KEEP, Outcome.REMOVE)


@dataclass(frozen=True, slots=True)
class ShownRevision:
    """One text of a comment with what a screen pointed at, and what it changed."""

    revision: Revision
    text: Markup
    changed: Markup | None
    verdicts: tuple[Verdict, ...]

    @property
    def against(self) -> tuple[Verdict, ...]:
        """The verdicts that did not let it pass."""
        return tuple(one for one in self.verdicts if one.finding is not Finding.PASS)

    @property
    def passed(self) -> int:
        """How many screens let it pass."""
        return len(self.verdicts) - len(self.against)


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A report with its rule's title and the reporter's name."""

    report: Report
    rule_title: str
    reporter_name: str
    """Empty for whoever has no account."""
    weighs: str
    notice: LegalNotice | None
    """The notice of illegal content that it is a part of."""
    acted_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuthorSide:
    """What a case says about the comment's author."""

    name: str
    record: AuthorRecord
    in_force: tuple[Sanction, ...]
    decisions: tuple[ShownDecision, ...]
    """The latest that went against them, about other comments."""
    proposal: ladder.Proposal
    proposal_why: tuple[str, ...]
    suspected: int
    """How many readers the author may be as well; their page says who and why."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case and all around it."""

    comment: Comment
    story: Story
    case: Case | None
    matter: CaseMatter
    reasons: tuple[tuple[Reason, str], ...]
    in_question: tuple[InQuestion, ...]
    revisions: tuple[ShownRevision, ...]
    """The current one first."""
    reports: tuple[ShownReport, ...]
    around: Surroundings
    author: AuthorSide
    decisions: tuple[ShownDecision, ...]
    appeals: dict[DecisionId, Appeal]
    rulebook: Rulebook
    refusals: dict[str, Refusal | None]
    """For each outcome, why this visitor cannot choose it."""

    @property
    def text(self) -> str:
        """Return the comment's text as it stands; empty once it is erased."""
        return self.revisions[0].revision.text if self.revisions else ""


def read_dossier(conn: sa.Connection, visitor: Visitor, comment_id: CommentId) -> Dossier:
    """Gather everything about one comment of the visitor's site. Raises NotFound."""
    site_id, now = visitor.at.id, visitor.house.db.clock()
    comment = comments.get_comment(conn, site_id, comment_id)
    case = cases.find_case(conn, comment.id)
    matter = gather_matter(conn, comment)
    reasons: tuple[Reason, ...] = ()
    if case is not None and matter.waits:
        reasons = matter.priority(opened_at=case.opened_at, now=now).reasons
    titles = Titles(conn, site_id)
    made = decisions.list_for_comment(conn, site_id, comment.id)
    rulebook = rules.get_current_rulebook(conn, site_id)
    filed = appeals.list_for_decisions(conn, [one.id for one in made])
    authors_waits = any(
        one.state is AppealState.OPEN and not one.by_reporter for one in filed.values()
    )
    return Dossier(
        comment,
        stories.get_story_by_id(conn, site_id, comment.story_id),
        case,
        matter,
        tuple((one, explain_place(one)) for one in reasons),
        rules_in_question(conn, matter, rulebook),
        _revisions(conn, comment),
        _reports(conn, comment, titles, {one.id: one.decided_at for one in made}),
        read_surroundings(conn, site_id, comment.id, parent_id=comment.parent_id),
        read_author(conn, visitor, comment, titles),
        show_decisions(conn, titles, made),
        filed,
        rulebook,
        {
            outcome.value: may_decide(
                decider=visitor.reader_id,
                author=comment.author_id,
                role=visitor.role,
                outcome=outcome,
                status=comment.status,
            )
            or may_decide_beside_appeal(comment.status, appealed=authors_waits)
            for outcome in DECIDABLE
        },
    )


def read_author(
    conn: sa.Connection, visitor: Visitor, comment: Comment, titles: Titles
) -> AuthorSide:
    """Return the author's record at the site, with what the ladder would offer now."""
    now = visitor.house.db.clock()
    proposal = proposal_for(conn, comment.site_id, comment.author_id, now=now)
    record = author_record(conn, comment.site_id, comment.author_id)
    against = [
        one
        for one in record.decisions
        if one.outcome in CITE_A_RULE and one.comment_id != comment.id and one.undone_at is None
    ]
    return AuthorSide(
        names_of(conn, [comment.author_id])[comment.author_id],
        record,
        tuple(
            one
            for one in sanctions.list_sanctions(conn, comment.site_id, comment.author_id)
            if one.is_in_force(now)
        ),
        show_decisions(conn, titles, against[:AUTHORS_DECISIONS]),
        proposal,
        explain_proposal(proposal, rules.get_current_rulebook(conn, comment.site_id)),
        len(find_suspected(conn, visitor.at, comment.author_id, in_full=False)),
    )


def explain_place(reason: Reason) -> str:
    """Say one reason for a case's place in the queue, with codes as words."""
    codes = reason.detail.get("codes")
    if isinstance(codes, str):
        reason = replace(reason, detail={**reason.detail, "codes": name_codes(codes)})
    return explain(reason)


def explain_proposal(proposal: ladder.Proposal, rulebook: Rulebook) -> tuple[str, ...]:
    """Say why the ladder proposes what it does, with rules by their titles."""
    said = []
    for reason in proposal.reasons:
        rule = rulebook.rule(str(reason.detail.get("rule", "")))
        named = {**reason.detail, "rule": rule.title} if rule is not None else reason.detail
        said.append(ladder.explain(replace(reason, detail=named)))
    return tuple(said)


def _revisions(conn: sa.Connection, comment: Comment) -> tuple[ShownRevision, ...]:
    shown: list[ShownRevision] = []
    before: Revision | None = None
    for revision in comments.list_revisions(conn, comment.id):
        found = tuple(verdicts.list_verdicts(conn, comment.id, revision=revision.number))
        passages = [passage for verdict in found for passage in verdict.passages]
        shown.append(
            ShownRevision(
                revision,
                marked(revision.text, passages),
                changes(before.text, revision.text) if before is not None else None,
                found,
            )
        )
        before = revision
    return tuple(reversed(shown))


def _reports(
    conn: sa.Connection, comment: Comment, titles: Titles, decided_at: dict[DecisionId, datetime]
) -> tuple[ShownReport, ...]:
    found = reports.list_for_comment(conn, comment.site_id, comment.id)
    names = names_of(conn, [one.reporter_id for one in found])
    notices = list_notices(conn, comment.site_id, [one.legal_notice_id for one in found])
    return tuple(
        ShownReport(
            one,
            titles.of(one.rulebook_id, one.rule),
            names.get(one.reporter_id or 0, ""),
            _weighs(one.weight),
            notices.get(one.legal_notice_id) if one.legal_notice_id is not None else None,
            decided_at.get(one.decision_id) if one.decision_id is not None else None,
        )
        for one in found
    )


def _weighs(weight: float) -> str:
    if weight >= HEAVY:
        return later("Weighs heavily")
    return later("Weighs as usual") if weight >= LIGHT else later("Weighs little")
