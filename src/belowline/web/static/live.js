/* A thread's live updates: ids and kinds from the server, fragments fetched for what the page shows.

   follow() knows the connection and nothing of the page: it streams while the thread is near and the
   tab is seen, polls the same news where streaming fails, and backs off. watch() is the page's side:
   nothing moves under the reader's eyes until they ask, what is gone goes at once. */

import { bringTo, button, fromServer, node, t, tn } from "./dom.js";

const NEAR = "800px";
const HIDDEN_FOR = 60000;
const QUIET_FOR = 60000;
const POLL = { first: 15000, longest: 240000, grows: 1.5 };
const STREAM_AGAIN = 300000;
const MOST_ERRORS = 3;
const AT_ONCE = 50;
const SPREAD = 1500;

const about = (time) => time * (0.7 + Math.random() * 0.6);

/** Follow a thread from a version on; `on` is told. Returns ask(), take(), stop() and the version. */
export function follow({ path, version, place }, on) {
  const waiting = new Map();
  const stale = new Set();
  let stream = null, timer = null, watchdog = null, hiding = null, refreshing = null;
  let near = false, errors = 0, wait = POLL.first, streamAfter = 0, stopped = false;

  const seen = () => near && document.visibilityState === "visible";

  function hear(news) {
    errors = 0;
    wait = POLL.first;
    if (news.version < version && !news.resync) return;
    version = news.version;
    if (news.resync) {
      waiting.clear();
      stale.clear();
      if (news.mode === "suspended") stop();
      on.resync(news);
      return;
    }
    for (const change of news.changes) {
      const there = on.has(change.id);
      if (change.kind === "gone") {
        waiting.delete(change.id);
        if (there) on.gone(change);
        if (change.line) there ? stale.add(change.id) : waiting.set(change.id, change);
        else stale.delete(change.id);
      } else if (there) stale.add(change.id);
      else if (change.kind === "new" || change.kind === "back") waiting.set(change.id, change);
    }
    for (const id of waiting.keys()) if (on.has(id)) waiting.delete(id);
    on.waiting([...waiting.values()].filter((one) => one.kind !== "gone").length);
    on.state(news);
    // Everybody hears at the same moment; not everybody needs to ask at the same one.
    if (stale.size) refreshing ||= setTimeout(refresh, Math.random() * SPREAD);
  }

  async function lines(ids) {
    const parts = [];
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const answer = await fetch(`${path}/comments.html?ids=${ids.slice(start, start + AT_ONCE).join(",")}`, { credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      parts.push(await answer.text());
    }
    return parts.join("");
  }

  async function refresh() {
    refreshing = null;
    const ids = [...stale].sort((a, b) => a - b);
    stale.clear();
    try {
      on.show(await lines(ids), ids, { asked: false });
    } catch {
      for (const id of ids) stale.add(id);
      refreshing = setTimeout(refresh, about(POLL.first));
    }
  }

  async function take() {
    const ids = [...waiting.keys()].filter((id) => !on.has(id)).sort((a, b) => a - b);
    if (ids.length) on.show(await lines(ids), ids, { asked: true });
    waiting.clear();
    on.waiting(0);
  }

  function open() {
    if (stopped || stream || timer || !seen()) return;
    if (!("EventSource" in window) || Date.now() < streamAfter) poll();
    else connect();
  }

  function connect() {
    stream = new EventSource(`${path}/live?since=${version}`);
    stream.onmessage = (event) => {
      rest();
      hear(JSON.parse(event.data));
    };
    stream.addEventListener("beat", rest);
    stream.onerror = () => {
      errors += 1;
      // While it connects again by itself, the server has told it when.
      if (stream?.readyState !== EventSource.CLOSED && errors < MOST_ERRORS) return;
      close();
      streamAfter = Date.now() + about(STREAM_AGAIN);
      later(about(wait));
    };
    rest();
  }

  // A connection can be dead without anybody saying so; signs of life come more often than this.
  function rest() {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      close();
      later(Math.random() * POLL.first);
    }, QUIET_FOR);
  }

  function later(time) {
    clearTimeout(timer);
    timer = stopped ? null : setTimeout(() => {
      timer = null;
      open();
    }, time);
  }

  async function poll() {
    let found = false;
    try {
      const answer = await fetch(`${path}/changes?since=${version}`, { credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      const news = await answer.json();
      found = news.version !== version;
      if (found) hear(news);
    } catch {
      wait *= POLL.grows;
    }
    if (!found) wait = Math.min(wait * POLL.grows, POLL.longest);
    if (!stopped) later(about(wait));
  }

  /** Ask at once, if no stream tells by itself. */
  function ask() {
    if (stream || stopped) return;
    clearTimeout(timer);
    poll();
  }

  function close() {
    clearTimeout(watchdog);
    stream?.close();
    stream = null;
  }

  function look() {
    clearTimeout(hiding);
    if (seen()) {
      if (!stream && timer && Date.now() >= streamAfter) {
        clearTimeout(timer);
        timer = null;
      }
      open();
    } else {
      hiding = setTimeout(() => {
        close();
        clearTimeout(timer);
        timer = null;
      }, HIDDEN_FOR);
    }
  }

  function stop() {
    stopped = true;
    close();
    for (const one of [timer, hiding, refreshing]) clearTimeout(one);
    watcher?.disconnect();
    document.removeEventListener("visibilitychange", look);
  }

  let watcher = null;
  document.addEventListener("visibilitychange", look);
  if ("IntersectionObserver" in window) {
    watcher = new IntersectionObserver((entries) => {
      near = entries[entries.length - 1].isIntersecting;
      look();
    }, { rootMargin: NEAR });
    watcher.observe(place);
  } else {
    near = true;
    look();
  }
  return { ask, take, stop, get version() { return version; } };
}

/** Keep a page's thread up to date. `thread` is what thread.js made of it. */
export function watch(thread) {
  if (thread.thread?.dataset.version === undefined) return null;
  const shown = () => thread.thread.dataset;
  const active = () => thread.place.getRootNode().activeElement;
  const writes = () => thread.place.querySelector(".bl-form") !== null;
  const { origin, site } = thread.config;
  const path = `${origin}/api/v1/sites/${encodeURIComponent(site)}${thread.path}`;
  let offer = null, following = null;

  const on = {
    has: (id) => Boolean(thread.article(id)),

    waiting(count) {
      // What is new may not belong to the part that is shown.
      if (!count || shown().filter) {
        offer?.remove();
        offer = null;
        return;
      }
      const text = tn("%(num)s new comment", "%(num)s new comments", count);
      if (offer?.isConnected && offer.textContent === text) return;
      offer?.remove();
      offer = ask(text, () => following.take());
    },

    gone({ id, line }) {
      const article = thread.article(id);
      // What only its author can see is the overlay's to change.
      if (article.dataset.status) return;
      if (!line) {
        thread.insert({ id, html: "" });
        return;
      }
      article.classList.add("gone");
      article.replaceChildren(node("p", { class: "gone-line" }, t("This comment is not here any more, or not yet.")));
      thread.reading.look(article.closest(".branch"));
    },

    show(html, ids, { asked }) {
      const made = fromServer(html, origin);
      const found = new Map();
      for (const one of [...made.querySelectorAll("[data-comment]")]) found.set(Number(one.dataset.comment), one);
      const fresh = [];
      for (const id of ids) {
        const line = found.get(id);
        const there = thread.article(id);
        if (!line) {
          if (there && !there.dataset.status) thread.insert({ id, html: "" });
          continue;
        }
        // Somebody writes in it: it is shown as it is when they are done.
        if (there?.querySelector(":scope > .bl-form")) continue;
        const focus = there?.contains(active()) ? active().dataset.act || "" : null;
        const parent = line.dataset.parent;
        const html = (parent ? line : line.closest(".branch")).outerHTML;
        const article = thread.insert({ id, parent, html });
        if (article && !there) {
          settle(article);
          fresh.push(article);
        } else if (article && focus !== null) {
          article.tabIndex = -1;
          (focus && article.querySelector(`[data-act="${focus}"]`) || article).focus({ preventScroll: true });
        }
      }
      if (!asked || !fresh.length) return;
      for (const one of fresh) one.classList.add("fresh");
      thread.say(tn("%(num)s new comment shown.", "%(num)s new comments shown.", fresh.length));
      bringTo(fresh[0]);
    },

    state(news) {
      const count = thread.place.querySelector(".thread-head h2 .count");
      if (count) count.textContent = news.comments;
      const data = shown();
      data.version = news.version;
      const paced = news.pace_seconds + (news.paced_until || "");
      if (data.mode === news.mode && Number(data.rulebook) === news.rulebook && data.paced === paced) return;
      Object.assign(data, { mode: news.mode, rulebook: news.rulebook, paced });
      reload();
    },

    resync(news) {
      offer?.remove();
      offer = null;
      if (news.mode === "suspended") thread.reload();
      else reload();
    },
  };

  function ask(text, act) {
    const made = node("p", { class: "bl-new" }, button(text, { class: "button" }));
    made.firstChild.addEventListener("click", act);
    thread.list.before(made);
    thread.say(text);
    return made;
  }

  /** Read the thread anew; not while somebody is writing in it, and not all at once. */
  function reload() {
    if (writes()) {
      offer?.remove();
      offer = ask(t("This conversation has changed. Show it"), () => { offer = null; thread.reload(); });
    } else setTimeout(() => writes() || thread.reload(), Math.random() * SPREAD);
  }

  /** A reply that came back stands among its siblings by its number, as on a page read anew. */
  function settle(article) {
    const { parent, comment } = article.dataset;
    if (!parent) {
      const falls = { newest: true, oldest: false }[shown().order];
      const branch = article.closest(".branch");
      if (falls === undefined) return;
      const after = [...thread.list.querySelectorAll(":scope > .branch")]
        .find((one) => one !== branch && (Number(one.dataset.root) < Number(comment)) === falls);
      if (after) after.before(branch);
      else thread.list.append(branch);
      return;
    }
    const later = [...thread.place.querySelectorAll(`[data-parent="${Number(parent)}"]`)]
      .find((one) => Number(one.dataset.comment) > Number(comment));
    later?.before(article);
  }

  following = follow({ path, version: Number(shown().version), place: thread.place }, on);
  return following;
}
