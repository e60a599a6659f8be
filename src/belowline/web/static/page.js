/* Belowline's own pages: what the embed can do, the whole page can do too. */

import { learn } from "./dom.js";
import { enhance, namedComment } from "./thread.js";

const thread = document.querySelector(".thread");
if (thread) {
  await learn(thread.lang);
  enhance(thread.parentElement, {
    origin: location.origin, site: thread.dataset.site, story: thread.dataset.story,
    focus: namedComment(), embedded: false,
  });
}
