"""What the screens look at: the draft, the facts gathered around it and the site's settings.

Everything is a plain value, read by the action before any screen runs, so that a screen needs
neither clock nor database. The rule keys that the screens cite are named here, gravest first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from belowline.core.terms import CommentId, Finding, RuleKey, SiteId, StoryId

HATE = RuleKey("hate")
THREAT = RuleKey("threat")
HARASSMENT = RuleKey("harassment")
PERSONAL_ATTACK = RuleKey("personal-attack")
OBSCENITY = RuleKey("obscenity")
SPAM = RuleKey("spam")
DISRUPTION = RuleKey("disruption")

RULES_BY_GRAVITY: tuple[RuleKey, ...] = (
    RuleKey("child-selfharm"),
    THREAT,
    HATE,
    RuleKey("private-info"),
    RuleKey("court-safety"),
    HARASSMENT,
    RuleKey("defamation"),
    RuleKey("compassion"),
    PERSONAL_ATTACK,
    RuleKey("identity"),
    RuleKey("false-claim"),
    OBSCENITY,
    SPAM,
    RuleKey("rights-links"),
    DISRUPTION,
    RuleKey("off-topic"),
)
"""When several rules are broken, the author is told the first of these."""


def gravity(rule: RuleKey | None) -> tuple[int, str]:
    """Return a sort key that puts graver rules first, a site's own rules next, no rule last."""
    if rule is None:
        return (len(RULES_BY_GRAVITY) + 1, "")
    if rule in RULES_BY_GRAVITY:
        return (RULES_BY_GRAVITY.index(rule), rule)
    return (len(RULES_BY_GRAVITY), rule)


@dataclass(frozen=True, slots=True)
class Draft:
    """A text on its way to publication: a new comment or reply, or a new revision of one."""

    text: str
    is_edit: bool = False


@dataclass(frozen=True, slots=True)
class RecentComment:
    """A comment that the author lately sent to this site, whatever became of it."""

    text: str
    created_at: datetime
    story_id: StoryId
    id: CommentId | None = None
    is_gone: bool = False
    """Refused or taken back: whoever says it again repeats nothing that anybody reads."""


@dataclass(frozen=True, slots=True)
class ListedWord:
    """A word or phrase of a word list, the rule it breaks and what finding it is worth.

    ``word`` stands for itself as a whole word. A star at an end lets the word be part of a longer
    one on that side: ``fool*`` is found in *foolish*, ``*fool*`` also in *tomfoolery*. Several
    words are a phrase. There are no other signs, and none is a regular expression.
    """

    word: str
    rule: RuleKey = OBSCENITY
    finding: Finding = Finding.HOLD


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """What an editor may set. A zero in ``newcomer_holds`` turns that screen off."""

    min_length: int = 2
    max_length: int = 5000
    max_links: int = 2
    own_domains: tuple[str, ...] = ()
    """Links to these domains and those below them are not counted."""
    newcomer_holds: int = 2
    """How many comments of a new reader a person sees before they are published."""
    rate_burst: int = 3
    rate_window: timedelta = timedelta(seconds=60)
    rate_daily: int = 100
    repeat_window: timedelta = timedelta(days=1)
    hold_capitals: bool = True
    use_default_words: bool = True
    listed_words: tuple[ListedWord, ...] = ()
    held_words: tuple[str, ...] = ()
    refused_words: tuple[str, ...] = ()
    allowed_words: tuple[str, ...] = ()
    """Whole words that no list may hit, such as a surname or a place."""
    classifier_hold: float = 0.9
    """The score from 0 to 1 at which the classifier holds a comment."""
    classifier_deadline: timedelta = timedelta(seconds=2)
    language: str = "en"
    """The site's, which a text is taken to be in unless it shows another."""


@dataclass(frozen=True, slots=True)
class HashedWord:
    """A word of a name: its hashes as it is written, and with a letter left out."""

    exact: tuple[str, ...]
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HashedName:
    """A listed name."""

    id: int
    words: tuple[HashedWord, ...]
    joined: tuple[str, ...]
    """Its words written as one."""
    key_check: str


@dataclass(frozen=True, slots=True)
class NameList:
    """The names that a comment at this place is compared with."""

    site_id: SiteId
    names: tuple[HashedName, ...]


@dataclass(frozen=True, slots=True)
class AskedOutside:
    """A service that is asked about each comment, and what it is told beside the text."""

    url: str
    secret: str = field(repr=False)
    deadline: timedelta
    site: str
    language: str
    story: tuple[str, str, str] | None
    """The story's key, headline and address, if it is known already."""


@dataclass(frozen=True, slots=True)
class ScreenFacts:
    """All that the screens may know about the author and the site at this moment."""

    now: datetime
    author_published_count: int
    """How many comments of theirs are published on this site, counted up to ``newcomer_holds``."""
    recent: tuple[RecentComment, ...] = ()
    """The author's latest comments on this site, newest first, at most fifty."""
    recent_by_others: tuple[str, ...] = ()
    """Texts that others lately sent to this site, to recognise pasting in a campaign."""
    author_count_last_day: int = 0
    """How many comments the author sent in the last day; ``recent`` may be too short to tell."""
    is_staff: bool = False
    settings: ScreenSettings = ScreenSettings()
    external: AskedOutside | None = None
    """None where no service is set up."""
    names: NameList | None = None
    """None where no protected names are listed."""
    site_id: SiteId | None = None
    """None where nobody's desk is asked how it decides."""
