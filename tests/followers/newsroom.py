"""A small newsroom for the tests of what follows: its people, a story, and facts with their events.

Rows and events are written directly, because these tests are about what follows from them, not
about who may do what.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from belowline.comments.model import Comment, NewComment
from belowline.comments.store import add_comment, get_comment, set_status
from belowline.core.terms import (
    Actor,
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    Role,
    RuleKey,
    SanctionId,
    SanctionKind,
    SiteId,
    Source,
    StoryId,
)
from belowline.events import kinds, log
from belowline.followers.cursors import step
from belowline.followers.notify import Notify
from belowline.rules import store as rules
from belowline.rules.model import RuleDraft
from belowline.sites.store import add_site, put_staff
from belowline.storage.database import Database, insert_id
from belowline.storage.tables import decisions, notices, readers, reports, sanctions
from belowline.stories.model import StoryDraft
from belowline.stories.store import add_story

UNDO = timedelta(seconds=60)
SYSTEM = Actor.of_system("test")
RULE = RuleKey("personal-attack")


@dataclass(slots=True)
class Newsroom:
    """One site with an author, a replier, a reporter, a moderator and an editor."""

    db: Database
    site: SiteId = field(init=False)
    story: StoryId = field(init=False)
    rulebook: int = field(init=False)
    people: dict[str, ReaderId] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Set the newsroom up."""
        with self.db.write(SYSTEM) as tx:
            self.site = add_site(tx, key="packet", name="The Packet")
            self.story = add_story(
                tx, self.site, StoryDraft("bus", "Bus cuts", "https://packet.example/bus")
            )
            rule = RuleDraft(RULE, "Argue with the point", "Be kind.", 2, "OTHER_VIOLATION_TC")
            self.rulebook = rules.put_draft(tx, self.site, intro="Welcome.", drafts=[rule])
            rules.mark_published(tx, self.rulebook, by=None)
            for name in ("author", "replier", "reporter", "moderator", "editor"):
                self.people[name] = self._reader(tx.conn, name, tx.now)
            put_staff(tx, self.site, reader_id=self.people["moderator"], role=Role.MODERATOR)
            put_staff(tx, self.site, reader_id=self.people["editor"], role=Role.EDITOR)

    def comment(
        self,
        by: str,
        *,
        under: Comment | None = None,
        status: CommentStatus = CommentStatus.PUBLISHED,
    ) -> Comment:
        """Let somebody comment, settled as wished, with its event."""
        author = self.people[by]
        with self.db.write(Actor(author)) as tx:
            comment = add_comment(
                tx,
                NewComment(
                    self.site,
                    self.story,
                    under,
                    author,
                    None,
                    "Secret words.",
                    "<p>Secret words.</p>",
                    status,
                ),
            )
            parent_id = under.id if under else None
            log.append(
                tx,
                self.site,
                kinds.CommentPosted(comment.id, self.story, author, status, parent_id),
            )
        return comment

    def report(self, comment: Comment, *, by: str = "reporter") -> int:
        """Let somebody report a comment."""
        with self.db.write(Actor(self.people[by])) as tx:
            return insert_id(
                tx.conn,
                reports,
                {
                    "site_id": self.site,
                    "comment_id": comment.id,
                    "reporter_id": self.people[by],
                    "revision": 1,
                    "rulebook_id": self.rulebook,
                    "rule_key": RULE,
                    "weight": 0.5,
                    "weight_why": "new",
                    "state": "open",
                    "created_at": tx.now,
                },
            )

    def decide(
        self,
        comment: Comment,
        outcome: Outcome,
        *,
        answers: tuple[int, ...] = (),
        by: str | None = "moderator",
    ) -> DecisionId:
        """Decide about a comment, or let the screens settle it (``by`` None), with the event."""
        decider = self.people[by] if by else None
        with self.db.write(Actor(decider) if decider else SYSTEM) as tx:
            comment = get_comment(tx.conn, self.site, comment.id)
            source = Source.REPORT if answers else Source.OWN_INITIATIVE
            decision_id = self._decision(
                tx.conn,
                tx.now,
                {
                    "comment_id": comment.id,
                    "reader_id": comment.author_id,
                    "outcome": outcome,
                    "decided_by": decider,
                    "status_before": comment.status,
                    "answered": list(answers),
                    "source": source if by else Source.SCREEN,
                },
            )
            after = {
                Outcome.REMOVE: CommentStatus.REMOVED,
                Outcome.PUBLISH: CommentStatus.PUBLISHED,
            }
            if outcome in after:
                set_status(tx, comment, after[outcome])
            log.append(
                tx,
                self.site,
                kinds.DecisionMade(
                    decision_id,
                    comment.author_id,
                    outcome,
                    source,
                    decider is None,
                    comment.id,
                    self.story,
                    RULE,
                    self.rulebook,
                    answers,
                ),
            )
        return decision_id

    def undo(self, decision_id: DecisionId, comment: Comment) -> None:
        """Take a decision back, with its event."""
        with self.db.write(Actor(self.people["moderator"])) as tx:
            tx.conn.execute(
                sa.update(decisions).where(decisions.c.id == decision_id).values(undone_at=tx.now)
            )
            log.append(tx, self.site, kinds.DecisionUndone(decision_id, comment.id, self.story))

    def sanction(self, *, of: str = "author") -> tuple[SanctionId, DecisionId]:
        """Suspend somebody for a day, with the events."""
        reader_id, moderator = self.people[of], self.people["moderator"]
        with self.db.write(Actor(moderator)) as tx:
            decision_id = self._decision(
                tx.conn,
                tx.now,
                {"reader_id": reader_id, "outcome": Outcome.SANCTION, "decided_by": moderator},
            )
            sanction_id = SanctionId(
                insert_id(
                    tx.conn,
                    sanctions,
                    {
                        "site_id": self.site,
                        "reader_id": reader_id,
                        "decision_id": decision_id,
                        "kind": SanctionKind.SUSPENSION,
                        "starts_at": tx.now,
                        "ends_at": tx.now + timedelta(days=1),
                    },
                )
            )
            log.append(
                tx,
                self.site,
                kinds.DecisionMade(decision_id, reader_id, "sanction", "own_initiative", False),  # noqa: FBT003
            )
            log.append(
                tx,
                self.site,
                kinds.SanctionImposed(sanction_id, decision_id, reader_id, "suspension"),
            )
        return sanction_id, decision_id

    def append(self, kind: kinds.Kind, *, by: str = "moderator") -> None:
        """Append one event."""
        with self.db.write(Actor(self.people[by])) as tx:
            log.append(tx, self.site, kind)

    def notify(self, *, mail_works: bool = True) -> None:
        """Let the notices follow from all that has happened."""
        follower = Notify(undo_for=UNDO, mail_works=mail_works)
        while step(self.db, follower):
            pass

    def told(self) -> list[tuple[str, str]]:
        """Return who has a notice of which kind, due or not, in the order of writing."""
        names = {number: name for name, number in self.people.items()}
        with self.db.read() as conn:
            rows = conn.execute(sa.select(notices).order_by(notices.c.id)).all()
        return [(names[row.reader_id], row.kind) for row in rows]

    def _decision(self, conn: sa.Connection, now: object, values: dict[str, Any]) -> DecisionId:
        return DecisionId(
            insert_id(
                conn,
                decisions,
                {
                    "site_id": self.site,
                    "rulebook_id": self.rulebook,
                    "rule_key": RULE,
                    "severity": 2,
                    "reason": "It mocks another reader.",
                    "revision": 1,
                    "source": Source.OWN_INITIATIVE,
                    "answered": [],
                    "decided_at": now,
                    **values,
                },
            )
        )

    @staticmethod
    def _reader(conn: sa.Connection, name: str, now: object) -> ReaderId:
        return ReaderId(
            insert_id(
                conn,
                readers,
                {
                    "name": name,
                    "name_key": name,
                    "email": f"{name}@reader.example",
                    "mail_notices": True,
                    "created_at": now,
                },
            )
        )
