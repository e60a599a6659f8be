"""A newsroom's Coral and a table of comments, taken in: what the public sees, what twice does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

import pytest
import sqlalchemy as sa

from belowline.actions.sites import create_site
from belowline.core.terms import CommentStatus
from belowline.storage.database import Database
from belowline.storage.tables import comments, revisions, stories
from belowline.transfer.coral.reading import read_coral
from belowline.transfer.gathering import gather
from belowline.transfer.intake import Intake, take_in
from belowline.transfer.plain.reading import read_plain_csv
from belowline.transfer.shape import Record
from belowline.transparency.counts import find_disagreements
from tests.transfer.newsroom import NOW, everything, lines, put

TABLE = """\
comment_id,story_url,parent_id,text,created_at,status
c2,https://courier.example/1,c1,Replies may come first,2021-05-01T09:31:00Z,published
c1,https://courier.example/1,,Who <i>decided</i> that?,2021-05-01T09:30:00Z,published
c3,https://courier.example/1,c1,The usual fools,2021-05-01T09:32:00Z,removed
c4,https://courier.example/2,,Elsewhere,2021-05-01T09:33:00Z,
"""


def coral(folder: Path) -> Iterator[Record]:
    files = put(folder, **{name: lines(them) for name, them in everything().items()})
    return read_coral(files, now=NOW)


def table(folder: Path) -> Iterator[Record]:
    folder.mkdir(exist_ok=True)
    (folder / "comments.csv").write_text(TABLE, encoding="utf-8")
    return read_plain_csv(gather([folder]), zone=UTC, now=NOW)


def seen(db: Database) -> list[tuple[object, ...]]:
    """Give every comment with its story, standing and wording."""
    query = (
        sa.select(stories.c.url, comments.c.status, comments.c.parent_id, revisions.c.text)
        .join(comments, comments.c.story_id == stories.c.id)
        .join(revisions, revisions.c.comment_id == comments.c.id)
        .order_by(comments.c.id, revisions.c.number)
    )
    with db.read() as conn:
        return [tuple(row) for row in conn.execute(query)]


@pytest.mark.parametrize(
    ("read", "public", "private"),
    [
        (
            coral,
            {"Second", "Words **2**", "Words **7**", "Words **9**"},
            {"Words **3**", "Words **4**", "Words **5**", "Words **8**"},
        ),
        (
            table,
            {"Who \\<i>decided\\</i> that?", "Replies may come first"},
            {"The usual fools", "Elsewhere"},
        ),
    ],
)
def test_the_public_sees_what_it_saw_and_twice_changes_nothing(
    db: Database,
    tmp_path: Path,
    read: Callable[[Path], Iterator[Record]],
    public: set[str],
    private: set[str],
) -> None:
    site = create_site(db, key="courier", name="Courier", origins=["https://courier.example"])
    intake = Intake(db, site, "there", "made up for this test")
    take_in(intake, read(tmp_path / "first"))
    shown = {row[3] for row in seen(db) if row[1] == CommentStatus.PUBLISHED}
    hidden = {row[3] for row in seen(db) if row[1] != CommentStatus.PUBLISHED}
    assert public <= shown
    assert private <= hidden
    assert not shown & private
    with db.read() as conn:
        assert find_disagreements(conn) == []
    before = seen(db)
    take_in(intake, read(tmp_path / "second"))
    assert seen(db) == before
