// The button says whom it writes to: <form data-publish> with two ticks.
"use strict";
(() => {
  const form = document.querySelector("[data-publish]");
  if (!form) return;
  const button = form.querySelector("button");
  const isSet = (name) => Boolean(form.querySelector(`input[name=${name}]:checked`));
  const show = () => {
    const both = isSet("students") && isSet("companies");
    const key = both ? "both" : isSet("students") ? "students" : isSet("companies") ? "companies" : "words";
    button.textContent = button.dataset[key];
  };
  form.addEventListener("change", show);
  form.addEventListener("submit", () => { button.disabled = true; });
  window.addEventListener("pageshow", () => { button.disabled = false; show(); });
})();
