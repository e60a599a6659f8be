"""Lines filled into stencils are what the template says with the values themselves."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup, escape

from belowline.core.language import language_of
from belowline.core.terms import CommentId, CommentStatus, Role
from belowline.threads.model import Branch, ThreadComment
from belowline.web.lines import branches_of, line_of
from belowline.web.stencil import Gap, Stencil
from belowline.web.templating import environment_in

environment = environment_in(language_of("en"))
NASTY = "<script>alert('x')</script> & \"%s %(id)s {{ 7*7 }} {% raw %} \\1 100%"
AT = datetime(2026, 11, 3, 9, 5, 7, tzinfo=UTC)
RULES = {"kind": f"Be kind {NASTY}"}
texts = st.sampled_from([NASTY, "Ann", "\0id\0", "%(base)s", "ünï"]) | st.text(
    printable, max_size=8
)
ids = st.integers(1, 10**12).map(CommentId)
lines = st.builds(
    ThreadComment,
    id=ids,
    parent_id=st.none() | ids,
    root_id=st.none() | ids,
    indent=st.integers(0, 4),
    path=st.just(""),
    status=st.sampled_from(CommentStatus),
    author_name=texts,
    author_role=st.none() | st.sampled_from(Role),
    html=st.sampled_from(["<p>100% of <em>this</em>.</p>", "<p>%(id)s \0when\0</p>"]),
    rule_key=st.sampled_from([None, "kind", "gone"]),
    created_at=st.just(AT),
    edited_at=st.none() | st.just(AT),
    respect_count=st.integers(0, 3),
    reply_count=st.just(0),
    featured_at=st.none() | st.just(AT),
    featured_reason=texts,
    revision=st.integers(1, 3),
    answers=st.none() | texts,
    by_author=st.booleans(),
)


def plain(line: ThreadComment, *, closed: object, focus: int | None) -> str:
    """Render a line as any template is rendered: with its values, each escaped where it stands."""
    return environment.get_template("thread/comment.html").render(
        status=line.status,
        indent=line.indent,
        badge="author" if line.by_author else "staff" if line.author_role else "",
        is_reply=line.parent_id is not None,
        is_revised=line.revision > 1,
        is_edited=line.edited_at is not None,
        is_flattened=bool(line.answers),
        is_featured=line.featured_at is not None,
        has_reason=bool(line.featured_reason),
        is_respected=line.respect_count > 0,
        has_rule=line.rule_key in RULES,
        is_open=closed is None,
        is_focus=line.id == focus,
        base=f"/s/echo/{NASTY}",
        id=line.id,
        parent_id=line.parent_id or 0,
        revision=line.revision,
        author_name=line.author_name,
        answers=line.answers,
        when=environment.filters["time_tag"](line.created_at),
        reason=line.featured_reason,
        html=Markup(line.html),  # noqa: S704 - as core/markup.py would make it
        respect_count=line.respect_count,
        rule_title=RULES.get(line.rule_key or ""),
    )


@given(line=lines, closed=st.sampled_from([None, "closed"]), is_focus=st.booleans())
def test_a_line_is_what_its_template_says(
    line: ThreadComment, *, closed: object, is_focus: bool
) -> None:
    focus = line.id if is_focus else None
    made = line_of(environment, line, f"/s/echo/{NASTY}", RULES, closed, focus)
    assert isinstance(made, Markup)
    assert made == plain(line, closed=closed, focus=focus)


@given(line=lines)
def test_nothing_that_somebody_wrote_becomes_markup(line: ThreadComment) -> None:
    """The reader's name, the editor's reason and the rule's title stand in it as text alone."""
    made = line_of(environment, line, "/s/echo/bridge", RULES, None)
    assert "<script" not in made
    if line.status is CommentStatus.PUBLISHED:
        assert f"<bdi>{escape(line.author_name)}</bdi>" in made
    # What looks like a gap in a text is text: every attribute that holds the id holds all of it.
    assert set(re.findall(r'data-comment="([^"]*)"', made)) == {str(line.id)}


@given(root=lines, replies=st.lists(lines, max_size=3), more=st.none() | st.just("0a1"))
def test_a_branch_holds_its_lines_in_their_order(
    root: ThreadComment, replies: list[ThreadComment], more: str | None
) -> None:
    branch = Branch(root, tuple(replies), more, earlier=True, is_excerpt=True)
    made = branches_of(environment, [branch, branch], "/s/echo/bridge", RULES, None)
    for one in (root, *replies):
        assert line_of(environment, one, "/s/echo/bridge", RULES, None) in made
    shown = re.findall(r'data-comment="([0-9]+)"', made)
    assert shown == [str(one.id) for one in (root, *replies)] * 2
    assert ("More replies" in made) == (more is not None)
    assert ('class="replies"' in made) == bool(replies or more)


def test_a_template_cannot_decide_by_a_value_that_it_does_not_know() -> None:
    own = Environment(autoescape=True)
    for text in (
        "{% if name %}x{% endif %}",
        "{{ name == 'Ann' }}",
        "{{ name | length }}",
        "{% for sign in name %}{{ sign }}{% endfor %}",
        "{{ name or 'nobody' }}",
    ):
        with pytest.raises(TypeError, match="name"):
            Stencil(own.from_string(text), gaps=["name"], shape={})


def test_a_value_that_is_missing_is_noticed() -> None:
    stencil = Stencil(
        Environment(autoescape=True).from_string("{{ a }}{{ b }}"), gaps="ab", shape={}
    )
    assert stencil.fill(a="<", b=Markup("<")) == "&lt;<"
    with pytest.raises(KeyError):
        stencil.fill(a=1)


def test_a_gap_may_stand_in_a_phrase() -> None:
    own = Environment(autoescape=True)
    own.globals["phrase"] = Markup("by %(name)s & all")
    stencil = Stencil(own.from_string("{{ phrase | format(name=name) }}"), gaps=["name"], shape={})
    assert stencil.fill(name="<A>") == "by &lt;A&gt; & all"
    assert str(Gap("name")) == "\0name\0"
