// The desk's keys. Every key presses a link or a button that is on the page; without this script
// the page is whole. While somebody types, keys only write: Escape leaves, Ctrl+Enter sends.

const DIGITS_WITHIN = 700; // Milliseconds in which two digits are one rule's number.
const SEQUENCE_WITHIN = 1200;

let waiting = ""; // The first key of two, such as g.
let waitingTimer = 0;
let digits = "";
let digitsTimer = 0;

const byKey = (name) => document.querySelector(`[data-key="${CSS.escape(name)}"]`);
const shown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

export function writes(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(
    'textarea, select, input:not([type="radio"], [type="checkbox"], [type="button"], [type="submit"])',
  ));
}

function use(element) {
  if (element.matches("summary")) {
    element.parentElement.open = true;
    (element.parentElement.querySelector("select, textarea") ?? element).focus();
    return;
  }
  // One rule that somebody has pointed at is chosen; of several, a person chooses.
  const asked = element.querySelectorAll(".in-question input");
  const radio = element.querySelector("input:checked") ?? asked[0] ?? element.querySelector("input");
  (radio ?? element).focus();
  if (element.matches("input[type=search]")) element.select();
  else if (!radio) element.click();
  else if (asked.length === 1 && asked[0] === radio && !radio.checked) choose(radio);
}

function move(step) {
  const links = [...document.querySelectorAll("[data-item] [data-open]")].filter(shown);
  if (!links.length) return;
  const item = document.activeElement?.closest("[data-item]");
  const at = links.findIndex((link) => item?.contains(link));
  const to = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  links[Math.min(Math.max(to, 0), links.length - 1)].focus();
  document.activeElement.closest("[data-item]").scrollIntoView({ block: "nearest" });
}

function chooseRule(digit) {
  const radios = [...document.querySelectorAll("[data-choices] input")];
  if (!radios.length) return false;
  clearTimeout(digitsTimer);
  const both = Number(digits + digit);
  digits = both >= 1 && both <= radios.length ? digits + digit : digit;
  digitsTimer = setTimeout(() => { digits = ""; }, DIGITS_WITHIN);
  const radio = radios[Number(digits) - 1];
  if (!radio) return false;
  choose(radio);
  return true;
}

function choose(radio) {
  radio.checked = true;
  radio.focus();
  radio.scrollIntoView({ block: "nearest" });
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function showKeys() {
  const dialog = document.getElementById("keys");
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

function press(event) {
  const { key } = event;
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = document.activeElement?.closest("form");
    if (form && !form.closest("dialog")) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-default]"));
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (key === "Escape") {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    return;
  }
  if (writes(event.target)) return;
  if (document.getElementById("keys").open && key !== "?") return;

  const sequence = waiting ? `${waiting} ${key}` : key;
  waiting = "";
  clearTimeout(waitingTimer);
  if (key === "?") {
    event.preventDefault();
    showKeys();
    return;
  }
  if (key === "g") {
    waiting = "g";
    waitingTimer = setTimeout(() => { waiting = ""; }, SEQUENCE_WITHIN);
    return;
  }
  if (key === "j" || key === "k") {
    event.preventDefault();
    move(key === "j" ? 1 : -1);
    return;
  }
  if (key === "o") {
    const item = document.activeElement?.closest("[data-item]");
    item?.querySelector("[data-open]")?.click();
    return;
  }
  if (/^\d$/.test(key)) {
    if (chooseRule(key)) event.preventDefault();
    return;
  }
  const element = byKey(sequence);
  // A held-down key repeats; a decision is made once.
  if (element && shown(element) && !event.repeat) {
    event.preventDefault();
    use(element);
  }
}

// A first sentence for the reason, and the others that the desk has saved for the rule. Neither
// replaces anything that somebody has typed.
function suggest(form) {
  const field = form.elements.namedItem("reason");
  const saved = form.querySelector("[data-saved]");
  const list = saved?.querySelector("select");
  const groups = [...(list?.querySelectorAll("optgroup") ?? [])];
  // Where a saved reason counts by itself, none is a choice too.
  const none = [...(list?.querySelectorAll(":scope > option") ?? [])];
  let offered = "";
  const offer = (text) => {
    if (text && (field.value === "" || field.value === offered)) {
      field.value = text;
      offered = text;
    }
  };
  form.addEventListener("change", (event) => {
    const { target } = event;
    if (target === list) {
      offer(list.value);
      return;
    }
    offer((target.selectedOptions?.[0] ?? target).dataset?.suggestion);
    if (!list || target.name !== "rule") return;
    const own = groups.filter((group) => group.dataset.rule === target.value);
    list.replaceChildren(...none, ...own);
    saved.hidden = !own.length;
  });
}

// A warning and a withdrawal take no length: the fields close, so that none is sent by mistake.
function closeLength(form) {
  const kind = form.elements.namedItem("kind");
  const fields = [...form.querySelectorAll("[name=days], [name=hours]")];
  const follow = () => {
    const lasts = !["warning", "withdrawal"].includes(kind.value);
    for (const field of fields) field.disabled = !lasts;
  };
  kind.addEventListener("change", follow);
  follow();
}

function countDown(form) {
  const label = form.querySelector("[data-left]");
  const until = performance.now() + Number(form.dataset.undo) * 1000;
  const tick = () => {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (left <= 0) {
      clearInterval(timer);
      form.hidden = true;
      return;
    }
    label.textContent = `(${left} s)`;
  };
  const timer = setInterval(tick, 1000);
  tick();
}

// A decision is sent once, however often somebody presses; coming back with Back opens it again.
function sendOnce(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = "yes";
}

// What departs from most like cases is said once, before it is sent; sent again, it goes.
function sayFirst(note) {
  const form = note.closest("form");
  note.hidden = true;
  form.addEventListener("change", () => { note.hidden = false; });
  form.addEventListener("submit", (event) => {
    if (!note.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    note.hidden = false;
  });
}

document.addEventListener("keydown", press);
document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
document.querySelectorAll("form[data-suggest]").forEach(suggest);
document.querySelectorAll("[data-departs]").forEach(sayFirst);
document.querySelectorAll("form[data-undo]").forEach(countDown);
document.querySelectorAll("#impose form").forEach(closeLength);
// In a list that scrolls, the rule in question is in sight from the start.
for (const list of document.querySelectorAll("[data-choices]")) {
  const first = list.querySelector("input:checked") ?? list.querySelector(".in-question input");
  if (first) list.scrollTop = first.closest("label").offsetTop - list.offsetTop - 8;
}
for (const link of document.querySelectorAll('a[data-key="?"]')) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    showKeys();
  });
}
// What was just done, or what was wrong, is where reading goes on.
document.querySelector("[data-focus]")?.focus();
