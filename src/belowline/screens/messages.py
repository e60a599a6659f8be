"""What an author is told when a comment is held or refused: one kind sentence for each code.

The sentences are in English here and are marked with ``later`` for gettext, which translates them
when they are shown. They never hold a word of the comment.
"""

from __future__ import annotations

from belowline.core.text import later

MESSAGES: dict[str, str] = {
    "empty": later("There is nothing in this comment yet."),
    "too_short": later("This comment is too short to be understood. Please say a little more."),
    "too_long": later("This comment is longer than this site takes. Please shorten it."),
    "no_words": later("This comment has no words in it. Please say what you mean."),
    "zalgo": later("A moderator will look at this first, because parts of it are hard to read."),
    "flood": later("A moderator will look at this first, because it repeats itself a great deal."),
    "shouting": later(
        "A moderator will look at this first, because most of it is in capital letters, which "
        "many readers take as shouting."
    ),
    "too_many_links": later(
        "A moderator will look at this first, because it has more links than usual."
    ),
    "program_link": later("This comment has a link that would run a program. Please remove it."),
    "program_text": later(
        "A moderator will look at this first, because it has what looks like a program in it."
    ),
    "repeated": later(
        "A moderator will look at this first, because you have lately said the same here."
    ),
    "nearly_repeated": later(
        "A moderator will look at this first, because you have lately said nearly the same here."
    ),
    "campaign": later(
        "A moderator will look at this first, because others have lately sent the same text. "
        "Your own words are always welcome."
    ),
    "listed_word": later(
        "This comment uses words that this site asks readers to avoid. The passages are shown, "
        "and you may word them differently."
    ),
    "newcomer": later(
        "Welcome. A moderator looks at every reader's first comments; yours will appear soon."
    ),
    "too_fast": later(
        "A moderator will look at this first, because several comments came in a short time."
    ),
    "far_too_fast": later(
        "That was a great many comments in a short time. Please wait a few minutes."
    ),
    "daily_limit": later("You have reached today's number of comments. Please come back tomorrow."),
    "high_score": later(
        "A moderator will look at this first, because an automatic check thought that it may "
        "break a rule. It can be wrong, and a person decides."
    ),
    "external_check": later(
        "An automatic check of this site thought that this may break a rule. It can be wrong, and "
        "a person can look at it."
    ),
    "legal_check": later(
        "A moderator looks at this first. In some matters the law limits what may be said in "
        "public."
    ),
    "unavailable": later(
        "A moderator will look at this first, because one of the automatic checks could not run."
    ),
    "own_comments_held": later(
        "A moderator will look at this first, because your comments are checked before they "
        "appear at present."
    ),
    "story_holds_first": later("On this story, a moderator looks at every comment first."),
    "story_closed": later("Comments on this story were closed while you were writing."),
}

FALLBACK = later("A moderator will look at this comment first.")


def message_for(code: str) -> str:
    """Return the English sentence for a code; an unknown code gets one that is true of any."""
    return MESSAGES.get(code, FALLBACK)
