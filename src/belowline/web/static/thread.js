/* What a script adds to a thread that the server rendered: the reader's own things, acting in place,
   more comments without leaving. Every act here is a link to a whole page as long as this is not
   there. Forms and dialogs are fetched when they are first needed. */

import { connect, noAnswer } from "./api.js";
import { bringTo, button, fromServer, kept, node, t, tellTimes, tn, untilWhen } from "./dom.js";
import { Reading } from "./reading.js";

const IN_PLACE = new Set(["respect", "reply", "report", "write", "follow"]);
const MINUTE = 60000;

/** Take over a place that holds a rendered thread. */
export function enhance(place, config) {
  const thread = new Thread(place, config);
  thread.start();
  return thread;
}

/** The comment that the page's address names. */
export const namedComment = () => /^#(?:belowline-)?c(\d{1,18})$/.exec(location.hash)?.[1];

class Thread {
  constructor(place, config) {
    this.place = place;
    this.config = config;
    this.api = connect(config.origin, config.site);
    this.path = `/stories/${encodeURIComponent(config.story)}`;
    // A page that only says "en" leaves open whose English; the reader's browser knows.
    const { lang = "", dir = "" } = this.thread || {};
    const said = lang || document.documentElement.lang;
    Object.assign(place, { lang, dir });
    this.language = navigator.languages.find((one) => one.split("-")[0] === said) || said || undefined;
    this.me = null;
  }

  /** Fetch a module that is needed now, and the styles of what it makes. Raises Refusal without an answer. */
  async bring(module) {
    try {
      this.styles ||= new Promise((done) => {
        const link = node("link", { rel: "stylesheet", href: new URL("write.css", import.meta.url).href });
        link.onload = link.onerror = done;
        const root = this.place.getRootNode();
        (root.head || root).append(link);
      });
      const [made] = await Promise.all([import(module), this.styles]);
      return made;
    } catch {
      throw noAnswer();
    }
  }

  async start() {
    this.live = node("p", { class: "bl-live", role: "status" });
    this.place.append(this.live);
    this.place.addEventListener("click", (event) => this.click(event));
    setInterval(() => tellTimes(this.place, this.language), MINUTE);
    this.reading = new Reading(this);
    this.dress(this.place);
    this.reading.look();
    if (this.config.focus) this.find(this.config.focus);
    addEventListener("hashchange", () => {
      const named = namedComment();
      if (named) this.find(named);
    });
    await this.load();
    import("./live.js").then(({ watch }) => { this.following = watch(this); });
  }

  get thread() {
    return this.place.querySelector(".thread");
  }

  /** What asks for what is shown. */
  get shown() {
    const { filter, order } = this.thread.dataset;
    return filter ? `?filter=${filter}` : `?order=${order || "best"}`;
  }

  get list() {
    return this.place.querySelector(".comments") || this.thread;
  }

  article(id) {
    return this.place.querySelector(`[data-comment="${Number(id)}"]`);
  }

  say(text) {
    this.live.textContent = "";
    setTimeout(() => { this.live.textContent = text; }, 50);
  }

  page(path) {
    return `${this.config.origin}${path}`;
  }

  get standing() {
    return this.page(`/me/${this.config.site}`);
  }

  // What is the reader's own

  async load() {
    let answered = true;
    try {
      this.me = await this.api.get(`${this.path}/me`);
      if (!this.me.signed_in && this.config.token) {
        const token = this.config.token;
        this.config.token = null;
        this.api.keep(await this.api.post("/sign-in/token", { token }));
        this.me = await this.api.get(`${this.path}/me`);
      }
    } catch {
      // Everybody's thread is there all the same, and its links work.
      answered = false;
    }
    if (this.me) await this.apply();
    return answered;
  }

  async signInWithToken(token) {
    this.config.token = token;
    if (token && !this.me?.signed_in) await this.load();
  }

  async apply() {
    const { me } = this;
    this.respected = new Set(me.respected);
    this.own = new Set(me.own_comments);
    this.muted = new Set(me.folded);
    this.editable = new Map(me.editable.map((one) => [one.id, Date.parse(one.until)]));
    if (me.signed_in) this.mine ||= await this.bring("./mine.js").catch(() => null);
    this.tellWho();
    if (me.signed_in) this.mine?.refuse(this);
    for (const one of this.place.querySelectorAll("[data-comment]")) this.mine?.mark(this, one);
    for (const one of me.own) this.insert(one, { keep: true });
    // Nearly nobody has begun anything; a browser without storage may have, and does not tell.
    if (kept((store) => Object.keys(store).some((key) => key.startsWith("belowline:draft:"))) === false) return;
    (await this.bring("./write.js").catch(() => null))?.openDrafts(this);
  }

  tellWho() {
    // A thread that is hidden from everybody has no such place.
    const place = this.place.querySelector(".bl-me");
    if (!place) return;
    const within = place.contains(place.getRootNode().activeElement);
    const told = this.me.signed_in ? this.mine?.account(this) : [button(t("Sign in"), { class: "act", "data-act": "sign-in" })];
    place.replaceChildren(...told?.filter((one) => one) ?? [], button(t("Keys"), { class: "act bl-keys", "data-act": "keys" }));
    if (within) place.querySelector("a, button").focus();
  }

  // What the server rendered, made ready

  dress(root) {
    for (const link of root.querySelectorAll("a[data-act]")) {
      if (!IN_PLACE.has(link.dataset.act)) continue;
      const acting = node("button", { type: "button", class: link.className, "data-act": link.dataset.act });
      if (/respect|follow/.test(link.dataset.act)) acting.setAttribute("aria-pressed", "false");
      acting.append(...link.childNodes);
      link.replaceWith(acting);
    }
    for (const foot of root.querySelectorAll(".comment:not(.own) > .comment-foot")) {
      const link = button(t("Link"), { class: "act", "data-act": "link", title: t("Copy a link to this comment") });
      foot.insertBefore(link, foot.querySelector(".act-report"));
    }
    tellTimes(root, this.language);
    this.reading.dress(root);
    if (this.me) for (const one of root.querySelectorAll("[data-comment]")) this.mine?.mark(this, one);
  }

  fragment(html) {
    const made = fromServer(html, this.config.origin);
    this.dress(made);
    return made;
  }

  /** Show a comment where it belongs: in place of itself, below what it answers, or first. */
  insert({ id, parent, html }, { keep = false } = {}) {
    const made = this.fragment(html);
    const article = made.querySelector("[data-comment]");
    const there = this.article(id);
    if (!article) {
      const branch = there?.closest(".branch");
      (branch?.querySelector(".replies") ? there : branch || there)?.remove();
      if (branch) this.reading.look(branch);
      return null;
    }
    if (there) {
      if (!keep || there.classList.contains("gone")) there.replaceWith(article);
    } else if (parent) {
      if (!this.below(parent, article)) return null;
    } else {
      this.place.querySelector(".empty")?.remove();
      const oldest = this.thread.dataset.order === "oldest" && !keep;
      this.list[oldest ? "append" : "prepend"](made);
    }
    if (this.me) this.mine?.mark(this, article);
    this.reading.look(article.closest(".branch"));
    return this.article(id);
  }

  below(parent, article) {
    const above = this.article(parent);
    const branch = above?.closest(".branch");
    if (!branch) return false;
    let replies = branch.querySelector(".replies");
    if (!replies) {
      replies = node("div", { class: "replies" });
      branch.append(replies);
    }
    const depth = (one) => Number(/indent-(\d)/.exec(one.className)?.[1] || 0);
    if (!depth(above)) {
      const more = replies.querySelector(".more-replies");
      if (more) more.before(article);
      else replies.append(article);
      return true;
    }
    let after = above;
    while (after.nextElementSibling?.dataset.comment && depth(after.nextElementSibling) > depth(above)) {
      after = after.nextElementSibling;
    }
    after.after(article);
    return true;
  }

  countUp(by) {
    // Live updates may have told the new number already.
    if (this.following) return this.following.ask();
    const count = this.place.querySelector(".thread-head h2 .count");
    if (count && /^\d+$/.test(count.textContent)) count.textContent = Number(count.textContent) + by;
  }

  /** Go to a comment, wherever in the thread it stands. */
  async find(id) {
    if (!this.article(id)) {
      try {
        await this.reload(`?order=${this.thread.dataset.order}&at=${id}`);
      } catch (error) {
        if (!error.code) throw error;
        this.say(error.status === 404 ? t("The comment you came for is not here any more.") : error.message);
        return;
      }
    }
    const article = this.article(id);
    if (!article) return;
    for (const one of this.place.querySelectorAll(".comment.focus")) one.classList.remove("focus");
    article.classList.add("focus");
    this.reading.reveal(article);
    bringTo(article);
    this.say(t("This is the comment that the link leads to."));
  }

  // Acting

  async click(event) {
    const acting = event.target.closest("[data-act]");
    if (!acting || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const act = ACTS[acting.dataset.act];
    if (!act) return;
    event.preventDefault();
    if (acting.getAttribute("aria-busy")) return;
    acting.setAttribute("aria-busy", "true");
    try {
      acting.parentElement.querySelector(".bl-error")?.remove();
      await this.again(() => act(this, acting, acting.closest("[data-comment]")));
    } catch (error) {
      this.fail(acting, error);
    } finally {
      acting.removeAttribute("aria-busy");
    }
  }

  fail(acting, error) {
    if (!error.code) throw error;
    acting.parentElement.append(node("p", { class: "bl-error", role: "alert" },
      error.message + untilWhen(error.context?.until, this.language)));
  }

  /** Say whether somebody is signed in, after asking them to. Raises Refusal without an answer. */
  async reader(why = "") {
    if (!this.me && !await this.load()) throw noAnswer();
    if (this.me.signed_in) return true;
    const { signIn } = await this.bring("./ask.js");
    if (!await signIn(this, why)) return false;
    if (!await this.load()) throw noAnswer();
    if (this.me.signed_in) this.say(t("You are signed in as %(name)s.", this.me));
    return this.me.signed_in;
  }

  /** Do something; if the session turns out to have ended, ask to sign in and do it once more. */
  async again(act) {
    try {
      return await act();
    } catch (error) {
      if (error.code !== "not_signed_in") throw error;
      this.me = null;
      if (!await this.reader(t("You are not signed in any more. Nothing of what you wrote is lost."))) return undefined;
      return act();
    }
  }

  async write(to, options = {}) {
    const { openForm } = await this.bring("./write.js");
    return openForm(this, to, options);
  }

  async respect(acting, article) {
    const before = this.me?.signed_in;
    if (!await this.reader()) return;
    const was = acting.getAttribute("aria-pressed") === "true";
    // Whoever had to sign in first meant to give respect, and may have given it long ago.
    if (!acting.isConnected || (!before && was)) return;
    const count = Number(acting.querySelector(".count")?.textContent || 0);
    const show = (on, number) => {
      acting.setAttribute("aria-pressed", String(on));
      acting.querySelector(".count")?.remove();
      acting.textContent = acting.textContent.trim();
      if (number > 0) acting.append(" ", node("span", { class: "count" }, String(number)));
    };
    show(!was, count && count + (was ? -1 : 1));
    const id = Number(article.dataset.comment);
    try {
      const answer = await this.api[was ? "drop" : "put"](`/comments/${id}/respect`);
      // In a comment's first hour nobody is told the number.
      show(!was, answer.respect ?? 0);
      this.respected[was ? "delete" : "add"](id);
    } catch (error) {
      show(was, count);
      throw error;
    }
  }

  async follow() {
    const before = this.me?.signed_in;
    // Whoever had to sign in first meant to follow, and may have followed it long ago.
    if (await this.reader() && (before || !this.me.following)) await this.mine?.follow(this);
  }

  async more(link) {
    const made = this.fragment(await this.api.html(`${this.path}/thread.html${new URL(link.href).search}`));
    const branches = [...made.querySelectorAll(".branch")].filter((one) => !this.article(one.dataset.root));
    const further = made.querySelector(".more");
    const old = link.closest(".more");
    this.list.append(...branches);
    if (further) old.replaceWith(further);
    else old.remove();
    for (const one of branches) this.reading.look(one);
    this.say(tn("%(num)s more comment.", "%(num)s more comments.", branches.length));
    bringTo(branches[0]?.querySelector("[data-comment]"));
  }

  async moreReplies(link) {
    const root = link.closest(".branch").dataset.root;
    const after = link.dataset.after ? `?after=${encodeURIComponent(link.dataset.after)}` : "";
    const made = this.fragment(await this.api.html(`${this.path}/comments/${root}/replies.html${after}`));
    const found = [...(made.querySelector(".replies")?.children || [])].filter((one) => !one.dataset.comment || !this.article(one.dataset.comment));
    const replies = found.filter((one) => one.dataset.comment);
    const branch = link.closest(".branch");
    link.closest(".more-replies").replaceWith(...found);
    this.reading.look(branch);
    this.say(tn("%(num)s more reply.", "%(num)s more replies.", replies.length));
    bringTo(replies[0]);
  }

  /** Show another order of the thread, or a part of it: what an address of its page asks for. */
  async reorder(search) {
    await this.reload(search);
    const chosen = this.place.querySelector('.orders [aria-current="true"]') || this.place.querySelector(".orders a");
    chosen?.focus();
    this.say(`${chosen?.textContent}.`);
  }

  async reload(search = this.shown) {
    const made = this.fragment(await this.api.html(`${this.path}/thread.html${search}`));
    this.thread.replaceWith(made);
    this.reading.look();
    if (this.me) await this.apply();
  }

  async keys() {
    (await this.bring("./keys.js")).showKeys(this);
  }
}

const ACTS = {
  respect: (thread, acting, article) => thread.respect(acting, article),
  write: (thread) => thread.write(null),
  reply: (thread, acting, article) => thread.write(article.dataset.comment, { quote: thread.reading.quote(acting) }),
  edit: async (thread, acting, article) => (await thread.bring("./write.js")).openEdit(thread, article),
  report: async (thread, acting, article) => {
    const ask = await thread.bring("./ask.js");
    if (!thread.me?.signed_in && !await ask.lanes(thread, article)) return;
    if (await thread.reader()) ask.report(thread, article);
  },
  withdraw: async (thread, acting, article) => (await thread.bring("./ask.js")).withdraw(thread, article),
  more: (thread, acting) => thread.more(acting),
  "more-replies": (thread, acting) => thread.moreReplies(acting),
  order: (thread, acting) => thread.reorder(new URL(acting.href).search),
  fold: (thread, acting, article) => thread.reading.fold(article),
  next: (thread) => thread.reading.next(),
  parent: (thread, acting, article) => thread.reading.parent(article),
  link: async (thread, acting, article) => (await thread.bring("./ask.js")).copyLink(thread, acting, article),
  follow: (thread) => thread.follow(),
  unmute: (thread, acting, article) => thread.mine.mute(thread, article, false),
  keys: (thread) => thread.keys(),
  "sign-in": (thread) => thread.reader(),
  "sign-out": async (thread) => (await thread.bring("./ask.js")).signOut(thread),
};
