/* What a thread has besides for the people who look after the site: how many comments wait here, and
   deciding about one where it stands. Fetched once the overlay says that somebody is one of them; no
   reader ever loads it.

   It decides on Belowline's own pages alone. In a publisher's page, where other people's scripts run,
   "Decide" is a link that opens the thread there, at the same comment. */

import { bringTo, fromServer, node, t, tn } from "./dom.js";
import { KEYS } from "./reading.js";

const OPENS = /^#decide-(\d{1,18})$/;
const DECIDING = "deciding";
const ready = new WeakSet();

KEYS.m = (reading) => reading.press("decide");

/** Say what waits under the story, and offer to decide about each comment. */
export function tell(thread) {
  const { place, me, config } = thread;
  start(thread);
  place.querySelector(".bl-desk")?.remove();
  if (!me.desk) return;
  const apart = config.embedded ? { target: "_blank", rel: "noopener" } : {};
  const { held, queue_url, pace_url } = me.desk;
  place.querySelector(".thread-head")?.append(node("p", { class: "bl-desk bl-row" },
    held ? node("a", { href: queue_url, ...apart }, tn("%(num)s comment waits for you here", "%(num)s comments wait for you here", held))
      : node("span", {}, t("Nothing waits for you here.")),
    pace_url ? node("a", { href: pace_url, ...apart }, t("Pace of the conversation")) : null));
  for (const one of place.querySelectorAll("[data-comment]")) mark(thread, one);
}

/** Put the way to decide beside a comment's other ways; nobody decides about their own. */
export function mark(thread, article) {
  const foot = article.querySelector(":scope > .comment-foot");
  if (!foot) return;
  foot.querySelector(":scope > .act-decide")?.remove();
  const id = Number(article.dataset.comment);
  if (!thread.me?.desk) {
    thread.place.querySelector(".bl-desk")?.remove();
    return;
  }
  if (thread.own.has(id)) return;
  const { embedded, site, story } = thread.config;
  const there = `/s/${encodeURIComponent(site)}/${encodeURIComponent(story)}?at=${id}#decide-${id}`;
  foot.append(node("a", {
    class: "act act-decide", "data-act": "decide",
    ...(embedded ? { href: thread.page(there), target: "_blank", rel: "noopener" } : { href: thread.me.desk.cases_url + id }),
  }, t("Decide")));
}

function start(thread) {
  if (ready.has(thread)) return;
  ready.add(thread);
  const { place } = thread;
  const root = place.getRootNode();
  (root.head || root).append(node("link", { rel: "stylesheet", href: new URL("moderate.css", import.meta.url).href }));
  if (thread.config.embedded) return;
  place.addEventListener("click", (event) => {
    const link = event.target.closest('[data-act="decide"]');
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    guarded(thread, link, () => open(thread, link.closest("[data-comment]")));
  });
  // Coming from a publisher's page, the comment that was meant is opened at once.
  const article = thread.article(OPENS.exec(location.hash)?.[1]);
  if (!article) return;
  thread.reading.reveal(article);
  article.scrollIntoView({ block: "center" });
  guarded(thread, article, () => open(thread, article));
}

/** Do something once at a time, and say beside it why it could not be done. */
async function guarded(thread, acting, act) {
  if (acting.getAttribute("aria-busy")) return;
  acting.setAttribute("aria-busy", "true");
  const beside = acting.matches("a, button") ? acting.parentElement : acting;
  beside.querySelector(":scope > .bl-error")?.remove();
  try {
    await act();
  } catch (error) {
    beside.append(node("p", { class: "bl-error", role: "alert" }, error.message));
  } finally {
    acting.removeAttribute("aria-busy");
  }
}

/** Ask the desk for a part of a page. An answer that is none is said in words that can be shown. */
async function ask(thread, path, { method = "GET", body, has } = {}) {
  const { origin, site } = thread.config;
  let answer;
  try {
    answer = await fetch(`${origin}/console/${encodeURIComponent(site)}${path}`, { method, body, redirect: "manual" });
  } catch {
    throw new Error(t("No answer came. Are you online? Nothing is lost; please try again."));
  }
  if (!has) return null;
  const made = fromServer(await answer.text(), origin);
  if (made.querySelector(has)) return made;
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    throw new Error(t("You are not signed in any more. Nothing of what you wrote is lost."));
  }
  throw new Error(made.querySelector("main p, main h1")?.textContent || t("Something went wrong. Please try again."));
}

const panelOf = (thread, id) => thread.place.querySelector(`[data-panel][data-about="${id}"]`);

async function open(thread, article) {
  const id = Number(article.dataset.comment);
  const there = panelOf(thread, id);
  if (there) {
    begin(there);
    return;
  }
  const made = await ask(thread, `/cases/${id}/here`, { has: "[data-panel]" });
  // Whatever becomes of the comment meanwhile, what is written here stays on the page.
  article.dataset.status = DECIDING;
  const panel = made.querySelector("[data-panel]");
  article.after(panel);
  work(thread, id, panel);
}

function work(thread, id, panel) {
  panel.dataset.about = id;
  suggest(panel);
  for (const form of panel.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      guarded(thread, panel, () => decide(thread, id, form));
    });
  }
  panel.querySelector("[data-leave]")?.addEventListener("click", () => leave(thread, id));
  panel.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      // What somebody has written goes only when they say so.
      if (hasWritten(panel)) panel.querySelector("[data-leave]")?.focus();
      else leave(thread, id);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("form")?.requestSubmit();
  });
  begin(panel);
}

/** What is wrong comes first, then what is known. */
function begin(panel) {
  bringTo(panel.querySelector("[data-begin]"), "nearest");
  panel.querySelector("[aria-invalid]")?.focus();
}

const hasWritten = (panel) => [...panel.querySelectorAll("textarea")].some((one) => one.value.trim() && one.value !== one.dataset.offered);

/** Take a panel away: the comment is like any other again. */
function release(thread, id) {
  const article = thread.article(id);
  if (article?.dataset.status === DECIDING) delete article.dataset.status;
  return article;
}

async function leave(thread, id) {
  panelOf(thread, id)?.remove();
  bringTo(release(thread, id), "nearest");
  // After a while the case is free again by itself, so it does not matter if this is not heard.
  ask(thread, `/cases/${id}/leave`, { method: "POST" }).catch(() => null);
  // Something may have become of it meanwhile.
  const line = await thread.api.html(`${thread.path}/comments.html?ids=${id}`).catch(() => null);
  if (line === null) return;
  show(thread, id, line);
  // The line that had the focus is another one now.
  if (document.activeElement === document.body) bringTo(thread.article(id), "nearest");
}

async function decide(thread, id, form) {
  const body = new URLSearchParams(new FormData(form));
  const made = await ask(thread, `/cases/${id}/here`, { method: "POST", body, has: "[data-panel], [data-decided]" });
  const old = panelOf(thread, id);
  const panel = made.querySelector("[data-panel]");
  if (!panel) {
    settle(thread, id, old, made);
    return;
  }
  old.replaceWith(panel);
  work(thread, id, panel);
}

/** Say what was decided where the panel was, and show the comment as everybody sees it from now on. */
function settle(thread, id, old, made) {
  const strip = made.querySelector("[data-decided]");
  const line = made.querySelector("template").innerHTML;
  const undo = strip.querySelector("[data-undo]");
  // As long as it can be undone nothing around it is read anew, as where somebody writes.
  strip.classList.toggle("bl-form", Boolean(undo));
  old.replaceWith(strip);
  const article = release(thread, id);
  const branch = article?.closest(".branch");
  // Where the comment leaves with its whole branch, this stays in its place.
  if (article && !find(line)) (branch?.querySelector(".replies") ? article : branch || article).before(strip);
  show(thread, id, line, strip);
  if (undo) countDown(thread, id, strip, undo);
  bringTo(strip, "nearest");
  thread.say(strip.querySelector("span").textContent);
}

const find = (html) => fromServer(html, "").querySelector("[data-comment]");

/** Show a comment's line; `strip` stands where one was that is not there any more. */
function show(thread, id, html, strip = null) {
  const parent = find(html)?.dataset.parent;
  if (thread.article(id)) thread.insert({ id, parent, html });
  else if (strip) {
    strip.before(thread.fragment(html));
    thread.reading.look(thread.article(id)?.closest(".branch"));
  }
}

function countDown(thread, id, strip, undo) {
  const until = performance.now() + Number(undo.dataset.left) * 1000;
  const count = undo.querySelector(".count");
  const end = () => {
    clearInterval(timer);
    strip.classList.remove("bl-form");
    undo.remove();
  };
  const timer = setInterval(() => {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (left > 0) count.textContent = `(${left} s)`;
    else end();
  }, 1000);
  undo.addEventListener("click", () => guarded(thread, undo, async () => {
    const made = await ask(thread, `/decisions/${undo.dataset.undo}/undo-here`, { method: "POST", has: "[data-decided]" });
    end();
    settle(thread, id, strip, made);
  }));
}

/** A first sentence for the reason, and the others that the desk has saved. Neither replaces what is typed. */
function suggest(panel) {
  const form = panel.querySelector("[data-removes]");
  if (!form) return;
  const { rule, reason } = form.elements;
  const saved = form.querySelector("[data-saved]");
  const list = saved?.querySelector("select");
  const groups = [...(list?.querySelectorAll("optgroup") ?? [])];
  const offer = (text) => {
    if (text && (reason.value === "" || reason.value === reason.dataset.offered)) {
      reason.value = text;
      reason.dataset.offered = text;
    }
  };
  const follow = () => {
    offer(rule.selectedOptions[0]?.dataset.suggestion);
    if (!list) return;
    const own = groups.filter((group) => group.dataset.rule === rule.value);
    list.replaceChildren(...own);
    saved.hidden = !own.length;
  };
  rule.addEventListener("change", follow);
  list?.addEventListener("change", () => offer(list.value));
  follow();
}
