"""Every attack string in a real browser, without the help of any Content-Security-Policy.

What would run is recorded by hooks, dialogs and requests to other hosts; what could run later is
looked for in the elements and by events of every kind sent to each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import nh3
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from belowline.actions.appeals import file_appeal
from belowline.actions.moderation import DecisionDraft, decide, feature_comment
from belowline.actions.sanctions import SanctionDraft, impose
from belowline.actions.sites import ModeChange, add_story, change_site, set_story_mode
from belowline.core.language import language_of
from belowline.core.markdown import TAGS
from belowline.core.markup import render
from belowline.core.terms import NoticeKind, Outcome, ReaderId, RuleKey, SanctionKind, StoryMode
from belowline.notifications.letters import Envelope, make_letter
from belowline.notifications.messages import compose
from belowline.notifications.model import NoticeFacts
from belowline.stories.model import StoryDraft
from tests import factories
from tests.attacks.corpus import pack
from tests.attacks.world import World, kept, packs
from tests.browser.conftest import Live
from tests.browser.settling import settle, watch

pytestmark = pytest.mark.browser

HOOKS = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = (...given) => { window.ran.push(name + ": " + given.join().slice(0, 80)); };
}
"""
TOUCH = """
() => {
  const wrong = [];
  const kinds = ["mouseover", "mouseenter", "mousemove", "mouseout", "pointerover", "pointerdown",
    "focus", "focusin", "blur", "keydown", "wheel", "toggle", "load", "error", "copy", "cut",
    "paste", "drag", "drop", "animationstart", "animationend", "transitionend", "contextmenu",
    "scroll", "begin", "end", "beforetoggle", "pageshow", "dblclick", "auxclick"];
  const bodies = ".comment-body, .near-body, .words, .quoted, blockquote, td, dd, li, p";
  const stop = (event) => event.preventDefault();
  const never = "iframe,object,embed,svg,math,base,frame,frameset,video,audio,style:not([data-x]),"
    + "template,applet,marquee,isindex,xml,xss";
  let touched = 0;
  const walk = (root) => {
    for (const bad of root.querySelectorAll(never)) wrong.push(bad.outerHTML.slice(0, 80));
    for (const one of root.querySelectorAll("*")) {
      touched += 1;
      for (const { name, value } of [...one.attributes]) {
        if (name.startsWith("on") || name === "srcdoc") wrong.push(name + "=" + value.slice(0, 80));
        if (["href", "src", "action", "formaction"].includes(name)) {
          const scheme = new URL(value, document.baseURI).protocol;
          if (!["http:", "https:"].includes(scheme)) wrong.push(name + "=" + value.slice(0, 80));
        }
      }
      // Data for search engines is in a script too; it is JSON, and no browser runs it.
      if (one.type === "application/ld+json") JSON.parse(one.textContent);
      else if (one.tagName === "SCRIPT" && one.textContent.trim()) wrong.push("a script with text");
      for (const kind of kinds) one.dispatchEvent(new Event(kind, { cancelable: true }));
      if (one.closest(bodies) && !one.closest("[data-act], form, button, summary")) {
        one.addEventListener("click", stop, { once: true });
        one.dispatchEvent(new MouseEvent("click", { cancelable: true }));
      }
      if (one.shadowRoot) walk(one.shadowRoot);
    }
  };
  walk(document);
  const marks = ["main", "h1"].map((tag) => document.querySelectorAll(tag).length);
  return { wrong, touched, marks, ran: window.ran };
}
"""


@dataclass
class Watched:
    """A browser without CSP whose hooks, dialogs and requests are kept."""

    context: BrowserContext
    page: Page
    own: tuple[str, ...]
    dialogs: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def visit(self, address: str, *, within: str = "body", marks: bool = True) -> str:
        """Open an address, touch everything on it, and check that nothing came of it."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == 200
        settle(self.page)
        text = self.page.locator(within).inner_text()
        found: dict[str, Any] = self.page.evaluate(TOUCH)
        self.page.wait_for_timeout(50)
        assert found["wrong"] == [], (address, found["wrong"][:5])
        assert found["touched"] > 3
        assert not marks or found["marks"] == [1, 1], (address, found["marks"])
        assert self.page.evaluate("window.ran") == []
        assert self.dialogs == []
        assert self.left == []
        return text


@pytest.fixture
def watched(browser: Browser, live: Live) -> Iterator[Watched]:
    """Give a browser that takes no notice of any CSP and keeps what happens."""
    context = browser.new_context(bypass_csp=True)
    context.set_default_timeout(15_000)
    context.add_init_script(HOOKS)
    page = watch(context.new_page())
    made = Watched(context, page, (live.url, live.cross_site, live.same_site))
    page.on("dialog", lambda dialog: (made.dialogs.append(dialog.message), dialog.dismiss()))

    def pass_or_keep(route: Route) -> None:
        if route.request.url.startswith((*made.own, "data:", "about:")):
            route.continue_()
        else:
            made.left.append(route.request.url)
            route.abort()

    context.route("**/*", pass_or_keep)
    yield made
    context.close()


def paragraphs(lines: Sequence[str]) -> list[str]:
    """Return the lines, each a paragraph of its own, in a few long texts."""
    texts, size = [""], 15_000
    for line in lines:
        text = kept(line, longest=20_000)
        if len(texts[-1]) + len(text) > size:
            texts.append("")
        texts[-1] = f"{texts[-1]}\n\n{text}".strip()
    return texts


@pytest.mark.parametrize(
    "attack",
    [
        "<img src=/x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<p onmouseover=alert(1)>x</p>",
        "<img src='http://127.0.0.2/x'>",
        "<script>alert(1)</script>",
        "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
        "<form><button formaction=javascript:alert(1)>x</button></form>",
    ],
)
def test_the_watch_itself_sees_what_runs(watched: Watched, live: Live, attack: str) -> None:
    live.pages["/attacked.html"] = f"<!doctype html><title>x</title><main><h1>x</h1>{attack}</main>"

    with pytest.raises(AssertionError):
        watched.visit(f"{live.same_site}/attacked.html", marks=False)


def test_parsed_and_sanitised_again_nothing_changes(watched: Watched, lines: Sequence[str]) -> None:
    rendered = list(dict.fromkeys(render(kept(line, longest=20_000)) for line in lines))

    parsed: list[str] = watched.page.evaluate(
        """(all) => all.map((html) => {
          const place = document.createElement("div");
          document.body.append(place);
          place.innerHTML = html;
          const first = place.innerHTML;
          place.innerHTML = first;
          const same = first === place.innerHTML;
          place.remove();
          return same ? first : "";
        })""",
        rendered,
    )

    for html, again in zip(rendered, parsed, strict=True):
        cleaned = nh3.clean(
            again,
            tags=TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https"},
            link_rel="nofollow ugc noopener noreferrer",
        )
        assert cleaned == html
    assert watched.page.evaluate("window.ran ?? []") == []
    assert watched.dialogs == watched.left == []


def sign_in(watched: Watched, live: Live, reader_id: ReaderId) -> None:
    watched.context.clear_cookies()
    live.sign_in(watched.context, reader_id)


def test_nothing_runs_where_readers_read(
    watched: Watched,
    live: Live,
    lines: Sequence[str],
) -> None:
    world = World(live)  # type: ignore[arg-type]
    titles, texts = packs(lines, 300), paragraphs(lines)
    draft = StoryDraft("bridge", titles[1], f"{live.same_site}/bridge.html")
    story = add_story(live.db, live.site, draft, by=None).id
    authors = world.sign_in_all([line[:40] for line in lines[: len(texts)]])
    made = world.put(story, list(zip(authors, texts, strict=True)))
    world.put(story, [(authors[0], text) for text in lines[:40]], parent=made[-1])
    feature_comment(live.db, made[-1].id, site_id=live.site.id, by=world.editor, reason=titles[2])
    read = [
        watched.visit(f"{live.url}/s/{live.site.key}/bridge?order={order}")
        for order in ("newest", "oldest")
    ]
    assert "alert(1)" in read[0]
    watched.visit(f"{live.url}/s/{live.site.key}/bridge/c/{made[-1].id}")
    watched.visit(f"{live.url}/s/{live.site.key}")
    sign_in(watched, live, authors[0])
    for where in (live.cross_site, live.same_site):
        watched.page.goto(where + live.embed("bridge"))
        watched.page.locator("article").first.wait_for()
        watched.visit(where + live.embed("bridge"), marks=False)
    watched.visit(f"{live.url}/me/{live.site.key}/comments")
    watched.visit(f"{live.url}/me/{live.site.key}/comments/{made[0].id}")
    watched.visit(f"{live.url}/s/{live.site.key}/bridge/write?to={made[-1].id}")
    watched.visit(f"{live.url}/s/{live.site.key}/bridge/c/{made[0].id}/edit")
    watched.visit(f"{live.url}/s/{live.site.key}/bridge/c/{made[-1].id}/report")
    change = ModeChange(StoryMode.CLOSED, packs(lines, 500)[1])
    set_story_mode(live.db, story, site_id=live.site.id, by=world.editor, change=change)
    watched.visit(f"{live.url}/s/{live.site.key}/bridge")


def test_nothing_runs_where_moderators_work(
    watched: Watched,
    live: Live,
    lines: Sequence[str],
) -> None:
    world = World(live)  # type: ignore[arg-type]
    site, key = live.site, live.site.key
    reasons, notes = packs(lines, 2000), packs(lines, 1000)
    texts = paragraphs(lines)
    story = factories.make_story(live.db, site.id, "bridge")
    victim = live.reader("Ann Lee")
    made = world.put(story, [(victim, text) for text in texts[:12]])
    for comment, note in zip(made * 3, notes, strict=False):
        factories.make_report(live.db, comment, note=note)
    for comment, reason in zip(made[:6], reasons, strict=False):
        decision = decide(
            live.db,
            comment.id,
            site_id=site.id,
            by=world.owner,
            decision=DecisionDraft(
                Outcome.REMOVE,
                RuleKey("personal-attack"),
                reason,
                factories.reread(live.db, comment).version,
            ),
        )
        file_appeal(live.db, decision.id, site_id=site.id, by=victim, text=reason)
    draft = SanctionDraft(SanctionKind.WARNING, None, reasons[7], RuleKey("personal-attack"))
    impose(live.db, site_id=site.id, reader_id=victim, by=world.owner, sanction=draft)
    change_site(live.db, site, name=packs(lines, 200)[3])
    desk = f"{live.url}/console/{key}"
    sign_in(watched, live, world.editor)
    for path in ("", "/appeals", "/appeals/1", f"/readers/{victim}", "/stories", "/rules", "/log"):
        watched.visit(f"{desk}{path}")
    for comment in made[:3] + made[-3:]:
        watched.visit(f"{desk}/cases/{comment.id}")
    sign_in(watched, live, victim)
    for path in ("", "/notices", f"/comments/{made[0].id}", "/appeal/1", "/account"):
        watched.visit(f"{live.url}/me/{key}{path}")


def test_nothing_runs_in_a_letter(
    watched: Watched,
    live: Live,
    lines: Sequence[str],
) -> None:
    envelope = Envelope("ann@mail.example", live.url, f"{live.url}/unsubscribe/x")
    for at, words in enumerate(pack((kept(one, longest=20_000) for one in lines), 250_000)):
        facts = NoticeFacts(
            "echo", words, story_title=words, upheld=True, reason=words, featured_reason=words
        )
        for kind in (NoticeKind.APPEAL_DECIDED, NoticeKind.COMMENT_FEATURED):
            letter = make_letter(
                compose(kind, facts),
                at,  # type: ignore[arg-type]
                envelope=envelope,
                language=language_of("en"),
            )
            live.pages[f"/letter{at}.html"] = letter.html
            watched.visit(f"{live.same_site}/letter{at}.html", marks=False)
