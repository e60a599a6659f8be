"""What readers do about themselves: a new name, fewer letters, a copy of their data, leaving."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from belowline.actions.readers import (
    RENAME_EVERY,
    erase_account,
    export_data,
    make_unsubscribe_token,
    rename_reader,
    set_mail_notices,
    unsubscribe,
)
from belowline.comments import reactions
from belowline.comments import store as comments
from belowline.comments.model import Comment, NewComment
from belowline.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooMany
from belowline.core.keyed import sign
from belowline.core.settings import Settings
from belowline.core.terms import (
    Actor,
    CommentId,
    CommentStatus,
    ReaderId,
    Role,
    SanctionKind,
    SiteId,
    StoryId,
)
from belowline.readers import store as readers
from belowline.readers.model import ERASED_NAME, Reader
from belowline.readers.sessions import Session, add_session, note_network
from belowline.sites import store as sites
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.model import StoryDraft
from tests.conftest import SettableClock

SECRET = "0123456789abcdef0123456789abcdef"
SETTINGS = Settings(secret=SECRET)
SYSTEM = Actor.of_system("test")


@dataclass(frozen=True)
class Scene:
    """A site with a story, and two readers."""

    db: Database
    site_id: SiteId
    story_id: StoryId
    jane: ReaderId
    joe: ReaderId

    def write(
        self,
        author: ReaderId,
        text: str,
        *,
        under: CommentId | None = None,
        status: CommentStatus = CommentStatus.PUBLISHED,
    ) -> CommentId:
        with self.db.write(SYSTEM) as tx:
            parent = comments.get_comment(tx.conn, self.site_id, under) if under else None
            new = NewComment(
                self.site_id,
                self.story_id,
                parent,
                author,
                None,
                text,
                f"<p>{text}</p>",
                status,
                client_key=text,
            )
            return comments.add_comment(tx, new).id

    def comment(self, comment_id: CommentId) -> Comment:
        with self.db.read() as conn:
            return comments.get_comment(conn, self.site_id, comment_id)

    def reader(self, reader_id: ReaderId) -> Reader:
        with self.db.read() as conn:
            return readers.get_reader(conn, reader_id)

    def insert(self, table: sa.Table, **values: object) -> int:
        with self.db.write(SYSTEM) as tx:
            return int(
                tx.conn.execute(
                    sa.insert(table).values(**values).returning(*table.primary_key)
                ).first()[0]  # type: ignore[index]
            )

    def rows(self, table: sa.Table) -> list[Any]:
        with self.db.read() as conn:
            return list(conn.execute(sa.select(table)).all())

    def version(self) -> int:
        with self.db.read() as conn:
            return stories.thread_versions(conn, [self.story_id])[self.story_id]


@pytest.fixture
def scene(db: Database) -> Scene:
    with db.write(SYSTEM) as tx:
        site_id = sites.add_site(tx, key="echo", name="The Echo")
        story_id = stories.add_story(
            tx, site_id, StoryDraft("flood", "Flood", "https://echo.example/flood")
        )
        jane = readers.add_reader(tx, name="Jane", email="jane@x.example")
        joe = readers.add_reader(tx, name="Joe", email="joe@x.example")
        readers.add_identity(tx, jane, issuer="https://echo.example", subject="4711")
    return Scene(db, site_id, story_id, jane, joe)


def kinds(scene: Scene) -> list[tuple[str, str]]:
    return [(row.kind, row.actor) for row in scene.rows(tables.events)]


def decide(scene: Scene, *, comment_id: int | None = None, outcome: str = "sanction") -> int:
    return scene.insert(
        tables.decisions,
        site_id=scene.site_id,
        reader_id=scene.jane,
        comment_id=comment_id,
        outcome=outcome,
        rule_key="insult",
        reason="Please stay civil.",
        source="report",
        decided_by=scene.joe,
        answered=[],
        decided_at=scene.db.clock(),
    )


def sanction(scene: Scene, kind: SanctionKind) -> None:
    now = scene.db.clock()
    scene.insert(
        tables.sanctions,
        site_id=scene.site_id,
        reader_id=scene.jane,
        kind=kind,
        decision_id=decide(scene),
        starts_at=now,
        ends_at=now + timedelta(days=3),
    )


# A new name.


def test_a_new_name_reaches_every_thread_of_the_reader(scene: Scene) -> None:
    scene.write(scene.jane, "hello")
    before = scene.version()

    reader = rename_reader(scene.db, scene.jane, site_id=scene.site_id, name=" Jane  Doe ")

    assert reader.name == "Jane Doe"
    assert scene.version() > before
    assert kinds(scene) == [("ReaderRenamed", f"reader:{scene.jane}")]


def test_the_first_change_is_free_and_the_next_one_takes_14_days(
    scene: Scene, clock: SettableClock
) -> None:
    rename_reader(scene.db, scene.jane, site_id=scene.site_id, name="Jay")

    with pytest.raises(TooMany) as refused:
        rename_reader(scene.db, scene.jane, site_id=scene.site_id, name="Jade")
    assert refused.value.code == "renamed_lately"
    clock.advance(RENAME_EVERY)
    assert rename_reader(scene.db, scene.jane, site_id=scene.site_id, name="Jade").name == "Jade"


def test_the_same_name_again_is_no_change(scene: Scene) -> None:
    for _ in range(2):
        rename_reader(scene.db, scene.jane, site_id=scene.site_id, name="Jay")

    assert len(kinds(scene)) == 1


def test_a_suspended_reader_keeps_their_name(scene: Scene) -> None:
    sanction(scene, SanctionKind.SUSPENSION)

    with pytest.raises(NotAllowed) as refused:
        rename_reader(scene.db, scene.jane, site_id=scene.site_id, name="Jay")
    assert refused.value.code == "suspended"
    assert scene.reader(scene.jane).name == "Jane"


@pytest.mark.parametrize("name", ["JOE", "Jое", "J0e", "J o e"])
def test_nobody_takes_the_look_of_staff(scene: Scene, name: str) -> None:
    reader = rename_reader(scene.db, scene.jane, site_id=scene.site_id, name="Joelle")
    assert reader.name == "Joelle"
    with scene.db.write(SYSTEM) as tx:
        sites.put_staff(tx, scene.site_id, reader_id=scene.joe, role=Role.MODERATOR)
        tx.conn.execute(sa.update(tables.readers).values(name_changed_at=None))

    with pytest.raises(NotAllowed) as refused:
        rename_reader(scene.db, scene.jane, site_id=scene.site_id, name=name)
    assert refused.value.code == "name_of_staff"
    assert rename_reader(scene.db, scene.joe, site_id=scene.site_id, name=name)


@pytest.mark.parametrize("name", ["Echo", "The Echo", "ЕСНО", "Echo (official)"])
def test_nobody_is_called_like_the_paper(scene: Scene, name: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        rename_reader(scene.db, scene.jane, site_id=scene.site_id, name=name)
    assert refused.value.code == "name_of_staff"
    assert rename_reader(scene.db, scene.jane, site_id=scene.site_id, name="Echo Hill")


def test_what_is_no_name_is_refused(scene: Scene) -> None:
    with pytest.raises(InvalidInput):
        rename_reader(scene.db, scene.jane, site_id=scene.site_id, name="www.x.com")


# Letters.


def test_letters_can_be_switched_off_and_on(scene: Scene) -> None:
    set_mail_notices(scene.db, scene.jane, wanted=False)
    assert not scene.reader(scene.jane).mail_notices
    set_mail_notices(scene.db, scene.jane, wanted=True)
    assert scene.reader(scene.jane).mail_notices


def test_an_old_letters_link_switches_its_own_readers_mail_off(
    scene: Scene, clock: SettableClock
) -> None:
    token = make_unsubscribe_token(SETTINGS, scene.jane)
    clock.advance(timedelta(days=2000))

    for _ in range(2):
        unsubscribe(scene.db, settings=SETTINGS, token=token)

    assert not scene.reader(scene.jane).mail_notices
    assert scene.reader(scene.joe).mail_notices


def test_a_token_for_something_else_unsubscribes_nobody(scene: Scene) -> None:
    ticket = sign(SECRET, "window_ticket", {"reader": scene.jane}, expires_at=None)

    for token in (ticket, "", "x.y"):
        with pytest.raises(NotAllowed):
            unsubscribe(scene.db, settings=SETTINGS, token=token)
    assert scene.reader(scene.jane).mail_notices


# A copy of one's data, and leaving.


@pytest.fixture
def lived_in(scene: Scene) -> dict[str, CommentId]:
    """Let Jane do everything that leaves a trace, and Joe a little."""
    db, now = scene.db, scene.db.clock()
    made = {
        "root": scene.write(scene.jane, "janes root"),
        "lone": scene.write(scene.jane, "janes lone"),
        "held": scene.write(scene.jane, "janes held", status=CommentStatus.HELD),
        "gone": scene.write(scene.jane, "janes gone"),
        "joes": scene.write(scene.joe, "joes own"),
    }
    made["reply"] = scene.write(scene.joe, "joes reply", under=made["root"])
    made["tail"] = scene.write(scene.jane, "janes tail", under=made["reply"])
    with db.write(SYSTEM) as tx:
        gone = comments.get_comment(tx.conn, scene.site_id, made["gone"])
        comments.set_status(tx, gone, CommentStatus.REMOVED, rule_key="insult", reason="Civil!")
        root = comments.get_comment(tx.conn, scene.site_id, made["root"])
        comments.add_revision(tx, root, text="janes edit", html="<p>janes edit</p>")
        joes = comments.get_comment(tx.conn, scene.site_id, made["joes"])
        reactions.add_reaction(tx, joes, scene.jane)
        note_network(tx, scene.jane, secret=SECRET, address="192.0.2.1")
        add_session(tx, Session(b"hash", scene.jane, None, None, now, now + timedelta(days=1)))
    sanction(scene, SanctionKind.SUSPENSION)
    site_id = scene.site_id
    rulebook = scene.insert(
        tables.rulebooks, site_id=site_id, version=1, intro="", published_at=now
    )
    scene.insert(
        tables.rule_acceptances, reader_id=scene.jane, rulebook_id=rulebook, accepted_at=now
    )
    scene.insert(
        tables.reports,
        site_id=site_id,
        comment_id=made["joes"],
        reporter_id=scene.jane,
        revision=1,
        rulebook_id=rulebook,
        rule_key="insult",
        note="janes note",
        weight=0.5,
        weight_why="new",
        state="open",
        created_at=now,
    )
    scene.insert(
        tables.reports,
        site_id=site_id,
        comment_id=made["root"],
        reporter_id=scene.joe,
        revision=1,
        rulebook_id=rulebook,
        rule_key="insult",
        note="joes note",
        weight=0.5,
        weight_why="new",
        state="open",
        created_at=now,
    )
    for decision, state in ((decide(scene), "rejected"), (decide(scene), "open")):
        scene.insert(
            tables.appeals,
            site_id=site_id,
            decision_id=decision,
            reader_id=scene.jane,
            text="janes appeal",
            state=state,
            filed_at=now,
        )
    scene.insert(
        tables.notices,
        site_id=site_id,
        reader_id=scene.jane,
        kind="reply",
        event_seq=1,
        facts={"comment": made["reply"]},
        due_at=now,
        mail="waiting",
    )
    scene.insert(
        tables.screenings,
        comment_id=made["held"],
        revision=1,
        verdicts=[{"screen": "words", "finding": "hold", "detail": {"word": "janes word"}}],
        created_at=now,
    )
    scene.insert(
        tables.cases,
        site_id=site_id,
        comment_id=made["held"],
        state="open",
        priority=1.0,
        held=True,
        opened_at=now,
    )
    import_author(scene)
    return made


def import_author(scene: Scene) -> None:
    with scene.db.write(SYSTEM) as tx:
        tx.conn.execute(
            sa.insert(tables.imported).values(
                site_id=scene.site_id,
                source="disqus",
                kind="author",
                source_id="jane@old.example",
                target_id=scene.jane,
            )
        )


def test_the_copy_holds_everything_of_the_readers_and_nothing_of_others(
    scene: Scene, lived_in: dict[str, CommentId]
) -> None:
    with scene.db.read() as conn:
        data = export_data(conn, scene.jane)
    text = json.dumps(data)

    assert data["profile"]["email"] == "jane@x.example"
    assert data["profile"]["identities"] == [{"issuer": "https://echo.example", "subject": "4711"}]
    root = next(one for one in data["comments"] if one["id"] == lived_in["root"])
    assert [one["text"] for one in root["revisions"]] == ["janes root", "janes edit"]
    assert [one["comment"] for one in data["reactions"]] == [lived_in["joes"]]
    assert [(one["note"], one["state"]) for one in data["reports"]] == [("janes note", "open")]
    assert [(one["kind"], one["rule"], one["reason"]) for one in data["sanctions"]] == [
        ("suspension", "insult", "Please stay civil.")
    ]
    assert len(data["decisions"]) == 3
    assert {one["text"] for one in data["appeals"]} == {"janes appeal"}
    assert [one["version"] for one in data["rulebooks_accepted"]] == [1]
    assert len(data["notices"]) == len(data["sessions"]) == 1
    assert "joe" not in text.lower()
    assert "hash" not in text


def test_nobody_has_no_data(scene: Scene) -> None:
    with scene.db.read() as conn, pytest.raises(NotFound):
        export_data(conn, ReaderId(999))


@pytest.mark.usefixtures("lived_in")
def test_erasing_leaves_no_word_name_or_address_anywhere(scene: Scene) -> None:
    assert "jane" in everything(scene)

    erase_account(scene.db, scene.jane)

    assert "jane" not in everything(scene)
    assert "4711" not in everything(scene, besides=("events",))
    assert "joes reply" in everything(scene)
    reader = scene.reader(scene.jane)
    assert (reader.name, reader.email) == (ERASED_NAME, None)
    assert reader.erased_at == scene.db.clock()
    for table in (tables.sessions, tables.network_traces, tables.identities, tables.notices):
        assert scene.rows(table) == []


def everything(scene: Scene, *, besides: Iterable[str] = ()) -> str:
    return "\n".join(
        str(tuple(row)).lower()
        for table in tables.metadata.sorted_tables
        if table.name not in besides
        for row in scene.rows(table)
    )


def test_erasing_keeps_the_shape_of_the_thread(
    scene: Scene, lived_in: dict[str, CommentId]
) -> None:
    version = scene.version()

    erase_account(scene.db, scene.jane)

    root, lone, gone, reply = (
        scene.comment(lived_in[name]) for name in ("root", "lone", "gone", "reply")
    )
    assert (root.status, root.shown, root.html) == (CommentStatus.WITHDRAWN, True, "")
    assert (lone.status, lone.shown) == (CommentStatus.WITHDRAWN, False)
    assert (gone.status, gone.shown, gone.rule_key) == (CommentStatus.REMOVED, True, "insult")
    assert scene.comment(lived_in["held"]).status is CommentStatus.WITHDRAWN
    assert (reply.status, reply.shown, reply.reply_count) == (CommentStatus.PUBLISHED, True, 0)
    assert root.reply_count == 1
    assert scene.comment(lived_in["joes"]).respect_count == 0
    (story,) = scene.rows(tables.stories)
    assert story.comment_count == 2
    assert story.thread_version > version


@pytest.mark.usefixtures("lived_in")
def test_erasing_keeps_the_record_but_not_the_words(scene: Scene) -> None:
    erase_account(scene.db, scene.jane)

    assert [row.note for row in sorted(scene.rows(tables.reports), key=lambda row: row.id)] == [
        "",
        "joes note",
    ]
    assert [(row.state, row.text) for row in scene.rows(tables.appeals)] == [("rejected", "")]
    assert [(row.state, row.held) for row in scene.rows(tables.cases)] == [("closed", False)]
    (kept,) = scene.rows(tables.sanctions)
    assert (kept.reader_id, kept.lifted_at) == (scene.jane, None)
    assert ("ReaderErased", f"reader:{scene.jane}") in kinds(scene)


def test_a_chain_of_own_replies_goes_altogether(scene: Scene) -> None:
    root = scene.write(scene.jane, "one")
    middle = scene.write(scene.jane, "two", under=root)
    last = scene.write(scene.jane, "three", under=middle)

    erase_account(scene.db, scene.jane)

    for comment_id in (root, middle, last):
        comment = scene.comment(comment_id)
        assert (comment.shown, comment.reply_count) == (False, 0)


def test_a_long_history_is_erased_in_portions(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("belowline.actions.readers.ERASED_AT_ONCE", 3)
    made = [scene.write(scene.jane, f"number {number}") for number in range(10)]

    erase_account(scene.db, scene.jane)

    assert {scene.comment(one).html for one in made} == {""}
    (story,) = scene.rows(tables.stories)
    assert story.comment_count == 0


def test_erasing_twice_is_erasing_once(scene: Scene) -> None:
    scene.write(scene.jane, "hello")
    erase_account(scene.db, scene.jane)
    before = everything(scene)

    erase_account(scene.db, scene.jane)

    assert everything(scene) == before


def test_whoever_looks_after_a_site_hands_over_first(scene: Scene) -> None:
    mine = scene.write(scene.jane, "hello")
    with scene.db.write(SYSTEM) as tx:
        sites.put_staff(tx, scene.site_id, reader_id=scene.jane, role=Role.MODERATOR)

    with pytest.raises(Conflict) as refused:
        erase_account(scene.db, scene.jane)
    assert (refused.value.code, refused.value.context["sites"]) == ("holds_role", "echo")
    assert scene.comment(mine).html == "<p>hello</p>"
    with scene.db.write(SYSTEM) as tx:
        sites.drop_staff(tx, scene.site_id, reader_id=scene.jane)
    erase_account(scene.db, scene.jane)
    assert scene.comment(mine).html == ""


def test_whoever_is_not_there_cannot_be_erased(scene: Scene) -> None:
    with pytest.raises(NotFound):
        erase_account(scene.db, ReaderId(999))
