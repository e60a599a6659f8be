"""What somebody may do at a site now: one pure answer per privilege, with the reason inside.

In words: anybody may read, and give notice of illegal content. Whoever is signed in may see and
export what is theirs, erase their account and appeal, whatever their standing. Posting, replying,
editing, reacting, reporting and changing one's name are the privilege: a suspension pauses them all
until its date, a withdrawal ends them, and a warning stops new comments until it is acknowledged. A
pause of reporting refuses reports alone, and so does a warning about reports until it is
acknowledged. Taking back an own comment is always allowed. A hold-first sanction refuses nothing;
it makes ``settle`` hold, and so do the seven days after a suspension. Nor does slowing down; it
spaces out what the reader sends. Staff verbs need the role: moderators decide; editors also open
and close stories, feature, write rules and answer for the site in law; owners also appoint.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from belowline.core.errors import NotSignedIn, require
from belowline.core.terms import (
    HELD_AFTER_SUSPENSION,
    SLOWED_TO,
    Privilege,
    Refusal,
    Role,
    SanctionInForce,
    SanctionKind,
)
from belowline.core.text import later
from belowline.readers.model import StandingFacts

PUBLIC = frozenset({Privilege.READ, Privilege.SIGN_IN, Privilege.GIVE_NOTICE})
OWN = frozenset(
    {
        Privilege.READ_OWN,
        Privilege.WITHDRAW,
        Privilege.APPEAL,
        Privilege.ACKNOWLEDGE,
        Privilege.EXPORT,
        Privilege.ERASE,
    }
)
COMMENTING = frozenset(
    {
        Privilege.POST,
        Privilege.REPLY,
        Privilege.EDIT,
        Privilege.REACT,
        Privilege.REPORT,
        Privilege.CHANGE_NAME,
    }
)
WRITING = frozenset({Privilege.POST, Privilege.REPLY, Privilege.EDIT})
ROLES_FOR = {
    Privilege.MODERATE: frozenset(Role),
    Privilege.DECIDE_APPEAL: frozenset(Role),
    Privilege.FEATURE: frozenset({Role.EDITOR, Role.OWNER}),
    Privilege.MANAGE_STORY: frozenset({Role.EDITOR, Role.OWNER}),
    Privilege.WRITE_RULES: frozenset({Role.EDITOR, Role.OWNER}),
    Privilege.ANSWER_FOR_SITE: frozenset({Role.EDITOR, Role.OWNER}),
    Privilege.APPOINT: frozenset({Role.OWNER}),
}


def may(privilege: Privilege, facts: StandingFacts, *, now: datetime) -> Refusal | None:
    """Say why this person may not use the privilege now, or None if they may."""
    if privilege in PUBLIC:
        return None
    if facts.reader_id is None or facts.erased:
        return Refusal("not_signed_in", "Sign in first.")
    if privilege in OWN:
        return None
    if privilege in COMMENTING:
        return _sanctioned(privilege, facts.sanctions, now=now)
    if facts.role not in ROLES_FOR[privilege]:
        return Refusal("no_role", "This is for the people who look after this site.")
    return None


def require_privilege(privilege: Privilege, facts: StandingFacts, *, now: datetime) -> None:
    """Raise :class:`NotSignedIn` or :class:`NotAllowed` unless :func:`may` allows it."""
    refusal = may(privilege, facts, now=now)
    if refusal is not None and refusal.code == "not_signed_in":
        raise NotSignedIn(refusal.message)
    require(refusal)


def holds_first(facts: StandingFacts, *, now: datetime) -> bool:
    """Say whether the reader's own comments are held for a moderator first.

    They are while a sanction says so, and for seven days after a suspension has run out.
    """
    return any(_holds_first(sanction, now=now) for sanction in facts.sanctions)


def _holds_first(sanction: SanctionInForce, *, now: datetime) -> bool:
    starts_at, ends_at = sanction.starts_at, sanction.ends_at
    if sanction.kind is SanctionKind.SUSPENSION and ends_at is not None:
        starts_at, ends_at = ends_at, ends_at + HELD_AFTER_SUSPENSION
    elif sanction.kind is not SanctionKind.HOLD_FIRST:
        return False
    return starts_at <= now and (ends_at is None or now < ends_at)


def own_pace(
    facts: StandingFacts, *, everybodys: timedelta, now: datetime
) -> tuple[timedelta, datetime | None] | None:
    """Return how long this reader waits between comments, and until when; None if not at all.

    A reader who was slowed down waits a quarter of an hour; ``everybodys`` is what the site asks of
    all. The longer wait counts. Staff do not wait.
    """
    if facts.role is not None:
        return None
    ends = [
        one.ends_at
        for one in in_force(facts.sanctions, now=now)
        if one.kind is SanctionKind.SLOWED and one.ends_at is not None
    ]
    if ends and everybodys <= SLOWED_TO:
        return SLOWED_TO, max(ends)
    return (everybodys, None) if everybodys else None


def may_write_again(
    between: timedelta, *, until: datetime | None, last_at: datetime | None, now: datetime
) -> Refusal | None:
    """Say why a reader who waits between comments may not write yet, and when they may."""
    if last_at is None or last_at + between <= now:
        return None
    again_at = last_at + between
    return Refusal(
        "slowed_down",
        later("You can write again a little later. What you have written is kept."),
        until=again_at if until is None else min(again_at, until),
    )


def in_force(sanctions: tuple[SanctionInForce, ...], *, now: datetime) -> list[SanctionInForce]:
    """Return those that have begun and not ended at ``now``."""
    return [
        one
        for one in sanctions
        if one.starts_at <= now and (one.ends_at is None or now < one.ends_at)
    ]


def _sanctioned(
    privilege: Privilege, sanctions: tuple[SanctionInForce, ...], *, now: datetime
) -> Refusal | None:
    found: list[Refusal] = []
    for sanction in in_force(sanctions, now=now):
        match sanction.kind:
            case SanctionKind.WITHDRAWAL:
                return _refusal(
                    "withdrawn", later("Your privilege to comment has been withdrawn."), sanction
                )
            case SanctionKind.SUSPENSION:
                found.append(
                    _refusal(
                        "suspended", later("Your privilege to comment is suspended."), sanction
                    )
                )
            case SanctionKind.WARNING:
                message = later("Please read and acknowledge a warning first.")
                if privilege in WRITING and not sanction.acknowledged:
                    found.append(_refusal("warned", message, sanction))
            case SanctionKind.REPORT_WARNING | SanctionKind.REPORT_PAUSE:
                found += _about_reports(sanction) if privilege is Privilege.REPORT else []
            case SanctionKind.SLOWED | SanctionKind.HOLD_FIRST:
                pass
            case _:
                assert_never(sanction.kind)
    return _weightiest(found)


def _weightiest(found: list[Refusal]) -> Refusal | None:
    """Return the refusal that is told: the one that lasts longest, if any has an end."""
    # Nobody shall be told a date that will not hold.
    for code in ("suspended", "report_paused"):
        lasting = [(one.until, one) for one in found if one.code == code and one.until]
        if lasting:
            return max(lasting, key=lambda pair: pair[0])[1]
    return found[0] if found else None


def may_give_notice(facts: StandingFacts, *, now: datetime, of_danger: bool) -> Refusal | None:
    """Say why this person's notice of illegal content is not taken now, or None if it is.

    Everybody may give notice, with or without an account, suspended or not. Only a pause of
    reporting, or a warning about reports that was not acknowledged, stands against it, and not even
    that where a child or somebody's life is in danger.
    """
    if of_danger:
        return None
    found = [
        refusal
        for sanction in in_force(facts.sanctions, now=now)
        for refusal in _about_reports(sanction)
    ]
    return _weightiest(found)


def _about_reports(sanction: SanctionInForce) -> list[Refusal]:
    """Return what a sanction has against reports: nothing, or one refusal."""
    if sanction.kind is SanctionKind.REPORT_PAUSE:
        return [
            _refusal("report_paused", later("Your reports are not taken at present."), sanction)
        ]
    if sanction.kind is SanctionKind.REPORT_WARNING and not sanction.acknowledged:
        message = later("Please read and acknowledge a warning about your reports first.")
        return [_refusal("report_warned", message, sanction)]
    return []


def _refusal(code: str, message: str, sanction: SanctionInForce) -> Refusal:
    until = sanction.ends_at if code in {"suspended", "report_paused"} else None
    return Refusal(code, message, until, sanction.rule, sanction.decision_id)
