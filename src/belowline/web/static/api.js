/* Everything that is said to Belowline's API, in one place: where it is, who is asking, and a
   refusal as a sentence. The short-lived token lives in this module's memory and nowhere else. */

import { t } from "./dom.js";

const TIMEOUT = 15000;

/** A refusal, or no answer at all (status 0). `message` can be shown to the reader. */
export class Refusal extends Error {
  constructor(status, { code = "error", message, context = {} } = {}) {
    super(message || t("Something went wrong. Please try again."));
    Object.assign(this, { status, code, context });
  }
}

/** Return the refusal for when nothing came back at all. */
export const noAnswer = () => new Refusal(0, {
  code: "offline", message: t("No answer came. Are you online? Nothing is lost; please try again."),
});

const open = new Map();

/** Return the connection to one site; all threads of a page that ask for it share its token. */
export function connect(origin, site) {
  const key = `${origin} ${site}`;
  if (!open.has(key)) open.set(key, make(origin, site));
  return open.get(key);
}

function make(origin, site) {
  const root = `${origin}/api/v1/sites/${encodeURIComponent(site)}`;
  let bearer = null;

  async function send(method, path, body, extra = {}) {
    const headers = {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (bearer && bearer.until <= Date.now()) bearer = null;
    if (bearer && !extra.anonymous) headers.Authorization = `Bearer ${bearer.token}`;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), extra.timeout || TIMEOUT);
    try {
      const answer = await fetch(root + path, {
        method, headers, signal: stop.signal,
        // A small thing that was pressed is done also when the page is left at once.
        keepalive: method !== "GET" && body === undefined,
        // Anonymous pages are the same for all, so no cookie goes with them.
        credentials: extra.anonymous ? "omit" : "include",
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (answer.status === 401 && headers.Authorization) {
        bearer = null;
        return await send(method, path, body, extra);
      }
      if (!answer.ok) throw new Refusal(answer.status, await reason(answer));
      if (answer.status === 204) return null;
      return extra.anonymous ? await answer.text() : await answer.json();
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw noAnswer();
    } finally {
      clearTimeout(timer);
    }
  }

  async function reason(answer) {
    try {
      return (await answer.json()).error;
    } catch {
      return {};
    }
  }

  return {
    origin,
    html: (path) => send("GET", path, undefined, { anonymous: true }),
    get: (path) => send("GET", path),
    post: (path, body = {}, extra = {}) => send("POST", path, body, extra),
    put: (path, body) => send("PUT", path, body),
    patch: (path, body) => send("PATCH", path, body),
    drop: (path) => send("DELETE", path),
    /** Keep the token that a sign-in answered with. */
    keep(answer) {
      this.before = answer.before;
      if (answer.token) bearer = { token: answer.token, until: Date.parse(answer.expires_at) - 5000 };
      return answer;
    },
    forget() {
      bearer = null;
    },
  };
}
