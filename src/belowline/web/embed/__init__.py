"""The API that the embed and other clients use; JSON in, JSON or HTML fragments out."""

from belowline.web.embed import (
    appeals,
    checking,
    comments,
    counts,
    follows,
    log,
    mutes,
    overlay,
    reports,
    rulebook,
    sign_in,
    standing,
)

__all__ = [
    "appeals",
    "checking",
    "comments",
    "counts",
    "follows",
    "log",
    "mutes",
    "overlay",
    "reports",
    "rulebook",
    "sign_in",
    "standing",
]
