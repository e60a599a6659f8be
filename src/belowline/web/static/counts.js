/* Fills every element with data-belowline-count="story-key" with its number of comments, by one
   request for all of them. The site is named by counts.js?site=…, or by data-belowline-site on the
   element or around it. Elements that come later are filled by count(root), which this exports. */

const HOME = new URL(import.meta.url);
const AT_ONCE = 100;

/** Fill the elements below a root; returns when all are filled that could be. */
export async function count(root = document) {
  const sites = new Map();
  for (const one of root.querySelectorAll("[data-belowline-count]")) {
    const site = one.closest("[data-belowline-site]")?.dataset.belowlineSite || HOME.searchParams.get("site");
    const story = one.dataset.belowlineCount;
    if (!site || !story) continue;
    if (!sites.has(site)) sites.set(site, new Map());
    const places = sites.get(site);
    places.set(story, [...(places.get(story) || []), one]);
  }
  await Promise.all([...sites].map(([site, places]) => fill(site, places)));
}

async function fill(site, places) {
  // In one order, so that every copy of a page asks the same and a cache in between can answer.
  const keys = [...places.keys()].sort();
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const query = keys.slice(start, start + AT_ONCE).map((key) => `story=${encodeURIComponent(key)}`).join("&");
    const answer = await fetch(`${HOME.origin}/api/v1/sites/${encodeURIComponent(site)}/counts?${query}`, { credentials: "omit" });
    if (!answer.ok) return;
    const { counts } = await answer.json();
    for (const [key, number] of Object.entries(counts)) {
      for (const one of places.get(key) || []) {
        one.textContent = new Intl.NumberFormat(document.documentElement.lang || undefined).format(number);
        one.dataset.belowlineComments = number;
        one.hidden = false;
      }
    }
  }
}

count().catch(() => {
  // A page without counts is still the page.
});
