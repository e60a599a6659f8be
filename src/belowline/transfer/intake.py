"""Taking records in: idempotent, in batches, and never publishing what the source hid.

Every record is known by its source and its id there, so that a second run changes nothing and an
interrupted one goes on where it stopped. Bodies are rendered like a new comment's. An author is one
account, or one typed e-mail address, of the source; the address was never proven, so it is kept
as a keyed hash only and joins no reader here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from belowline.actions.cases import open_case
from belowline.comments import store as comments
from belowline.comments.model import NewComment
from belowline.core.errors import InvalidInput
from belowline.core.keyed import keyed_hash
from belowline.core.markup import clean_text, render
from belowline.core.terms import Actor, CommentId, CommentStatus, ReaderId, StoryId, StoryMode
from belowline.events import kinds, log
from belowline.readers import store as readers
from belowline.sites.model import Site
from belowline.storage.database import Database, Tx
from belowline.storage.imported import find_targets, put_target
from belowline.stories import store as stories
from belowline.stories.model import StoryDraft
from belowline.stories.policy import key_from_url
from belowline.transfer.codes import ImportStatus, RecordKind, Skip
from belowline.transfer.report import Report
from belowline.transfer.shape import Record, SourceAuthor, SourceComment, SourceStory
from belowline.transfer.tree import order_comments

BATCH = 200
LONGEST = 20_000
"""Characters; other systems take longer comments than a site here may."""
UNNAMED = "Reader of an earlier time"
STATUS = {
    ImportStatus.PUBLISHED: CommentStatus.PUBLISHED,
    ImportStatus.HELD: CommentStatus.HELD,
    ImportStatus.HIDDEN: CommentStatus.WITHDRAWN,
    ImportStatus.DELETED: CommentStatus.WITHDRAWN,
    ImportStatus.REMOVED: CommentStatus.REMOVED,
}


@dataclass(frozen=True, slots=True)
class Intake:
    """Where records go and how they are known."""

    db: Database
    site: Site
    source: str
    secret: str
    dry_run: bool = False
    progress: Callable[[int, int], None] = lambda _done, _total: None


@dataclass(slots=True)
class _Seen:
    """Our ids of the source's records, as far as this run knows them."""

    stories: dict[str, StoryId] = field(default_factory=dict)
    authors: dict[str, ReaderId] = field(default_factory=dict)
    comments: dict[str, CommentId] = field(default_factory=dict)


def take_in(intake: Intake, records: Iterable[Record]) -> Report:
    """Read every record, then store what is not here yet; a dry run stores nothing.

    The whole file is read before anything is written, so that a file that turns out to be broken
    leaves nothing half done.

    Raises:
        InvalidInput: the file cannot be read to its end.
    """
    report = Report()
    found: list[SourceStory] = []
    loose: list[SourceComment] = []
    for record in records:
        report.take(record)
        match record:
            case SourceStory():
                found.append(record)
            case SourceComment():
                loose.append(record)
    ordered = order_comments(loose)
    for repair in ordered.repairs:
        report.take(repair)
    seen = _look_up(intake, found, ordered.comments)
    new: list[tuple[SourceComment, str]] = []
    for comment in ordered.comments:
        if comment.source_id in seen.comments:
            report.merge()
            continue
        text = _text_of(comment)
        if not text:
            reason = Skip.EMPTY if text == "" else Skip.TOO_LONG
            report.skipped[RecordKind.COMMENT, reason] += 1
            continue
        report.plan(comment)
        new.append((comment, text))
    new_stories = [one for one in found if one.source_id not in seen.stories]
    report.new_stories = len(new_stories)
    if not intake.dry_run:
        _store_all(intake, new_stories, new, seen)
    return report


def _look_up(
    intake: Intake, found: Sequence[SourceStory], wanted: Sequence[SourceComment]
) -> _Seen:
    with intake.db.read() as conn:

        def here(kind: str, ids: list[str]) -> dict[str, int]:
            return find_targets(conn, intake.site.id, source=intake.source, kind=kind, ids=ids)

        return _Seen(
            {key: StoryId(one) for key, one in here("story", [s.source_id for s in found]).items()},
            {},
            {
                key: CommentId(one)
                for key, one in here("comment", [c.source_id for c in wanted]).items()
            },
        )


def _text_of(comment: SourceComment) -> str | None:
    try:
        return clean_text(comment.text, field="text", longest=LONGEST)
    except InvalidInput as error:
        return None if error.code == "too_long" else ""


def _store_all(
    intake: Intake,
    new_stories: Sequence[SourceStory],
    new: Sequence[tuple[SourceComment, str]],
    seen: _Seen,
) -> None:
    actor = Actor.of_system(f"import:{intake.source}")
    for start in range(0, len(new_stories), BATCH):
        with intake.db.write(actor) as tx:
            for story in new_stories[start : start + BATCH]:
                seen.stories[story.source_id] = _store_story(tx, intake, story)
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        with intake.db.write(actor) as tx:
            stored = [_store_comment(tx, intake, entry, seen) for entry in batch]
            log.append(
                tx,
                intake.site.id,
                kinds.CommentsImported(intake.source, len(batch), 0, min(stored)),
            )
        intake.progress(min(start + BATCH, len(new)), len(new))


def _store_story(tx: Tx, intake: Intake, story: SourceStory) -> StoryId:
    mode = StoryMode.OPEN if story.open else StoryMode.CLOSED
    if not story.visible:
        mode = StoryMode.SUSPENDED
    title = clean_text(story.title[:2000], field="title", longest=2000, lines=False)[:300]
    key = key_from_url(story.url, fallback=f"{intake.source}-{story.source_id}")
    if stories.find_story(tx.conn, intake.site.id, key) is not None:
        key = key_from_url("", fallback=f"{key[:80]}-{intake.source}-{story.source_id}")
    url = story.url if urlsplit(story.url).scheme in {"http", "https"} else intake.site.origins[0]
    story_id = stories.add_story(tx, intake.site.id, StoryDraft(key, title or key, url, mode))
    put_target(
        tx,
        intake.site.id,
        source=intake.source,
        record=("story", story.source_id),
        target_id=story_id,
    )
    log.append(tx, intake.site.id, kinds.StoryAdded(story_id))
    return story_id


def _store_comment(
    tx: Tx, intake: Intake, entry: tuple[SourceComment, str], seen: _Seen
) -> CommentId:
    source, text = entry
    parent_id = seen.comments.get(source.parent_source_id or "")
    status = STATUS[source.status]
    comment = comments.add_comment(
        tx,
        NewComment(
            intake.site.id,
            seen.stories[source.story_source_id],
            comments.get_comment(tx.conn, intake.site.id, parent_id) if parent_id else None,
            _author(tx, intake, source, seen),
            None,
            text,
            render(text),
            status,
            reason="" if status is CommentStatus.PUBLISHED else f"import_{source.hidden_because}",
            created_at=source.created_at,
        ),
    )
    seen.comments[source.source_id] = comment.id
    put_target(
        tx,
        intake.site.id,
        source=intake.source,
        record=("comment", source.source_id),
        target_id=comment.id,
    )
    if status is CommentStatus.HELD:
        open_case(tx, comment)
    return comment.id


def _author(tx: Tx, intake: Intake, source: SourceComment, seen: _Seen) -> ReaderId:
    key = _author_key(intake, source.author, source.source_id)
    if key in seen.authors:
        return seen.authors[key]
    known = find_targets(tx.conn, intake.site.id, source=intake.source, kind="author", ids=[key])
    if key in known:
        reader_id = ReaderId(known[key])
    else:
        typed = source.author.name[:1000]
        name = clean_text(typed, field="name", longest=1000, lines=False)[:40].strip()
        reader_id = readers.add_reader(tx, name=name or UNNAMED, public_page=False)
        put_target(
            tx, intake.site.id, source=intake.source, record=("author", key), target_id=reader_id
        )
    seen.authors[key] = reader_id
    return reader_id


def _author_key(intake: Intake, author: SourceAuthor, comment_id: str) -> str:
    """Return what makes two comments one author's; a name alone never does."""
    if author.source_id is not None:
        return f"account:{author.source_id}"
    if author.email is not None:
        hashed = keyed_hash(intake.secret, "imported-email", author.email.lower())
        return f"email:{hashed.hex()}"
    return f"comment:{comment_id}"
