"""What an external service's answer means, and that no answer holds. The pipeline asks."""

from __future__ import annotations

import re

from belowline.core.errors import Unavailable
from belowline.core.terms import Finding, Passage, RuleKey, ScreenName, Verdict
from belowline.outside.external import MOST_PASSAGES, ExternalAnswer
from belowline.screens.model import Draft

_RULE = re.compile(r"[a-z][a-z0-9-]{1,39}")
_LABEL = re.compile(r"[a-z0-9-]{0,40}")


def judge_answer(answer: ExternalAnswer | Unavailable, draft: Draft) -> Verdict:
    """Take the service at its word if its answer can be meant; otherwise it is unavailable.

    It may pass, hold or refuse. A refusal names a rule. Passages are places in the text, and a
    label is one short word, so that no reader's words come back in it.
    """
    silent = Verdict(ScreenName.EXTERNAL, Finding.UNAVAILABLE, code="unavailable")
    if isinstance(answer, Unavailable):
        return silent
    if not _can_be_meant(answer, length=len(draft.text)):
        return silent
    detail: dict[str, int | float | str] = {"label": answer.label} if answer.label else {}
    if answer.finding is Finding.PASS:
        return Verdict(ScreenName.EXTERNAL, Finding.PASS, detail=detail)
    return Verdict(
        ScreenName.EXTERNAL,
        answer.finding,
        code="external_check",
        rule=RuleKey(answer.rule) if answer.rule is not None else None,
        passages=tuple(Passage(start, end) for start, end in answer.passages),
        detail=detail,
    )


def _can_be_meant(answer: ExternalAnswer, *, length: int) -> bool:
    if answer.finding is Finding.UNAVAILABLE:
        return False
    if answer.rule is None and answer.finding is Finding.REFUSE:
        return False
    if answer.rule is not None and not _RULE.fullmatch(answer.rule):
        return False
    return (
        _LABEL.fullmatch(answer.label) is not None
        and len(answer.passages) <= MOST_PASSAGES
        and all(0 <= start < end <= length for start, end in answer.passages)
    )
