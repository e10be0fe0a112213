// A student's ranking: moved by drag, by buttons and by keys; saved by itself, and kept on the
// device while the connection is lost. The order of the rows is the order of the wishes.

import { letDrag, rowsOf } from "./dragging.js";

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30000;
const SETTLES_MS = 400;
const ANSWERS_WITHIN_MS = 15000;

/** What this device keeps; nothing where the browser forbids it. */
const device = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // the change is saved by the server alone
    }
  },
  forget(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // nothing was kept
    }
  },
};

const keyOf = (list) => `wishes-${list.dataset.student}`;

class Ranking {
  constructor(list) {
    this.list = list;
    this.words = list.dataset;
    this.base = list.dataset.base;
    this.revision = list.dataset.revision;
    this.said = document.getElementById("said");
    this.saved = document.getElementById("saved");
    this.undo = document.getElementById("undo");
    this.conflict = document.getElementById("conflict");
    this.key = keyOf(list);
    this.known = new Map(this.rows.map((row) => [row.dataset.company, row]));
    this.wait = FIRST_WAIT_MS;
    this.timer = 0;
    this.isSaving = false;
    this.isDragging = false;
    this.isPutOff = false;
    this.isBlocked = this.conflict.childElementCount > 0;
    this.listen();
    this.resume();
  }

  get rows() {
    return rowsOf(this.list);
  }

  get order() {
    return this.rows.map((row) => row.dataset.company).join(",");
  }

  listen() {
    this.list.addEventListener("submit", (event) => this.pressed(event));
    this.list.addEventListener("keydown", (event) => this.typed(event));
    this.undo.addEventListener("click", () => this.takeBack());
    document.getElementById("submit").addEventListener("submit", (event) => this.submit(event));
    addEventListener("online", () => this.retry());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    letDrag(this.list, {
      began: () => {
        this.isDragging = true;
      },
      ended: (row, isMoved) => this.dropped(row, isMoved),
    });
  }

  dropped(row, isMoved) {
    this.isDragging = false;
    if (isMoved) this.moved(row);
    else if (this.isPutOff) this.soon();
  }

  pressed(event) {
    event.preventDefault();
    const row = event.target.closest("li");
    const at = this.rows.indexOf(row) + 1;
    const action = event.submitter.value;
    if (action === "drop") this.remove(row);
    else if (action === "up") this.place(row, at - 1, event.submitter);
    else if (action === "down") this.place(row, at + 1, event.submitter);
    else this.place(row, Number(event.target.elements.place.value), event.submitter);
  }

  typed(event) {
    const grip = event.target.closest(".grip");
    if (!grip) return;
    const row = grip.closest("li");
    const at = this.rows.indexOf(row) + 1;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 1, End: this.rows.length }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.place(row, to, grip);
  }

  place(row, to, focused) {
    const others = this.rows.filter((own) => own !== row);
    const index = Math.min(Math.max(to, 1), others.length + 1) - 1;
    this.list.insertBefore(row, others[index] || null);
    focused.focus();
    row.scrollIntoView({ block: "nearest" });
    this.moved(row);
  }

  moved(row) {
    this.undo.hidden = true;
    this.number();
    this.say("sayMoved", row);
    this.soon();
  }

  remove(row) {
    const next = row.nextElementSibling || row.previousElementSibling;
    this.removed = { row, before: row.nextElementSibling };
    row.remove();
    this.number();
    this.say("sayRemoved", row);
    this.undo.hidden = false;
    (next ? next.querySelector(".grip") : this.undo).focus();
    this.soon();
  }

  takeBack() {
    const { row, before } = this.removed;
    this.list.insertBefore(row, before && before.isConnected ? before : null);
    row.querySelector(".grip").focus();
    this.moved(row);
  }

  number() {
    this.rows.forEach((row, index) => {
      row.querySelector(".place").textContent = index + 1;
      const place = row.querySelector("[name=place]");
      place.value = index + 1;
      place.max = this.rows.length;
    });
    document.getElementById("wish-count").textContent = this.rows.length;
  }

  say(key, row) {
    const place = this.rows.indexOf(row) + 1;
    this.said.textContent = this.words[key]
      .replace("{company}", row.dataset.name)
      .replace("{place}", place)
      .replace("{count}", this.rows.length);
  }

  // saving --------------------------------------------------------------------------------------

  soon() {
    this.isPutOff = this.isDragging; // the rows are in no order before the drag has ended
    if (this.isPutOff) return;
    this.keep();
    if (this.isBlocked) return;
    this.saved.textContent = this.words.saySaving;
    this.wait = FIRST_WAIT_MS;
    this.after(SETTLES_MS);
  }

  after(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(this.order), milliseconds);
  }

  retry() {
    if (this.order !== this.base && !this.isBlocked) this.after(0);
  }

  keep() {
    device.write(this.key, { ranking: this.order, base: this.base, revision: this.revision });
  }

  resume() {
    const draft = device.read(this.key);
    if (!draft || this.isBlocked) return;
    if (draft.ranking === this.base) {
      device.forget(this.key);
      return;
    }
    const wanted = draft.ranking.split(",").filter(Boolean);
    if (draft.base !== this.base) {
      this.base = draft.base;
      this.revision = draft.revision;
      this.save(draft.ranking);
      return;
    }
    this.show(wanted);
    this.soon();
  }

  show(companies) {
    this.list.replaceChildren(...companies.map((own) => this.known.get(own)).filter(Boolean));
    this.number();
  }

  async save(ranking) {
    clearTimeout(this.timer);
    this.isPutOff = this.isDragging;
    if (this.isPutOff) return;
    if (this.isSaving) return this.after(SETTLES_MS);
    this.isSaving = true;
    this.saved.textContent = this.words.saySaving;
    try {
      const answer = await fetch(this.words.save, {
        method: "POST",
        headers: { "X-CSRFToken": this.words.token, "X-Requested-With": "fetch" },
        body: new URLSearchParams({ ranking, base: this.base, revision: this.revision }),
        signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      });
      await this.answered(answer, ranking);
    } catch {
      this.later(0);
    } finally {
      this.isSaving = false;
    }
  }

  async answered(answer, ranking) {
    if (answer.ok) {
      const { revision, said } = await answer.json();
      this.base = ranking;
      this.revision = revision;
      this.wait = FIRST_WAIT_MS;
      if (this.isDragging || this.order !== ranking) return this.soon();
      device.forget(this.key);
      this.saved.textContent = said;
      return this.goOn();
    }
    if (answer.status === 409) {
      this.choose(await answer.text());
    } else if (answer.status === 422) {
      const { error } = await answer.json();
      this.refuse(error);
    } else if (answer.status === 401 || answer.status === 404) {
      this.stop(this.words.sayEnded);
    } else if (answer.status === 400) {
      this.stop(this.words.sayReload);
    } else {
      this.later(Number(answer.headers.get("Retry-After")) * 1000);
    }
  }

  later(atLeast) {
    this.tell(this.words.sayWaiting);
    this.after(Math.max(atLeast || 0, this.wait));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }

  /** Show what counts, and keep nothing that a later visit would send by itself. */
  refuse(text) {
    this.tell(text);
    this.isSubmitting = null;
    if (this.isDragging) return this.soon();
    device.forget(this.key);
    this.undo.hidden = true;
    this.show(this.base.split(",").filter(Boolean));
  }

  stop(text) {
    this.isBlocked = true;
    this.tell(text);
  }

  tell(text) {
    this.saved.textContent = text;
    this.said.textContent = text;
  }

  choose(part) {
    this.stop(this.words.sayChoose);
    document.querySelector("#submit button").disabled = true;
    this.conflict.innerHTML = part; // made and escaped by the server
    this.conflict.querySelector("h2").focus();
    document.getElementById("use-other").addEventListener("click", () => {
      device.forget(this.key);
    });
  }

  // submitting waits for the save ------------------------------------------------------------------

  submit(event) {
    if (this.order === this.base) return;
    event.preventDefault();
    this.isSubmitting = event.target;
    if (!this.isBlocked) this.save(this.order);
  }

  goOn() {
    if (this.isSubmitting) this.isSubmitting.submit();
  }
}

const list = document.getElementById("ranking");
if (list) new Ranking(list);

const closed = document.getElementById("closed-ranking");
if (closed) device.forget(keyOf(closed)); // too late: not to be sent when the window opens again
