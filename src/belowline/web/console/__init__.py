"""The desk of moderators, editors and owners: whole pages that work without a script.

The modules stand here by name, so that the table of routes can say ``console.cases.decide``.
"""

from belowline.web.console import (
    appeals,
    cases,
    desk,
    ladder,
    log,
    queue,
    readers,
    rulebook,
    staff,
    stories,
    withdrawals,
)

__all__ = [
    "appeals",
    "cases",
    "desk",
    "ladder",
    "log",
    "queue",
    "readers",
    "rulebook",
    "staff",
    "stories",
    "withdrawals",
]
