"""The lines of a thread as HTML, for the templates that show them: single ones, and whole branches.

What a line looks like is ``templates/thread/comment.html``'s affair, and a branch's is
``branch.html``'s. Here it is said which facts about a line decide its shape, and which values
stand in it; see ``web/stencil.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from jinja2 import Environment, pass_environment
from markupsafe import Markup, escape

from belowline.core.terms import CommentStatus
from belowline.threads.model import Branch, ThreadComment
from belowline.web.stencil import Stencil

MOST_SHAPES = 2048
"""Stencils kept, some 1.5 kB each. A language has about fifty that occur."""

_NOTHING = Markup()
_LINE = (
    "base",
    "id",
    "parent_id",
    "revision",
    "author_name",
    "answers",
    "when",
    "reason",
    "html",
    "respect_count",
    "rule_title",
)
_BRANCH = ("base", "id", "root", "replies", "more_after")


class LineShape(NamedTuple):
    """What of a comment decides how its line is worded and built."""

    status: CommentStatus
    indent: int
    badge: str
    """``author``, ``staff`` or nothing."""
    is_reply: bool
    is_revised: bool
    is_edited: bool
    is_flattened: bool
    is_featured: bool
    has_reason: bool
    is_respected: bool
    has_rule: bool
    is_open: bool
    """Whether the thread takes comments."""
    is_focus: bool


class BranchShape(NamedTuple):
    """What decides how a branch is built."""

    has_replies: bool
    has_earlier: bool
    has_more: bool
    is_excerpt: bool


class _Place(NamedTuple):
    """What the lines of one page have in common."""

    environment: Environment
    base: Markup
    rule_titles: Mapping[str, str]
    is_open: bool
    focus: int | None


@pass_environment
def line_of(  # noqa: PLR0913, PLR0917 - what a template says of a line
    environment: Environment,
    line: ThreadComment,
    base: str,
    rule_titles: Mapping[str, str],
    closed: object | None,
    focus: int | None = None,
) -> Markup:
    """Return one line. ``closed`` is why the thread takes no comments, ``focus`` who is sought."""
    return _line(line, _Place(environment, escape(base), rule_titles, closed is None, focus))


@pass_environment
def branches_of(  # noqa: PLR0913, PLR0917 - what a template says of a page
    environment: Environment,
    branches: Iterable[Branch],
    base: str,
    rule_titles: Mapping[str, str],
    closed: object | None,
    focus: int | None = None,
) -> Markup:
    """Return these branches, one after the other."""
    place = _Place(environment, escape(base), rule_titles, closed is None, focus)
    return _joined([_branch(branch, place) for branch in branches])


def _branch(branch: Branch, place: _Place) -> Markup:
    more = branch.more_after
    shape = BranchShape(bool(branch.replies or more), branch.earlier, bool(more), branch.is_excerpt)
    return _stencil(place.environment, "thread/branch.html", shape).fill(
        base=place.base,
        id=branch.root.id,
        root=_line(branch.root, place),
        replies=_joined([_line(reply, place) for reply in branch.replies]),
        more_after=more or _NOTHING,
    )


def _line(line: ThreadComment, place: _Place) -> Markup:
    shape = LineShape(
        line.status,
        line.indent,
        "author" if line.by_author else "staff" if line.author_role else "",
        line.parent_id is not None,
        line.revision > 1,
        line.edited_at is not None,
        bool(line.answers),
        line.featured_at is not None,
        bool(line.featured_reason),
        line.respect_count > 0,
        line.rule_key in place.rule_titles,
        place.is_open,
        line.id == place.focus,
    )
    return _stencil(place.environment, "thread/comment.html", shape).fill(
        base=place.base,
        id=line.id,
        parent_id=line.parent_id or 0,
        revision=line.revision,
        author_name=line.author_name,
        answers=line.answers or _NOTHING,
        when=place.environment.filters["time_tag"](line.created_at),
        reason=line.featured_reason or _NOTHING,
        html=Markup(line.html),  # noqa: S704 - core/markup.py made it
        respect_count=line.respect_count,
        rule_title=place.rule_titles[line.rule_key]
        if shape.has_rule and line.rule_key
        else _NOTHING,
    )


@lru_cache(maxsize=MOST_SHAPES)
def _stencil(environment: Environment, name: str, shape: LineShape | BranchShape) -> Stencil:
    gaps = _LINE if isinstance(shape, LineShape) else _BRANCH
    return Stencil(environment.get_template(name), gaps=gaps, shape=shape._asdict())


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("\n".join(parts))  # noqa: S704 - each is HTML
