"""Sort keys that put replies in reading order within a root's tree."""

from __future__ import annotations

from belowline.comments.policy import DEEPEST_INDENT
from belowline.core.terms import CommentId

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
WIDTH = 9
"""Base-36 digits of an id: enough for 10^14 comments."""


def segment(comment_id: CommentId) -> str:
    """Return the id as fixed-width digits, so that text order is id order in the C collation."""
    digits = ""
    number = int(comment_id)
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits.rjust(WIDTH, "0")


def path_below(parent_path: str, comment_id: CommentId) -> str:
    """Return the sort key of a reply: its ancestors' ids and its own.

    Below the deepest indent the ancestors stop counting and replies stand in order of arrival,
    so a key has a bounded length however deep people argue.
    """
    return parent_path[: (DEEPEST_INDENT - 1) * WIDTH] + segment(comment_id)
