/* <belowline-comments site="…" story="…"> shows a story's thread on a publisher's page.

   The thread is the HTML that the server renders, in a shadow root, so that neither page's styles
   reach the other's. It is fetched when the reader comes near, at once when the address names a
   comment. Attributes: site, story, title, url, order, token, api. */

import { connect } from "./api.js";
import { fromServer, node } from "./dom.js";
import { enhance } from "./thread.js";

const HOME = new URL(import.meta.url);
const NEAR = "800px";
const SLOW = 1500;

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
      focus: (/^#(?:belowline-)?c(\d{1,18})$/.exec(location.hash) || [])[1], embedded: true,
    };
    // As an attribute of the element it would pop up as a tooltip over the whole thread.
    this.removeAttribute("title");
    this.#token = this.#token || said("token");
    this.attachShadow({ mode: "open" });
    this.style.display ||= "block";
    this.style.minHeight ||= "20rem";
    if (this.config.focus || !("IntersectionObserver" in window)) {
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
    const { origin, site, story, order } = this.config;
    const root = this.shadowRoot;
    const place = node("div", { "aria-busy": "true" });
    const styles = ["thread.css", "write.css"].map((name) =>
      node("link", { rel: "stylesheet", href: new URL(name, HOME).href }));
    const waiting = node("p", { class: "thread bl-waiting", role: "status" });
    const slow = setTimeout(() => { waiting.textContent = "The comments are on their way …"; }, SLOW);
    root.replaceChildren(...styles, waiting, place);
    const styled = Promise.all(styles.map((link) => new Promise((done) => {
      link.onload = link.onerror = done;
      setTimeout(done, 3000);
    })));
    place.hidden = true;
    try {
      const path = `/stories/${encodeURIComponent(story)}/thread.html`;
      const html = await connect(origin, site).html(order === "best" ? path : `${path}?order=${encodeURIComponent(order)}`);
      place.replaceChildren(fromServer(html, origin));
      await styled;
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

  #sorry(error) {
    const { origin, site, story } = this.config;
    const again = node("button", { type: "button", class: "button" }, "Try again");
    again.onclick = () => this.load();
    return node("section", { class: "thread", "aria-label": "Comments" },
      node("div", { class: "notice", role: "status" },
        node("p", {}, error.status === 404 ? error.message : "The comments could not be loaded."),
        node("p", { class: "bl-row" }, again, node("a", {
          href: `${origin}/s/${encodeURIComponent(site)}/${encodeURIComponent(story)}`,
        }, "Read them on their own page"))));
  }
}

if (!customElements.get("belowline-comments")) {
  customElements.define("belowline-comments", BelowlineComments);
}
