/* The form in which a comment, a reply or an edit is written, at its place in the thread. */

import { bringTo, button, newId, node, t, untilWhen } from "./dom.js";
import { begunReplies, dropDraft, findDraft, keepDraft, newKey } from "./drafts.js";

const CHECK_FOR = 2000;

const told = (status) => ({
  published: t("Your comment is published."),
  held: t("Your comment waits for a moderator. Only you can see it."),
  refused: t("Your comment was not published. You can see why, and word it differently."),
})[status];

/** Open the form for a comment (`to` is null) or a reply, or go to it if it is open. */
export function openForm(thread, to, { quiet = false, quote = null } = {}) {
  const known = thread.place.querySelector(`.bl-form[data-to="${to ?? ""}"]`);
  if (known) {
    if (!quiet) known.take(quote);
    return;
  }
  const { config } = thread;
  const above = to ? thread.article(to) : null;
  const line = thread.place.querySelector(".write-line");
  const draft = findDraft(config, to) || { text: "", key: newKey() };
  const name = above?.querySelector(".byline bdi")?.textContent;
  const form = makeForm(thread, {
    to, label: name ? t("Your reply to %(name)s", { name }) : t("Your comment"), text: draft.text, send: t("Send"),
    changed(text) {
      Object.assign(draft, { text, away: false });
      if (text) keepDraft(config, to, draft);
      else dropDraft(config, to);
    },
    async act(text, accepts) {
      const sent = { text, client_key: draft.key };
      if (to) sent.parent = Number(to);
      if (accepts) sent.accepts = accepts;
      if ("unknown" in thread.thread.dataset && config.url) sent.story = { title: config.title, url: config.url };
      const answer = await thread.api.post(`${thread.path}/comments`, sent);
      dropDraft(config, to);
      delete thread.thread.dataset.unknown;
      thread.own.add(answer.id);
      if (answer.editable_until) thread.editable.set(answer.id, Date.parse(answer.editable_until));
      if (answer.status === "published" && !thread.article(answer.id)) thread.countUp(1);
      // What was refused stays in the form, to be worded differently and sent as another comment.
      if (answer.status === "refused") draft.key = newKey();
      else close(false);
      thread.say(told(answer.status));
      bringTo(thread.insert(answer));
    },
    cancel() {
      // What was put away does not come back by itself, but when the form is opened again.
      if (draft.text) keepDraft(config, to, Object.assign(draft, { away: true }));
      close(true);
    },
  });
  function close(back) {
    form.remove();
    if (!to && line) line.hidden = false;
    if (back) (to ? above.querySelector('[data-act="reply"]') : line?.querySelector("button"))?.focus();
  }
  if (above) above.append(form);
  else {
    line.hidden = true;
    line.after(form);
  }
  form.grow();
  if (!quiet) form.take(quote);
}

/** Open the forms of what was begun here and not put away. */
export function openDrafts(thread) {
  const { config, place } = thread;
  const isOpen = (to) => {
    const draft = findDraft(config, to);
    return draft?.text && !draft.away;
  };
  const line = place.querySelector(".write-line");
  if (isOpen(null) && line && !line.hidden) openForm(thread, null, { quiet: true });
  for (const to of begunReplies(config)) {
    if (isOpen(to) && thread.article(to)?.querySelector('[data-act="reply"]')) openForm(thread, to, { quiet: true });
  }
}

/** Open an own comment for editing. */
export async function openEdit(thread, article) {
  if (article.querySelector(":scope > .bl-form")) return;
  const id = Number(article.dataset.comment);
  const { text } = await thread.api.get(`/comments/${id}`);
  const hidden = [...article.querySelectorAll(":scope > .comment-body, :scope > .comment-foot")];
  const form = makeForm(thread, {
    to: `edit-${id}`, label: t("Edit your comment"), text, send: t("Save"), edits: true,
    async act(changed) {
      const answer = await thread.api.patch(`/comments/${id}`, { text: changed });
      thread.say(answer.status === "published" ? t("Your change is saved.") : told(answer.status));
      bringTo(thread.insert(answer));
    },
    cancel() {
      form.remove();
      for (const one of hidden) one.hidden = false;
      article.querySelector('[data-act="edit"]')?.focus();
    },
  });
  for (const one of hidden) one.hidden = true;
  article.append(form);
  form.grow();
  form.querySelector("textarea").focus();
}

/** The words of a passage, its paragraphs apart. */
function wordsOf(range) {
  const part = range.cloneContents();
  const parts = range.commonAncestorContainer.className === "comment-body" ? [...part.childNodes] : [part];
  return parts.map((one) => one.textContent.trim()).filter(Boolean).join("\n\n");
}

function makeForm(thread, { to, label, text, send, changed = () => {}, act, cancel, edits = false }) {
  const id = newId();
  const area = node("textarea", { id, rows: 4, required: true, dir: "auto", "aria-describedby": `${id}-error` });
  const error = node("p", { class: "bl-error", id: `${id}-error`, role: "alert", hidden: true });
  const sending = node("button", { type: "submit", class: "button" }, send);
  const place = node("div");
  const short = node("div");
  const advice = node("div", { role: "status" });
  const form = node("form", { class: "bl-form", "data-to": to ?? "", novalidate: true },
    short, node("label", { for: id }, label), area, place, advice, error,
    node("div", { class: "bl-row" }, sending, button(t("Cancel"), { class: "act bl-cancel" })));
  area.value = text;
  const fail = (message, where) => {
    error.textContent = message;
    error.hidden = false;
    (where || area).focus();
  };
  const mustAccept = () => thread.me?.signed_in && !thread.me.rulebook.accepted && !edits;
  const ask = () => {
    const { me } = thread;
    if (me?.first_time && !short.firstChild) short.append(rulesAtFirst(thread));
    if (mustAccept() && !place.firstChild) place.append(rulesToAccept(thread));
  };
  // Browsers that know field-sizing grow by themselves; for the others the height follows the text.
  form.grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  area.oninput = () => {
    form.grow();
    error.hidden = true;
    changed(area.value);
  };
  /** Go to the text, with a passage quoted at its end. */
  form.take = (quote) => {
    const words = quote ? wordsOf(quote).replace(/^/gm, "> ") : "";
    if (words) {
      area.value = `${area.value.trim() && `${area.value.trimEnd()}\n\n`}${words}\n\n`;
      area.oninput();
    }
    area.focus();
  };
  area.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  };
  form.querySelector(".bl-cancel").onclick = cancel;
  let advised = false;
  /** Show once, beside the draft, which rule it is likely to break; it may go all the same. */
  const mayGo = async () => {
    if (advised || edits) return true;
    const { rule, message } = await check(thread, area.value);
    if (!rule) return true;
    advised = true;
    advice.replaceChildren(node("div", { class: "bl-advice" },
      node("p", { dir: "auto" }, node("strong", {}, rule.title), " ", rule.text), node("p", {}, message)));
    sending.textContent = t("Send as it is");
    area.focus();
    return false;
  };
  const post = async () => {
    if (!await thread.reader()) {
      area.focus();
      return;
    }
    ask();
    const box = place.querySelector("input");
    if (mustAccept() && !box.checked) {
      fail(t("Please read and accept the rules first; what you wrote is kept."), box);
      return;
    }
    if (!await mayGo()) return;
    await act(area.value, mustAccept() ? thread.me.rulebook.version : null);
    if (box?.checked) thread.me.rulebook.accepted = true;
    thread.me.first_time = false;
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (sending.getAttribute("aria-disabled")) return;
    error.hidden = true;
    if (!area.value.trim()) {
      fail(t("Write something first."));
      return;
    }
    sending.setAttribute("aria-disabled", "true");
    try {
      await thread.again(post);
    } catch (refusal) {
      if (!refusal.code) throw refusal;
      if (refusal.code === "rules_not_accepted") {
        await thread.load();
        place.replaceChildren();
        ask();
        fail(t("The rules have changed. Please read and accept them; what you wrote is kept."), place.querySelector("input"));
        return;
      }
      fail(refusal.message + untilWhen(refusal.context.until, thread.language));
    } finally {
      sending.removeAttribute("aria-disabled");
    }
  };
  ask();
  return form;
}

/** Ask what a draft is likely to break. Whether it can be told or not, nobody waits for it long. */
async function check(thread, text) {
  try {
    return await thread.api.post(`${thread.path}/check`, { text }, { timeout: CHECK_FOR });
  } catch (error) {
    if (!error.code || error.code === "not_signed_in") throw error;
    return {};
  }
}

function rulesInShort({ rules }) {
  return node("details", {}, node("summary", {}, t("The rules in short")),
    node("ul", {}, rules.map((rule) => node("li", { dir: "auto" }, node("strong", {}, rule.title), " ", rule.text))));
}

/** What somebody who has never written here sees above the box. */
function rulesAtFirst(thread) {
  return node("div", { class: "bl-short" },
    node("p", {}, t("You write here for the first time. What holds here:")),
    node("ul", {}, thread.me.rulebook.rules.map((rule) => node("li", {}, rule.title))));
}

function rulesToAccept(thread) {
  const { rulebook } = thread.me;
  const link = node("a", { href: thread.page(`/rules/${thread.config.site}/${rulebook.version}`), target: "_blank" },
    /\[(.*)\]/.exec(t("I have read and accept [the rules]."))[1]);
  return node("div", { class: "bl-accept" },
    rulesInShort(rulebook),
    node("label", { class: "bl-choice" }, node("input", { type: "checkbox" }),
      node("span", {}, ...t("I have read and accept [the rules].").split(/\[.*\]/).flatMap((part, at) => (at ? [link, part] : [part])))));
}
