/* Old links to a comment, from the system that a page used before: which comment that is now. Fetched
   only when the page's address has such a link; transfer/permalinks.py knows the same forms. */

import { connect } from "./api.js";

const FORMS = [
  ["coral", /[?&]commentID=([\w-]{1,200})/],
  ["comment", /#comment-(\d{1,20})$/],
  ["isso", /#isso-(\d{1,20})$/],
  ["remark42", /#remark42__comment-([\w.:-]{1,200})$/],
  ["commento", /#(?:commento|comentario)-([\w-]{1,200})$/],
  ["artalk", /#atk-comment-(\d{1,20})$/],
];

/** Return the number that the comment of an old link has here, or undefined if it did not come along. */
export async function find({ origin, site, story }) {
  for (const [form, link] of FORMS) {
    const id = link.exec(location.href)?.[1];
    if (!id) continue;
    const path = `/stories/${encodeURIComponent(story)}/was/${form}/${encodeURIComponent(id)}`;
    try {
      return String(JSON.parse(await connect(origin, site).html(path)).comment);
    } catch {
      // The thread is shown from its beginning, as for every address that names nothing.
    }
  }
  return undefined;
}
