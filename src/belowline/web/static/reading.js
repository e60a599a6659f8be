/* Reading a thread: keys, branches folded away, what is new since the last visit, passages to quote.
   What it remembers stays in this browser. */

import { bringTo, button, kept, node, t, tn } from "./dom.js";

const KEYS_OFF = "belowline:keys-off";
const SAME_VISIT = 30 * 60000;
const SETTLED = 250;

export const KEYS = {
  j: (reading) => reading.move(1),
  k: (reading) => reading.move(-1),
  r: (reading) => reading.press("reply"),
  c: (reading) => reading.fold(reading.current()),
  n: (reading) => reading.next(),
  p: (reading) => reading.parent(reading.current()),
  "?": (reading) => reading.thread.keys(),
};

export class Reading {
  constructor(thread) {
    this.thread = thread;
    this.place = thread.place;
    const { origin, site, story } = thread.config;
    this.name = `${origin}:${site}:${story}`;
    this.folded = new Set(kept((store) => JSON.parse(store.getItem(`belowline:folded:${this.name}`)), "sessionStorage"));
    this.visit();
    const hear = (event) => {
      const path = event.composedPath();
      this.here = path.includes(this.place);
      if (this.here) this.at = path.find((one) => one.dataset?.comment) || this.at;
    };
    document.addEventListener("pointerdown", hear);
    document.addEventListener("focusin", hear);
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("selectionchange", () => {
      clearTimeout(this.selecting);
      this.selecting = setTimeout(() => this.select(), SETTLED);
    });
    // Otherwise pressing the button would end the selection before the click comes.
    this.place.addEventListener("mousedown", (event) => {
      if (this.quoting?.acting.contains(event.target)) event.preventDefault();
    });
  }

  // Keys. They act while the reader is in the thread, never while somebody writes, and can be switched off.

  get off() {
    return Boolean(kept((store) => store.getItem(KEYS_OFF)) ?? this.silent);
  }

  set off(off) {
    this.silent = off || null;
    kept((store) => (off ? store.setItem(KEYS_OFF, "1") : store.removeItem(KEYS_OFF)));
  }

  key(event) {
    const act = Object.hasOwn(KEYS, event.key) && KEYS[event.key];
    if (!act || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const [target] = event.composedPath();
    if (target.closest?.("input, textarea, select, dialog, [contenteditable]") || this.off) return;
    if (!this.here && (this.thread.config.embedded || target !== document.body)) return;
    event.preventDefault();
    act(this);
  }

  /** The comment that was focused or pressed last, as it is now. */
  stood() {
    return this.at && this.thread.article(this.at.dataset.comment);
  }

  lines() {
    return [...this.place.querySelectorAll("[data-comment]:not([hidden])")];
  }

  /** The comment that the reader is at; at first it is the first one in sight. */
  current() {
    return this.stood() || this.lines().find((one) => one.getBoundingClientRect().bottom > 0);
  }

  move(step) {
    const lines = this.lines();
    const stood = this.stood();
    const to = stood ? lines[lines.indexOf(stood) + step] : this.current();
    if (to) this.go(to);
    else if (step > 0) this.place.querySelector(".more:not(.earlier) a")?.focus();
  }

  go(article) {
    this.reveal(article);
    this.at = article;
    bringTo(article, "nearest");
  }

  press(act) {
    this.current()?.querySelector(`:scope > .comment-foot [data-act="${act}"]`)?.click();
  }

  parent(article) {
    const id = article?.dataset.parent;
    const there = this.thread.article(id);
    if (there) this.go(there);
    else if (id) return this.thread.find(id);
    return undefined;
  }

  // Branches

  fold(article) {
    if (!article) return;
    const { comment, parent } = article.dataset;
    if (!article.querySelector(":scope > .bl-fold, :scope > .comment-head > .bl-fold")) {
      // A reply that nobody answered goes with its neighbours.
      if (parent && this.thread.article(parent)) this.fold(this.thread.article(parent));
      return;
    }
    if (!this.folded.delete(comment)) this.folded.add(comment);
    kept((store) => store.setItem(`belowline:folded:${this.name}`, JSON.stringify([...this.folded])), "sessionStorage");
    this.look(article.closest(".branch"));
    if (!article.contains(this.place.getRootNode().activeElement)) this.go(article);
  }

  /** Unfold whatever a comment is folded under. */
  reveal(article) {
    if (!article?.hidden) return;
    for (let one = article; one; one = this.thread.article(one.dataset.parent)) this.folded.delete(one.dataset.parent);
    this.look(article.closest(".branch"));
  }

  /** Bring a branch, or all, into line with what is folded and with what has come. */
  look(branch) {
    if (!branch) {
      for (const one of this.place.querySelectorAll(".branch")) this.look(one);
      return;
    }
    const lines = [...branch.querySelectorAll("[data-comment]")];
    const below = new Map();
    for (const { dataset: { comment, parent } } of [...lines].reverse()) {
      below.set(parent, (below.get(parent) || 0) + 1 + (below.get(comment) || 0));
    }
    const under = new Set();
    const more = branch.querySelectorAll(".more-replies");
    for (const one of lines) {
      const { comment, parent } = one.dataset;
      const folded = this.folded.has(comment);
      one.hidden = under.has(parent);
      if (one.hidden || folded) under.add(comment);
      const count = below.get(comment);
      const told = count + (more.length && !parent ? "+" : "");
      let fold = one.querySelector(":scope > .bl-fold, :scope > .comment-head > .bl-fold");
      if (!count) fold?.remove();
      else if (!fold) {
        fold = button("", { class: "act bl-fold", "data-act": "fold" });
        (one.querySelector(":scope > .comment-head") || one).append(fold);
      }
      fold?.setAttribute("aria-expanded", String(!folded));
      if (count && fold.dataset.count !== told) {
        fold.dataset.count = told;
        fold.replaceChildren(told, node("span", {}, " ", tn("reply", "replies", count)));
      }
    }
    for (const one of more) one.hidden = this.folded.has(branch.dataset.root);
  }

  // What is new

  visit() {
    const name = `belowline:seen:${this.name}`;
    const now = Date.now();
    const last = kept((store) => JSON.parse(store.getItem(name)));
    // A reload is not another visit.
    this.since = last && now - last.at > SAME_VISIT ? last.at : last?.since;
    const keep = () => kept((store) => store.setItem(name, JSON.stringify({ at: Date.now(), since: this.since })));
    keep();
    addEventListener("pagehide", keep);
  }

  /** Mark in freshly made HTML what is newer than the last visit. */
  dress(root) {
    if (!this.since) return;
    for (const head of root.querySelectorAll(".comment:not(.own) > .comment-head")) {
      const time = head.querySelector(".when time");
      if (Date.parse(time?.dateTime) > this.since && !head.querySelector(".bl-unread")) {
        time.parentElement.after(button(t("New"), { class: "act bl-unread", "data-act": "next", title: t("Go to the next new comment") }));
      }
    }
  }

  next() {
    const at = this.stood();
    const found = [...this.place.querySelectorAll(".bl-unread")].map((one) => one.closest("[data-comment]"));
    const to = found.find((one) => one !== at && (!at || at.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING));
    if (to) this.go(to);
    else this.thread.say(found.length ? t("There are no more new comments below.") : t("Nothing is new here since your last visit."));
  }

  // Quoting: while a passage is selected, its comment's Reply takes it along.

  select() {
    if (this.quoting) this.quoting.acting.textContent = this.quoting.label;
    this.quoting = null;
    const found = passage(this.place);
    const acting = found?.article.querySelector(':scope > .comment-foot [data-act="reply"]');
    if (!acting) return;
    this.quoting = { acting, label: acting.textContent, range: found.range };
    acting.textContent = t("Quote");
  }

  quote(acting) {
    return this.quoting?.acting === acting ? this.quoting.range : null;
  }
}

function passage(place) {
  const root = place.getRootNode();
  const selection = root.getSelection ? root.getSelection() : getSelection();
  const found = root.getSelection || !selection.getComposedRanges
    ? selection.rangeCount && selection.getRangeAt(0)
    : selection.getComposedRanges({ shadowRoots: [root] })[0];
  if (!found || found.collapsed) return null;
  const start = found.startContainer;
  const body = (start.closest ? start : start.parentElement)?.closest(".comment-body");
  if (!body || !place.contains(body)) return null;
  const range = document.createRange();
  range.setStart(start, found.startOffset);
  // A paragraph selected by three clicks ends where the next one begins.
  if (body.contains(found.endContainer)) range.setEnd(found.endContainer, found.endOffset);
  else range.setEnd(body, body.childNodes.length);
  return { article: body.closest("[data-comment]"), range };
}
