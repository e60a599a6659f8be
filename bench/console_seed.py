"""A large installation for the desk, made in some minutes: rows written straight into SQLite.

A million comments through the stores would take an hour. So the rows are written as the stores
write them, and the tests of the stores are elsewhere. Words are drawn as words are used: a few of
them everywhere, most of them seldom.
"""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from belowline.actions.sites import create_site
from belowline.comments.paths import path_below
from belowline.core.settings import Settings
from belowline.core.terms import Actor, CommentId, ReaderId, Role, RulebookId, SiteId
from belowline.readers import sessions
from belowline.readers import store as readers
from belowline.rules import store as rules
from belowline.search.index import judged_at
from belowline.search.words import kept_words, mark
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Database

SEED = Actor.of_system("bench")
SITES = 3
READERS = 5000
STORIES = 3000
WORDS = 30_000
AT_ONCE = 10_000
OPEN_IN_THOUSAND = 20
DECIDED_IN_THOUSAND = 60
RULES = ("personal-attack", "harassment", "spam", "off-topic", "hate", "obscenity")


@dataclass(frozen=True, slots=True)
class Desk:
    """A large installation, and a moderator of all its sites."""

    sites: list[Site]
    token: str
    words: Sequence[str]
    """From the most used to the rarest."""


def lay(db: Database, settings: Settings, *, comments: int) -> Desk:
    """Make sites with so many comments, of which some wait and some have been decided."""
    made = [
        create_site(db, key=f"bench-{n}", name=f"Bench {n}", origins=["https://www.bench.example"])
        for n in range(1, SITES + 1)
    ]
    with db.write(SEED) as tx:
        authors = [readers.add_reader(tx, name=f"Reader {n}") for n in range(READERS)]
        moderator = readers.add_reader(tx, name="Moderator")
        for site in made:
            sites.put_staff(tx, site.id, reader_id=moderator, role=Role.MODERATOR)
        books = {site.id: rules.get_current_rulebook(tx.conn, site.id).id for site in made}
    conn = sqlite3.connect(db.engine.url.database or "")
    conn.execute("PRAGMA synchronous=OFF")
    conn.execute("PRAGMA cache_size=-400000")
    chance = _Chance(random.Random(1), make_words(), authors, moderator, books)
    _fill(conn, made, chance, comments)
    conn.execute("INSERT INTO comment_words_fts (comment_words_fts) VALUES ('rebuild')")
    conn.commit()
    conn.close()
    return find(db, settings)


def find(db: Database, settings: Settings) -> Desk:
    """Sign the moderator of an installation that was made before in."""
    token = sessions.make_token()
    with db.write(SEED) as tx:
        made = sites.list_sites(tx.conn)
        moderator = sites.list_staff(tx.conn, made[0].id)[0].reader_id
        hashed = sessions.hash_token(settings.secret, token)
        tomorrow = tx.now + timedelta(days=1)
        sessions.add_session(tx, sessions.Session(hashed, moderator, None, None, tx.now, tomorrow))
    return Desk(made, token, make_words())


@dataclass(frozen=True, slots=True)
class _Chance:
    dice: random.Random
    words: Sequence[str]
    authors: Sequence[ReaderId]
    moderator: ReaderId
    rulebooks: dict[SiteId, RulebookId]
    roots: dict[int, int] = field(default_factory=dict)
    """The latest root of each story; every second comment replies to it."""

    def texts(self, number: int) -> Iterator[str]:
        """Make texts of ten to fifty words, the nth word as often as 1/n."""
        weights = list(itertools.accumulate(1 / (n + 3) for n in range(len(self.words))))
        for _ in range(number):
            length = self.dice.randint(10, 50)
            yield " ".join(self.dice.choices(self.words, cum_weights=weights, k=length))


def make_words() -> list[str]:
    """Make the words that comments are written in, the most used first."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "en", "ar")]
    made = itertools.chain.from_iterable(
        map("".join, itertools.product(syllables, repeat=length)) for length in (1, 2, 3)
    )
    words = list(itertools.islice(made, WORDS))
    random.Random(2).shuffle(words)
    return sorted(words, key=len)


def _fill(conn: sqlite3.Connection, made: Sequence[Site], chance: _Chance, comments: int) -> None:
    start = datetime(2026, 1, 1)  # noqa: DTZ001 - as SQLite keeps it
    for site, n in itertools.product(made, range(STORIES // SITES)):
        row = {
            "site_id": site.id,
            "key": f"s{n}",
            "title": f"Story {n}",
            "url": "https://x.example",
        }
        _insert(conn, {"stories": [{**row, "created_at": str(start)}]})
    stories = conn.execute("SELECT id, site_id FROM stories").fetchall()
    rows: dict[str, list[dict[str, Any]]] = {}
    for number, text in enumerate(chance.texts(comments), 1):
        at = (start + timedelta(seconds=20 * number)).isoformat(" ", "microseconds")
        _comment(chance, (number, text, at), chance.dice.choice(stories), rows)
        if number % AT_ONCE == 0 or number == comments:
            _insert(conn, rows)
            conn.commit()
            rows = {}
    conn.execute("UPDATE search_fills SET done_to = ? WHERE what <> 'erased'", (2**62,))
    conn.commit()


def _comment(
    chance: _Chance,
    written: tuple[int, str, str],
    where: tuple[int, int],
    rows: dict[str, list[dict[str, Any]]],
) -> None:
    """Add a comment's rows: one in fifty waits, three in fifty have been decided."""
    (number, text, at), (story_id, site_id) = written, where
    dice = chance.dice.randrange(1000)
    waits, decided = dice < OPEN_IN_THOUSAND, dice >= 1000 - DECIDED_IN_THOUSAND
    rule, author = chance.dice.choice(RULES), chance.dice.choice(chance.authors)
    held, removed = waits and dice % 2 == 0, decided and dice % 3 != 0
    status = "held" if held else "removed" if removed else "published"
    kept = {"site_id": site_id, "comment_id": number}
    root = chance.roots.get(story_id) if number % 2 else None
    if root is None:
        chance.roots[story_id] = number
    cites = {"rulebook_id": chance.rulebooks[SiteId(site_id)], "rule_key": rule}

    def add(table: str, **row: object) -> None:
        rows.setdefault(table, []).append(row)

    add(
        "comments",
        id=number,
        site_id=site_id,
        story_id=story_id,
        parent_id=root,
        root_id=root,
        depth=0 if root is None else 1,
        path="" if root is None else path_below("", CommentId(number)),
        author_id=author,
        status=status,
        shown=not held,
        html=f"<p>{text}</p>",
        rule_key=rule if held or removed else None,
        reason="listed_word" if held else "",
        created_at=at,
        published_at=None if held else at,
    )
    add("revisions", comment_id=number, number=1, text=text, html="", created_at=at)
    marks = [mark("s", site_id), mark("a", author), mark("y", story_id), mark("t", status)]
    marks += [mark("r", rule)] * (held or removed) + [judged_at(SiteId(site_id))] * decided
    add("comment_words", **kept, revision=1, words=" ".join([*kept_words(text), *marks]))
    if waits:
        priority = round(chance.dice.uniform(1, 150), 3)
        new = chance.dice.random() < 0.1
        add(
            "cases",
            **kept,
            state="open",
            priority=priority,
            held=held,
            reported=not held,
            opened_at=at,
            story_id=story_id,
            new_reader=new,
        )
    if waits and not held:
        reporter = chance.dice.choice(chance.authors)
        cited = {**cites, "state": "open"}
        why = {"weight": 0.5, "weight_why": "usual", "created_at": at}
        add("reports", **kept, reporter_id=reporter, revision=1, **cited, **why)
    if decided:
        none = {"rulebook_id": None, "rule_key": None, "severity": None}
        add(
            "decisions",
            **kept,
            reader_id=author,
            outcome="remove" if removed else "keep",
            **(none | cites | {"severity": 2} if removed else none),
            reason="It breaks the rule." if removed else "",
            decided_by=chance.moderator,
            source="report",
            revision=1,
            answered="[]",
            decided_at=at,
        )


def _insert(conn: sqlite3.Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    for table in sorted(rows, key=lambda name: name != "comments"):
        names = list(rows[table][0])
        marks = ", ".join("?" * len(names))
        conn.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 - our names
            [[row[name] for name in names] for row in rows[table]],
        )
