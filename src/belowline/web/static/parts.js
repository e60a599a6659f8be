/* The parts of the embed that a publisher's style sheet can reach, by ::part(name). The names are a
   promise (docs/how-to/theme.md); what stands beside them is ours and may change. */

const PARTS = {
  thread: ".thread", head: ".thread-head", heading: ".thread-head h2", notice: ".notice", orders: ".orders",
  comment: ".comment", reply: ".replies > .comment", replies: ".replies", pick: ".featured", gone: ".gone",
  byline: ".byline", badge: ".badge", time: ".when", body: ".comment-body", actions: ".comment-foot", action: ".comment-foot .act",
  button: ".button", more: ".more a, .more-replies a", form: ".bl-form", field: ".bl-form textarea, .bl-form input, .bl-form select",
  dialog: ".bl-dialog",
};

function name(element) {
  for (const [part, selector] of Object.entries(PARTS)) {
    if (element.matches(selector)) element.part.add(part);
    for (const one of element.querySelectorAll(selector)) one.part.add(part);
  }
}

/** Name the parts in a shadow root, those that come later too. */
export function nameParts(root) {
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const one of addedNodes) if (one.nodeType === Node.ELEMENT_NODE && one.isConnected) name(one);
    }
  }).observe(root, { childList: true, subtree: true });
}
