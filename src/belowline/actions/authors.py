"""Naming the readers who wrote a story, so that what they say below it is marked.

Only editors name them: a name in the page's own tag could be anybody's claim.
"""

from __future__ import annotations

from belowline.actions.facts import ask_standing
from belowline.core.errors import Conflict, InvalidInput
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId, StoryId
from belowline.events import kinds, log
from belowline.readers.search import search_readers
from belowline.storage.database import Database
from belowline.stories import authors
from belowline.stories import store as stories


def name_author(
    db: Database, story_id: StoryId, *, site_id: SiteId, by: ReaderId, name: str
) -> None:
    """Name an author by the name that readers see; a repeat is success.

    Raises:
        NotSignedIn, NotAllowed: no role for it. NotFound: no such story.
        InvalidInput: nobody at this site has the name, or more than one.
        Conflict: the story has very many authors.
    """
    wanted = clean_text(name, field="author", longest=100, lines=False)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        stories.lock_story_by_id(tx, site_id, story_id)
        found = [
            one
            for one in (search_readers(tx.conn, site_id, name=wanted) if wanted else [])
            if one.name.casefold() == wanted.casefold()
        ]
        if len(found) != 1:
            raise InvalidInput(
                "Nobody who has written here or works here goes by exactly this name."
                if not found
                else "More than one reader goes by this name.",
                field="author",
                code="no_such_author",
            )
        known = authors.list_authors(tx.conn, [story_id]).get(story_id, [])
        if len(known) >= authors.MOST_AUTHORS:
            raise Conflict("This story has very many authors already.", code="too_many_authors")
        if authors.add_author(tx, site_id, story_id, found[0].id):
            stories.touch(tx, story_id)
            log.append(tx, site_id, kinds.StoryAuthorNamed(story_id, found[0].id, named=True))


def drop_author(
    db: Database, story_id: StoryId, *, site_id: SiteId, by: ReaderId, reader_id: ReaderId
) -> None:
    """Name somebody as an author no longer; a repeat is success."""
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        stories.lock_story_by_id(tx, site_id, story_id)
        if authors.drop_author(tx, story_id, reader_id):
            stories.touch(tx, story_id)
            log.append(tx, site_id, kinds.StoryAuthorNamed(story_id, reader_id, named=False))
