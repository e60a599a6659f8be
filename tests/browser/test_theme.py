"""A publisher's page restyles the embed by what ``docs/how-to/theme.md`` promises.

And readers who ask for contrast, forced colours or another direction get it, whatever the theme.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from belowline.actions.sites import change_site
from belowline.comments.store import get_comment
from belowline.core.terms import CommentId, Role
from tests import factories
from tests.browser.conftest import Live
from tests.browser.test_embed import published
from tests.house.tree import ROOT

pytestmark = pytest.mark.browser

GUIDE = ROOT / "docs" / "how-to" / "theme.md"
RED = "rgb(200, 1, 2)"

PROPERTIES = {
    "--belowline-font": ("serif", ".thread", "fontFamily", "serif"),
    "--belowline-heading-font": ("cursive", ".thread-head h2", "fontFamily", "cursive"),
    "--belowline-size": ("23px", ".comment-body", "fontSize", "23px"),
    "--belowline-text": (RED, ".comment-body", "color", RED),
    "--belowline-text-soft": (RED, ".rules-line", "color", RED),
    "--belowline-background": (RED, ".bl-form textarea", "backgroundColor", RED),
    "--belowline-background-soft": (RED, ".comment-body code", "backgroundColor", RED),
    "--belowline-line": (RED, ".replies > .comment", "borderInlineStartColor", RED),
    "--belowline-line-strong": (RED, ".bl-form textarea", "borderTopColor", RED),
    "--belowline-accent": (RED, ".write-line .button", "backgroundColor", RED),
    "--belowline-on-accent": (RED, ".write-line .button", "color", RED),
    "--belowline-warn": (RED, ".own-told", "borderInlineStartColor", RED),
    "--belowline-bad": (RED, ".bl-error", "color", RED),
    "--belowline-radius": ("11px", ".write-line .button", "borderTopLeftRadius", "11px"),
}
"""By property: what a publisher sets, and where what then shows."""


def styled(live: Live, style: str, *, lang: str = 'dir="ltr"') -> str:
    """Make a page with everything that a thread can show, and return its address."""
    staff = factories.make_staff(live.db, live.site.id, Role.EDITOR)
    [root] = published(live, "bridge", "Keep `it` open.")
    with live.db.read() as conn:
        parent = get_comment(conn, live.site.id, CommentId(root))
    factories.make_comment(live.db, live.site.id, parent=parent, text="No.", author_id=staff)
    path = live.embed("bridge", before=f"<style>{style}</style>")
    live.pages[path] = live.pages[path].replace("<html lang=en>", f"<html lang=en {lang}>")
    return live.cross_site + path


def shown(page: Page, selector: str) -> Locator:
    return page.locator(f"belowline-comments {selector}").first


def ready(page: Page) -> None:
    expect(shown(page, ".bl-me, .comment")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def style_of(locator: Locator, name: str) -> str:
    return str(locator.evaluate(f"one => getComputedStyle(one).{name}"))


def test_every_documented_property_works_and_every_property_is_documented(
    live: Live, page: Page
) -> None:
    sheet = (ROOT / "src/belowline/web/static/thread.css").read_text(encoding="utf-8")
    guide = GUIDE.read_text(encoding="utf-8")
    assert set(re.findall(r"var\((--belowline-[a-z-]+)", sheet)) == set(PROPERTIES)
    assert set(re.findall(r"^\| `(--belowline-[a-z-]+)`", guide, re.MULTILINE)) == set(PROPERTIES)
    address = styled(live, "")
    page.goto(address)
    ready(page)
    page.get_by_role("button", name="Reply", exact=True).first.click()
    # What only a reader with something held or refused sees, in the words of the server's page.
    page.evaluate(
        """() => {
            const thread = document.querySelector("belowline-comments").shadowRoot
                .querySelector(".thread");
            for (const name of ["own-told", "bl-error"]) {
                const one = document.createElement("p");
                one.className = name;
                one.textContent = name;
                thread.append(one);
            }
        }"""
    )
    for name, (value, selector, computed, expected) in PROPERTIES.items():
        # On the page itself, as well as on the element: both must do.
        for where in ("belowline-comments", ":root"):
            before = style_of(shown(page, selector), computed)
            sheet_of_theirs = page.add_style_tag(content=f"{where} {{ {name}: {value}; }}")
            after = style_of(shown(page, selector), computed)
            sheet_of_theirs.evaluate("one => one.remove()")
            assert before != after == expected, (name, where)


def test_every_documented_part_can_be_reached(live: Live, page: Page) -> None:
    module = (ROOT / "src/belowline/web/static/parts.js").read_text(encoding="utf-8")
    table = module.partition("const PARTS = {")[2].partition("};")[0]
    parts = set(re.findall(r"(\w+): \"", table))
    guide = set(
        re.findall(r"^\| `::part\((\w+)\)`", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert parts == guide
    rules = "".join(
        f"belowline-comments::part({one}) {{ --seen-{one}: yes; }}\n" for one in sorted(parts)
    )
    page.goto(styled(live, rules))
    ready(page)
    page.get_by_role("button", name="Reply", exact=True).first.click()
    page.get_by_role("button", name="Sign in").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    # What this thread does not happen to show.
    page.evaluate(
        """() => {
            const thread = document.querySelector("belowline-comments").shadowRoot
                .querySelector(".thread");
            for (const name of ["notice", "comment featured", "comment gone"]) {
                const one = document.createElement("div");
                one.className = name;
                thread.append(one);
            }
            const more = document.createElement("p");
            more.className = "more";
            more.append(document.createElement("a"));
            thread.append(more);
        }"""
    )

    seen = page.evaluate(
        """parts => parts.filter(part => [...document.querySelector("belowline-comments").shadowRoot
            .querySelectorAll(`[part~="${part}"]`)].some(one =>
                getComputedStyle(one).getPropertyValue(`--seen-${part}`).trim() === "yes"))""",
        sorted(parts),
    )

    assert set(seen) == parts


def test_a_theme_does_not_reach_what_it_was_not_given(live: Live, page: Page) -> None:
    page.goto(styled(live, ".comment-body, p, a, button { color: rgb(1, 2, 3) !important }"))
    ready(page)

    assert style_of(shown(page, ".comment-body p"), "color") != "rgb(1, 2, 3)"


def test_whoever_asks_for_more_contrast_gets_it(live: Live, page: Page) -> None:
    address = styled(live, "belowline-comments { --belowline-text-soft: #bbb }")
    page.goto(address)
    ready(page)
    soft = style_of(shown(page, ".rules-line"), "color")
    page.emulate_media(contrast="more")

    strong = style_of(shown(page, ".rules-line"), "color")

    assert soft == "rgb(187, 187, 187)"
    assert strong == style_of(shown(page, ".comment-body"), "color")


def test_forced_colours_keep_what_colour_alone_told(live: Live, page: Page) -> None:
    page.goto(styled(live, ""))
    ready(page)
    page.emulate_media(forced_colors="active")

    for selector in (".write-line .button", ".badge"):
        assert style_of(shown(page, selector), "borderTopStyle") == "solid"
    current = shown(page, ".orders [aria-current]")
    assert style_of(current, "borderBottomStyle") == "solid"


@pytest.mark.parametrize("width", [1280, 320])
def test_a_thread_from_right_to_left_is_so(live: Live, browser: Browser, width: int) -> None:
    """The thread has the direction of its site's language, whatever the page around it has."""
    change_site(live.db, live.site, language="ar")
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(styled(live, ""))
    expect(shown(page, ".bl-me button")).to_be_visible()

    reply = shown(page, ".replies > .comment")
    assert style_of(reply, "borderRightWidth") == "2px"
    assert style_of(reply, "borderLeftWidth") == "0px"
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0
    context.close()


def test_what_search_engines_read_is_data_under_our_policy(live: Live, page: Page) -> None:
    published(live, "bridge", "Keep `</script><script>alert(1)</script>` open.")
    page.add_init_script(
        "window.broken = []; addEventListener('securitypolicyviolation',"
        " event => window.broken.push(event.violatedDirective))"
    )
    page.goto(f"{live.url}/s/{live.site.key}/bridge")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()

    told = page.evaluate(
        "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
    )

    assert "</script>" in told["comment"][0]["text"]
    assert page.evaluate("window.broken") == []
