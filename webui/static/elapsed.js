// Counts the seconds since a moment: <span data-since="milliseconds">.
"use strict";
(() => {
  const show = () => {
    for (const own of document.querySelectorAll("[data-since]")) {
      own.textContent = `${Math.max(0, Math.floor((Date.now() - Number(own.dataset.since)) / 1000))} s`;
    }
  };
  show();
  document.addEventListener("htmx:afterSwap", show);
  window.setInterval(show, 500);
})();
