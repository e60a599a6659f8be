/* What somebody has begun to write, kept in this browser for each story and each comment replied
   to, so that a reload or a sign-in loses nothing. */

import { kept } from "./dom.js";

// thread.js looks for keys that begin so before it loads this.
const PREFIX = "belowline:draft:";

// Without storage (private windows, blocked sites) a draft lives as long as the page.
const memory = new Map();

const name = (config, to) => `${PREFIX}${config.origin}:${config.site}:${config.story}:${to || "story"}`;

/** A key under which the server takes a draft once, however often it is sent. */
export function newKey() {
  // randomUUID needs https; publishers' test pages do not always have it.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function findDraft(config, to) {
  const key = name(config, to);
  try {
    const found = JSON.parse(kept((store) => store.getItem(key)) ?? memory.get(key) ?? "null");
    return found && typeof found.text === "string" && typeof found.key === "string" ? found : null;
  } catch {
    return null;
  }
}

export function keepDraft(config, to, draft) {
  const value = JSON.stringify(draft);
  memory.set(name(config, to), value);
  kept((store) => store.setItem(name(config, to), value));
}

export function dropDraft(config, to) {
  memory.delete(name(config, to));
  kept((store) => store.removeItem(name(config, to)));
}

/** Forget everything that was begun on this site. */
export function dropDrafts(config) {
  const start = `${PREFIX}${config.origin}:${config.site}:`;
  for (const key of [...memory.keys()]) if (key.startsWith(start)) memory.delete(key);
  kept((store) => {
    for (const key of Object.keys(store)) if (key.startsWith(start)) store.removeItem(key);
  });
}

/** Return the comments of this story to which a reply was begun. */
export function begunReplies(config) {
  const start = name(config, " ").slice(0, -1);
  const keys = kept((store) => Object.keys(store)) || [...memory.keys()];
  return keys.filter((key) => key.startsWith(start)).map((key) => key.slice(start.length)).filter((to) => /^\d+$/.test(to));
}
