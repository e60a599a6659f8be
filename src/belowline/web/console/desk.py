"""What all pages of the console share: who is there, what they may do, and what was just done.

A page shows only what the visitor may use. That is a kindness, not a lock: the guard and the
actions ask standing again.
"""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.response import Redirect

from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed
from belowline.core.terms import Privilege, SiteId
from belowline.core.text import later
from belowline.legal.store import count_open
from belowline.readers.search import names_of
from belowline.readers.standing import may
from belowline.sanctions import proposals, reviews
from belowline.sites import store as sites
from belowline.web.auth import Visitor
from belowline.web.errors import status_of
from belowline.web.forms import Form
from belowline.web.redirects import see_other
from belowline.web.templating import page

DESK_PRIVILEGES = (
    Privilege.MODERATE,
    Privilege.DECIDE_APPEAL,
    Privilege.FEATURE,
    Privilege.MANAGE_STORY,
    Privilege.WRITE_RULES,
    Privilege.ANSWER_FOR_SITE,
    Privilege.APPOINT,
)

SAID = {
    "undone": later("Undone. Everything is as it was before."),
    "handed_on": later("The case is handed on. Your note stands beside it."),
    "reason_saved": later("The reason is saved. It is offered when the rule is chosen."),
    "reason_dropped": later("The reason is dropped."),
    "imposed": later(
        "The sanction is in force. The reader is told once it can no longer be undone."
    ),
    "proposed": later(
        "The withdrawal is proposed and waits for a colleague. The reader is suspended until then."
    ),
    "withdrawn": later("The privilege is withdrawn. It is looked at again in six months."),
    "declined": later("The proposal is declined, and the suspension has ended."),
    "review_kept": later("The withdrawal stays. It is looked at again in six months."),
    "review_given_back": later("The reader may comment again, and is told why."),
    "lifted": later("The sanction is lifted."),
    "appeal_upheld": later(
        "The appeal is upheld. What was decided is reversed, and everybody is told."
    ),
    "appeal_rejected": later("The appeal is rejected. The reader is told why."),
    "featured": later("The comment is featured."),
    "unfeatured": later("The comment is no longer featured."),
    "story_added": later("The story is added."),
    "author_named": later("What they say under the story is marked from now on."),
    "author_dropped": later("What they say under the story is no longer marked as the author’s."),
    "question_pinned": later("The question stands above the thread."),
    "question_dropped": later("The question is no longer there."),
    "slowed": later("The conversation is slowed down. Readers see it above the comments."),
    "let_go": later("What was set by hand is lifted."),
    "mode_changed": later("The story takes comments in the new way from now on."),
    "draft_saved": later("The draft is saved. Nothing changes for readers until it is published."),
    "screens_changed": later("The screens do so from now on."),
    "legal_set": later("The legal status is set, and noted with your name."),
    "names_changed": later("The list of protected names is changed, and noted with your name."),
    "hold_placed": later("The comment is kept as evidence."),
    "hold_changed": later("The hold is changed."),
    "hold_ended": later("The hold is ended."),
    "published": later("The new rules are in force."),
    "profile_set": later("The legal profile is set. What follows from it is below."),
    "report_published": later("The report is public from now on."),
    "looked_again": later("Thank you. What was decided first is not told."),
    "checked": later("Thank you. Nothing has changed for anybody."),
    "would_go": later(
        "It is noted that this would go. Nothing is removed yet: decide about it here, as always."
    ),
    "ladder_published": later("The ladder proposes by these numbers from now on."),
    "appointed": later("The role is given."),
    "dismissed": later("The role is ended."),
    "authority_told": later("It is noted who was told."),
    "danger_closed": later("It is closed."),
    "trusted_named": later("Their reports come first from now on."),
    "trusted_dropped": later("Their reports are like everybody’s from now on."),
    "order_entered": later("The order is in the register."),
    "order_removed": later("The comment is removed as ordered."),
    "order_answered": later("It is noted what was done."),
    "letter_ordered": later("The letter is on its way. Its clock begins when it has been sent."),
    "answer_doubted": later("Noted. The comment has to be removed."),
    "notice_closed": later("The notice is closed."),
    "view_saved": later("The view is saved. It stands beside the others."),
    "view_deleted": later("The view is deleted."),
    "queue_empty": later("That was the last one that waits for you."),
}
"""What a page says about what was just done, by the code in its address."""


class Typed(dict[str, str]):
    """What was typed into a form that was refused, so that nothing is lost; else empty."""

    def __missing__(self, name: str) -> str:
        """Return an empty text for a field that nobody has filled in."""
        return ""


def desk_page(
    visitor: Visitor,
    template: str,
    *,
    said: str | None = None,
    error: BelowlineError | None = None,
    typed: Form | None = None,
    **values: Any,  # noqa: ANN401 - template values
) -> Response[bytes]:
    """Render a page of the console; with an error, which stands beside what caused it."""
    now = visitor.house.db.clock()
    with visitor.house.db.read() as conn:
        my_name = names_of(conn, [visitor.reader_id]).get(visitor.reader_id, "")
        legal = (0, 0)
        if visitor.at.settings.defamation_s5:
            legal = count_open(conn, visitor.at.id, late_at=now)
        several = len(sites.roles_of(conn, visitor.reader_id)) > 1
        waiting = proposals.count_waiting(conn, visitor.at.id, now=now)
        waiting += reviews.count_waiting(conn, visitor.at.id)
    return page(
        f"console/{template}",
        several=several,
        http_status=status_of(error) if error is not None else 200,
        site=visitor.at,
        role=visitor.role,
        me=visitor.reader_id,
        my_name=my_name,
        can={one.value: may(one, visitor.facts, now=now) is None for one in DESK_PRIVILEGES},
        now=now,
        legal_open=legal[0],
        legal_late=legal[1],
        withdrawals_waiting=waiting,
        said=SAID.get(said or ""),
        error=error,
        error_field=error.field if isinstance(error, InvalidInput) else None,
        typed=Typed(typed.values if typed is not None else {}),
        **values,
    )


def back_to(visitor: Visitor, place: str, **query: str | int | None) -> Redirect:
    """Send the browser on to a page of this site's console after something was done."""
    pairs = [f"{name}={value}" for name, value in query.items() if value is not None]
    address = f"/console/{visitor.at.key}{place}"
    return Redirect(f"{address}?{'&'.join(pairs)}" if pairs else address, status_code=303)


def console(visitor: Visitor) -> Response[Any]:
    """Show the sites where the visitor has a role; straight to the only one."""
    with visitor.house.db.read() as conn:
        roles = sites.roles_of(conn, visitor.reader_id)
        found = [
            (sites.get_site_by_id(conn, SiteId(site_id)), role) for site_id, role in roles.items()
        ]
    if not found:
        raise NotAllowed("This is for the people who look after a site.", code="no_role")
    if len(found) == 1:
        return see_other(f"/console/{found[0][0].key}")
    return page(
        "console/sites.html",
        language=visitor.language,
        sites=sorted(found, key=lambda one: one[0].name),
    )


def keys(visitor: Visitor) -> Response[bytes]:
    """Show what each key does."""
    return desk_page(visitor, "help.html", here="help")
