/* <belowline-comments site="…" story="…"> shows a story's thread on a publisher's page.

   The thread is the HTML that the server renders, in a shadow root, so that neither page's styles
   reach the other's. It is fetched when the reader comes near, at once when the address names a
   comment. Attributes: site, story, title, url, order, token, api. */

import { connect } from "./api.js";
import { fromServer, learn, node, t } from "./dom.js";
import { nameParts } from "./parts.js";
import { enhance, namedComment } from "./thread.js";

const HOME = new URL(import.meta.url);
const NEAR = "800px";
const SLOW = 1500;
const OLD = /[?&]commentID=|#(?:comm?ent|isso|remark42_|atk-)/;
const WAS = "./was.js";

class BelowlineComments extends HTMLElement {
  #token = null;
  #thread = null;
  #watch = null;

  connectedCallback() {
    if (this.shadowRoot) return;
    const said = (name) => this.getAttribute(name);
    this.config = {
      origin: said("api") ? new URL(said("api"), location.href).origin : HOME.origin,
      site: said("site") || "", story: said("story") || "", order: said("order") || "best",
      title: said("title") || document.title,
      url: said("url") || document.querySelector('link[rel="canonical"]')?.href || location.origin + location.pathname,
      focus: namedComment(), embedded: true,
    };
    // As an attribute of the element it would pop up as a tooltip over the whole thread.
    this.removeAttribute("title");
    this.#token = this.#token || said("token");
    nameParts(this.attachShadow({ mode: "open" }));
    this.style.display ||= "block";
    // As high as the window, so that what stands below is out of sight and is never seen to jump.
    this.style.minHeight ||= "100vh";
    if (this.config.focus || OLD.test(location.href) || !("IntersectionObserver" in window)) {
      this.load();
      return;
    }
    this.#watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.load();
    }, { rootMargin: NEAR });
    this.#watch.observe(this);
  }

  /** The publisher's signed token; it can be set at any time, also after the thread is there. */
  get token() {
    return this.#token;
  }

  set token(value) {
    this.#token = value;
    this.#thread?.signInWithToken(value);
  }

  async load() {
    this.#watch?.disconnect();
    const { origin } = this.config;
    const root = this.shadowRoot;
    const place = node("div", { "aria-busy": "true" });
    const style = node("link", { rel: "stylesheet", href: new URL("thread.css", HOME).href });
    const waiting = node("p", { class: "thread bl-waiting", role: "status" });
    // A thread is nearly always in the language of its page; its own words come with it.
    learn(document.documentElement.lang || "en");
    const slow = setTimeout(() => { waiting.textContent = t("The comments are on their way …"); }, SLOW);
    root.replaceChildren(style, waiting, place);
    const styled = new Promise((done) => {
      style.onload = style.onerror = done;
      setTimeout(done, 3000);
    });
    place.hidden = true;
    try {
      if (!this.config.focus && OLD.test(location.href)) {
        this.config.focus = await import(WAS).then(({ find }) => find(this.config)).catch(() => undefined);
      }
      const html = await this.#ask(this.config);
      place.replaceChildren(fromServer(html, origin));
      await Promise.all([styled, learn(place.querySelector(".thread")?.lang || "en")]);
      place.hidden = false;
      this.#thread = enhance(place, { ...this.config, token: this.#token });
    } catch (error) {
      place.hidden = false;
      place.replaceChildren(this.#sorry(error));
    }
    clearTimeout(slow);
    waiting.remove();
    place.removeAttribute("aria-busy");
    this.style.minHeight = "";
    this.dispatchEvent(new CustomEvent("belowline:ready", { bubbles: true }));
  }

  /** Fetch the thread: the page with the comment that the address names, if that is still there. */
  async #ask({ origin, site, story, order, focus }) {
    const asked = new URLSearchParams(order === "best" ? {} : { order });
    if (focus) asked.set("at", focus);
    const path = `/stories/${encodeURIComponent(story)}/thread.html`;
    try {
      return await connect(origin, site).html(`${asked}` ? `${path}?${asked}` : path);
    } catch (error) {
      if (!focus || error.status !== 404) throw error;
      return this.#ask({ origin, site, story, order });
    }
  }

  #sorry(error) {
    const { origin, site, story } = this.config;
    const again = node("button", { type: "button", class: "button" }, t("Try again"));
    again.onclick = () => this.load();
    return node("section", { class: "thread", "aria-label": t("Comments") },
      node("div", { class: "notice", role: "status" },
        node("p", {}, error.status === 404 ? error.message : t("The comments could not be loaded.")),
        node("p", { class: "bl-row" }, again, node("a", {
          href: `${origin}/s/${encodeURIComponent(site)}/${encodeURIComponent(story)}`,
        }, t("Read them on their own page")))));
  }
}

if (!customElements.get("belowline-comments")) {
  customElements.define("belowline-comments", BelowlineComments);
}
