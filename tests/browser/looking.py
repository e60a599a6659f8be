"""Looking at a page as people do who see, hear or handle it differently.

What axe finds, in light and dark, on a desk and on a phone; targets too small to hit; and pages
wider than a small phone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 700}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEAST_TARGET = 24

RUN_AXE = """
async ({besides = [], ...only}) => {
  const off = Object.fromEntries(besides.map((one) => [one, {enabled: false}]));
  const {violations} = await axe.run(document, {
    runOnly: only, resultTypes: ["violations"], preload: false,
    rules: {"target-size": {enabled: true}, ...off},
  });
  return violations.flatMap(({id, help, nodes}) => nodes.slice(0, 4).map((one) =>
    `${id}: ${help}: ${one.target.join(" ")}: ${one.any.concat(one.all, one.none)
      .map(({message}) => message).join("; ").slice(0, 300)}`));
}
"""

# Everything that can be pressed, in open shadow roots too. A link inside a sentence is as high as
# its line, which WCAG 2.5.8 allows; a small box counts with the label that one presses instead.
FIND_SMALL = """
(least) => {
  const found = [];
  const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const isWord = (node) => node.nodeType === 3 && /\\w/.test(node.data);
  const walk = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) walk(one.shadowRoot);
      if (!one.matches(targets)) continue;
      if (!one.checkVisibility({visibilityProperty: true}) || one.closest(".skip")) continue;
      const target = one.matches("[type=radio], [type=checkbox]") && one.closest("label") || one;
      const style = getComputedStyle(one);
      const inSentence = one.matches("a") && style.display === "inline" &&
        [...one.parentElement.childNodes].some(isWord);
      if (inSentence) continue;
      const {width, height} = target.getBoundingClientRect();
      if (width < least - .5 || height < least - .5) {
        const size = `${Math.round(width)}×${Math.round(height)}`;
        found.push(`small target ${size}: ${one.outerHTML.slice(0, 140)}`);
      }
    }
  };
  walk(document);
  return found.slice(0, 6);
}
"""

# Branches far from the window are not laid out, and have no true sizes before one scrolls there.
DRAW_ALL = """
() => {
  const walk = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) walk(one.shadowRoot);
      if (one.matches(".branch")) one.style.contentVisibility = "visible";
    }
  };
  walk(document);
}
"""

FIND_WIDE = """
() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const found = [...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > room + 1)
    .slice(0, 3).map((one) => `wider than ${room}: ${one.outerHTML.slice(0, 140)}`);
  return found.length ? found : [`wider than ${room}`];
}
"""


def look(page: Page) -> list[str]:
    """Return everything that is wrong with the page as it is open now."""
    page.evaluate(AXE)
    page.evaluate(DRAW_ALL)
    rules: dict[str, Any] = {"type": "tag", "values": TAGS}
    # Colours are all that a colour scheme changes, so in the dark nothing else is asked again.
    # They take longer than all the rest, so those of a phone are looked at in the dark alone.
    contrast: dict[str, Any] = {"type": "rule", "values": ["color-contrast"]}
    no_contrast = {**rules, "besides": ["color-contrast"]}
    found: list[str] = []
    for size, name, in_light in ((DESK, "desk", rules), (PHONE, "phone", no_contrast)):
        page.set_viewport_size(size)
        for scheme, only in (("light", in_light), ("dark", contrast)):
            page.emulate_media(color_scheme=scheme)
            found += [f"{name}, {scheme}: {one}" for one in page.evaluate(RUN_AXE, only)]
        page.emulate_media(color_scheme="light")
        found += [f"{name}: {one}" for one in page.evaluate(FIND_SMALL, LEAST_TARGET)]
    page.set_viewport_size(SMALL)
    found += page.evaluate(FIND_WIDE)
    page.set_viewport_size(DESK)
    return found
