/* The numbers of comments on the front page, from Belowline's public counts in one request. */

const { api, site } = document.querySelector("script[data-api]").dataset;
const places = [...document.querySelectorAll("[data-story]")];
const query = new URLSearchParams(places.map((place) => ["story", place.dataset.story]));

try {
  const answer = await fetch(`${api}/api/v1/sites/${site}/counts?${query}`, { credentials: "omit" });
  if (answer.ok) {
    const { counts } = await answer.json();
    for (const place of places) show(place, counts[place.dataset.story]);
    rank(counts);
  }
} catch {
  // A paper is complete without its counts.
}

function show(place, count) {
  if (!count) return;
  place.querySelector(".number").textContent = count.toLocaleString("en-GB");
  place.querySelector(".word").textContent = count === 1 ? "comment" : "comments";
  place.hidden = false;
}

function rank(counts) {
  const box = document.querySelector(".discussed");
  const list = document.createElement("ol");
  const found = places
    .filter((place) => counts[place.dataset.story])
    .sort((one, other) => counts[other.dataset.story] - counts[one.dataset.story])
    .slice(0, 3);
  for (const place of found) {
    const link = document.createElement("a");
    link.href = place.querySelector("a").href;
    link.textContent = place.parentElement.querySelector("h2").textContent;
    const line = document.createElement("li");
    line.append(link, ` ${counts[place.dataset.story]}`);
    list.append(line);
  }
  box.append(list);
  box.hidden = found.length < 2;
}
