// The list of companies: filtered at once, wishes added without leaving the page.

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30000;

const UNFOLDED = "companies-unfolded";

const list = document.getElementById("companies");
const form = document.getElementById("filter");

function filter() {
  const asked = Object.fromEntries(new FormData(form));
  const has = (row, key, value) => !value || row.dataset[key].includes(`|${value}|`);
  let shown = 0;
  for (const row of list.children) {
    const fits =
      row.dataset.name.includes(asked.name.trim().toLowerCase()) &&
      has(row, "languages", asked.language) &&
      has(row, "positions", asked.position) &&
      has(row, "fields", (asked.field || "").toLowerCase());
    row.hidden = !fits;
    shown += fits;
  }
  const count = document.getElementById("shown-count");
  count.textContent = count.dataset.words
    .replace("{shown}", shown)
    .replace("{all}", list.children.length);
  document.getElementById("none-shown").hidden = shown > 0;
  const kept = Object.entries(asked).filter(([, value]) => value);
  const query = new URLSearchParams(kept).toString();
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
}

function show(said) {
  const count = Object.keys(said).length;
  const { limit } = list.dataset;
  const isFull = limit !== "" && count >= Number(limit);
  for (const wish of list.querySelectorAll(".wish")) {
    const text = said[wish.elements.company.value];
    const button = wish.querySelector("button");
    const row = wish.closest("li");
    const tag = row.querySelector(".tag");
    const { drop, add, wish: whole } = list.dataset;
    tag.textContent = text || "";
    tag.hidden = !text;
    button.value = text ? "drop" : "add";
    button.textContent = text ? drop : add;
    button.disabled = isFull && !text;
    button.setAttribute("aria-label", `${text ? drop : whole}: ${row.querySelector("h2").textContent}`);
  }
  document.getElementById("wish-count").textContent = count;
  const room = document.getElementById("wish-room");
  const words = isFull ? list.dataset.full : room.dataset.words;
  if (limit) room.textContent = words.replace("{count}", count).replace("{limit}", limit);
}

// How much of each company is shown is remembered on this device.
function unfold(button, isWhole) {
  button.more ??= button.textContent;
  button.textContent = isWhole ? button.dataset.fold : button.more;
  for (const row of list.querySelectorAll("details")) row.open = isWhole;
  try {
    localStorage.setItem(UNFOLDED, isWhole ? "1" : "");
  } catch {
    // storage may be off: then it is not remembered
  }
}

function isUnfolded() {
  try {
    return localStorage.getItem(UNFOLDED) === "1";
  } catch {
    return false;
  }
}

async function change(wish, action, wait = FIRST_WAIT_MS) {
  const said = wish.closest("li").querySelector(".said");
  const again = () => {
    said.textContent = list.dataset.waiting;
    setTimeout(() => change(wish, action, Math.min(wait * 2, LONGEST_WAIT_MS)), wait);
  };
  try {
    const answer = await fetch(wish.getAttribute("action"), {
      method: "POST",
      headers: { "X-CSRFToken": list.dataset.token, "X-Requested-With": "fetch" },
      body: new URLSearchParams({ company: wish.elements.company.value, action }),
    });
    if (answer.ok) {
      said.textContent = "";
      show((await answer.json()).said);
    } else if (answer.status === 422) {
      said.textContent = (await answer.json()).error;
    } else if (answer.status === 401 || answer.status === 404) {
      said.textContent = list.dataset.ended;
    } else if (answer.status === 400) {
      location.reload();
    } else {
      again();
    }
  } catch {
    again();
  }
}

if (list) {
  const button = form.querySelector("button");
  button.textContent = button.dataset.show;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const filters = form.closest("details");
    filters.open = false;
    filters.querySelector("summary").focus();
  });
  const whole = document.getElementById("unfold");
  let isWhole = isUnfolded();
  if (isWhole) unfold(whole, isWhole);
  whole.hidden = false;
  whole.addEventListener("click", () => unfold(whole, (isWhole = !isWhole)));
  list.addEventListener("submit", (event) => {
    event.preventDefault();
    change(event.target, event.submitter.value);
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
