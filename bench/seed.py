"""Threads of any size, made quickly: real rows through the real stores, invented words."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

from belowline.actions.sites import add_story, create_site
from belowline.comments.model import Comment, NewComment
from belowline.comments.store import add_comment
from belowline.core.markup import render
from belowline.core.settings import Settings
from belowline.core.terms import Actor, CommentId, CommentStatus, ReaderId, StoryId
from belowline.readers import sessions
from belowline.readers import store as readers
from belowline.rules import store as rules
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.stories.model import StoryDraft

WORDS = (  # noqa: SIM905 - a list of words reads best as a text
    "road council bypass school parents traffic meeting plan village budget bridge station bus "
    "library market field river winter morning question answer evidence report figures vote money "
    "years people children teacher driver cyclist farmer shop street corner light sign crossing "
    "because although perhaps never always nobody everybody already still simply surely"
).split()
SEED = Actor.of_system("bench")
POSTERS = 2000
TEXTS = 5000
"""So many texts are made; a longer thread repeats them, for rendering them takes its time."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A database to measure on."""

    site: Site
    stories: dict[int, str]
    tokens: list[str]
    middle: dict[int, CommentId]
    """A comment halfway through each thread."""


def make_text(chance: random.Random) -> str:
    """Return a comment of ten to ninety invented words, no two alike."""
    count = chance.randint(10, 90)
    words = [chance.choice(WORDS) for _ in range(count)]
    words[chance.randrange(count)] += str(chance.randrange(10**6))
    text = " ".join(words).capitalize() + "."
    return text if chance.random() < 0.8 else text.replace(" because ", ".\n\nBecause ", 1)


def lay(db: Database, settings: Settings, sizes: tuple[int, ...]) -> Ground:
    """Make a site with one thread of each size, and readers who are signed in."""
    site = create_site(db, key="bench", name="The Bench", origins=["https://www.bench.example"])
    keys, middle = {}, {}
    with db.write(SEED) as tx:
        authors = [readers.add_reader(tx, name=f"Reader {number}") for number in range(POSTERS)]
    tokens = _sign_in(db, settings, site, authors)
    for size in sizes:
        key = f"thread-{size}"
        story = add_story(
            db,
            site,
            StoryDraft(key, f"A story with {size} comments", f"https://www.bench.example/{key}"),
            by=None,
        )
        middle[size] = _fill(db, site, story.id, authors=authors, size=size)
        keys[size] = key
    return Ground(site, keys, tokens, middle)


def _fill(
    db: Database, site: Site, story_id: StoryId, *, authors: list[ReaderId], size: int
) -> CommentId:
    chance = random.Random(size)
    made: list[Comment] = []
    texts = [(text, render(text)) for text in (make_text(chance) for _ in range(min(size, TEXTS)))]
    with db.write(SEED) as tx:
        # All of it is over: whoever has just written a lot is held for haste, and costs a case.
        start = tx.now - timedelta(days=2, seconds=20 * size)
        for number in range(size):
            parent = chance.choice(made[-200:]) if made and chance.random() < 0.55 else None
            text, html = texts[number] if number < len(texts) else chance.choice(texts)
            new = NewComment(
                site.id,
                story_id,
                parent,
                chance.choice(authors),
                None,
                text,
                html,
                CommentStatus.PUBLISHED,
                created_at=start + timedelta(seconds=20 * number),
            )
            made.append(add_comment(tx, new))
    return made[size // 2].id


def _sign_in(db: Database, settings: Settings, site: Site, authors: list[ReaderId]) -> list[str]:
    tokens = []
    with db.write(SEED) as tx:
        rulebook = rules.get_current_rulebook(tx.conn, site.id)
        for author in authors:
            token = sessions.make_token()
            sessions.add_session(
                tx,
                sessions.Session(
                    sessions.hash_token(settings.secret, token),
                    author,
                    None,
                    None,
                    tx.now,
                    tx.now + timedelta(days=1),
                ),
            )
            rules.accept(tx, author, rulebook.id)
            tokens.append(token)
    return tokens
