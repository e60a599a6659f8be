"""What was done about Coral's comments: reactions, reports, decisions and legal reports.

``DONT_AGREE`` is no reaction here: nothing but agreement counts, and it was no report there either.
What a machine found is no reader's report; it is left out and counted by what it found.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from belowline.transfer.codes import RecordKind, Skip
from belowline.transfer.coral.values import id_of, instant_of, is_given
from belowline.transfer.fields import inner, listed, text_of
from belowline.transfer.shape import (
    Record,
    Skipped,
    SourceDecision,
    SourceOutcome,
    SourceReaction,
    SourceReport,
)

_OUTCOMES = {"APPROVED": SourceOutcome.KEPT, "REJECTED": SourceOutcome.REMOVED}
_ABOUT_THE_AUTHOR = "COMMENT_REPORTED_BIO"
_ILLEGAL = "ILLEGAL"
_LONGEST_CODE = 60


def read_act(value: object, *, now: datetime) -> Iterator[Record]:
    """Yield a reaction or a report, or why it is left out."""
    source_id = id_of(value, "id") or ""
    comment_id = id_of(value, "commentID")
    account_id = id_of(value, "userID")
    act = text_of(value, "actionType")
    kind = RecordKind.REACTION if act in {"REACTION", "DONT_AGREE"} else RecordKind.REPORT
    reason = text_of(value, "reason")
    if act == "DONT_AGREE":
        yield Skipped(kind, source_id, Skip.OTHER_KIND, act)
    elif comment_id is None:
        yield Skipped(kind, source_id, Skip.COMMENT_MISSING)
    elif act == "REACTION":
        if account_id is None:
            yield Skipped(kind, source_id, Skip.AUTHOR_MISSING)
            return
        yield SourceReaction(comment_id, account_id, instant_of(value, "createdAt"))
    elif act == _ILLEGAL:
        about = comment_id, account_id
        # The report of which this is the trace bears the same id here, so that it counts once.
        notice_id = id_of(value, "reportID")
        report_id = _notice_id(notice_id) if notice_id else source_id
        yield from _report(value, source_id=report_id, about=about, reason=_ILLEGAL, now=now)
    elif act != "FLAG" or account_id is None or reason == _ABOUT_THE_AUTHOR:
        yield Skipped(kind, source_id, Skip.OTHER_KIND, _code(reason or act))
    else:
        about = comment_id, account_id
        yield from _report(value, source_id=source_id, about=about, reason=reason, now=now)


def _report(
    value: object, *, source_id: str, about: tuple[str, str | None], reason: str, now: datetime
) -> Iterator[Record]:
    created_at = instant_of(value, "createdAt")
    if not source_id or created_at is None:
        yield Skipped(RecordKind.REPORT, source_id, Skip.NO_DATE if source_id else Skip.NO_ID)
        return
    yield SourceReport(
        source_id=source_id,
        comment_source_id=about[0],
        account_source_id=about[1],
        reason=_code(reason),
        note=text_of(value, "additionalDetails"),
        created_at=min(created_at, now),
    )


def read_decision(value: object, *, now: datetime) -> Iterator[Record]:
    """Yield a moderator's decision, or why it is left out. Without a moderator it was automatic."""
    source_id = id_of(value, "id")
    comment_id = id_of(value, "commentID")
    status = text_of(value, "status")
    decided_at = instant_of(value, "createdAt")
    if source_id is None:
        yield Skipped(RecordKind.DECISION, "", Skip.NO_ID)
    elif comment_id is None:
        yield Skipped(RecordKind.DECISION, source_id, Skip.COMMENT_MISSING)
    elif status not in _OUTCOMES:
        yield Skipped(RecordKind.DECISION, source_id, Skip.OTHER_KIND, _code(status))
    elif decided_at is None:
        yield Skipped(RecordKind.DECISION, source_id, Skip.NO_DATE)
    else:
        why = inner(value, "rejectionReason")
        yield SourceDecision(
            source_id=source_id,
            comment_source_id=comment_id,
            account_source_id=id_of(value, "moderatorID"),
            outcome=_OUTCOMES[status],
            reason=_code(text_of(why, "code")),
            note=_joined(why, "legalGrounds", "customReason", "detailedExplanation"),
            decided_at=min(decided_at, now),
        )


def read_notice(value: object, *, now: datetime) -> Iterator[Record]:
    """Yield a report of illegal content, and the decision on it that stands nowhere else."""
    notice_id = id_of(value, "id")
    comment_id = id_of(value, "commentID")
    created_at = instant_of(value, "createdAt")
    if notice_id is None or comment_id is None or created_at is None:
        missing = Skip.COMMENT_MISSING if comment_id is None else Skip.NO_DATE
        reason = Skip.NO_ID if notice_id is None else missing
        yield Skipped(RecordKind.REPORT, notice_id or "", reason)
        return
    yield SourceReport(
        source_id=_notice_id(notice_id),
        comment_source_id=comment_id,
        account_source_id=id_of(value, "userID"),
        reason=_ILLEGAL,
        note=_joined(value, "lawBrokenDescription", "additionalInformation"),
        created_at=min(created_at, now),
    )
    decision = inner(value, "decision")
    legality = text_of(decision, "legality")
    # What was called illegal was rejected, and that is among the moderators' decisions.
    if legality not in {"LEGAL", "ILLEGAL"} or is_given(value, "commentModerationActionID"):
        return
    last = next((one for one in reversed(listed(value, "history")) if _is_decision(one)), None)
    yield SourceDecision(
        source_id=_notice_id(notice_id),
        comment_source_id=comment_id,
        account_source_id=id_of(last, "createdBy"),
        outcome=SourceOutcome.KEPT if legality == "LEGAL" else SourceOutcome.REMOVED,
        reason=legality,
        note=_joined(decision, "legalGrounds", "detailedExplanation"),
        decided_at=min(instant_of(last, "createdAt") or created_at, now),
    )


def _is_decision(entry: object) -> bool:
    return text_of(entry, "type") == "DECISION_MADE"


def _notice_id(notice_id: str) -> str:
    return f"dsa:{notice_id}"


def _joined(record: object, *names: str) -> str:
    return "\n\n".join(words for name in names if (words := text_of(record, name).strip()))


def _code(written: str) -> str:
    """Return a code of Coral's, and nothing that a code cannot be: it is shown in reports."""
    kept = "".join(char for char in written if char.isascii() and (char.isalnum() or char in "_-"))
    return kept[:_LONGEST_CODE]
