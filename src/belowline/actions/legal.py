"""What is done for legal reasons to stories and names: set, noted, and never undone by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from belowline.actions.facts import ask_standing
from belowline.core.errors import Conflict, InvalidInput, StaleVersion
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId, StoryId, StoryMode
from belowline.core.text import Text
from belowline.events import kinds, log
from belowline.moderation import legal_log
from belowline.moderation.legal_log import LegalAct
from belowline.screens import name_list
from belowline.screens.names import MOST_WORDS, Hasher, hash_name, initials_of, name_words
from belowline.sites import store as sites
from belowline.storage.database import Database, Tx
from belowline.stories import legal_store
from belowline.stories import store as stories
from belowline.stories.legal import PRESETS, LegalStatus, mode_under

MOST_AT_ONCE = 50
LONGEST_REVIEW = timedelta(days=730)
LONGEST_NAME = 120
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class LegalChange:
    """A status, and what follows from it; what is left out is as usual for the status.

    ``seen`` is the status that whoever decides had before them, if they looked at one story.
    """

    status: LegalStatus
    mode: StoryMode | None = None
    banner: str = ""
    review_at: datetime | None = None
    seen: LegalStatus | None = None


def set_legal_status(
    db: Database,
    site_id: SiteId,
    story_ids: Sequence[StoryId],
    *,
    by: ReaderId,
    change: LegalChange,
) -> int:
    """Give stories a legal status, with its mode and its words for readers; return how many.

    All of them or none. Unless a mode is named, no story takes comments more freely than before:
    ending a status leaves the mode as it is.

    Raises:
        NotSignedIn, NotAllowed: no role for it. NotFound: one of them is not the site's.
        InvalidInput: none or too many, or a date for the review that cannot be meant.
        StaleVersion: a colleague has set another status meanwhile.
    """
    wanted = sorted(set(story_ids))
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise InvalidInput(
            Text("Choose from 1 to %(most)s stories.", most=MOST_AT_ONCE), field="story"
        )
    banner = clean_text(change.banner, field="banner", longest=500, lines=False)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        review_at = _review_at(change, now=tx.now)
        for story_id in wanted:
            _set_one(tx, site_id, story_id, change, banner=banner, review_at=review_at)
    return len(wanted)


def look_at_story(db: Database, site_id: SiteId, story_id: StoryId, *, by: ReaderId) -> None:
    """Note that somebody looked at what is kept about a story for legal reasons."""
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        stories.get_story_by_id(tx.conn, site_id, story_id)
        if not legal_log.has_looked(tx.conn, site_id, by, now=tx.now, story_id=story_id):
            legal_log.note(tx, site_id, LegalAct.LOOKED, story_id=story_id)


def list_name(  # noqa: PLR0913 - where, who and what
    db: Database,
    site_id: SiteId,
    story_id: StoryId | None,
    *,
    by: ReaderId,
    name: str,
    secret: str,
) -> int:
    """Hold comments that name this person, at the whole site or under one story.

    The name itself is not kept: only its initials, and keyed hashes of its words. A repeat is
    success. Return the entry's number.

    Raises:
        NotSignedIn, NotAllowed: no role for it. NotFound: no such story.
        InvalidInput: it is no name. Conflict: the list is full.
    """
    cleaned = clean_text(name, field="name", longest=LONGEST_NAME, lines=False)
    words = name_words(cleaned)
    if not 1 <= len(words) <= MOST_WORDS or sum(map(len, words)) < SHORTEST_NAME:
        raise InvalidInput("Write the name as a reader would.", field="name", code="bad_name")
    hasher = Hasher.of(secret, site_id)
    hashed, joined = hash_name(cleaned, hasher)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        _lock_list(tx, site_id, story_id)
        there = name_list.find_name(tx.conn, site_id, story_id, words=hashed)
        if there is not None:
            return there
        if len(name_list.list_names(tx.conn, site_id, story_id)) >= name_list.MOST_NAMES:
            raise Conflict("This list of names is full.", code="too_many_names")
        entry = name_list.add_name(
            tx,
            site_id,
            story_id,
            initials=initials_of(cleaned),
            words=hashed,
            joined=joined,
            key_check=hasher.check(),
        )
        legal_log.note(tx, site_id, LegalAct.LISTED, story_id=story_id, detail=str(entry))
        log.append(tx, site_id, kinds.ProtectedNameListed(entry, listed=True, story_id=story_id))
    return entry


def unlist_name(
    db: Database, site_id: SiteId, story_id: StoryId | None, entry: int, *, by: ReaderId
) -> None:
    """Take an entry off the list; a repeat is success.

    Raises:
        NotSignedIn, NotAllowed: no role for it. NotFound: no such story.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        _lock_list(tx, site_id, story_id)
        if name_list.drop_name(tx, site_id, story_id, entry):
            legal_log.note(tx, site_id, LegalAct.UNLISTED, story_id=story_id, detail=str(entry))
            log.append(
                tx, site_id, kinds.ProtectedNameListed(entry, listed=False, story_id=story_id)
            )


def _lock_list(tx: Tx, site_id: SiteId, story_id: StoryId | None) -> None:
    if story_id is None:
        sites.lock_site(tx, site_id)
    else:
        stories.lock_story_by_id(tx, site_id, story_id)


def _review_at(change: LegalChange, *, now: datetime) -> datetime | None:
    if change.status is LegalStatus.NONE:
        return None
    review_at = change.review_at or now + PRESETS[change.status].review_after
    if not now < review_at <= now + LONGEST_REVIEW:
        raise InvalidInput(
            "The review is on a day to come, within two years.", field="review", code="bad_review"
        )
    return review_at


def _set_one(  # noqa: PLR0913 - private
    tx: Tx,
    site_id: SiteId,
    story_id: StoryId,
    change: LegalChange,
    *,
    banner: str,
    review_at: datetime | None,
) -> None:
    story = stories.lock_story_by_id(tx, site_id, story_id)
    before = legal_store.find_state(tx.conn, site_id, story_id)
    status_before = before.status if before is not None else LegalStatus.NONE
    if change.seen is not None and change.seen is not status_before:
        raise StaleVersion("A colleague has set another legal status meanwhile; look again.")
    mode = change.mode or mode_under(change.status, before=story.mode)
    preset = PRESETS.get(change.status)
    usual = preset.banner if preset is not None else ""
    # What readers are told of the mode that it already has stays true.
    reason = banner or (story.mode_reason if mode is story.mode else "") or usual
    if (mode, reason) != (story.mode, story.mode_reason):
        stories.set_mode(tx, story_id, mode=mode, reason=reason)
        if mode is not story.mode:
            log.append(tx, site_id, kinds.StoryModeChanged(story_id, mode, story.mode))
    legal_store.put_state(tx, site_id, story_id, status=change.status, review_at=review_at)
    legal_log.note(tx, site_id, LegalAct.SET, story_id=story_id, detail=change.status)
    log.append(tx, site_id, kinds.LegalStatusSet(story_id, change.status, status_before))
