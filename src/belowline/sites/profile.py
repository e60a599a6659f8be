"""A site's legal profile: what each switch means, and which duties follow from the switches.

Nothing here is legal advice; it says in plain words what the law's own words hinge on, with the
place where they stand, so that an editor can ask a lawyer the right question. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from belowline.core.text import Text, later
from belowline.sites.model import SiteSettings

SWITCHES = ("hosting_tier", "platform_tier", "small_enterprise", "uk_osa_exempt_mode")
"""The settings of the profile that are on or off; ``press_code`` is one of several."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch, as an editor reads it."""

    name: str
    label: str
    explained: str
    source: str


EXPLAINED = (
    Switch(
        "hosting_tier",
        later("Readers in the European Union are served"),
        later(
            "Keeping readers’ comments is hosting. Whoever offers that to people in the Union, of "
            "whatever size and wherever established, gives reasons for each decision, takes "
            "notices of illegal content, and says where authorities and readers can turn. A "
            "British title with readers in Ireland should ask a lawyer."
        ),
        later("Digital Services Act, Regulation (EU) 2022/2065, articles 3, 6 to 18"),
    ),
    Switch(
        "platform_tier",
        later("The comments are more than a minor feature of the site"),
        later(
            "Comments under a newspaper’s own articles can be a minor and purely ancillary "
            "feature, and then the duties of online platforms do not apply. If people come for "
            "the comments, they may."
        ),
        later("Digital Services Act, article 3(i) and recital 13; articles 20 to 28"),
    ),
    Switch(
        "small_enterprise",
        later("The firm is small: fewer than 50 people, and at most ten million euros"),
        later(
            "Staff, and turnover or balance sheet, are counted for the whole group of firms "
            "together. Small firms owe no yearly report and none of the duties of online "
            "platforms. A group that grows only has to change this switch."
        ),
        later("Recommendation 2003/361/EC; Digital Services Act, articles 15(2) and 19"),
    ),
    Switch(
        "uk_osa_exempt_mode",
        later("Stay inside the exemption of the United Kingdom’s Online Safety Act"),
        later(
            "A service is exempt whose readers can only comment on what the publisher publishes, "
            "answer such comments, react to them and report them. What would break the exemption "
            "stays switched off while this is on."
        ),
        later("Online Safety Act 2023, section 55(6) and schedule 1, paragraph 4"),
    ),
)

PRESS = {
    "": later("None"),
    "ipso": later("IPSO, the Independent Press Standards Organisation"),
    "impress": later("Impress"),
    "own": later("Our own published code"),
}
"""Whose code of practice a title answers to."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that the profile asks for, or does not."""

    code: str
    title: str
    here: str
    """What Belowline does about it."""
    owed: bool


def owes_statements(settings: SiteSettings) -> bool:
    """Say whether readers are owed a full statement of reasons (article 17). Size is no excuse."""
    return settings.hosting_tier


def owes_report(settings: SiteSettings) -> bool:
    """Say whether a transparency report is owed every year (articles 15 and 24)."""
    return settings.hosting_tier and not settings.small_enterprise


def is_platform(settings: SiteSettings) -> bool:
    """Say whether the duties of online platforms apply (articles 20 to 28, and 19 for small)."""
    return settings.hosting_tier and settings.platform_tier and not settings.small_enterprise


_DUTIES: tuple[tuple[str, str, str, Callable[[SiteSettings], bool]], ...] = (
    (
        "statements",
        later("A statement of reasons to whoever is restricted"),
        later(
            "Every decision has one, made from its record; the author reads it beside the decision."
        ),
        owes_statements,
    ),
    (
        "notices",
        later("A way to give notice of illegal content, and an answer to each"),
        later("Every comment can be reported, and whoever reports hears what came of it."),
        owes_statements,
    ),
    (
        "report",
        later("A transparency report every year, within two months"),
        later(
            "It is made from the log and published from this console. Every version stays public."
        ),
        owes_report,
    ),
    (
        "complaints",
        later("Complaints about decisions, free, for six months"),
        later("Appeals work so for everybody, whatever the profile says."),
        is_platform,
    ),
    (
        "database",
        later("Statements of reasons to the Union’s transparency database"),
        later(
            "They are exported in the database’s own form and checked against its rules. "
            "Sending them is not built in."
        ),
        is_platform,
    ),
    (
        "online_safety",
        later("The duties of the United Kingdom’s Online Safety Act"),
        later(
            "Belowline has none of what would bring them about; the self-assessment below "
            "says so with a date. Without the exemption they apply at once, at any size."
        ),
        lambda settings: not settings.uk_osa_exempt_mode,
    ),
    (
        "press",
        later("Comments answer to a code of practice once staff have looked at them"),
        later("Whatever somebody looked at and left up is a decision in the log."),
        lambda settings: bool(settings.press_code),
    ),
)


def duties_of(settings: SiteSettings) -> tuple[Duty, ...]:
    """Return what follows from the profile, what is owed and what is not."""
    return tuple(Duty(code, title, here, owed(settings)) for code, title, here, owed in _DUTIES)


FEATURES = (
    (later("Comments on what the publisher publishes"), True),
    (later("Answers to such comments"), True),
    (later("Respect: a reaction to a comment"), True),
    (later("Reports of comments"), True),
    (later("A name beside a comment, and a list of somebody’s published comments"), True),
    (later("Private messages between readers"), False),
    (later("Threads that readers begin"), False),
    (later("Walls, groups or polls of readers’ own"), False),
    (later("Pictures and videos from readers"), False),
)
"""What readers can do, and what there is no way to do, whatever is switched on."""

Say = Callable[[str], str]


def self_assessment(settings: SiteSettings, *, site: str, on: date, say: Say = str) -> str:
    """Write the dated self-assessment under the Online Safety Act as plain text."""
    done: list[str] = []
    not_there: list[str] = []
    for what, is_there in FEATURES:
        (done if is_there else not_there).append(f"- {say(what)}")
    parts: Sequence[str] = (
        say(Text(later("Online Safety Act 2023: self-assessment of %(site)s"), site=site)),
        say(Text(later("Date: %(day)s"), day=on.isoformat())),
        "",
        say(later("What readers can do:")),
        *done,
        "",
        say(later("What there is no way to do:")),
        *not_there,
        "",
        say(
            later(
                "Schedule 1, paragraph 4 exempts a service whose users can only post comments on "
                "content that the provider publishes, share them elsewhere, react to them, and "
                "show who they are in connection with that. Section 55(6) counts further comments "
                "on such comments among them. Nothing above goes beyond that."
            )
        ),
        say(
            later("The mode that keeps it so is on.")
            if settings.uk_osa_exempt_mode
            else later(
                "The mode that keeps it so is OFF. The exemption must not be relied on before "
                "somebody has looked at what else the site offers."
            )
        ),
    )
    return "\n".join(parts) + "\n"
