/* Dialogs: signing in, reporting a comment, taking one's own back. The browser's own dialog keeps
   the focus inside, and gives it back to where it came from. */

import { button, newId, node, t, untilWhen } from "./dom.js";
import { dropDrafts } from "./drafts.js";

export function openDialog(thread, title) {
  const id = newId();
  const back = thread.place.getRootNode().activeElement;
  const body = node("div");
  const dialog = node("dialog", { class: "bl-dialog", "aria-labelledby": id },
    node("div", { class: "bl-dialog-head" }, node("h2", { id }, title),
      button(t("Close"), { class: "act bl-close" })), body);
  dialog.querySelector(".bl-close").onclick = () => dialog.close();
  thread.place.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    // Where browsers have given it back themselves, the reader may have gone on since.
    const { activeElement } = thread.place.getRootNode();
    if (back?.isConnected && (!activeElement || activeElement === document.body)) back.focus();
  });
  dialog.showModal();
  return { dialog, body };
}

/** A form that says in place what is wrong, and is sent once at a time. */
function asking(thread, { fields, send, act, beside = [] }) {
  const error = node("p", { class: "bl-error", id: newId(), role: "alert", hidden: true });
  const sending = node("button", { type: "submit", class: "button" }, send);
  const form = node("form", { class: "bl-form", novalidate: true }, ...fields, error, node("div", { class: "bl-row" }, sending, ...beside));
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (sending.getAttribute("aria-disabled")) return;
    sending.setAttribute("aria-disabled", "true");
    error.hidden = true;
    for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
    try {
      await act(form);
    } catch (refusal) {
      if (!refusal.code) throw refusal;
      const where = refusal.where || form.elements[refusal.context.field] || form.querySelector("input:not([type=radio]), textarea");
      error.textContent = refusal.message + untilWhen(refusal.context.until, thread.language);
      error.hidden = false;
      if (where?.select && !where.closest("fieldset")) {
        // Beside the field that it is about, with what was typed ready to be typed over.
        where.after(error);
        where.setAttribute("aria-invalid", "true");
        where.setAttribute("aria-errormessage", error.id);
        where.select();
      }
      where?.focus?.();
    } finally {
      sending.removeAttribute("aria-disabled");
    }
  };
  return form;
}

function labelled(label, attributes, hint) {
  const id = newId();
  return [
    node("label", { for: id }, label),
    node("input", { id, ...attributes, "aria-describedby": hint ? `${id}-hint` : null }),
    hint ? node("p", { class: "bl-hint", id: `${id}-hint` }, hint) : null,
  ];
}

/** Ask somebody to sign in, with a sentence about why if that is a surprise; say whether they did. */
export function signIn(thread, why = "") {
  const { dialog, body } = openDialog(thread, t("Sign in"));
  const { api, me } = thread;
  let done = false;
  let ticket = null;
  const finish = (answer) => {
    api.keep(answer);
    done = true;
    dialog.close();
  };

  const askEmail = () => {
    const form = asking(thread, {
      fields: labelled(t("Your e-mail address"), { type: "email", name: "email", autocomplete: "email", required: true },
        t("We send you a code. There is no password. Nobody sees your address.")),
      send: t("Send the code"),
      async act(sent) {
        const email = sent.elements.email.value.trim();
        ({ ticket } = await api.post("/sign-in/code", ticket ? { email, ticket } : { email }));
        askCode(email);
      },
    });
    body.replaceChildren(
      ...(why ? [node("p", { role: "status" }, why)] : []),
      ...(me?.window_url && me.cross_site ? [byWindow(thread, finish)] : []), form);
    form.elements.email.focus();
  };

  const askCode = (email) => {
    const other = button(t("Use another address"), { class: "act" });
    other.onclick = askEmail;
    const told = node("p", { role: "status" });
    const tell = (what) => { told.textContent = what; };
    const again = button(t("Send a new code"), { class: "act" });
    again.onclick = async () => {
      if (again.getAttribute("aria-disabled")) return;
      again.setAttribute("aria-disabled", "true");
      try {
        ({ ticket } = await api.post("/sign-in/code", { email, ticket }));
        tell(t("A new code is on its way to %(email)s. It works for ten minutes, in this page.", { email }));
        form.elements.code.value = "";
        form.elements.code.focus();
      } catch (refusal) {
        if (!refusal.code) throw refusal;
        told.textContent = refusal.message;
      } finally {
        again.removeAttribute("aria-disabled");
      }
    };
    const form = asking(thread, {
      fields: [
        told,
        ...labelled(t("Code"), { name: "code", class: "bl-code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 20, required: true }),
        ...labelled(t("Name to show with your comments"), { name: "name", autocomplete: "nickname", maxlength: 40 },
          t("If you are new here. You can leave it empty and choose one later.")),
      ],
      send: t("Sign in"),
      async act(sent) {
        const given = { code: sent.elements.code.value, ticket };
        const name = sent.elements.name.value.trim();
        if (name) given.name = name;
        finish(await api.post("/sign-in/redeem", given));
      },
      beside: [again, other],
    });
    body.replaceChildren(form);
    tell(t("A code is on its way to %(email)s. It works for ten minutes, in this page.", { email }));
    form.elements.code.focus();
  };

  askEmail();
  return new Promise((settle) => dialog.addEventListener("close", () => settle(done)));
}

/** Browsers keep cookies from an embed on another site, so a window of Belowline's own is asked. */
function byWindow(thread, finish) {
  const error = node("p", { class: "bl-error", role: "alert", hidden: true });
  const ask = button(t("Continue in a window"), { class: "button" });
  ask.onclick = () => {
    const opened = window.open(thread.me.window_url, "_blank", "popup,width=480,height=640");
    if (!opened) {
      error.textContent = t("The window was blocked. Sign in with your address instead.");
      error.hidden = false;
      return;
    }
    const hear = async (event) => {
      // Only that window, and only while it shows Belowline's own address, can hand a ticket over.
      if (event.origin !== thread.config.origin || event.source !== opened) return;
      if (event.data?.type !== "belowline:ticket" || typeof event.data.ticket !== "string") return;
      window.removeEventListener("message", hear);
      opened.close();
      try {
        finish(await thread.api.post("/sign-in/ticket", { ticket: event.data.ticket }));
      } catch (refusal) {
        error.textContent = refusal.message;
        error.hidden = false;
      }
    };
    window.addEventListener("message", hear);
  };
  return node("div", { class: "bl-window" }, node("p", {}, t("Already signed in?"), " "), ask, error, node("p", { class: "bl-hint" }, t("Or with a code:")));
}

/** The page on which anybody can say that a comment is illegal. */
function illegal(thread, article) {
  const { origin, site, story } = thread.config;
  const place = [site, story].map(encodeURIComponent).join("/");
  return node("a", { class: "act", href: `${origin}/s/${place}/c/${article.dataset.comment}/report/illegal`, target: "_blank", rel: "noopener" }, t("I believe it is illegal"));
}

/** Let somebody who is not signed in choose a way to report; say whether it is one that signs in. */
export function lanes(thread, article) {
  const { body, dialog } = openDialog(thread, t("Report this comment"));
  const rule = button(t("It breaks a rule"), { class: "button" });
  return new Promise((done) => {
    rule.onclick = () => {
      done(true);
      dialog.close();
    };
    dialog.addEventListener("close", () => done(false));
    body.append(
      node("p", {}, rule), node("p", { class: "bl-hint" }, t("For this you sign in.")),
      node("p", {}, illegal(thread, article)), node("p", { class: "bl-hint" }, t("For this you need no account. It opens a page of its own.")));
    rule.focus();
  });
}

/** Let the reader say which rule a comment breaks, and give a receipt. */
export function report(thread, article) {
  const id = Number(article.dataset.comment);
  const { body, dialog } = openDialog(thread, t("Report this comment"));
  const note = newId();
  const rules = thread.me.rulebook.rules.map((rule) => node("label", { class: "bl-choice" },
    node("input", { type: "radio", name: "rule", value: rule.key }),
    node("span", { dir: "auto" }, node("strong", {}, rule.title), " ", node("span", { class: "bl-rule" }, rule.text))));
  const words = article.querySelector(".comment-body")?.textContent.trim() ?? "";
  const quoted = words.length > 160 ? `${words.slice(0, 160).replace(/\s+\S*$/, "")} …` : words;
  const mute = button(t("Mute this reader"), { class: "act" });
  mute.onclick = async () => {
    mute.disabled = true;
    try {
      await thread.again(() => thread.mine.mute(thread, article, true));
      dialog.close();
    } catch (refusal) {
      if (!refusal.code) throw refusal;
      mute.after(node("p", { class: "bl-error", role: "alert" }, refusal.message));
      mute.disabled = false;
    }
  };
  const form = asking(thread, {
    fields: [
      quoted ? node("blockquote", { dir: "auto" }, quoted) : null,
      node("p", { class: "bl-hint" }, t("It breaks no rule, but you would rather not read them?"), " ", mute),
      node("p", { class: "bl-hint" }, illegal(thread, article)),
      node("fieldset", {}, node("legend", {}, t("Which rule does it break?")),
        node("p", { class: "bl-hint" }, t("Being wrong breaks no rule. The author does not learn who reported.")), ...rules),
      node("label", { for: note }, t("Anything the moderators should know (optional)")),
      node("textarea", { id: note, name: "note", rows: 2, maxlength: 1000, dir: "auto" }),
    ],
    send: t("Report"),
    async act(sent) {
      const rule = sent.elements.rule.value;
      if (!rule) {
        throw Object.assign(new Error(t("Choose the rule that it breaks.")), {
          code: "no_rule", context: {}, where: sent.querySelector("input"),
        });
      }
      const told = { rule, note: sent.elements.note.value, revision: Number(article.dataset.revision || 1) };
      const answer = await thread.again(() => thread.api.put(`/comments/${id}/report`, told));
      if (!answer) return;
      const close = button(t("Close"), { class: "button" });
      close.onclick = () => dialog.close();
      body.replaceChildren(
        node("p", { role: "status" }, t("Thank you. %(message)s", answer)),
        node("p", {}, node("a", { href: thread.standing }, t("My reports and what came of them"))),
        node("div", { class: "bl-row" }, close));
      close.focus();
    },
  });
  body.append(form);
  form.querySelector("input")?.focus();
}

/** Take back an own comment, once the reader is sure. */
export function withdraw(thread, article) {
  const id = Number(article.dataset.comment);
  const { body, dialog } = openDialog(thread, t("Take back your comment?"));
  const keep = button(t("Keep it"), { class: "act" });
  keep.onclick = () => dialog.close();
  body.append(asking(thread, {
    fields: [node("p", {}, t("It disappears from the thread. If somebody has replied, a neutral line stays in its place."))],
    send: t("Take it back"),
    async act() {
      const published = article.dataset.status !== "held";
      const answer = await thread.again(() => thread.api.drop(`/comments/${id}`));
      if (!answer) return;
      dialog.close();
      if (published) thread.countUp(-1);
      thread.insert(answer);
      thread.say(t("Your comment is taken back."));
      thread.place.querySelector('[data-act="write"]')?.focus();
    },
    beside: [keep],
  }));
}

export async function signOut(thread) {
  await thread.api.post("/sign-out");
  thread.api.forget();
  // The next one at this browser may be somebody else.
  dropDrafts(thread.config);
  thread.me = null;
  await thread.reload();
  await thread.load();
  thread.place.querySelector('[data-act="sign-in"]')?.focus();
  thread.say(t("You are signed out."));
}

export async function copyLink(thread, acting, { dataset: { comment } }) {
  const { embedded, url, site, story } = thread.config;
  const address = embedded ? `${url.split("#")[0]}#belowline-c${comment}` : thread.page(`/s/${site}/${story}/c/${comment}`);
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    // Without https, or where it is forbidden, the reader copies it by hand.
    prompt(t("The link to this comment"), address);
    return;
  }
  acting.textContent = t("Copied");
  setTimeout(() => { acting.textContent = t("Link"); }, 2000);
  thread.say(t("The link is copied."));
}
