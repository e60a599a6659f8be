"""Reading a page as strictly as a hostile one deserves: only our own elements, in order, closed.

What is checked is the page itself, without the help of its Content-Security-Policy.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from belowline.core.markdown import TAGS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EMPTY = frozenset({"meta", "link", "input", "br", "hr", "img"})
ELEMENTS = TAGS | _words(
    "html head meta title link script body header nav main footer section article aside div span "
    "h1 h2 h3 h4 h5 dl dt dd details summary figure figcaption form fieldset legend label input "
    "textarea select option optgroup button time bdi mark ins del kbd table caption thead tbody tr "
    "th td pre hr small b s q cite abbr datalist output progress meter menu dialog"
)
ATTRIBUTES = _words(
    "abbr accesskey action aria-busy autocapitalize autocomplete autofocus charset checked class "
    "cols colspan content datetime dir disabled download enctype for form headers hidden href id "
    "inputmode lang list max maxlength method min minlength multiple name novalidate open pattern "
    "placeholder property readonly rel required role rows scope selected size spellcheck src start "
    "step summary tabindex title type value width height"
)
OURS = re.compile(r"(?:data|aria)-[a-z]+(?:-[a-z]+)*")
OUR_HOST = "https://comments.paper.example"
ADDRESSES = frozenset({"href", "src", "action", "formaction"})
SAFE = re.compile(r"(?:/(?![/\\])|#|\?|https?://[^/?#\\])", re.ASCII)
BODIES = frozenset({"comment-body", "near-body"})
"""Classes of the elements that hold what a reader wrote as HTML."""


class Reading(HTMLParser):
    """A parsed page: what is wrong with it, its text, and how often each element is there."""

    def __init__(self, *, styled: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.counts: dict[str, int] = {}
        self.words: list[str] = []
        self.values: list[str] = []
        self._open: list[str] = []
        self._body: int | None = None
        self._data: str | None = None
        self._styled = styled

    @property
    def text(self) -> str:
        """Return the text with its white space made single, attribute values after it."""
        return squeeze(" ".join((*self.words, *self.values)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge an element by its name, its attributes and where it stands."""
        self.counts[tag] = self.counts.get(tag, 0) + 1
        allowed = TAGS if self._body is not None else ELEMENTS
        if tag not in allowed:
            self.faults.append(f"<{tag}> at {self.getpos()}")
        if len({name for name, _ in attrs}) != len(attrs):
            self.faults.append(f"an attribute twice in <{tag}> at {self.getpos()}")
        for name, value in attrs:
            self._judge(tag, name, value or "")
        if tag == "script" and dict(attrs).get("type") == "application/ld+json":
            self._data = ""
        if tag not in EMPTY:
            self._open.append(tag)
            classes = (dict(attrs).get("class") or "").split()
            if self._body is None and BODIES.intersection(classes):
                self._body = len(self._open)

    def handle_endtag(self, tag: str) -> None:
        """Take an element's end, which must be that of the last one that was opened."""
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> in {self._open[-3:]} at {self.getpos()}")
            return
        if self._body == len(self._open):
            self._body = None
        self._open.pop()
        if tag == "script" and self._data is not None:
            self._take_data(self._data)

    def _take_data(self, data: str) -> None:
        """Judge what search engines read: JSON without a sign with which HTML could go on."""
        self._data = None
        try:
            json.loads(data)
        except ValueError:
            self.faults.append(f"data that is no JSON before {self.getpos()}")
        if set("<>&") & set(data):
            self.faults.append(f"data with a sign of HTML before {self.getpos()}")

    def handle_data(self, data: str) -> None:
        """Keep text; a style never holds any, and a script nothing but data in JSON."""
        if self._data is not None:
            self._data += data
            return
        if data.strip() and self._open and self._open[-1] in {"script", "style"}:
            self.faults.append(f"a <{self._open[-1]}> with text at {self.getpos()}")
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        """Refuse comments: none of our pages has any, and a half-open one swallows a page."""
        self.faults.append(f"a comment at {self.getpos()}: {data[:40]}")

    def handle_decl(self, decl: str) -> None:
        """Take the one declaration that a page begins with."""
        if decl.lower() != "doctype html" or self.getpos() != (1, 0):
            self.faults.append(f"a declaration at {self.getpos()}: {decl[:40]}")

    def handle_pi(self, data: str) -> None:
        """Refuse processing instructions."""
        self.faults.append(f"an instruction at {self.getpos()}: {data[:40]}")

    def unknown_decl(self, data: str) -> None:
        """Refuse marked sections."""
        self.faults.append(f"a section at {self.getpos()}: {data[:40]}")

    def close(self) -> None:
        """End the page; everything must be closed by now."""
        super().close()
        if self._open:
            self.faults.append(f"never closed: {self._open}")

    def _judge(self, tag: str, name: str, value: str) -> None:
        self.values.append(value)
        if self._body is not None:
            known = tag == "a" and name in {"href", "rel"}
        elif self._styled and name == "style":
            known = True
        else:
            known = name in ATTRIBUTES or OURS.fullmatch(name) is not None
        if not known:
            self.faults.append(f"{name}= in <{tag}> at {self.getpos()}")
        if name in ADDRESSES:
            local = tag in {"script", "link", "img", "form"}
            # A page names itself and its feeds by their whole addresses, which are ours too.
            ours = value.startswith("/") or (tag == "link" and value.startswith(f"{OUR_HOST}/"))
            if not SAFE.match(value) or (local and not ours):
                self.faults.append(f"{name}={value[:60]!r} in <{tag}> at {self.getpos()}")


def squeeze(text: str) -> str:
    """Return the text with single spaces for all white space."""
    return " ".join(text.split())


def read(html: str) -> Reading:
    """Read a part of a page; what is wrong with it fails the test."""
    found = Reading()
    found.feed(html)
    found.close()
    assert found.faults == [], found.faults[:5]
    assert "<!--" not in html
    return found


def read_page(html: str) -> Reading:
    """Read a whole page: beside what a part must be, its landmarks stand in it, once."""
    found = read(html)
    landmarks = {tag: found.counts.get(tag) for tag in ("html", "head", "title", "body", "main")}
    assert set(landmarks.values()) == {1}, landmarks
    assert found.counts.get("header", 0) >= 1
    return found


def read_letter(html: str) -> Reading:
    """Read a letter's HTML, which carries its few styles with it and loads nothing."""
    found = Reading(styled=True)
    found.feed(html)
    found.close()
    assert found.faults == [], found.faults[:5]
    assert not {"link", "script", "img", "form", "style"} & set(found.counts)
    return found
