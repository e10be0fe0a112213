// Forms of staff: a line more or less, every line of a list ticked, a text copied, and a warning before edits that are not saved are left.
"use strict";
(() => {
  const edited = new Set();
  const note = (form) => { if (form?.hasAttribute("data-edits")) edited.add(form); };
  const show = (root) => {
    for (const own of root.querySelectorAll("[data-more], [data-less], [data-all]")) own.hidden = false;
    for (const own of root.querySelectorAll("[data-copy]")) own.hidden = !navigator.clipboard;
    for (const own of root.querySelectorAll("form[data-edits]:has(.wrong, .note.bad)")) note(own);
  };
  const add = (button) => {
    const number = String(Number(button.dataset.more) + 1);
    const blank = button.closest("[data-lines]").querySelector("template");
    button.dataset.more = number;
    blank.insertAdjacentHTML("beforebegin", blank.innerHTML.replaceAll("__n__", number));
    show(blank.parentElement);
    blank.previousElementSibling.querySelector("input:not([type=hidden]), select").focus();
  };
  const tickAll = (all) => {
    for (const own of all.form.querySelectorAll("input[name=" + all.dataset.all + "]")) own.checked = all.checked;
  };
  const copy = async (button) => {
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(text); // the browser forbids it: ready to be copied by hand
    }
  };
  const downloads = (form) => {
    document.querySelector("[data-downloaded]").hidden = false;
    setTimeout(() => { form.hidden = true; });
  };
  document.addEventListener("input", (event) => note(event.target.form));
  document.addEventListener("change", (event) => { if (event.target.dataset.all) tickAll(event.target); });
  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more]");
    const less = event.target.closest("[data-less]");
    const copied = event.target.closest("[data-copy]");
    if (more) add(more);
    if (copied) copy(copied);
    if (less) {
      const lines = less.closest("[data-lines]");
      note(less.form);
      less.closest("[data-line]").remove();
      lines.querySelector("[data-more]").focus();
    }
    if (event.target.closest("[data-cancel]")) edited.clear();
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    edited.delete(event.target);
    if (event.target.hasAttribute("data-downloads") && !event.submitter?.name) downloads(event.target);
  });
  document.addEventListener("htmx:load", (event) => show(event.target));
  window.addEventListener("beforeunload", (event) => {
    if ([...edited].some((form) => form.isConnected)) event.preventDefault();
  });
  show(document);
})();
