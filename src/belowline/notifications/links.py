"""Where a notice leads: an address on Belowline's own pages, without its host."""

from __future__ import annotations

from typing import assert_never

from belowline.core.terms import NoticeKind
from belowline.notifications.model import NoticeFacts


def link_path(kind: NoticeKind, facts: NoticeFacts) -> str:
    """Return the address at which whoever gets the notice reads on."""
    standing = f"/me/{facts.site_key}"
    match kind:
        case NoticeKind.REPLY | NoticeKind.COMMENT_FEATURED:
            place = f"/c/{facts.site_key}/{facts.comment_id}"
            return place if facts.comment_id else f"{standing}/notices"
        case NoticeKind.NEW_COMMENTS:
            newest = f"/s/{facts.site_key}/{facts.story_key}?order=newest"
            return newest if facts.story_key else f"{standing}/following"
        case NoticeKind.REPORT_ANSWERED:
            return _own_report(standing, facts)
        case (
            NoticeKind.COMMENT_DECIDED
            | NoticeKind.SANCTION_IMPOSED
            | NoticeKind.APPEAL_RECEIVED
            | NoticeKind.APPEAL_DECIDED
        ):
            if facts.by_reporter:
                return _own_report(standing, facts)
            return f"{standing}#decision-{facts.decision_id}"
        case NoticeKind.SANCTION_LIFTED | NoticeKind.WITHDRAWAL_REVIEWED:
            return standing
        case NoticeKind.WITHDRAWAL_WAITS:
            return f"/console/{facts.site_key}/withdrawals"
        case NoticeKind.RULEBOOK_PUBLISHED:
            return f"/rules/{facts.site_key}"
        case NoticeKind.STORY_SLOWED | NoticeKind.LEGAL_NOTICE:
            list_of = "/legal" if kind is NoticeKind.LEGAL_NOTICE else ""
            return f"/console/{facts.site_key}{list_of}"
        case _:
            assert_never(kind)


def _own_report(standing: str, facts: NoticeFacts) -> str:
    """Return the page of the reader's report, or the list of them in a notice of before."""
    return f"{standing}/reports/{facts.report_id}" if facts.report_id else f"{standing}#reports"
