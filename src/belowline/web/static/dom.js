/* Small tools for the page: making elements, taking in the server's HTML, times in words. */

let words = {};
let last = 0;

/** Take in the words of a language; the English ones are in the code. */
export async function learn(language) {
  if (language.startsWith("en")) return;
  ({ words } = await import(`./words-${language.split("-")[0]}.js`).catch(() => ({ words })));
}

/** Say a text in the page's language, with its gaps filled in. */
export const t = (text, values) => (words[text] ?? text).replace(/%\((\w+)\)s/g, (_, name) => values[name]);

/** Say the text that goes with a number. */
export const tn = (one, other, num) => t(words.plural?.(one, num) ?? (num === 1 ? one : other), { num });

/** Do something with the browser's storage; undefined where there is none. */
export function kept(act, store = "localStorage") {
  try {
    return act(window[store]);
  } catch {
    return undefined;
  }
}

/** Return an id that no other element of ours has. */
export const newId = () => `bl-${(last += 1)}`;

/** Make an element. Children are elements or plain text, never HTML. */
export function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child != null));
  return made;
}

export const button = (label, attributes = {}) => node("button", { type: "button", ...attributes }, label);

/** Return HTML that our own server rendered as nodes, with links that lead to the server. */
export function fromServer(html, origin) {
  const made = new DOMParser().parseFromString(html, "text/html").body;
  for (const link of made.querySelectorAll('a[href^="/"]')) {
    link.setAttribute("href", origin + link.getAttribute("href"));
  }
  const all = document.createDocumentFragment();
  all.append(...made.childNodes);
  return all;
}

const UNITS = [["year", 31536e3], ["month", 2592e3], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

/** Say in words how long ago each time was; its title keeps the full time. */
export function tellTimes(root, language) {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
  for (const one of root.querySelectorAll("time[datetime]")) {
    const at = new Date(one.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const seconds = (at - Date.now()) / 1000;
    const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) || ["second", 1];
    one.title = full.format(at);
    // What is to come is named, because "until in 2 hours" is no sentence.
    if (seconds > 60) one.textContent = one.title;
    else one.textContent = unit === "second" ? relative.format(0, "second") : relative.format(Math.trunc(seconds / size), unit);
  }
}

/** Bring an element to the reader, with the keyboard's and the screen reader's focus. */
export function bringTo(element, block = "center") {
  if (!element) return;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
}

/** Return a sentence about until when, or an empty string. */
export function untilWhen(moment, language) {
  if (!moment) return "";
  const full = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
  return ` ${t("Until %(when)s.", { when: full.format(new Date(moment)) })}`;
}
