"""A site in which every attack string stands wherever somebody may write: filled in by requests.

Each request is one that a reader or a member of staff can send. Where the strings are many and the
field is plain text, they come packed to the field's length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import httpx
import sqlalchemy as sa

from belowline.comments import store as comments
from belowline.comments.model import Comment, NewComment
from belowline.core.errors import InvalidInput
from belowline.core.markup import clean_text, render
from belowline.core.terms import (
    Actor,
    CommentId,
    CommentStatus,
    ReaderId,
    Role,
    SiteId,
    StoryId,
)
from belowline.readers import sessions
from belowline.readers import store as readers
from belowline.readers.names import LONGEST_NAME, check_name
from belowline.rules import store as rules
from belowline.storage import tables
from tests import factories
from tests.attacks.corpus import pack
from tests.attacks.reading import squeeze
from tests.web.asking import BASE, SECRET, Asker

PER_STORY = 5


def kept(line: str, *, longest: int, lines: bool = True) -> str:
    """Return a line as a field keeps it, or an empty string if the field refuses it."""
    try:
        return clean_text(line, field="text", longest=longest, lines=lines)
    except InvalidInput:
        return ""


def packs(lines: Iterable[str], longest: int) -> list[str]:
    """Pack lines as a field of this length keeps them, white space made single."""
    return pack((squeeze(kept(line, longest=20_000)) for line in lines), longest)


def chunks(lines: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Give the lines in runs of this size."""
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


class World:
    """A site with staff, and ways to fill it."""

    def __init__(self, echo: Asker) -> None:
        self.echo = echo
        self.db = echo.db
        self.site_id: SiteId = echo.site.id
        self.owner = factories.make_staff(echo.db, self.site_id, Role.OWNER)
        self.editor = factories.make_staff(echo.db, self.site_id, Role.EDITOR)
        self.tokens = {one: echo.token(one) for one in (self.owner, self.editor)}

    def desk(self, path: str, *, by: ReaderId | None = None, **fields: Any) -> httpx.Response:  # noqa: ANN401
        """Send a form of the console; everything must come through."""
        answer = self.echo.ask(
            "POST",
            f"/console/echo{path}",
            by=self.tokens[by or self.owner],
            origin=BASE,
            data=fields,
        )
        assert answer.status_code == 303, (answer.status_code, path, fields, answer.text[:3000])
        return answer

    def page(self, path: str, *, by: ReaderId | None = None) -> httpx.Response:
        """Ask for a page; by somebody, if they are named."""
        answer = self.echo.ask("GET", path, by=self.tokens[by] if by else None, origin=None)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
        return answer

    def sign_in_all(self, names: Sequence[str]) -> list[ReaderId]:
        """Make readers of long standing with these names, where they can be names at all."""
        made: list[ReaderId] = []
        now = self.db.clock()
        with self.db.write(factories.SYSTEM) as tx:
            book = rules.get_current_rulebook(tx.conn, self.site_id)
            for at, wished in enumerate(names):
                try:
                    name = check_name(wished[:LONGEST_NAME])
                except InvalidInput:
                    name = f"Nobody {at}"
                reader_id = readers.add_reader(tx, name=name)
                token = sessions.make_token()
                hashed = sessions.hash_token(SECRET, token)
                sessions.add_session(
                    tx,
                    sessions.Session(hashed, reader_id, None, None, now, now + timedelta(days=1)),
                )
                rules.accept(tx, reader_id, book.id)
                self.tokens[reader_id] = token
                made.append(reader_id)
            tx.conn.execute(
                sa.update(tables.readers)
                .where(tables.readers.c.id.between(made[0], made[-1]))
                .values(created_at=now - timedelta(days=400))
            )
        return made

    def put(
        self,
        story_id: StoryId,
        texts: Sequence[tuple[ReaderId, str]],
        *,
        parent: Comment | None = None,
        status: CommentStatus = CommentStatus.PUBLISHED,
    ) -> list[Comment]:
        """Store comments as they are, in one go."""
        made = []
        with self.db.write(Actor(texts[0][0])) as tx:
            for author_id, raw in texts:
                text = kept(raw, longest=20_000)
                made.append(
                    comments.add_comment(
                        tx,
                        NewComment(
                            self.site_id,
                            story_id,
                            parent,
                            author_id,
                            None,
                            text,
                            render(text),
                            status,
                        ),
                    )
                )
        return made

    def comment(self, comment_id: int) -> Comment:
        """Return a comment as it stands."""
        with self.db.read() as conn:
            return comments.get_comment(conn, self.site_id, CommentId(comment_id))
