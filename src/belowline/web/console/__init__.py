"""The desk of moderators, editors and owners: whole pages that work without a script.

The modules stand here by name, so that the table of routes can say ``console.cases.decide``.
"""

from belowline.web.console import (
    appeals,
    cases,
    desk,
    legal,
    log,
    queue,
    readers,
    record,
    rulebook,
    staff,
    stories,
)

__all__ = [
    "appeals",
    "cases",
    "desk",
    "legal",
    "log",
    "queue",
    "readers",
    "record",
    "rulebook",
    "staff",
    "stories",
]
