/* The sheet that tells the thread's keys, and where they are switched off. */

import { openDialog } from "./ask.js";
import { node, t } from "./dom.js";

const told = ({ me }) => [
  ["j", t("next comment")], ["k", t("comment before")], ["n", t("next comment that is new since your last visit")],
  ["p", t("the comment that this one answers")], ["c", t("fold the replies away, or show them")],
  ["r", t("reply; with a passage selected, quote it")], ...(me?.desk ? [["m", t("decide about the comment")]] : []), ["?", t("this sheet")],
];

export function showKeys(thread) {
  const { body } = openDialog(thread, t("Keys in the comments"));
  const box = node("input", { type: "checkbox" });
  box.checked = !thread.reading.off;
  box.onchange = () => { thread.reading.off = !box.checked; };
  body.append(
    node("dl", { class: "bl-sheet" }, told(thread).flatMap(([key, text]) => [node("dt", {}, node("kbd", {}, key)), node("dd", {}, text)])),
    node("p", { class: "bl-hint" }, t("They work once you have pressed or focused something in the comments, and never while you write.")),
    node("div", { class: "bl-form" }, node("label", { class: "bl-choice" }, box, node("span", {}, t("Use these keys in this browser")))));
}
