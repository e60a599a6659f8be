"""What a comment can be held for, in a word or two, by the code of the verdict: for a busy desk."""

from __future__ import annotations

from collections.abc import Mapping

from belowline.core.text import Known, Text, later

HELD_FOR: Mapping[str, str] = {
    "empty": later("empty"),
    "too_short": later("too short"),
    "too_long": later("too long"),
    "no_words": later("no words"),
    "zalgo": later("hard to read"),
    "flood": later("flood"),
    "shouting": later("shouting"),
    "too_many_links": later("too many links"),
    "program_link": later("link with a program"),
    "program_text": later("text like a program"),
    "repeated": later("repeated"),
    "nearly_repeated": later("nearly repeated"),
    "campaign": later("campaign"),
    "listed_word": later("listed word"),
    "newcomer": later("newcomer"),
    "too_fast": later("too fast"),
    "far_too_fast": later("far too fast"),
    "daily_limit": later("daily limit"),
    "high_score": later("high score"),
    "external_check": later("external check"),
    "legal_check": later("protected name"),
    "unavailable": later("a check could not run"),
    "own_comments_held": later("own comments held first"),
    "story_holds_first": later("story holds first"),
    "story_closed": later("story closed"),
}


def name_codes(codes: str) -> Text:
    """Return codes that commas part, in words; one that is not known as it is."""
    found = {
        f"code{number}": Known(HELD_FOR.get(code, code.replace("_", " ")))
        for number, code in enumerate(codes.split(", "))
    }
    return Text(", ".join(f"%({name})s" for name in found), **found)
