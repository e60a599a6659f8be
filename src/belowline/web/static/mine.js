/* What a signed-in reader's thread has besides everybody's: who they are, what they may do and until
   when they may not, their own comments, and whom they would rather not read. Fetched once somebody
   is signed in. */

import { button, node, t, tn, untilWhen } from "./dom.js";

/** Say who is signed in, with what is theirs. */
export function account({ me, standing, api }) {
  const notices = tn("%(num)s new notice", "%(num)s new notices", me.unread);
  return [
    node("span", {}, node("span", { class: "bl-as" }, t("Signed in as"), " "), node("bdi", {}, me.name)),
    node("a", { href: standing }, t("My standing")),
    me.unread ? node("a", { href: `${standing}/notices` }, notices) : null,
    api.before ? node("a", { href: `${standing}/before` }, t("My comments from before")) : null,
    button(t("Sign out"), { class: "act", "data-act": "sign-out" }),
  ];
}

/** Follow the story, or no more. */
export async function follow(thread) {
  const { me, api, path } = thread;
  me.following = (await api[me.following ? "drop" : "put"](`${path}/follow`)).following;
  tellFollowing(thread);
  thread.say(me.following ? t("You follow this conversation.") : t("You follow this conversation no more."));
}

function tellFollowing({ place, me }) {
  place.querySelector('[data-act="follow"]')?.setAttribute("aria-pressed", String(me.following));
}

/** What the people who look after the site have besides: a script of its own, for them alone. */
async function moderate(thread) {
  thread.desk ||= await thread.bring("./moderate.js").catch(() => null);
  thread.desk?.tell(thread);
}

/** Where the reader may not write, say why and until when instead of offering to. */
export function refuse(thread) {
  const { place, me, standing, language } = thread;
  tellFollowing({ place, me });
  if (me.desk) moderate(thread);
  place.querySelector(".bl-standing")?.remove();
  const line = place.querySelector(".write-line");
  if (!line) return;
  const answer = me.standing.post;
  const refused = answer && !answer.allowed;
  line.hidden = Boolean(refused || place.querySelector(".bl-form[data-to='']"));
  if (refused) {
    line.after(node("p", { class: "notice bl-standing", role: "note" },
      answer.message + untilWhen(answer.until, language), " ", node("a", { href: standing }, t("My standing"))));
  }
}

/** Mark in a comment what is the reader's own about it. */
export function mark(thread, article) {
  const id = Number(article.dataset.comment);
  const foot = article.querySelector(":scope > .comment-foot");
  if (!foot) return;
  thread.desk?.mark(thread, article);
  const pressed = foot.querySelector('[data-act="respect"]');
  pressed?.setAttribute("aria-pressed", String(thread.respected.has(id)));
  foot.querySelector(".bl-own")?.remove();
  foldMuted(thread, article, thread.muted.has(id));
  if (!thread.own.has(id)) return;
  article.querySelector(":scope > .comment-head > .bl-unread")?.remove();
  foot.querySelector('[data-act="report"]')?.remove();
  if (pressed) {
    const count = pressed.querySelector(".count");
    pressed.replaceWith(...(count ? [node("span", { class: "act-count" }, t("Respect"), " ", count)] : []));
  }
  const may = (privilege) => thread.me.standing[privilege]?.allowed;
  const until = thread.editable.get(id);
  foot.append(node("span", { class: "bl-own" },
    until > Date.now() && may("edit") ? button(t("Edit"), { class: "act", "data-act": "edit" }) : null,
    article.dataset.status === "removed" || article.dataset.status === "refused" ? null
      : button(t("Take back"), { class: "act", "data-act": "withdraw" })));
}

/** Fold a comment of somebody muted into one line; it can be read all the same. */
function foldMuted(thread, article, muted) {
  const line = article.querySelector(":scope > .bl-muted");
  if (Boolean(line) === muted) return;
  const hide = (hidden) => {
    for (const one of article.querySelectorAll(":scope > .pick, :scope > .comment-body, :scope > .comment-foot")) one.hidden = hidden;
  };
  line?.remove();
  hide(muted);
  if (!muted) return;
  const show = button(t("Show this one"), { class: "act" });
  const undo = button(t("Read again"), { class: "act", "data-act": "unmute" });
  const told = node("p", { class: "bl-muted bl-row" }, node("span", {}, t("You have muted this reader.")), show, undo);
  show.onclick = () => {
    hide(false);
    show.remove();
    article.tabIndex = -1;
    article.focus();
  };
  article.querySelector(":scope > .comment-head").after(told);
}

/** Mute a comment's author for oneself, or undo it; nobody else learns of it. */
export async function mute(thread, article, muted) {
  const path = `/comments/${Number(article.dataset.comment)}/mute`;
  const { folded } = await thread.api[muted ? "put" : "drop"](path);
  thread.muted = new Set(folded);
  for (const one of thread.place.querySelectorAll("[data-comment]")) mark(thread, one);
  thread.say(muted ? t("Muted. Their comments are folded away, for you alone.") : t("You read this reader again."));
  article.tabIndex = -1;
  article.focus();
}
