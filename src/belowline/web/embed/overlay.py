"""The private overlay: what is the reader's own about a story, beside everybody's thread.

Nothing here may be stored by anybody on the way.
"""

from __future__ import annotations

from urllib.parse import quote

import msgspec
import sqlalchemy as sa

from belowline.comments import own
from belowline.comments.reactions import respected_by
from belowline.core.terms import Privilege, ReaderId, StoryMode
from belowline.moderation.filters import Filters, Round
from belowline.moderation.model import QueueView
from belowline.moderation.store import count_held
from belowline.notifications import store as notices
from belowline.readers import store as readers
from belowline.readers.follows import follows_story
from belowline.readers.standing import may
from belowline.rules import store as rules
from belowline.rules.model import Rulebook
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.web import answers
from belowline.web.auth import Visitor
from belowline.web.embed.mutes import folded
from belowline.web.embed.own import HIDDEN, Place, answer_at, editable_until

PRIVILEGES = (
    Privilege.POST,
    Privilege.REPLY,
    Privilege.EDIT,
    Privilege.WITHDRAW,
    Privilege.REACT,
    Privilege.REPORT,
    Privilege.CHANGE_NAME,
    Privilege.APPEAL,
)
"""What a reader is told about their standing: the privilege of commenting, and what stays."""


def me(visitor: Visitor, story: str) -> answers.Me:
    """Return what is the reader's own about one story, also for somebody who is not signed in."""
    with visitor.house.db.read() as conn:
        rulebook = rules.get_current_rulebook(conn, visitor.at.id)
        found = stories.find_story(conn, visitor.at.id, story)
        reader_id = visitor.facts.reader_id
        if reader_id is None:
            return _make(visitor, story, rulebook)
        return _own(conn, visitor, rulebook, (story, found, reader_id))


def standing_of(visitor: Visitor) -> dict[str, answers.Answer]:
    """Return for each privilege whether the reader may use it now."""
    now = visitor.house.db.clock()
    found = {}
    for privilege in PRIVILEGES:
        refusal = may(privilege, visitor.facts, now=now)
        found[privilege.value] = (
            answers.Answer(allowed=True)
            if refusal is None
            else answers.Answer(
                allowed=False,
                code=refusal.code,
                message=visitor.language.say(refusal.message),
                until=refusal.until.isoformat() if refusal.until else None,
            )
        )
    return found


def _own(
    conn: sa.Connection,
    visitor: Visitor,
    rulebook: Rulebook,
    about: tuple[str, Story | None, ReaderId],
) -> answers.Me:
    key, story, reader_id = about
    now = visitor.house.db.clock()
    site_id = visitor.at.id
    accepted = rules.has_accepted(conn, reader_id, rulebook.id)
    plain = _make(
        visitor, key, rulebook, name=readers.get_reader(conn, reader_id).name, accepted=accepted
    )
    plain = _with(plain, first_time=not own.has_written(conn, site_id, reader_id))
    if may(Privilege.MODERATE, visitor.facts, now=now) is None:
        plain = _with(plain, desk=_desk(conn, visitor, story))
    unread = notices.count_unread(conn, reader_id, site_id=site_id, now=now)
    # A suspended thread is hidden from everybody, and so is what is one's own in it.
    if story is None or story.mode is StoryMode.SUSPENDED:
        return _with(plain, unread=unread)
    mine = own.list_own(conn, site_id, story.id, author_id=reader_id)
    place = Place(visitor, story, rulebook, now)
    ends = [(one.id, editable_until(visitor, one, now=now)) for one in mine]
    return _with(
        plain,
        unread=unread,
        following=follows_story(conn, story.id, reader_id),
        folded=folded(conn, site_id, story.id, reader_id),
        respected=list(respected_by(conn, story.id, reader_id)),
        own=[answer_at(conn, place, one) for one in mine if one.status in HIDDEN],
        own_comments=[int(one.id) for one in mine],
        editable=[answers.Editable(one, until) for one, until in ends if until is not None],
    )


def _desk(conn: sa.Connection, visitor: Visitor, story: Story | None) -> answers.DeskOut:
    """Return what a thread shows to whoever looks after the site: numbers and ways, no words."""
    desk = f"{visitor.house.settings.base_url}/console/{visitor.at.key}"
    held = Round(Filters(QueueView.HELD, story=story.key if story is not None else ""))
    return answers.DeskOut(
        held=count_held(conn, visitor.at.id, story.id) if story is not None else 0,
        queue_url=f"{desk}?view={held.value}",
        pace_url=f"{desk}/stories/{story.id}/pace" if story is not None else None,
        cases_url=f"{desk}/cases/",
    )


def _make(
    visitor: Visitor,
    story: str,
    rulebook: Rulebook,
    *,
    name: str | None = None,
    accepted: bool = False,
) -> answers.Me:
    base, key = visitor.house.settings.base_url, visitor.at.key
    listed = visitor.origin if visitor.origin in visitor.at.origins else None
    return answers.Me(
        signed_in=name is not None,
        name=name,
        role=visitor.role,
        cross_site=visitor.cross_site,
        sign_in_url=f"{base}/sign-in/{key}?next={quote(f'/s/{key}/{quote(story)}', safe='')}",
        window_url=f"{base}/window/{key}?origin={quote(listed, safe='')}" if listed else None,
        standing=standing_of(visitor),
        rulebook=answers.Rulebook(
            rulebook.version,
            accepted,
            [answers.ShortRule(rule.key, rule.title, rule.text) for rule in rulebook.rules],
        ),
        respected=[],
        own=[],
        own_comments=[],
        editable=[],
        unread=0,
    )


def _with(plain: answers.Me, **values: object) -> answers.Me:
    return msgspec.structs.replace(plain, **values)
