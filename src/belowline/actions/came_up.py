"""How the matter of a decision came up, where whoever decides does not say it: from what waited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from belowline.core.terms import CommentStatus, Source
from belowline.reports.model import Lane, Report


def source_of(status: CommentStatus, answered: Sequence[Report]) -> Source:
    """Say what led to a decision about a comment that stood so, with these reports waiting."""
    if any(one.lane is Lane.ILLEGAL for one in answered):
        return Source.LEGAL_NOTICE
    if answered:
        return Source.REPORT
    match status:
        case CommentStatus.HELD | CommentStatus.REFUSED:
            return Source.SCREEN
        case CommentStatus.PUBLISHED | CommentStatus.REMOVED | CommentStatus.WITHDRAWN:
            return Source.OWN_INITIATIVE
        case _:
            assert_never(status)
