"""Pinning a question from the desk above a story's thread, and taking it off."""

from __future__ import annotations

from belowline.actions.facts import ask_standing
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId, StoryId
from belowline.events import kinds, log
from belowline.storage.database import Database
from belowline.stories import questions
from belowline.stories import store as stories
from belowline.stories.questions import LONGEST_QUESTION


def pin_question(
    db: Database, story_id: StoryId, *, site_id: SiteId, by: ReaderId, text: str
) -> None:
    """Pin a question above the thread, in place of the one before; an empty text takes it off.

    A repeat is success.

    Raises:
        NotSignedIn, NotAllowed: no role for it. NotFound: no such story.
        InvalidInput: the question is too long.
    """
    text = clean_text(text, field="question", longest=LONGEST_QUESTION, lines=False)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        stories.lock_story_by_id(tx, site_id, story_id)
        before = questions.find_question(tx.conn, story_id)
        if text == (before.text if before is not None else ""):
            return
        if text:
            questions.put_question(tx, site_id, story_id, text=text, by=by)
        else:
            questions.drop_question(tx, story_id)
        stories.touch(tx, story_id)
        log.append(tx, site_id, kinds.QuestionPinned(story_id, bool(text)))
