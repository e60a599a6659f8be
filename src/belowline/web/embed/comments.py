"""Writing, editing, taking back and respecting comments, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from belowline.actions import comments as actions
from belowline.actions.drafts import CommentDraft, Sent
from belowline.actions.reactions import react
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import BelowlineError, NotFound
from belowline.core.terms import CommentId
from belowline.stories.model import StoryDraft
from belowline.web.answers import CommentOut, OwnText, RespectOut
from belowline.web.auth import Asking, Visitor
from belowline.web.embed.own import answer_comment, answer_comments, editable_until
from belowline.web.house import House
from belowline.web.payloads import CommentIn, EditIn


def post_comment(visitor: Visitor, story: str, data: CommentIn) -> CommentOut:
    """Write a comment or a reply.

    The answer says whether it is published, waits for a moderator or was refused, with the rule
    and the reason. The same ``client_key`` gives the same comment, however often it is sent.
    """
    comment = actions.post_comment(
        visitor.house.db,
        _draft(visitor, story, data),
        by=visitor.reader_id,
        classifier=visitor.house.classifier,
        beyond=visitor.house.beyond,
    )
    with visitor.house.db.read() as conn:
        return answer_comment(conn, visitor, comment)


def post_comments(
    house: House, asked: Sequence[tuple[Asking, CommentIn, str]]
) -> Callable[[], list[CommentOut | BelowlineError | None]]:
    """Write comments that came at the same moment; return what tells what became of each.

    It tells None of one that has to be asked for alone.
    """
    sent = [Sent(_draft(visitor, story, data), visitor.reader_id) for visitor, data, story in asked]
    fates = actions.post_comments(house.db, sent, classifier=house.classifier, beyond=house.beyond)

    def tell() -> list[CommentOut | BelowlineError | None]:
        with house.db.glance() as conn:
            written = [
                (visitor, fate)
                for (visitor, _, _), fate in zip(asked, fates, strict=True)
                if isinstance(fate, Comment)
            ]
            answers = iter(answer_comments(conn, written))
            return [next(answers) if isinstance(fate, Comment) else fate for fate in fates]

    return tell


def _draft(visitor: Asking, story: str, data: CommentIn) -> CommentDraft:
    return CommentDraft(
        visitor.at,
        story,
        data.text,
        CommentId(data.parent) if data.parent is not None else None,
        data.client_key,
        data.accepts,
        StoryDraft(story, data.story.title, data.story.url) if data.story is not None else None,
    )


def own_comment(visitor: Visitor, comment: int) -> OwnText:
    """Return an own comment with its source, for editing."""
    with visitor.house.db.read() as conn:
        found = comments.get_comment(conn, visitor.at.id, CommentId(comment))
        if found.author_id != visitor.reader_id:
            raise NotFound("There is no such comment of yours.", code="no_comment")
        revision = comments.get_revision(conn, found.id, found.revision)
        until = editable_until(visitor, found, now=visitor.house.db.clock())
    return OwnText(found.id, found.status, found.revision, revision.text, until)


def edit_comment(visitor: Visitor, comment: int, data: EditIn) -> CommentOut:
    """Change an own comment within its time, while nobody has replied."""
    changed = actions.edit_comment(
        visitor.house.db,
        actions.EditDraft(visitor.at, CommentId(comment), data.text),
        by=visitor.reader_id,
        classifier=visitor.house.classifier,
        beyond=visitor.house.beyond,
    )
    with visitor.house.db.read() as conn:
        return answer_comment(conn, visitor, changed)


def withdraw_comment(visitor: Visitor, comment: int) -> CommentOut:
    """Take back an own comment; a repeat is success."""
    actions.withdraw_comment(
        visitor.house.db, CommentId(comment), site_id=visitor.at.id, by=visitor.reader_id
    )
    with visitor.house.db.read() as conn:
        withdrawn = comments.get_comment(conn, visitor.at.id, CommentId(comment))
        return answer_comment(conn, visitor, withdrawn)


def respect(visitor: Visitor, comment: int) -> RespectOut:
    """Respect a comment; a repeat is success."""
    return _react(visitor, comment, respects=True)


def unrespect(visitor: Visitor, comment: int) -> RespectOut:
    """Take the respect back; a repeat is success."""
    return _react(visitor, comment, respects=False)


def _react(visitor: Visitor, comment: int, *, respects: bool) -> RespectOut:
    return RespectOut(
        react(
            visitor.house.db,
            CommentId(comment),
            site_id=visitor.at.id,
            by=visitor.reader_id,
            respects=respects,
        )
    )
