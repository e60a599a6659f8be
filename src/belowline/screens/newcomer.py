"""Whether the author is new here, so that a person should see the comment first."""

from __future__ import annotations

from belowline.core.terms import Finding, ScreenName, Verdict
from belowline.screens.model import Draft, ScreenFacts


def screen_newcomer(draft: Draft, facts: ScreenFacts) -> Verdict:  # noqa: ARG001
    """Hold the comments of a reader until the site's number of them has been published.

    No rule is cited, for none is broken. An edit is held like a new comment, or a harmless
    first comment could be turned into something else. Staff are not newcomers.
    """
    if facts.is_staff:
        return Verdict(ScreenName.NEWCOMER, Finding.PASS, code="staff")
    if facts.author_published_count >= facts.settings.newcomer_holds:
        return Verdict(ScreenName.NEWCOMER, Finding.PASS)
    return Verdict(
        ScreenName.NEWCOMER,
        Finding.HOLD,
        code="newcomer",
        detail={
            "published": facts.author_published_count,
            "needed": facts.settings.newcomer_holds,
        },
    )
