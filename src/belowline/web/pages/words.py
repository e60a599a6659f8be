"""What pages call the things that are kept as codes: privileges, states, outcomes, log lines.

Marked for gettext, which translates them when a template shows them.
"""

from __future__ import annotations

from collections.abc import Mapping

from belowline.core.terms import (
    AppealState,
    CommentStatus,
    Outcome,
    Privilege,
    ReportState,
    SanctionKind,
    Source,
)
from belowline.core.text import later

PRIVILEGES: Mapping[Privilege, str] = {
    Privilege.READ: later("Read comments"),
    Privilege.POST: later("Write comments"),
    Privilege.REPLY: later("Reply to comments"),
    Privilege.EDIT: later("Edit your comments shortly after writing"),
    Privilege.REACT: later("Show respect for a comment"),
    Privilege.REPORT: later("Report comments"),
    Privilege.CHANGE_NAME: later("Change your name"),
    Privilege.WITHDRAW: later("Take your comments back"),
    Privilege.APPEAL: later("Appeal against decisions"),
    Privilege.EXPORT: later("Get a copy of your data"),
    Privilege.ERASE: later("Erase your account"),
}
"""What a reader is told about, in this order. The verbs of staff are not a reader's standing."""

STATUSES: Mapping[CommentStatus, tuple[str, str]] = {
    CommentStatus.PUBLISHED: (later("Published"), "good"),
    CommentStatus.HELD: (later("Waits for a moderator"), "warn"),
    CommentStatus.REFUSED: (later("Not published"), "bad"),
    CommentStatus.REMOVED: (later("Removed"), "bad"),
    CommentStatus.WITHDRAWN: (later("Taken back by you"), ""),
}
"""A comment's state for its author, and how it is coloured."""

SANCTIONS: Mapping[SanctionKind, str] = {
    SanctionKind.WARNING: later("a warning"),
    SanctionKind.SLOWED: later("slowed down"),
    SanctionKind.HOLD_FIRST: later("comments held first"),
    SanctionKind.SUSPENSION: later("a suspension"),
    SanctionKind.WITHDRAWAL: later("withdrawal of the privilege"),
    SanctionKind.REPORT_WARNING: later("a warning about reports"),
    SanctionKind.REPORT_PAUSE: later("reports paused"),
}

SANCTION_TITLES: Mapping[SanctionKind, str] = {
    SanctionKind.WARNING: later("Warning"),
    SanctionKind.SLOWED: later("You are slowed down"),
    SanctionKind.HOLD_FIRST: later("Your comments are held first"),
    SanctionKind.SUSPENSION: later("Suspension"),
    SanctionKind.WITHDRAWAL: later("Withdrawal of the privilege"),
    SanctionKind.REPORT_WARNING: later("A warning about your reports"),
    SanctionKind.REPORT_PAUSE: later("Your reports are paused"),
}

DECISIONS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.REMOVE: (later("Your comment was removed"), "bad"),
    Outcome.REFUSE: (later("Your comment was not published"), "bad"),
    Outcome.HOLD: (later("Your comment was hidden until a moderator has read it"), "warn"),
    Outcome.PUBLISH: (later("Your comment was read and published"), "good"),
    Outcome.RESTORE: (later("Your comment was brought back"), "good"),
    Outcome.SANCTION: (later("A sanction was imposed"), "bad"),
    Outcome.LIFT: (later("A sanction was ended early"), "good"),
}
"""What a decision did to its reader. That reports were dismissed (KEEP) did nothing to them."""

REPORTS: Mapping[ReportState, tuple[str, str]] = {
    ReportState.OPEN: (later("Waits for an answer"), "warn"),
    ReportState.UPHELD: (later("Upheld: the comment was removed"), "good"),
    ReportState.DISMISSED: (later("Looked at: the comment stays"), ""),
    ReportState.LAPSED: (later("Its author took the comment back"), ""),
}

APPEALS: Mapping[AppealState, tuple[str, str]] = {
    AppealState.OPEN: (later("Appeal waits for an answer"), "warn"),
    AppealState.UPHELD: (later("Appeal upheld"), "good"),
    AppealState.REJECTED: (later("Appeal not upheld"), "bad"),
    AppealState.LAPSED: (later("Over: the comment is gone"), ""),
}

SOURCES: Mapping[Source, str] = {
    Source.OWN_INITIATIVE: later("noticed by the staff"),
    Source.REPORT: later("reported by readers"),
    Source.SCREEN: later("noticed by an automatic check"),
    Source.LEGAL_NOTICE: later("after a legal notice"),
    Source.ORDER: later("on an authority’s order"),
    Source.APPEAL: later("after an appeal"),
    Source.EARLIER_SYSTEM: later("in the system that the site used before"),
}

LOGGED: Mapping[str, str] = {
    "comment_decided.publish": later("A comment was read and published"),
    "comment_decided.keep": later("A comment was looked at and stays"),
    "comment_decided.remove": later("A comment was removed"),
    "comment_decided.hold": later("A comment was hidden until a person has read it"),
    "comment_decided.refuse": later("A comment was refused"),
    "sanction_imposed": later("A sanction was imposed: %(sanction)s"),
    "sanction_lifted": later("A sanction was ended early: %(sanction)s"),
    "sanction_lifted.replaced": later("A withdrawal came in the place of %(sanction)s"),
    "appeal_decided.upheld": later("An appeal was upheld and the decision reversed"),
    "appeal_decided.rejected": later("An appeal was not upheld"),
    "comment_featured.featured": later("A comment was featured"),
    "comment_featured.no_longer_featured": later("A comment is no longer featured"),
    "story_mode_changed.open": later("Comments on a story were opened"),
    "story_mode_changed.hold_first": later("Comments on a story are now read before they appear"),
    "story_mode_changed.closed": later("Comments on a story were closed"),
    "story_mode_changed.suspended": later("Comments on a story were suspended"),
    "story_slowed.slowed": later("A conversation was slowed down"),
    "story_slowed.let_go": later("A conversation is no longer slowed down"),
    "rulebook_published": later("A new version of the rules came into force"),
    "ladder_published": later("New numbers of the ladder came into force"),
}
"""What a line of the public log says, by code and outcome."""

BY: Mapping[str, str] = {
    "moderator": later("a moderator"),
    "editor": later("an editor"),
    "owner": later("an owner of the site"),
    "staff": later("the staff"),
    "screens": later("an automatic check"),
    "cli": later("the publisher"),
    "upkeep": later("the system"),
    "heat": later("the system"),
}
"""Who acted, as the public log says it."""
