// Choosing many lines: x chooses the line that the keyboard is on, Shift takes a stretch. Without
// this script the checkboxes and the form below them do the same.

import { writes } from "./console.js";

const boxes = () => [...document.querySelectorAll("[data-choose]")];
const bar = document.querySelector("[data-together]");
let last = null; // The box from which a stretch begins.

function show() {
  if (!bar) return;
  const number = boxes().filter((box) => box.checked).length;
  bar.querySelector("[data-count]").textContent = number;
  bar.classList.toggle("idle", number === 0);
}

function choose(box, { stretch, chosen }) {
  const all = boxes();
  const from = stretch && last ? all.indexOf(last) : -1;
  const to = all.indexOf(box);
  const taken = from < 0 ? [box] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const one of taken) one.checked = chosen;
  last = box;
  show();
}

function chooseAll(chosen) {
  for (const box of boxes()) box.checked = chosen;
  last = null;
  show();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writes(target)) return;
  if (document.getElementById("keys").open) return;
  if (key === "Enter" && target.matches?.("[data-choose]")) {
    // A browser would send the form; here the key opens the line, or does nothing.
    event.preventDefault();
    if (bar) target.closest("[data-item]")?.querySelector("[data-open]")?.click();
    return;
  }
  if (key.toLowerCase() !== "x" || event.repeat) return;
  const box = target.closest?.("[data-item]")?.querySelector("[data-choose]");
  if (!box) return;
  event.preventDefault();
  // A stretch becomes what its first line is.
  const stretch = event.shiftKey && last !== null;
  choose(box, { stretch, chosen: stretch ? last.checked : !box.checked });
});
document.addEventListener("click", (event) => {
  const box = event.target;
  if (box.matches?.("[data-choose]")) choose(box, { stretch: event.shiftKey, chosen: box.checked });
});
if (bar) {
  for (const one of bar.querySelectorAll("[data-counted], [data-all], [data-none]")) one.hidden = false;
  bar.querySelector("[data-all]").addEventListener("click", () => chooseAll(true));
  bar.querySelector("[data-none]").addEventListener("click", () => chooseAll(false));
  bar.dataset.live = "yes";
}
// Coming back with Back, the browser has kept what was chosen.
window.addEventListener("pageshow", show);
show();
