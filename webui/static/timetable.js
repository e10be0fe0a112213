/* The timetable's grid: arrows move, a meeting is picked up and put down by mouse or keyboard.
   The server judges every place and makes every change; without this file the forms beside the
   grid do the same. Texts come from the page, in the reader's language. */
(() => {
  "use strict";

  const PLACES = "a.chip, a.free";
  let held = null; // { chip, verdicts: promise, found: verdicts once they are there, isPut, isDragged, over }
  let after = null; // what to look at once the page has changed
  let scroll = [0, 0];
  let quiet = 0; // timer that takes the last words away

  const work = () => document.getElementById("work");
  const wrap = () => document.getElementById("wrap");
  const words = (name) => work().dataset[name] || "";
  const mayChange = () => work().dataset.may === "yes";

  /* one line over the page, also for those who hear it; faults stay until the next one */
  function say(text, isBad = false) {
    const line = document.getElementById("say");
    window.clearTimeout(quiet);
    line.textContent = "";
    line.classList.toggle("bad", isBad);
    window.setTimeout(() => { line.textContent = text; }, 50);
    if (!isBad) quiet = window.setTimeout(() => { line.textContent = ""; }, 9000);
  }

  /* a change whose answer never came: nobody knows whether it was stored, so look again */
  function lost() {
    const note = document.getElementById("lost");
    if (!note.hidden) return;
    note.hidden = false;
    note.scrollIntoView({ block: "nearest" });
    const ask = async () => {
      const answer = await fetch(words("health"), { cache: "no-store" }).catch(() => null);
      if (answer && answer.ok) again();
      else window.setTimeout(ask, 2000);
    };
    window.setTimeout(ask, 2000);
  }

  function again() {
    if (document.getElementById("lost").hidden) return;
    htmx.ajax("GET", window.location.href, { target: "#work", select: "#work", swap: "outerHTML" });
  }

  /* one place of the grid at a time is in the order of Tab */
  function rove(place) {
    for (const own of wrap().querySelectorAll("a[tabindex='0']")) own.tabIndex = -1;
    place.tabIndex = 0;
  }

  function begin() {
    if (!work() || !wrap()) return;
    const places = wrap().querySelectorAll(PLACES);
    for (const own of places) own.tabIndex = -1;
    if (places.length) places[0].tabIndex = 0;
  }

  function go(place) {
    rove(place);
    place.focus();
    if (held && held.found) say(`${place.getAttribute("aria-label")}: ${verdictOf(place).text || words("fits")}`);
  }

  function placesAt(row, column) {
    const cell = row && row.cells[column];
    return cell ? [...cell.querySelectorAll(PLACES)] : [];
  }

  /* the next place in a direction, over cells without any */
  function next(place, key) {
    const cell = place.closest("td");
    const row = cell.parentElement;
    const own = placesAt(row, cell.cellIndex);
    const index = own.indexOf(place);
    if (key === "ArrowDown" && index + 1 < own.length) return own[index + 1];
    if (key === "ArrowUp" && index > 0) return own[index - 1];
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const step = key === "ArrowLeft" ? -1 : 1;
      for (let column = cell.cellIndex + step; column > 0 && column < row.cells.length; column += step) {
        const there = placesAt(row, column);
        if (there.length) return there[Math.min(index, there.length - 1)];
      }
      return null;
    }
    const step = key === "ArrowUp" ? "previousElementSibling" : "nextElementSibling";
    for (let other = row[step]; other; other = other[step]) {
      const there = other.classList.contains("pause") ? [] : placesAt(other, cell.cellIndex);
      if (there.length) return key === "ArrowUp" ? there[there.length - 1] : there[0];
    }
    return null;
  }

  function verdictOf(place) {
    const { found, chip } = held;
    if (place === chip) return { text: "", isPin: false, isKnown: false };
    const number = place.classList.contains("free")
      ? found.turns[place.dataset.turn]
      : found.swaps[`${place.dataset.student}-${place.dataset.company}`];
    if (number === undefined) return { text: words("cannot"), isPin: false, isKnown: false };
    return { text: found.texts[number], isPin: found.pins[number], isKnown: true };
  }

  /* of a thousand meetings only those that would change turns are touched; the sheet dims the rest */
  function show() {
    wrap().classList.add("holding");
    for (const [key, number] of Object.entries(held.found.swaps)) {
      const chip = held.found.texts[number] ? null : document.getElementById(`m${key}`);
      if (chip) chip.classList.add("can");
    }
    for (const place of wrap().querySelectorAll("a.free")) {
      const { text } = verdictOf(place);
      place.classList.add(text ? "cannot" : "can");
      place.firstElementChild.dataset.was = place.firstElementChild.textContent;
      place.firstElementChild.textContent = text || words("fits");
    }
  }

  /* the place under the pointer: what it is on, or what else is free at that table */
  function placeAt(target) {
    const cell = target.closest("#wrap td");
    if (!cell) return null;
    const place = target.closest(PLACES) || cell.querySelector(PLACES);
    const isRefused = place && held.found && place !== held.chip && verdictOf(place).text;
    return (isRefused && cell.querySelector(".can")) || place;
  }

  /* what speaks against a place, with its name; empty where the meeting may go */
  function refusal(place) {
    if (!place || !held.found || place === held.chip) return "";
    const { text, isPin } = verdictOf(place);
    return text && !isPin ? `${place.getAttribute("aria-label")}: ${text}` : "";
  }

  /* take away why a change was not made; whoever was in there is back in the grid */
  function closeNote() {
    const note = document.querySelector("#note.afloat");
    if (!note) return;
    const isInside = note.contains(document.activeElement);
    note.remove();
    if (isInside) wrap().querySelector("a[tabindex='0']").focus();
  }

  /* fold the open menu of the bar; whoever was in there is back on its name */
  function closeMenu() {
    const menu = document.querySelector(".hand details[open]");
    if (!menu) return;
    const isInside = menu.contains(document.activeElement);
    menu.open = false;
    if (isInside) menu.querySelector("summary").focus();
  }

  function pick(chip, isDragged = false) {
    if (!mayChange()) return;
    letGo();
    closeNote();
    const own = { chip, found: null, isPut: false, isDragged, over: null };
    held = own;
    chip.classList.add("held");
    if (!isDragged) say(words("held"));
    ask(own);
  }

  /* what the server says of each place of the room that is shown */
  function ask(own) {
    own.found = null;
    const address = new URL(words("verdicts"), window.location.href);
    address.searchParams.set("student", own.chip.dataset.student);
    address.searchParams.set("company", own.chip.dataset.company);
    const verdicts = fetch(address, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))));
    own.verdicts = verdicts;
    verdicts.then((found) => {
      if (held !== own || own.verdicts !== verdicts) return;
      own.found = found;
      show();
    }).catch(() => { if (held === own && own.verdicts === verdicts) letGo(words("fault"), true); });
  }

  function letGo(text, isBad = false) {
    if (!held) return;
    held.chip.classList.remove("held");
    if (held.source) held.source.remove();
    hover(null);
    wrap().classList.remove("holding");
    for (const place of wrap().querySelectorAll("a[title]")) place.removeAttribute("title");
    for (const place of wrap().querySelectorAll(".can, .cannot")) {
      place.classList.remove("can", "cannot");
      const span = place.classList.contains("free") ? place.firstElementChild : null;
      if (span && span.dataset.was) span.textContent = span.dataset.was;
    }
    held = null;
    if (text) say(text, isBad);
  }

  /* put the held meeting down: the server says whether it stays there */
  async function put(place) {
    const own = held;
    own.isPut = true;
    try { await own.verdicts; } catch { return; }
    if (held !== own) return;
    if (place === own.chip) { letGo(words("letGo")); return; }
    const why = refusal(place);
    if (why) {
      own.isPut = false;
      if (own.isDragged) letGo(`${words("letGo")} ${why}`, true);
      else say(why, true);
      return;
    }
    const { student, company } = own.chip.dataset;
    const values = { student, company, show: "student" };
    if (place.classList.contains("free")) {
      Object.assign(values, { kind: "move", to: place.dataset.turn });
      after = `m${student}-${place.dataset.turn.split("-")[0]}`;
    } else {
      Object.assign(values, { kind: "swap", other_student: place.dataset.student, other_company: place.dataset.company });
      after = `m${student}-${place.dataset.company}`;
    }
    const here = new URL(words("verdicts"), window.location.href).searchParams;
    for (const name of ["room", "part"]) if (here.get(name)) values[name] = here.get(name);
    values.revision = work().dataset.revision;
    letGo();
    send(words("change"), values);
  }

  function send(address, values) {
    scroll = [wrap().scrollLeft, wrap().scrollTop];
    work().setAttribute("aria-busy", "true");
    htmx.ajax("POST", address, { values, target: "#work", select: "#work", swap: "outerHTML" });
  }

  function open(link) {
    htmx.ajax("GET", link.href, { target: "#panel", swap: "outerHTML" });
  }

  /* what a place of the grid says, or a heading */
  function told(cell) {
    const places = [...cell.querySelectorAll(PLACES)];
    return places.map((own) => `${own.id} ${own.getAttribute("aria-label")}`).join() || cell.textContent;
  }

  /* put the children of one element into another, but for the one that holds the grid */
  function renewAround(own, fresh) {
    const holds = (child) => child.id === "wrap" || child.querySelector("#wrap");
    const [kept, there] = [own, fresh].map((each) => [...each.children].find(holds));
    for (const child of [...own.childNodes]) if (child !== kept) child.remove();
    const index = [...fresh.childNodes].indexOf(there);
    [...fresh.childNodes].forEach((child, at) => {
      if (at < index) kept.before(child);
      else if (at > index) own.append(child);
    });
    if (kept.id !== "wrap") renewAround(kept, there);
  }

  /* the page after a change: of the grid only what says something else is drawn again */
  function renew(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("work");
    const note = fresh.querySelector("#note");
    if (note) note.classList.add("afloat"); // over the page, so that no place moves away from the pointer
    const cells = [...wrap().querySelectorAll("th, td")];
    const others = [...fresh.querySelectorAll("#wrap th, #wrap td")];
    if (cells.length !== others.length) {
      work().replaceWith(fresh);
      begin();
    } else {
      cells.forEach((cell, index) => {
        const other = others[index];
        if (told(cell) === told(other)) return;
        for (const place of other.querySelectorAll(PLACES)) place.tabIndex = -1;
        cell.replaceWith(other);
      });
      if (!wrap().querySelector("a[tabindex='0']")) rove(wrap().querySelector(PLACES));
      renewAround(work(), fresh);
      for (const { name, value } of fresh.attributes) work().setAttribute(name, value);
      work().removeAttribute("aria-busy");
      choose();
    }
    htmx.process(work());
    changed(work());
  }

  /* the meetings of the student beside the grid stand out */
  function choose() {
    const { student } = document.getElementById("panel").dataset;
    for (const own of wrap().querySelectorAll(".chip.chosen")) own.classList.remove("chosen");
    if (!student) return;
    for (const own of wrap().querySelectorAll(`[data-student='${student}']`)) own.classList.add("chosen");
  }

  function changed(target) {
    if (target.id === "panel") {
      const panel = document.getElementById("panel");
      choose();
      if (after === "panel") panel.focus({ preventScroll: true });
      const isBelow = window.matchMedia("(max-width: 56rem)").matches;
      if (isBelow) panel.scrollIntoView({ block: "nearest" });
      after = null;
      return;
    }
    if (target.id !== "work") return;
    wrap().scrollTo(...scroll);
    const note = document.getElementById("note");
    if (note) {
      say(note.querySelector("p").textContent.trim().replace(/\s+/g, " "));
      note.querySelector("#close-note").hidden = false;
      const field = note.querySelector("input[name=reason], form button");
      if (field) field.focus();
    } else {
      const chip = after && document.getElementById(after);
      if (chip) { rove(chip); chip.focus(); }
      const last = document.getElementById("last");
      if (last) say(last.textContent);
    }
    after = null;
  }

  /* another room is opened while a meeting is held; the meeting stays held */
  async function openRoom(link) {
    const own = held;
    if (!own || own.isPut || link.hasAttribute("aria-current")) return;
    let fresh = null;
    try {
      const answer = await fetch(link.href);
      if (answer.ok) fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("work");
    } catch { /* told below */ }
    if (held !== own) return;
    if (!fresh) { say(words("fault"), true); return; }
    const { student, company } = own.chip.dataset;
    if (!own.source) { // the browser tells the end of a drag to the element with which it began
      own.source = own.chip;
      own.source.removeAttribute("id");
      own.source.hidden = true;
      work().append(own.source);
    }
    for (const part of [".rooms", ".grid-side"]) work().querySelector(part).replaceWith(fresh.querySelector(part));
    own.over = null;
    work().dataset.verdicts = fresh.dataset.verdicts;
    begin();
    own.chip = document.getElementById(`m${student}-${company}`) || own.source;
    own.chip.classList.add("held");
    ask(own);
    const first = wrap().querySelector(PLACES);
    if (!own.isDragged && first) { rove(first); first.focus(); }
  }

  /* a room's tab over which a meeting is held for a moment opens */
  let tab = null;
  let wait = 0;
  function hover(link) {
    if (link === tab) return;
    window.clearTimeout(wait);
    tab = link;
    if (link) wait = window.setTimeout(() => { tab = null; openRoom(link); }, 500);
  }

  document.addEventListener("click", (event) => {
    const room = held && event.target.closest("#work a[data-room]");
    if (room) { event.preventDefault(); openRoom(room); return; }
    const link = event.target.closest("#work a.chip, #work a.free, #work a[data-panel]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (held) { put(link); return; }
    if (link.matches(PLACES)) rove(link);
    open(link);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("#work form.change");
    if (!form) return;
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form, event.submitter));
    after = event.submitter && event.submitter.id;
    send(form.getAttribute("action"), values);
  });

  document.addEventListener("keydown", (event) => {
    const place = event.target.closest && event.target.closest("#wrap a.chip, #wrap a.free");
    if (event.key === "Escape" && held) { event.preventDefault(); letGo(words("letGo")); return; }
    if (event.key === "Escape") { closeMenu(); closeNote(); }
    if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      const there = next(place, event.key);
      if (there) go(there);
    } else if (event.key === "Enter" && (held || (place.classList.contains("chip") && mayChange()))) {
      event.preventDefault();
      if (held) put(place);
      else pick(place);
    } else if (event.key === " ") {
      event.preventDefault();
      after = "panel";
      open(place);
    }
  });

  document.addEventListener("pointerover", (event) => {
    const place = held && held.found && event.target.closest("#wrap a.chip, #wrap a.free");
    if (place) place.title = verdictOf(place).text || words("fits");
  });
  document.addEventListener("dragstart", (event) => {
    const chip = event.target.closest && event.target.closest("#wrap a.chip");
    if (!chip || !mayChange()) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", chip.id);
    pick(chip, true);
  });
  document.addEventListener("dragover", (event) => {
    if (!held) return;
    hover(event.target.closest("#work a[data-room]"));
    const place = placeAt(event.target);
    const why = refusal(place);
    if (place !== held.over) {
      held.over = place;
      if (why) say(why);
    }
    if (!place || why) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  });
  document.addEventListener("drop", (event) => {
    const place = held && placeAt(event.target);
    if (!place) return;
    event.preventDefault();
    put(place);
  });
  document.addEventListener("dragend", () => {
    if (!held || held.isPut) return;
    const why = refusal(held.over);
    letGo(why ? `${words("letGo")} ${why}` : words("letGo"), Boolean(why));
  });

  /* a refused change is a page too: it says why */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr, serverResponse } = event.detail;
    if (target.id !== "work" || !(xhr.status < 400 || [409, 422].includes(xhr.status))) return;
    event.detail.isError = false;
    event.detail.shouldSwap = false;
    if (!serverResponse.includes('id="work"')) { window.location.reload(); return; } // signed out
    renew(serverResponse);
    const note = document.getElementById("lost");
    if (!note.hidden) say(words("back"));
    note.hidden = true;
  });
  document.addEventListener("htmx:afterSettle", (event) => changed(event.detail.target));
  document.addEventListener("htmx:beforeSend", (event) => { event.detail.xhr.timeout = 20000; });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, (event) => {
      work().removeAttribute("aria-busy");
      const status = event.detail.xhr.status;
      if (status && status < 500) say(words("refused"), true);
      else if (event.detail.requestConfig.verb === "post") lost();
      else say(words("fault"), true);
    });
  }
  document.addEventListener("click", (event) => {
    if (event.target.id === "load-again") again();
    if (event.target.id === "close-note") closeNote();
  });
  begin();
})();
