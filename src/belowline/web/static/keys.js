/* The sheet that tells the thread's keys, and where they are switched off. */

import { openDialog } from "./ask.js";
import { node } from "./dom.js";

const TOLD = [
  ["j", "next comment"], ["k", "comment before"], ["n", "next comment that is new since your last visit"],
  ["p", "the comment that this one answers"], ["c", "fold the replies away, or show them"],
  ["r", "reply; with a passage selected, quote it"], ["?", "this sheet"],
];

export function showKeys(thread) {
  const { body } = openDialog(thread, "Keys in the comments");
  const box = node("input", { type: "checkbox" });
  box.checked = !thread.reading.off;
  box.onchange = () => { thread.reading.off = !box.checked; };
  body.append(
    node("dl", { class: "bl-sheet" }, TOLD.flatMap(([key, text]) => [node("dt", {}, node("kbd", {}, key)), node("dd", {}, text)])),
    node("p", { class: "bl-hint" }, "They work once you have pressed or focused something in the comments, and never while you write."),
    node("div", { class: "bl-form" }, node("label", { class: "bl-choice" }, box, node("span", {}, "Use these keys in this browser"))));
}
