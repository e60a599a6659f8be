"""Every attack string in what moderators and readers write to each other, on every page of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

import pytest
import sqlalchemy as sa

from belowline.actions.sites import change_site
from belowline.comments.model import Comment
from belowline.core.terms import CommentStatus, ReaderId
from belowline.followers.cursors import step
from belowline.followers.notify import Notify
from belowline.followers.post import Post
from belowline.outside.mail import make_message
from belowline.storage import tables
from tests import factories
from tests.attacks.reading import Reading, read_letter, read_page, squeeze
from tests.attacks.world import World, chunks, packs
from tests.conftest import SettableClock
from tests.web.asking import BASE, Asker

EACH = 20
"""So many decisions stand about one reader."""
SHOWN = 10
"""So many of them the desk shows at most."""
RULES = 15
"""So many rules of full length fit into one form."""


def look(world: World, path: str, by: ReaderId | None, *words: str) -> Reading:
    """Look at a page and find the words in it."""
    found = read_page(world.page(path, by=by).text)
    for one in words:
        assert squeeze(one) in found.text, (path, one)
    return found


def comments_of(world: World, author: ReaderId, number: int, key: str) -> list[Comment]:
    story = factories.make_story(world.db, world.site_id, key)
    return world.put(story, [(author, f"Comment number {one}.") for one in range(number)])


def victims(world: World, number: int) -> list[ReaderId]:
    """Make readers about whom much will be decided, each with an address for letters."""
    made = world.sign_in_all([f"Victim {one}" for one in range(number)])
    with world.db.write(factories.SYSTEM) as tx:
        for one in made:
            tx.conn.execute(
                sa.update(tables.readers)
                .where(tables.readers.c.id == one)
                .values(email=f"victim{one}@mail.example")
            )
    return made


def letters(world: World, clock: SettableClock) -> list[str]:
    """Let everything follow, read each letter strictly, and return their texts."""
    clock.advance(timedelta(minutes=2))
    house = world.echo.house
    notify = Notify(undo_for=house.settings.undo_for, mail_works=True)
    while step(world.db, notify, limit=200):
        pass
    post = Post(world.db, mail=world.echo.mail, settings=house.settings)
    while post.work():
        pass
    sent, world.echo.mail.letters = world.echo.mail.letters, []
    for letter in sent:
        bytes(make_message(letter, sender="Paper <a@paper.example>", clock=clock))
        assert len(letter.subject.splitlines()) == 1
        assert squeeze(read_letter(letter.html).text)
    return [squeeze(letter.text) for letter in sent]


def test_every_line_as_the_reason_of_a_decision_and_in_its_appeal(
    echo: Asker, lines: Sequence[str], clock: SettableClock
) -> None:
    world = World(echo)
    reasons, texts = packs(lines, 2000), packs(reversed(lines), 3000)
    people = victims(world, len(reasons) // EACH + 1)
    for at, (victim, chunk) in enumerate(zip(people, chunks(reasons, EACH), strict=False)):
        own = comments_of(world, victim, len(chunk), f"v{at}")
        appeals = islice(texts, at * EACH, (at + 1) * EACH)
        for comment, reason, text in zip(own, chunk, [*appeals, *chunk], strict=False):
            appeal_through(world, victim, comment, (reason, text))
        look(world, "/me/echo", victim, *chunk)
        look(world, f"/console/echo/readers/{victim}", world.owner, *chunk[-SHOWN:])
        look(world, f"/me/echo/comments/{own[0].id}", victim, chunk[0])
        case = look(world, f"/console/echo/cases/{own[0].id}", world.owner, chunk[0])
        assert case.counts["form"] >= 1
        told = letters(world, clock)
        for reason in chunk:
            assert any(reason in letter for letter in told)
        found = look(world, "/me/echo/notices", victim)
        assert chunk[-1] in found.text
        data = squeeze(
            json.dumps(world.page("/me/echo/data", by=victim).json(), ensure_ascii=False)
        )
        assert squeeze(json.dumps(chunk[0], ensure_ascii=False)[1:-1]) in data
    look(world, "/console/echo/log", world.owner)
    look(world, "/log/echo", None)


def appeal_through(
    world: World, victim: ReaderId, comment: Comment, words: tuple[str, str]
) -> None:
    """Remove a comment, appeal against it and reject the appeal, all in hostile words."""
    reason, text = words
    removal = {
        "outcome": "remove",
        "rule": "personal-attack",
        "reason": reason,
        "seen_version": str(comment.version),
    }
    answer = world.desk(f"/cases/{comment.id}/decide", by=world.owner, **removal)
    decision = int(answer.headers["location"].partition("did=")[2])
    sent = world.echo.ask(
        "POST",
        f"/me/echo/appeal/{decision}",
        by=world.tokens[victim],
        origin=BASE,
        data={"text": text},
    )
    assert sent.status_code == 303, sent.text
    with world.db.read() as conn:
        appeal = conn.execute(sa.select(sa.func.max(tables.appeals.c.id))).scalar_one()
    if appeal % EACH == 1:
        look(world, "/console/echo/appeals", world.editor)
        look(world, f"/console/echo/appeals/{appeal}", world.editor, text, reason)
        look(world, f"/me/echo/appeal/{decision}", victim, text, reason)
    ruling = {"ruling": "rejected", "reason": reason}
    world.desk(f"/appeals/{appeal}/decide", by=world.editor, **ruling)
    if appeal % EACH == 2:
        look(world, f"/me/echo/appeal/{decision}", victim, text, reason)


def test_every_line_as_the_reason_of_a_sanction_and_of_its_end(
    echo: Asker, lines: Sequence[str], clock: SettableClock
) -> None:
    world = World(echo)
    reasons = packs(lines, 2000)
    for at, chunk in enumerate(chunks(reasons, EACH)):
        [victim] = victims(world, 1)
        comments_of(world, victim, 1, f"w{at}")
        for reason in chunk:
            imposing = {"kind": "warning", "rule": "personal-attack", "reason": reason}
            world.desk(f"/readers/{victim}/sanctions", **imposing)
        with world.db.read() as conn:
            imposed = conn.execute(
                sa.select(tables.sanctions.c.id).where(tables.sanctions.c.reader_id == victim)
            ).scalars()
        look(world, "/me/echo", victim, *chunk)
        look(world, f"/console/echo/readers/{victim}", world.owner, *chunk)
        for sanction, reason in zip(list(imposed), reversed(chunk), strict=True):
            world.desk(f"/sanctions/{sanction}/lift", reason=reason)
        look(world, f"/console/echo/readers/{victim}", world.owner, *chunk)
        look(world, "/me/echo", victim)
        told = letters(world, clock)
        for reason in chunk:
            assert any(reason in letter for letter in told)
        standing = echo.ask("GET", "standing", by=world.tokens[victim]).json()
        said = {squeeze(one["reason"]) for one in standing["sanctions"]}
        assert said == {squeeze(one) for one in chunk}


def test_every_line_as_a_reporters_note(echo: Asker, lines: Sequence[str]) -> None:
    world = World(echo)
    notes = packs(lines, 1000)
    names = [f"Reporter {one}" for one in range(EACH)]
    reporters = world.sign_in_all(names)
    for at, chunk in enumerate(chunks(notes, EACH)):
        author = factories.make_reader(world.db)
        [comment] = comments_of(world, author, 1, f"n{at}")
        for way, (reporter, note) in enumerate(zip(reporters, chunk, strict=False)):
            report(world, comment, reporter, (note, f"n{at}", way % 2))
        look(world, f"/console/echo/cases/{comment.id}", world.editor, *chunk)
        look(world, "/console/echo", world.editor)
        found = world.page(f"/s/echo/n{at}").text
        assert chunk[0] not in read_page(found).text
        data = world.page("/me/echo/data", by=reporters[0]).json()
        assert squeeze(chunk[0]) in {squeeze(one["note"]) for one in data["reports"]}
        change = look(world, f"/s/echo/n{at}/c/{comment.id}/report?change=true", reporters[0])
        assert world.comment(comment.id).status is not CommentStatus.PUBLISHED or change


def report(world: World, comment: Comment, reporter: ReaderId, how: tuple[str, str, int]) -> None:
    """Report a comment through the API or the form, one after the other."""
    note, story, by_form = how
    if world.comment(comment.id).status is not CommentStatus.PUBLISHED:
        world.desk(
            f"/cases/{comment.id}/decide",
            outcome="publish",
            seen_version=str(world.comment(comment.id).version),
        )
    token = world.tokens[reporter]
    sent = {"rule": "personal-attack", "note": note}
    if by_form:
        path = f"/s/echo/{story}/c/{comment.id}/report"
        answer = world.echo.ask("POST", path, by=token, origin=BASE, data=sent)
        assert answer.status_code == 303, answer.text
    else:
        answer = world.echo.ask("PUT", f"comments/{comment.id}/report", by=token, json=sent)
        assert answer.status_code == 200, answer.text


def test_every_line_in_the_rules(echo: Asker, lines: Sequence[str]) -> None:
    world = World(echo)
    texts = packs(lines, 1500)
    titles, guidance, intros = packs(lines, 120), packs(lines, 3000), packs(lines, 2000)
    for at, chunk in enumerate(chunks(texts, RULES)):
        keys = [f"rule-{one}" for one in range(len(chunk))]
        short = [titles[(at * RULES + one) % len(titles)] for one in range(len(chunk))]
        sheet: dict[str, list[str] | str] = {
            "intro": intros[at % len(intros)],
            "do": "save",
            "key": keys,
            "title": short,
            "text": list(chunk),
            "severity": ["2"] * len(chunk),
            "eu_category": ["VIOLENCE"] * len(chunk),
            "stays": [
                guidance[(at * RULES + one) % len(guidance)][:400] for one in range(len(chunk))
            ],
            "goes": [""] * len(chunk),
            "default_action": ["remove"] * len(chunk),
            "guidance": [guidance[(at * RULES + one) % len(guidance)] for one in range(len(chunk))],
        }
        world.desk("/rules", **sheet)
        look(world, "/console/echo/rules", world.editor, *chunk, *sheet["guidance"])
        look(world, "/console/echo/rules/preview", world.editor, *chunk)
        world.desk("/rules/publish", version=str(at + 2), confirm="yes")
        found = look(world, "/rules/echo", None, *chunk, *short, str(sheet["intro"]))
        assert str(sheet["guidance"][0]) not in found.text or sheet["guidance"][0] in chunk
        # What the form shows again when it is not taken.
        answer = echo.ask(
            "POST",
            "/console/echo/rules",
            by=world.tokens[world.owner],
            origin=BASE,
            data=sheet | {"key": list(chunk), "do": "save"},
        )
        assert answer.status_code == 422
        read_page(answer.text)
    look(world, "/rules/echo/2", None, texts[0])


@pytest.mark.parametrize("shown", [True, False])
def test_every_line_as_a_name_of_the_site(
    echo: Asker, lines: Sequence[str], *, shown: bool
) -> None:
    world = World(echo)
    names = packs(lines, 200)
    pages = ("/s/echo", "/rules/echo", "/log/echo", "/sign-in/echo", "/s/echo/nothing-here")
    for at, name in enumerate(names):
        if at % 8 and at > 40:
            continue
        change_site(world.db, echo.site, name=name)
        if shown:
            path = pages[at % len(pages)]
            found = read_page(echo.ask("GET", path).text)
            assert squeeze(name) in found.text or path.endswith("here")
        else:
            sent = echo.ask("POST", "sign-in/code", json={"email": f"a{at}@mail.example"})
            assert sent.status_code in {200, 429}, sent.text
            for letter in echo.mail.letters:
                read_letter(letter.html)
                assert squeeze(name) in squeeze(letter.text)
            echo.mail.letters = []
    look(world, "/console/echo", world.owner)
