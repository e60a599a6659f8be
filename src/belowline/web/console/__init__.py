"""The desk of moderators, editors and owners: whole pages that work without a script.

The modules stand here by name, so that the table of routes can say ``console.cases.decide``.
"""

from belowline.web.console import (
    appeals,
    cases,
    court,
    dangers,
    desk,
    external,
    holds,
    legal,
    log,
    orders,
    queue,
    readers,
    reasons,
    rulebook,
    screens,
    search,
    staff,
    stories,
    trusted,
    views,
)

__all__ = [
    "appeals",
    "cases",
    "court",
    "dangers",
    "desk",
    "external",
    "holds",
    "legal",
    "log",
    "orders",
    "queue",
    "readers",
    "reasons",
    "rulebook",
    "screens",
    "search",
    "staff",
    "stories",
    "trusted",
    "views",
]
