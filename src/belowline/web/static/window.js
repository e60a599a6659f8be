/* Hands the ticket of the sign-in window to the page that opened it, and to no other origin. */

const place = document.querySelector("[data-ticket]");

if (place) {
  const { ticket, origin } = place.dataset;
  if (window.opener) {
    window.opener.postMessage({ type: "belowline:ticket", ticket }, origin);
    window.close();
  }
  // Without an opener, or where a window may not close itself, the page says what to do.
  place.hidden = false;
}
