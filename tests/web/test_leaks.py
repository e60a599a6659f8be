"""What is private is in no answer to anybody else, in no log and in no event.

Everything private in the site below holds a word that stands nowhere else.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa

from belowline.actions.appeals import file_appeal
from belowline.actions.comments import withdraw_comment
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.readers import erase_account, make_unsubscribe_token
from belowline.actions.rules import save_draft
from belowline.actions.sanctions import SanctionDraft, impose
from belowline.actions.sites import ModeChange, set_story_mode
from belowline.comments.model import Comment
from belowline.core.terms import Outcome, ReaderId, Role, RuleKey, SanctionKind, StoryId, StoryMode
from belowline.followers.cursors import step
from belowline.followers.notify import Notify
from belowline.followers.post import Post
from belowline.rules.model import RuleDraft
from belowline.storage import tables
from belowline.web.addresses import ROUTES
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import BASE, Asker

FIRST_ID = 765_430_000
"""Readers are counted from here, so that an id is known when it is seen."""
READER_ID = re.compile(r"7654[0-9]{5}")
RULE = RuleKey("personal-attack")


@dataclass
class Secrets:
    """A site with a secret in every private place, and the people who know some of them."""

    asker: Asker
    story: StoryId
    author: ReaderId
    moderator: ReaderId
    reporter: ReaderId
    tokens: dict[str, str]
    comments: dict[str, Comment]


def comment(asker: Asker, story: StoryId, author: ReaderId, word: str, **given: object) -> Comment:
    return factories.make_comment(
        asker.db,
        asker.site.id,
        story_id=story,
        author_id=author,
        text=f"Secretly {word} said.",
        **given,  # type: ignore[arg-type]
    )


def remove(asker: Asker, seen: Comment, by: ReaderId, reason: str) -> int:
    draft = DecisionDraft(Outcome.REMOVE, RULE, reason, factories.reread(asker.db, seen).version)
    return decide(asker.db, seen.id, site_id=seen.site_id, by=by, decision=draft).id


@pytest.fixture
def secrets(echo: Asker, clock: SettableClock) -> Secrets:
    """Fill a site; all that is private says a word beginning with ``zqxvkj``."""
    db, site = echo.db, echo.site
    with db.write(factories.SYSTEM) as tx:
        tx.conn.execute(
            sa.insert(tables.readers).values(
                id=FIRST_ID, name="Nobody", name_key="nobody", created_at=tx.now
            )
        )
    author = factories.make_reader(db, "Ann Lee", email="zqxvkjmail-author@mail.example")
    reporter = factories.make_reader(db, "Rob Ray", email="zqxvkjmail-reporter@mail.example")
    leaver = factories.make_reader(db, "Zqxvkjleaver Name", email="zqxvkjmail-leaver@mail.example")
    moderator = factories.make_staff(db, site.id)
    owner = factories.make_staff(db, site.id, Role.OWNER)
    story = factories.make_story(db, site.id, "bridge")
    hidden = factories.make_story(db, site.id, "hidden")
    plain = factories.make_comment(db, site.id, story_id=story, author_id=author, text="Plain.")
    made = {
        "plain": plain,
        "held": comment(echo, story, author, "zqxvkjheld", verdicts=[factories.HOLDING]),
        "refused": comment(echo, story, author, "zqxvkjrefused", verdicts=[factories.REFUSING]),
        "removed": comment(echo, story, author, "zqxvkjremoved"),
        "answered": comment(echo, story, author, "zqxvkjanswered"),
        "withdrawn": comment(echo, story, author, "zqxvkjwithdrawn"),
        "left": comment(echo, story, leaver, "zqxvkjleft"),
        "hidden": comment(echo, hidden, author, "zqxvkjhidden"),
    }
    comment(echo, story, reporter, "aloud", parent=made["answered"])
    factories.make_report(db, made["removed"], by=reporter, note="Note zqxvkjnote.")
    factories.make_report(db, plain, by=reporter, note="Note zqxvkjopen.")
    removal = remove(echo, made["removed"], moderator, "Reason zqxvkjreason.")
    remove(echo, made["answered"], moderator, "Reason zqxvkjreason.")
    file_appeal(db, removal, site_id=site.id, by=author, text="Appeal zqxvkjappeal.")  # type: ignore[arg-type]
    sanction = SanctionDraft(SanctionKind.WARNING, None, "Reason zqxvkjsanction.", RULE)
    impose(db, site_id=site.id, reader_id=author, by=moderator, sanction=sanction)
    withdraw_comment(db, made["withdrawn"].id, site_id=site.id, by=author)
    erase_account(db, leaver)
    drafts = [RuleDraft(RULE, "Zqxvkjtitle draft", "Zqxvkjtext.", 2, "VIOLENCE", "Zqxvkjguidance.")]
    save_draft(db, site.id, by=owner, intro="Zqxvkjintro.", drafts=drafts)
    change = ModeChange(StoryMode.SUSPENDED, "Not available.")
    set_story_mode(db, hidden, site_id=site.id, by=owner, change=change)
    clock.advance(timedelta(minutes=2))
    people = {"author": author, "moderator": moderator, "reporter": reporter, "owner": owner}
    tokens = {name: echo.token(one) for name, one in people.items()}
    return Secrets(echo, story, author, moderator, reporter, tokens, made)


def addresses(secrets: Secrets, *, public: bool) -> list[str]:
    """Return every address that can be read, for every comment of the site."""
    found = []
    for route in ROUTES:
        if route.method != "GET" or (route.privilege in {"read", "sign_in"}) is not public:
            continue
        path = route.path.replace("{site:str}", "echo").replace("{version:int}", "1")
        path = path.replace("{reader:int}", str(secrets.author)).replace("{token:str}", "x.y")
        ids = [one.id for one in secrets.comments.values()] if ":int" in path else [0]
        for one in ids:
            filled = re.sub(r"{\w+:int}", str(one), path)
            found += [filled.replace("{story:str}", key) for key in ("bridge", "hidden")]
    found += ["/s/echo/bridge?order=oldest", "/api/v1/sites/echo/counts?story=bridge&story=hidden"]
    every = ",".join(str(one.id) for one in secrets.comments.values())
    # A stream is asked for its first message alone; it has no end to wait for.
    asks = {"counts": "?story=bridge", "comments.html": f"?ids={every}", "live": "?once"}
    return [one + asks.get(one.rpartition("/")[2], "") for one in dict.fromkeys(found)]


def ask(secrets: Secrets, path: str, who: str | None = None) -> httpx.Response:
    token = secrets.tokens[who] if who else None
    return secrets.asker.ask("GET", path, by=token, origin=None)


def test_nobody_reads_what_is_private(secrets: Secrets) -> None:
    answered = 0
    for path in addresses(secrets, public=True):
        answer = ask(secrets, path)
        answered += answer.status_code == 200
        assert "zqxvkj" not in answer.text.lower(), path
        assert not READER_ID.search(answer.text), path
        assert not re.search(r"@mail\.example|[0-9a-f]{32}", answer.text), path
    assert answered > 40


@pytest.mark.parametrize("who", ["author", "reporter", "moderator"])
def test_public_addresses_are_no_wiser_for_who_asks(secrets: Secrets, who: str) -> None:
    for path in addresses(secrets, public=True):
        answer = ask(secrets, path, who)
        own = path.endswith("/me") and who == "author"
        assert own or "zqxvkj" not in answer.text.lower(), path
        assert not READER_ID.search(answer.text), path
        if "public" in answer.headers.get("cache-control", ""):
            nobodys = ask(secrets, path)
            assert answer.content == nobodys.content, path
            assert answer.headers == nobodys.headers, path
            assert "set-cookie" not in answer.headers
        else:
            assert answer.status_code >= 300 or "no-store" in answer.headers["cache-control"], path


def test_a_thread_is_the_same_bytes_for_everybody(secrets: Secrets) -> None:
    base = "/api/v1/sites/echo/stories/bridge"
    paths = ("/s/echo/bridge", f"{base}/thread", f"{base}/thread.html", "/s/echo/bridge/c/1")
    for path in paths:
        [one] = {ask(secrets, path, who).content for who in (None, *secrets.tokens)}
        assert one
        assert "public" in ask(secrets, path, "owner").headers["cache-control"]


def test_a_reader_sees_nothing_of_others(secrets: Secrets) -> None:
    own = {"zqxvkjnote", "zqxvkjopen", "zqxvkjmail-reporter"}
    for path in addresses(secrets, public=False):
        answer = ask(secrets, path, "reporter")
        words = set(re.findall(r"zqxvkj[a-z-]+", answer.text.lower()))
        assert words <= own, path
        own_ids = {str(secrets.reporter)} if path.endswith(("/data", "/data/page")) else set()
        assert set(READER_ID.findall(answer.text)) <= own_ids, path


def test_an_author_sees_their_own_and_nothing_of_who_reported(secrets: Secrets) -> None:
    own = {
        *(
            "zqxvkjheld",
            "zqxvkjrefused",
            "zqxvkjremoved",
            "zqxvkjanswered",
            "zqxvkjwithdrawn",
            "zqxvkjhidden",
        ),
        *("zqxvkjreason", "zqxvkjappeal", "zqxvkjsanction", "zqxvkjmail-author"),
    }
    seen: set[str] = set()
    for path in addresses(secrets, public=False):
        answer = ask(secrets, path, "author")
        words = set(re.findall(r"zqxvkj[a-z-]+", answer.text.lower()))
        assert words <= own, path
        assert "Rob Ray" not in answer.text or path.startswith("/s/"), path
        assert not {str(secrets.moderator), str(secrets.reporter)} & set(
            READER_ID.findall(answer.text)
        ), path
        seen |= words
    assert seen >= own - {"zqxvkjmail-author"}


def test_a_moderator_sees_no_address_no_hash_and_nothing_erased(secrets: Secrets) -> None:
    seen: set[str] = set()
    for path in addresses(secrets, public=False):
        if not path.startswith("/console"):
            continue
        answer = ask(secrets, path, "moderator")
        words = set(re.findall(r"zqxvkj[a-z-]+", answer.text.lower()))
        assert not {"zqxvkjleft", "zqxvkjleaver", "zqxvkjtitle", "zqxvkjintro"} & words, path
        assert not re.search(r"@mail\.example|[0-9a-f]{32}", answer.text), path
        seen |= words
    assert seen >= {"zqxvkjheld", "zqxvkjremoved", "zqxvkjnote", "zqxvkjappeal"}


def test_public_json_has_no_field_that_is_not_for_everybody(secrets: Secrets) -> None:
    known = set()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            known.update(value)
            for one in value.values():
                collect(one)
        elif isinstance(value, list):
            for one in value:
                collect(one)

    for path in addresses(secrets, public=True):
        answer = ask(secrets, path)
        if answer.status_code == 200 and answer.headers["content-type"] == "application/json":
            collect(answer.json())
    assert not {
        name
        for name in known
        if re.search(r"mail|hash|score|weight|prior|network|address|author_id|reader|token", name)
    }


def test_no_event_holds_what_somebody_wrote(secrets: Secrets) -> None:
    act(secrets)
    with secrets.asker.db.read() as conn:
        rows = conn.execute(sa.select(tables.events)).all()
    happened = {row.kind for row in rows}
    assert happened >= {"CommentPosted", "CommentEdited", "CommentWithdrawn", "AppealFiled"}
    for row in rows:
        assert "zqxvkj" not in f"{json.dumps(row.data)} {row.actor}".lower()
        assert "@" not in json.dumps(row.data)


def act(secrets: Secrets) -> list[str]:
    """Do one of everything as the author and the moderator; return what must not be logged."""
    echo, author = secrets.asker, secrets.tokens["author"]
    seen = secrets.comments["plain"]
    echo.ask("POST", "sign-in/code", json={"email": "zqxvkjmail-new@mail.example"})
    echo.ask("POST", "/sign-in/echo", data={"email": "zqxvkjmail-new@mail.example"}, origin=BASE)
    code = re.search(r"\b\d{3} \d{3}\b", echo.mail.letters[-1].text)
    assert code is not None
    unsubscribe = make_unsubscribe_token(echo.house.settings, secrets.author)
    said = {"text": "Saying zqxvkjsaid.", "accepts": 1}
    calls: list[tuple[str, str, dict[str, object]]] = [
        ("POST", "sanctions/1/acknowledge", {}),
        ("POST", "stories/bridge/comments", said),
        ("POST", "stories/bridge/comments", {"text": ["zqxvkjwrong"]}),
        ("POST", "stories/bridge/comments", {"text": "zqxvkj\ud800broken"}),
        ("PATCH", f"comments/{seen.id}", {"text": "Edit zqxvkjedit."}),
        ("PUT", f"comments/{seen.id}/report", {"rule": "hate", "note": "zqxvkjnote"}),
        ("POST", "sign-in/redeem", {"code": code[0], "ticket": "t" * 40, "name": "Zqxvkjname"}),
        ("POST", "sign-in/token", {"token": "zqxvkjtoken.zqxvkjtoken.zqxvkjtoken"}),
        ("POST", "sign-in/ticket", {"ticket": "zqxvkjticket"}),
        ("DELETE", f"comments/{seen.id}", {}),
    ]
    for method, path, sent in calls:
        body = json.dumps(sent)
        echo.ask(
            method, path, by=author, content=body, headers={"content-type": "application/json"}
        )
    forms = [
        ("/s/echo/bridge/write", {"text": "Form zqxvkjform.", "nonsense": "zqxvkjnonsense"}),
        ("/me/echo/name", {"name": "Zqxvkjname Zqxvkjname"}),
        (f"/unsubscribe/{unsubscribe}", {}),
        (f"/console/echo/cases/{seen.id}/decide", {"reason": "zqxvkjreason"}),
        ("/sign-out", {"next": "/zqxvkjnext"}),
    ]
    for path, form in forms:
        for who in ("author", "moderator"):
            echo.ask("POST", path, by=secrets.tokens[who], data=form, origin=BASE)
    with echo.db.write(factories.SYSTEM) as tx:
        broken = sa.update(tables.comments).where(tables.comments.c.id == seen.id)
        tx.conn.execute(broken.values(status="zqxvkjbroken"))
        tx.conn.execute(sa.text("DROP TABLE used_tokens"))
        tx.conn.execute(sa.text("DROP TABLE screenings"))
    # From here on the database holds nonsense, or fails and quotes what it was given.
    failed = [
        echo.ask("GET", f"/s/echo/bridge/c/{seen.id}/report", by=secrets.tokens["reporter"]),
        echo.ask("POST", "stories/bridge/comments", by=secrets.tokens["reporter"], json=said),
        echo.ask("GET", f"/unsubscribe/{unsubscribe}x"),
    ]
    assert [one.status_code for one in failed] == [500, 503, 403]
    assert "zqxvkj" not in "".join(one.text for one in failed)
    return [*secrets.tokens.values(), unsubscribe, code[0].replace(" ", ""), code[0]]


def test_no_log_holds_a_readers_words_or_a_token(
    secrets: Secrets, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # What the asking side of this test says is not Belowline's log.
    for name in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.ERROR)
    tokens = act(secrets)
    house = secrets.asker.house
    notify = Notify(undo_for=house.settings.undo_for, mail_works=True)
    while step(secrets.asker.db, notify, limit=50):
        pass
    Post(secrets.asker.db, mail=house.mail, settings=house.settings).work()

    assert "unforeseen" in caplog.text
    assert "zqxvkj" not in caplog.text.lower()
    assert "@mail.example" not in caplog.text
    for token in tokens:
        assert token not in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        "/s/ec%00ho",
        "/s/echo/br%00idge",
        "/me/ec%00ho",
        "/console/%00",
        "/sign-in/%00?next=%00",
        "/rules/%ff",
        "/s/echo/%ed%a0%80",
        "/api/v1/sites/%00/rules",
        "/unsubscribe/%00",
        "/s/echo/c/99999999999999999999",
        "/rules/echo/2147483648",
        "/api/v1/sites/echo/rules/9223372036854775807",
    ],
)
def test_an_address_that_no_database_can_hold_is_not_there(echo_on_both: Asker, path: str) -> None:
    for method in ("GET", "POST"):
        answer = echo_on_both.ask(method, path, origin=BASE)
        assert 300 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize("body", ["[" * 100_000, '{"text":' * 50_000, '{"text": ' + "9" * 100_000])
def test_json_without_end_is_refused(echo: Asker, body: str) -> None:
    _, token = echo.reader()
    factories.make_story(echo.db, echo.site.id, "bridge")
    headers = {"content-type": "application/json"}

    answer = echo.ask("POST", "stories/bridge/comments", by=token, content=body, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_request"
