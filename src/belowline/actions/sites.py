"""Setting up and changing a site: its settings, its stories, the people who look after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from belowline.actions.facts import ask_standing
from belowline.actions.screens import keep_change
from belowline.core.errors import Conflict, InvalidInput, NotFound, StaleVersion, require
from belowline.core.language import language_of
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Privilege, ReaderId, Role, SiteId, StoryId, StoryMode
from belowline.events import kinds, log
from belowline.readers import store as readers
from belowline.rules import store as rules
from belowline.rules.default import DEFAULT_INTRO, DEFAULT_RULES
from belowline.sites import store as sites
from belowline.sites.model import Site, SiteSettings
from belowline.sites.policy import check_language, check_settings
from belowline.storage.database import Database, Tx
from belowline.stories import legal_store
from belowline.stories import store as stories
from belowline.stories.legal import may_loosen
from belowline.stories.model import Story, StoryDraft
from belowline.stories.policy import canonical_url, check_key

CLI = Actor.of_system("cli")
LONGEST_SITE_NAME = 200


@dataclass(frozen=True, slots=True)
class ModeChange:
    """How a story takes comments from now on, and the reason that readers see.

    ``seen`` is the mode that whoever decides had before them, if they looked.
    """

    mode: StoryMode
    reason: str = ""
    seen: StoryMode | None = None


def create_site(
    db: Database, *, key: str, name: str, origins: Sequence[str], language: str = "en"
) -> Site:
    """Set up a site with the default rulebook in force, in its language, to be used at once.

    Raises:
        Conflict: the key is taken.
        InvalidInput, Misconfigured: a value cannot be used.
    """
    name, say = _check_name(name), language_of(check_language(language)).say
    drafts = [
        replace(
            rule,
            title=say(rule.title),
            text=say(rule.text),
            guidance=say(rule.guidance),
            stays=say(rule.stays),
            goes=say(rule.goes),
        )
        for rule in DEFAULT_RULES
    ]
    with db.write(CLI) as tx:
        site_id = sites.add_site(tx, key=key, name=name, origins=origins, language=language)
        log.append(tx, site_id, kinds.SiteCreated())
        rulebook_id = rules.put_draft(tx, site_id, intro=say(DEFAULT_INTRO), drafts=drafts)
        rules.mark_published(tx, rulebook_id, by=None)
        log.append(tx, site_id, kinds.RulebookPublished(rulebook_id, 1))
        return sites.get_site_by_id(tx.conn, site_id)


def change_site(db: Database, site: Site, **values: object) -> Site:
    """Change a site's name, language, origins, settings or identity from the command line.

    Everything that was built in the old language is built anew. The rules stay as they are.

    Raises:
        InvalidInput, Misconfigured: a value cannot be used.
    """
    if "language" in values:
        values["language"] = check_language(str(values["language"]))
    if "name" in values:
        values["name"] = _check_name(str(values["name"]))
    with db.write(CLI) as tx:
        if isinstance(settings := values.get("settings"), SiteSettings):
            rulebook = rules.get_current_rulebook(tx.conn, site.id)
            check_settings(settings, rules=[rule.key for rule in rulebook.rules])
            before = sites.lock_site(tx, site.id).settings
            keep_change(tx, site.id, before=before, after=settings)
        sites.change_site(tx, site.id, **values)
        log.append(tx, site.id, kinds.SiteChanged())
        stories.touch_all(tx, site.id)
        return sites.get_site_by_id(tx.conn, site.id)


def add_story(db: Database, site: Site, draft: StoryDraft, *, by: ReaderId | None) -> Story:
    """Make a story known. ``by`` is None from the command line only.

    Raises:
        Conflict: the key is taken. InvalidInput: key, title or address cannot be used.
    """
    actor = CLI if by is None else Actor(by)
    with db.write(actor) as tx:
        if by is not None:
            ask_standing(tx, Privilege.MANAGE_STORY, site_id=site.id, by=by)
        return put_story(tx, site, draft)


def put_story(tx: Tx, site: Site, draft: StoryDraft) -> Story:
    """Add a story in the open transaction, checked."""
    title = clean_text(draft.title, field="title", longest=300, lines=False)
    if not title:
        raise InvalidInput("A story needs a title.", field="title", code="empty")
    checked = StoryDraft(
        check_key(draft.key),
        title,
        canonical_url(draft.url, origins=site.origins),
        site.settings.mode,
    )
    story_id = stories.add_story(tx, site.id, checked)
    log.append(tx, site.id, kinds.StoryAdded(story_id))
    return stories.get_story_by_id(tx.conn, site.id, story_id)


def set_story_mode(
    db: Database, story_id: StoryId, *, site_id: SiteId, by: ReaderId, change: ModeChange
) -> None:
    """Open, close, hold first or suspend a story; the reason is shown to readers.

    A suspended story shows its reason too, so keep it neutral. Nothing is deleted.

    Raises:
        StaleVersion: the mode is no longer the one that was seen, so that nobody opens by mistake
            what a colleague has just suspended.
        NotAllowed: no role for it, or the story has a legal status, which has to end first.
    """
    reason = clean_text(change.reason, field="reason", longest=500, lines=False)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        story = stories.lock_story_by_id(tx, site_id, story_id)
        if story.mode is change.mode and story.mode_reason == reason:
            return
        if change.seen is not None and story.mode is not change.seen:
            raise StaleVersion("A colleague has changed this story meanwhile; look at it again.")
        legal = legal_store.find_state(tx.conn, site_id, story_id)
        if legal is not None:
            require(may_loosen(legal.status, before=story.mode, wanted=change.mode))
        stories.set_mode(tx, story_id, mode=change.mode, reason=reason)
        log.append(tx, site_id, kinds.StoryModeChanged(story_id, change.mode, story.mode))


def appoint(
    db: Database, *, site_id: SiteId, by: ReaderId | None, reader_id: ReaderId, role: Role
) -> None:
    """Give a reader a role at the site. ``by`` is None from the command line only."""
    with db.write(CLI if by is None else Actor(by)) as tx:
        if by is not None:
            ask_standing(tx, Privilege.APPOINT, site_id=site_id, by=by)
            _keep_an_owner(tx, site_id, reader_id, role)
        if readers.get_reader(tx.conn, reader_id).erased_at is not None:
            raise NotFound("There is no such reader.", code="no_reader")
        grant(tx, site_id, reader_id=reader_id, role=role)


def grant(tx: Tx, site_id: SiteId, *, reader_id: ReaderId, role: Role) -> None:
    """Give a reader a role inside a transaction that has asked whether that may be."""
    if sites.find_role(tx.conn, site_id, reader_id) is role:
        return
    sites.put_staff(tx, site_id, reader_id=reader_id, role=role)
    log.append(tx, site_id, kinds.StaffAppointed(reader_id, role))


def dismiss(db: Database, *, site_id: SiteId, by: ReaderId | None, reader_id: ReaderId) -> None:
    """End a reader's role at the site. The last owner cannot be dismissed from the console."""
    with db.write(CLI if by is None else Actor(by)) as tx:
        if by is not None:
            ask_standing(tx, Privilege.APPOINT, site_id=site_id, by=by)
            _keep_an_owner(tx, site_id, reader_id, None)
        if not sites.drop_staff(tx, site_id, reader_id=reader_id):
            raise NotFound("This reader has no role here.", code="no_staff")
        log.append(tx, site_id, kinds.StaffDismissed(reader_id))


def _check_name(raw: str) -> str:
    """Return a site's name as a page's title and a letter's subject can carry it."""
    name = clean_text(raw, field="name", longest=LONGEST_SITE_NAME, lines=False)
    if not name:
        raise InvalidInput("A site has a name.", field="name", code="empty")
    return name


def _keep_an_owner(tx: Tx, site_id: SiteId, reader_id: ReaderId, role: Role | None) -> None:
    owners = [one for one in sites.list_staff(tx.conn, site_id) if one.role is Role.OWNER]
    if role is not Role.OWNER and [one.reader_id for one in owners] == [reader_id]:
        raise Conflict("A site keeps at least one owner.", code="last_owner")
