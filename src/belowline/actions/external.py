"""Setting up the service that a site asks about each comment, trying it, and dropping it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from belowline.actions.facts import ask_standing, standing_facts
from belowline.actions.screens import fingerprint, site_options
from belowline.core.errors import InvalidInput, StaleVersion, Unavailable
from belowline.core.language import language_of
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Finding, Privilege, ReaderId, SiteId
from belowline.core.text import Text, later
from belowline.events import kinds, log
from belowline.outside.dialling import check_outward_url
from belowline.outside.external import AboutAuthor, External, Question, Service
from belowline.readers.standing import require_privilege
from belowline.screens import versions
from belowline.screens.external import judge_answer
from belowline.screens.model import Draft
from belowline.sites import store as sites
from belowline.sites.model import ExternalScreen, Site
from belowline.storage.database import Database

DEADLINES = (100, 5000)
"""The least and the most milliseconds that a poster may wait for the service."""
LONGEST_NAME = 60
SAMPLE = later("This is a question from Belowline, to see whether the service answers.")


@dataclass(frozen=True, slots=True)
class ExternalDraft:
    """The service as an editor describes it."""

    name: str
    url: str
    deadline_ms: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of asking the service once."""

    finding: Finding
    milliseconds: int


@dataclass(frozen=True, slots=True)
class SetUp:
    """The service as it is kept; ``secret`` is there only if it was made now, to be shown once."""

    external: ExternalScreen
    secret: str | None = field(repr=False)


def external_fingerprint(external: ExternalScreen | None) -> str:
    """Return what tells this service from any other, for a page to send back."""
    if external is None:
        return "none"
    return fingerprint({"name": external.name, "url": external.url, "ms": external.deadline_ms})


def check_external(draft: ExternalDraft) -> ExternalDraft:
    """Return the description as it is kept. Raises InvalidInput."""
    name = clean_text(draft.name, field="name", longest=LONGEST_NAME, lines=False)
    if not name:
        raise InvalidInput("This is needed.", field="name", code="missing_field")
    least, most = DEADLINES
    if not least <= draft.deadline_ms <= most:
        raise InvalidInput(
            Text(
                "The deadline is from %(least)s to %(most)s milliseconds.", least=least, most=most
            ),
            field="deadline_ms",
        )
    return ExternalDraft(name, check_outward_url(draft.url.strip()), draft.deadline_ms)


def set_external(  # noqa: PLR0913 - where, who and what
    db: Database,
    site_id: SiteId,
    *,
    by: ReaderId,
    draft: ExternalDraft,
    new_secret: bool = False,
    seen: str | None = None,
) -> SetUp:
    """Ask this service about every comment from now on.

    Its secret is made here, the first time and when a new one is wanted.

    Raises:
        NotSignedIn, NotAllowed: no role for it.
        InvalidInput: the name, the address or the deadline cannot be used.
        StaleVersion: a colleague has changed it meanwhile.
    """
    draft = check_external(draft)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.WRITE_RULES, site_id=site_id, by=by)
        site = sites.lock_site(tx, site_id)
        _require_seen(site, seen)
        made = secrets.token_hex(32) if new_secret or site.external is None else None
        secret = made or (site.external.secret if site.external is not None else "")
        external = ExternalScreen(draft.name, draft.url, secret, draft.deadline_ms)
        if external != site.external:
            sites.change_site(tx, site_id, external=external)
            options = site_options(site.settings) | {"external": draft.url}
            changed = ("external",)
            version = versions.add_version(tx, site_id, None, options=options, changed=changed)
            log.append(tx, site_id, kinds.ScreensChanged(version, changed))
    return SetUp(external, made)


def drop_external(db: Database, site_id: SiteId, *, by: ReaderId, seen: str | None = None) -> None:
    """Ask no service any more; a repeat is success.

    Raises:
        NotSignedIn, NotAllowed: no role for it.
        StaleVersion: a colleague has changed it meanwhile.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.WRITE_RULES, site_id=site_id, by=by)
        site = sites.lock_site(tx, site_id)
        if site.external is None:
            return
        _require_seen(site, seen)
        sites.change_site(tx, site_id, external=None)
        options = site_options(site.settings)
        version = versions.add_version(tx, site_id, None, options=options, changed=("external",))
        log.append(tx, site_id, kinds.ScreensChanged(version, ("external",)))


def try_external(
    db: Database,
    site: Site,
    *,
    by: ReaderId,
    external: External,
    stopwatch: Callable[[], float] = time.monotonic,
) -> Tried:
    """Ask the site's service about a sentence of ours; nothing is kept.

    Raises:
        NotSignedIn, NotAllowed: no role for it.
        InvalidInput: none is set up.
    """
    with db.read() as conn:
        require_privilege(Privilege.WRITE_RULES, standing_facts(conn, site.id, by), now=db.clock())
    found = site.external
    if found is None:
        raise InvalidInput("No service is set up.", field="url", code="no_service")
    service = Service(found.url, found.secret, timedelta(milliseconds=found.deadline_ms))
    said = language_of(site.language).say(SAMPLE)
    question = Question(
        site.key,
        site.language,
        said,
        is_edit=False,
        story=None,
        author=AboutAuthor(0, is_staff=False),
    )
    began = stopwatch()
    try:
        verdict = judge_answer(external.ask(service, question), Draft(said))
    except (Unavailable, TimeoutError):
        verdict = judge_answer(Unavailable("There was no answer."), Draft(said))
    return Tried(verdict.finding, round((stopwatch() - began) * 1000))


def _require_seen(site: Site, seen: str | None) -> None:
    if seen is not None and seen != external_fingerprint(site.external):
        raise StaleVersion("A colleague has changed this service meanwhile; look at it again.")
