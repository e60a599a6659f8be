/* Belowline's own pages: what the embed can do, the whole page can do too. */

import { node } from "./dom.js";
import { enhance } from "./thread.js";

const thread = document.querySelector(".thread");
if (thread) {
  document.head.append(node("link", { rel: "stylesheet", href: "/static/write.css" }));
  enhance(thread.parentElement, {
    origin: location.origin, site: thread.dataset.site, story: thread.dataset.story,
    focus: (/^#(?:belowline-)?c(\d{1,18})$/.exec(location.hash) || [])[1], embedded: false,
  });
}
