"""Following a story, and not following it any more.

Like muting it is the reader's own business, and no act of the site's: there is no event. Writing
under a story follows nothing by itself, because replies are told anyway.
"""

from __future__ import annotations

from belowline.actions.facts import ask_standing
from belowline.core.errors import Conflict, NotAllowed, NotFound
from belowline.core.keyed import read_signed, sign
from belowline.core.settings import Settings
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId, StoryId, StoryMode
from belowline.readers import follows
from belowline.storage.database import Database
from belowline.stories import store as stories

_UNFOLLOW = "unfollow"


def follow_story(db: Database, key: str, *, site_id: SiteId, by: ReaderId) -> None:
    """Follow a story, and take what was told of it until now as read; a repeat is success.

    Raises:
        NotSignedIn: nobody is signed in.
        NotFound: no such story, or it is suspended.
        Conflict: they follow very many.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.READ_OWN, site_id=site_id, by=by)
        story = stories.get_story(tx.conn, site_id, key)
        if story.mode is StoryMode.SUSPENDED:
            raise NotFound("Comments on this story are not available.", code="story_suspended")
        known = {one.story_id for one in follows.list_follows(tx.conn, site_id, by)}
        if story.id not in known and len(known) >= follows.MOST:
            raise Conflict(
                "You follow very many conversations. End one of them first.",
                code="too_many_followed",
            )
        follows.put_follow(tx, site_id, story.id, by)
        follows.note_visit(tx, story.id, by)


def unfollow_story(db: Database, key: str, *, site_id: SiteId, by: ReaderId) -> None:
    """Follow a story no more; a repeat is success. Raises NotFound: there is no such story."""
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.READ_OWN, site_id=site_id, by=by)
        follows.drop_follow(tx, stories.get_story(tx.conn, site_id, key).id, by)


def make_unfollow_token(settings: Settings, reader_id: ReaderId, story_id: StoryId) -> str:
    """Make what goes into a letter's link: it ends one reader's following of one story.

    It has no end, because a letter is kept for years and its link has to work.
    """
    about = {"reader": reader_id, "story": story_id}
    return sign(settings.secret, _UNFOLLOW, about, expires_at=None)


def read_unfollow_token(
    db: Database, *, settings: Settings, token: str
) -> tuple[ReaderId, StoryId]:
    """Return whom and which story a link is about, without changing anything.

    Raises:
        NotAllowed: it was not made here for this.
    """
    payload = read_signed(settings.secret, _UNFOLLOW, token, now=db.clock())
    reader_id, story_id = payload.get("reader"), payload.get("story")
    if not isinstance(reader_id, int) or not isinstance(story_id, int):
        raise NotAllowed("This link does not work any more.", code="bad_signature")
    return ReaderId(reader_id), StoryId(story_id)


def unfollow_by_token(db: Database, *, settings: Settings, token: str) -> None:
    """End the following that a link is about; a repeat is success."""
    reader_id, story_id = read_unfollow_token(db, settings=settings, token=token)
    with db.write(Actor(reader_id)) as tx:
        follows.drop_follow(tx, story_id, reader_id)
