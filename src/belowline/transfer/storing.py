"""The third pass of an import: what lies in the landing in order is stored, a batch a transaction.

Each transaction says in the list of imports how far it has come, so an import that was stopped, at
whatever point, goes on with the next batch and ends as if nobody had stopped it. Between two
batches everybody else who writes gets their turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from belowline.actions.cases import open_held
from belowline.comments import past
from belowline.comments.model import NewComment, PastComment, Revision, Stem
from belowline.core.markup import render
from belowline.core.terms import Actor, CommentId, CommentStatus, ReaderId, StoryId
from belowline.events import kinds, log
from belowline.readers.past import add_past_readers
from belowline.storage.bulk import take_much
from belowline.storage.database import Tx
from belowline.storage.imported import Origin, put_targets
from belowline.storage.imports import ImportState, move_on, set_state
from belowline.transfer.codes import ImportStatus
from belowline.transfer.keeping import as_time
from belowline.transfer.landing import Landing
from belowline.transfer.rendering import Renderer
from belowline.transfer.running import begin, require_ours
from belowline.transfer.statuses import STATUS
from belowline.transfer.storing_others import (
    store_accounts,
    store_history,
    store_reactions,
)
from belowline.transfer.storing_stories import store_stories
from belowline.transfer.targets import Targets
from belowline.transfer.tightening import tighten

if TYPE_CHECKING:
    from belowline.transfer.intake import Intake

BATCH = 2000
"""Comments in a transaction: whoever writes meanwhile waits for no more of them."""
STEMS = 20_000
"""Comments of one story that are remembered; replies are mostly to what was written lately."""
UNNAMED = "Reader of an earlier time"

_STATUS: dict[str, CommentStatus] = {there.value: here for there, here in STATUS.items()}

_BATCH = """
SELECT o.place, o.id, c.source_id, t.story, t.parent, t.above, a.id AS author, x.text, c.at,
    c.status, c.hidden, c.edited_at, c.respect, c.featured_at
FROM ordered o JOIN tree t ON t.id = o.id JOIN comments c ON c.id = o.id JOIN texts x ON x.id = o.id
JOIN authors a ON a.key = c.author
WHERE o.place > ? AND o.place <= ? ORDER BY o.place
"""
_WORDINGS = """
SELECT w.id, w.text, w.at FROM ordered o JOIN wordings w ON w.id = o.id
WHERE o.place > ? AND o.place <= ? ORDER BY w.id, w.number
"""


class Row(NamedTuple):
    """A comment of a batch, as the landing has it."""

    place: int
    id: int
    source_id: str
    story: int
    parent: int | None
    above: int | None
    author: int
    text: str
    at: int
    status: str
    hidden: str | None
    edited_at: int | None
    respect: int
    featured_at: int | None


class Batch(NamedTuple):
    """A batch with what is known of it before its transaction begins."""

    rows: list[Row]
    html: list[str]
    earlier: Mapping[int, tuple[Revision, ...]]


class Storing:
    """One third pass."""

    def __init__(self, intake: Intake, landing: Landing) -> None:
        self.intake = intake
        self.landing = landing
        self.actor = Actor.of_system(f"import:{intake.source}")
        self.run = begin(intake, landing, self.actor)
        self.origin = Origin(intake.site.id, intake.source, self.run.id)
        self.stories = Targets(landing, self.origin, "story")
        self.comments = Targets(landing, self.origin, "comment")
        self.authors = Targets(landing, self.origin, "author")
        self._stems: dict[int, Stem] = {}
        self.total = landing.count("SELECT max(place) FROM ordered")

    def store(self) -> None:
        """Store everything that is not stored yet."""
        stages: list[tuple[str, Callable[[int], None]]] = [
            ("stories", lambda after: store_stories(self, after)),
            ("comments", self._store_comments),
            ("tightened", lambda after: tighten(self, after)),
            ("reactions", lambda after: store_reactions(self, after)),
            ("history", lambda after: store_history(self, after)),
            ("accounts", lambda after: store_accounts(self, after)),
        ]
        names = [name for name, _ in stages]
        at = names.index(self.run.stage) if self.run.stage in names else 0
        for number, (_, work) in enumerate(stages[at:]):
            work(self.run.done_to if number == 0 else 0)
        with self.intake.db.write(self.actor) as tx:
            require_ours(tx, self.run, self.landing)
            set_state(tx, self.run.id, ImportState.DONE)

    def moved(self, tx: Tx, stage: str, done_to: int, brought: Mapping[str, int]) -> None:
        """Note in a batch's own transaction that it is stored."""
        require_ours(tx, self.run, self.landing)
        move_on(tx, self.run.id, stage=stage, done_to=done_to, brought=brought)

    def _store_comments(self, after: int) -> None:
        with Renderer(expected=self.total - after) as renderer:
            rows = self._read(after)
            renderer.ask([row.text for row in rows])
            while rows:
                batch = Batch(rows, renderer.fetch(), self._read_wordings(rows))
                # The texts of the next batch are rendered while this one is stored.
                rows = self._read(batch.rows[-1].place)
                renderer.ask([row.text for row in rows])
                with self.intake.db.write(self.actor) as tx:
                    self._store_batch(tx, batch)
                self.intake.progress(batch.rows[-1].place, self.total)

    def _read(self, after: int) -> list[Row]:
        return [Row(*row) for row in self.landing.run(_BATCH, after, after + BATCH)]

    def _read_wordings(self, rows: Sequence[Row]) -> dict[int, tuple[Revision, ...]]:
        found: dict[int, tuple[Revision, ...]] = {}
        for number, text, at in self.landing.run(_WORDINGS, rows[0].place - 1, rows[-1].place):
            before = found.get(number, ())
            revision = Revision(len(before) + 1, text, render(text), as_time(at))
            found[number] = (*before, revision)
        return found

    def _store_batch(self, tx: Tx, batch: Batch) -> None:
        rows = batch.rows
        take_much(tx.conn)
        self.find_authors(tx, {row.author for row in rows})
        self.stories.find(tx.conn, {row.story for row in rows})
        places = {row.id: place for place, row in enumerate(rows)}
        self._find_stems(tx, rows, places)
        made = past.add_past(
            tx,
            [
                self._past(row, html, places.get(row.parent or 0), batch)
                for row, html in zip(rows, batch.html, strict=True)
            ],
        )
        ids = [stem.id for stem in made]
        for row, stem in zip(rows, made, strict=True):
            self.comments[row.id] = stem.id
        self._remember(rows, made)
        targets = [
            (row.source_id, comment_id, row.status)
            for row, comment_id in zip(rows, ids, strict=True)
        ]
        put_targets(tx, self.origin, kind="comment", targets=targets)
        held = [
            comment_id
            for comment_id, row in zip(ids, rows, strict=True)
            if row.status == ImportStatus.HELD.value
        ]
        open_held(tx, self.intake.site.id, held)
        log.append(
            tx,
            self.intake.site.id,
            kinds.CommentsImported(self.intake.source, len(rows), 0, min(ids), self.run.id),
        )
        self.moved(tx, "comments", rows[-1].place, {"comment": len(rows)})

    def _remember(self, rows: Sequence[Row], made: Sequence[Stem]) -> None:
        """Keep what the next batch may reply to: the latest of the story it goes on with."""
        story = rows[-1].story
        latest = {row.id: stem for row, stem in zip(rows, made, strict=True) if row.story == story}
        if len(latest) == len(rows):
            latest = {**self._stems, **latest}
            for one in list(latest)[: max(0, len(latest) - STEMS)]:
                del latest[one]
        self._stems = latest

    def _past(self, row: Row, html: str, place: int | None, batch: Batch) -> PastComment:
        under: Stem | int | None = place
        if place is None:
            under = self._stems.get(row.parent or -(row.above or 0))
        status = _STATUS[row.status]
        published = status is CommentStatus.PUBLISHED
        story_id = StoryId(self.stories[row.story])
        if isinstance(under, Stem) and under.story_id != story_id:
            # It was moved since the run that brought what this replies to.
            under = None
        return PastComment(
            NewComment(
                self.intake.site.id,
                story_id,
                None,
                ReaderId(self.authors[row.author]),
                None,
                row.text,
                html,
                status,
                reason="" if published else f"import_{row.hidden}",
                created_at=as_time(row.at),
            ),
            under,
            batch.earlier.get(row.id, ()),
            _time(row.edited_at),
            row.respect,
            _time(row.featured_at) if published else None,
        )

    def _find_stems(self, tx: Tx, rows: Sequence[Row], places: Mapping[int, int]) -> None:
        """Look up what is replied to outside the batch, unless it is remembered.

        What only the database knows, from an earlier run, is remembered by its id there, negative.
        """
        outside = {
            row.parent
            for row in rows
            if row.parent and row.parent not in places and row.parent not in self._stems
        }
        self.comments.find(tx.conn, outside)
        wanted = {one: self.comments[one] for one in outside}
        wanted |= {-row.above: row.above for row in rows if row.above}
        targets = sorted({CommentId(one) for one in wanted.values() if one})
        stems = past.find_stems(tx.conn, self.intake.site.id, targets)
        for one, target in wanted.items():
            if CommentId(target) in stems:
                self._stems[one] = stems[CommentId(target)]

    def find_authors(self, tx: Tx, numbers: set[int]) -> None:
        """See that these authors of the landing are readers here."""
        self.authors.find(tx.conn, numbers)
        new = sorted(one for one in numbers if not self.authors[one])
        if not new:
            return
        keys = self.authors.names(new)
        people = [self._person(one) for one in new]
        ids = add_past_readers(tx, people)
        targets = [(keys[one], reader, None) for one, reader in zip(new, ids, strict=True)]
        put_targets(tx, self.origin, kind="author", targets=targets)
        for one, reader_id in zip(new, ids, strict=True):
            self.authors[one] = reader_id

    def _person(self, number: int) -> tuple[str, datetime | None]:
        name, joined_at = self.landing.one(_PERSON, number)
        return name or UNNAMED, _time(joined_at)


_PERSON = """
SELECT a.name, k.joined_at FROM authors a LEFT JOIN accounts k
    ON k.source_id = iif(substr(a.key, 1, 8) = 'account:', substr(a.key, 9), NULL)
WHERE a.id = ?
"""


def _time(micros: int | None) -> datetime | None:
    return None if micros is None else as_time(micros)
