// A value in a list becomes its row's fields where it stands: a press or Enter opens them, Enter saves,
// Escape takes it back. Names are found by a few letters, and words for a day are understood at once.
// All of it works without this file: the same links and forms are then pages (web/activities/row.py).
"use strict";

const NEXT = ["ArrowDown", "ArrowUp"];

async function ask(address, sent) {
  const answer = await fetch(address, sent);
  const words = await answer.text();
  return { answer, page: new DOMParser().parseFromString(words, "text/html") };
}

function withWords(address, words) {
  const found = new URL(address, location.href);
  for (const [name, value] of Object.entries(words)) found.searchParams.set(name, value);
  return found;
}

// Where the fields stand: in place of the row, or under the facts on an activity's own page.
function placeFor(link) {
  const row = link.closest("tr");
  if (!row) return { row: null, holder: null };
  const holder = document.createElement("tr");
  holder.className = "editing";
  const cell = document.createElement("td");
  cell.colSpan = row.children.length;
  holder.append(cell);
  return { row, holder };
}

async function open(link) {
  const { row, holder } = placeFor(link);
  let got;
  try {
    got = await ask(withWords(link.href, { bit: "ja" }));
  } catch {
    location.assign(link.href);
    return;
  }
  const form = got.page.querySelector("form.row-form");
  if (!got.answer.ok || !form) {
    location.assign(link.href);
    return;
  }
  const before = document.querySelector("form.row-form");
  if (before && before.isUnchanged) before.takeBack(false);
  if (holder) {
    // A form within the list's form: a parser would drop it, a tree may hold it, and each field
    // belongs to the nearest one.
    holder.firstChild.append(form);
    row.after(holder);
    row.hidden = true;
  } else {
    link.closest("dl").after(form);
  }
  prepare(form, { row, holder, field: link.dataset.row });
  focusOn(form, link.dataset.row);
}

function focusOn(form, name) {
  const field = form.querySelector("[autofocus]") || form.elements[name] || form.elements.move;
  field.focus();
  if (field.select && field.value) field.select();
}

function prepare(form, at) {
  const start = new URLSearchParams(new FormData(form)).toString();
  Object.defineProperty(form, "isUnchanged", {
    configurable: true,
    get: () => new URLSearchParams(new FormData(form)).toString() === start,
  });
  form.takeBack = (back = true) => {
    if (at.row) at.row.hidden = false;
    (at.holder || form).remove();
    const link = (at.row || document).querySelector(`a[data-row="${at.field}"]`);
    if (back && link) link.focus();
  };
  form.querySelector("[data-back]").addEventListener("click", (pressed) => {
    pressed.preventDefault();
    form.takeBack();
  });
  form.addEventListener("keydown", (pressed) => {
    if (pressed.defaultPrevented || pressed.isComposing) return;
    if (pressed.key === "Escape") {
      pressed.preventDefault();
      form.takeBack();
    } else if (pressed.key === "Enter" && pressed.target.matches("textarea") && !pressed.shiftKey) {
      pressed.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (sent) => {
    sent.preventDefault();
    sent.stopPropagation();
    save(form, at);
  });
  asks(form);
  understands(form.querySelector("[data-day]"));
  for (const one of form.querySelectorAll("[data-tokens]")) tokens(one, form);
}

async function save(form, at) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const body = new URLSearchParams(new FormData(form));
  let got;
  try {
    got = await ask(form.action, { method: "POST", body });
  } catch {
    tell(form, "Servern svarade inte. Inget är sparat, och det du skrev står kvar.");
    return;
  } finally {
    form.ariaBusy = "false";
  }
  const again = got.page.querySelector("form.row-form");
  const row = got.page.querySelector("tr[data-id]");
  const go = got.page.querySelector("[data-go]");
  if (got.answer.ok && go) {
    location.assign(go.dataset.go);
  } else if (got.answer.ok && row) {
    (at.holder || form).remove();
    put(row, at.field);
  } else if (again) {
    form.replaceWith(again);
    prepare(again, at);
    const errors = again.querySelector(".errors");
    if (errors) errors.focus();
  } else {
    const said = got.page.querySelector("main p");
    tell(form, said ? said.textContent : "Det gick inte att spara. Läs in sidan igen.");
  }
}

// What went wrong outside of the fields: what was typed stays.
function tell(form, words) {
  let said = form.querySelector(".problem");
  if (!said) {
    said = document.createElement("p");
    said.className = "problem";
    said.setAttribute("role", "alert");
    form.querySelector(".buttons").before(said);
  }
  said.textContent = words;
}

// The row as it is now, wherever the page has it: a plan shows an activity under each of its goals.
function put(row, field) {
  const id = row.dataset.id;
  let first = true;
  for (const old of document.querySelectorAll(`tr[data-id="${id}"]`)) {
    const drawn = row.cloneNode(true);
    if (!first) {
      drawn.removeAttribute("id");
      drawn.querySelector(".saved")?.remove();
    }
    const tick = old.querySelector(".pick :checked");
    if (tick && drawn.querySelector(".pick input")) drawn.querySelector(".pick input").checked = true;
    if (!old.querySelector(".pick")) drawn.querySelector(".pick")?.remove();
    old.replaceWith(drawn);
    if (first) {
      const undo = drawn.querySelector("form.undo-row");
      if (undo) undo.addEventListener("submit", (sent) => takenBack(sent, undo));
      (drawn.querySelector(`a[data-row="${field}"]`) || drawn.querySelector("a")).focus();
    }
    first = false;
  }
}

// Ångra: at once where nothing stands on it; else the page that says what does.
async function takenBack(sent, undo) {
  sent.preventDefault();
  sent.stopPropagation();
  let row = null;
  try {
    const got = await ask(undo.action, { method: "POST", body: new URLSearchParams(new FormData(undo)) });
    row = got.answer.ok && got.page.querySelector("tr[data-id]");
  } catch {
    row = null;
  }
  if (row) put(row, "deadline");
  else {
    undo.querySelector("[name=bit]")?.remove();
    HTMLFormElement.prototype.submit.call(undo);
  }
}

// What a move asks for is fetched when it is chosen.
function asks(form) {
  const move = form.elements.move;
  move.addEventListener("change", async () => {
    const got = await ask(withWords(move.dataset.asks, { bit: "ja", move: move.value })).catch(() => null);
    if (!got || !got.answer.ok) return;
    for (const part of [".asked", ".why"]) {
      const fresh = got.page.querySelector(`form.row-form ${part}`);
      const held = new FormData(form);
      const old = form.querySelector(part);
      for (const field of fresh.querySelectorAll("[name]")) {
        if (held.get(field.name)) field.value = held.get(field.name);
      }
      old.replaceWith(fresh);
    }
    form.querySelector(".asked [name]")?.focus();
  });
}

// Words for a day: what they are understood as stands under the field while they are typed.
function understands(field) {
  if (!field) return;
  const said = document.getElementById(`${field.id.replace(/-deadline$/, "")}-forstatt`);
  let waits = 0;
  field.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(async () => {
      const words = field.value;
      const answer = await fetch(withWords(field.dataset.day, { ord: words })).catch(() => null);
      if (!answer || !answer.ok || field.value !== words) return;
      const told = await answer.json();
      said.textContent = told.words;
      said.className = told.wrong ? "wrong" : "quiet";
    }, 150);
  });
}

// A field of several: what is chosen stands as tokens, and the last field is a combobox (WAI-ARIA's
// pattern: an editable one, with a list that it owns).
function tokens(place, form) {
  const source = place.dataset.tokens;
  const field = place.querySelector("[data-add]");
  const name = field.name.replace(/_\d+$/, "");
  const list = document.createElement("ul");
  const chosen = document.createElement("ul");
  const said = document.createElement("span");
  let offers = [];
  let active = -1;
  let asked = "";
  let waits = 0;
  said.className = "unseen";
  said.setAttribute("role", "status");
  chosen.className = "chosen";
  list.className = "offers";
  list.id = `${field.id}-lista`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Förslag");
  field.removeAttribute("list");
  for (const [key, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) field.setAttribute(key, value);
  field.before(chosen);
  field.after(list, said);

  for (const old of place.querySelectorAll(`input:not([data-add])`)) {
    if (old.closest(".chosen")) continue;
    old.remove();
    if (old.value) add(old.value);
  }
  number();

  function number() {
    let at = 0;
    for (const one of place.querySelectorAll(`[name^="${name}_"]`)) {
      at += 1;
      one.name = `${name}_${at}`;
    }
  }

  function add(value, unknown = false) {
    const item = document.createElement("li");
    const words = document.createElement("span");
    const hidden = document.createElement("input");
    const away = document.createElement("button");
    item.classList.toggle("unknown", unknown);
    words.textContent = value;
    hidden.type = "hidden";
    hidden.name = `${name}_0`;
    hidden.value = value;
    away.type = "button";
    away.textContent = "×";
    away.setAttribute("aria-label", `Ta bort ${value}`);
    away.addEventListener("click", () => {
      item.remove();
      if (unknown) nobodyNew(value);
      number();
      said.textContent = `${value} är borttagen.`;
      field.focus();
    });
    item.append(words, hidden, away);
    chosen.append(item);
    field.value = "";
    shut();
    number();
  }

  function shut() {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function mark(at) {
    active = at;
    for (const [index, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", String(index === at));
      if (index === at) {
        field.setAttribute("aria-activedescendant", item.id);
        item.scrollIntoView({ block: "nearest" });
      }
    }
    if (at < 0) field.removeAttribute("aria-activedescendant");
  }

  async function look(words) {
    asked = words;
    const address = withWords(`${form.action}/namn`, { q: words, vad: source === "mal" ? "mal" : "" });
    const answer = await fetch(address).catch(() => null);
    if (!answer || !answer.ok) return { offers: [], known: false, silent: true };
    return answer.json();
  }

  function draw(found) {
    offers = found.offers;
    list.replaceChildren(...offers.map((one, index) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = one.value;
      if (one.more) {
        const more = document.createElement("span");
        more.className = "quiet";
        more.textContent = one.more;
        item.append(more);
      }
      item.addEventListener("mousedown", (pressed) => {
        pressed.preventDefault();
        choose(index);
      });
      return item;
    }));
    list.hidden = offers.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = offers.length ? `${offers.length} förslag.` : "Inga förslag.";
    mark(-1);
  }

  function choose(index) {
    const value = offers[index].value;
    add(value);
    said.textContent = `${value} är vald.`;
    field.focus();
  }

  // Words that name nobody: they may stay as words, or be somebody new, whose fields open.
  function newOne(value) {
    const fold = form.querySelector(".new-person");
    add(value, true);
    if (!fold) return false;
    fold.open = true;
    fold.querySelector("[data-new-told]").textContent =
      `${value} finns inte i registret. Med e-postadress läggs personen till; utan står bara namnet.`;
    form.elements.new_name.value = value;
    form.elements.new_email.focus();
    return true;
  }

  function nobodyNew(value) {
    if (form.elements.new_name?.value === value) {
      form.elements.new_name.value = "";
      form.querySelector(".new-person").open = false;
    }
  }

  // What was typed and not chosen: true when it is settled, and the form may be sent.
  async function settle() {
    const words = field.value.trim().replace(/\s+/g, " ");
    const found = await look(words);
    if (found.silent) return true;
    const same = found.offers.find((one) => one.value.toLowerCase() === words.toLowerCase());
    if (found.known || same) {
      add(same ? same.value : words);
      return true;
    }
    if (place.dataset.new === undefined) return true;
    return !newOne(words);
  }

  field.addEventListener("input", () => {
    clearTimeout(waits);
    const words = field.value.trim();
    if (!words && source !== "mal") {
      shut();
      return;
    }
    waits = setTimeout(async () => {
      const found = await look(words);
      if (asked === words && field.value.trim() === words && document.activeElement === field) draw(found);
    }, 120);
  });

  field.addEventListener("blur", () => setTimeout(shut, 100));
  field.addEventListener("keydown", async (pressed) => {
    const isOpen = !list.hidden;
    if (pressed.isComposing) return;
    if (NEXT.includes(pressed.key)) {
      pressed.preventDefault();
      if (!isOpen) {
        draw(await look(field.value.trim()));
        if (!offers.length) return;
      }
      const step = pressed.key === "ArrowDown" ? 1 : -1;
      const from = active < 0 && step < 0 ? 0 : active;
      mark((from + step + offers.length) % offers.length);
    } else if (pressed.key === "Escape" && isOpen) {
      pressed.preventDefault();
      shut();
    } else if (pressed.key === "Enter" && active >= 0) {
      pressed.preventDefault();
      choose(active);
    } else if (pressed.key === "Enter" && field.value.trim()) {
      pressed.preventDefault();
      if (await settle()) form.requestSubmit();
    } else if (pressed.key === "Tab" && !pressed.shiftKey && active >= 0) {
      pressed.preventDefault();
      choose(active);
    } else if (pressed.key === "Tab" && !pressed.shiftKey && field.value.trim()) {
      pressed.preventDefault();
      await settle();
    } else if (pressed.key === "Backspace" && !field.value && chosen.lastChild) {
      pressed.preventDefault();
      chosen.lastChild.querySelector("button").click();
    }
  });
}

document.addEventListener("click", (pressed) => {
  if (pressed.defaultPrevented || pressed.button || pressed.ctrlKey || pressed.metaKey || pressed.shiftKey || pressed.altKey) return;
  const inside = pressed.target.closest("a, button, input, select, textarea, label, form.row-form");
  const link = pressed.target.closest("a[data-row]") || (!inside && pressed.target.closest("td[data-label]")?.querySelector("a[data-row]"));
  if (!link || (inside && inside !== link) || String(getSelection())) return;
  pressed.preventDefault();
  open(link);
});

// Arrows go from row to row in the same column.
document.addEventListener("keydown", (pressed) => {
  const link = pressed.target.closest?.("tr[data-id] a[data-row]");
  if (!link || !NEXT.includes(pressed.key) || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
  const all = [...document.querySelectorAll(`tr:not([hidden])[data-id] a[data-row="${link.dataset.row}"]`)];
  const next = all[all.indexOf(link) + (pressed.key === "ArrowDown" ? 1 : -1)];
  if (next) {
    pressed.preventDefault();
    next.focus();
  }
});
