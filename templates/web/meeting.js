// Keeps what is being typed at a meeting, and shows what others register meanwhile. The page works
// without this.
"use strict";
const form = document.querySelector("form[data-kept]");
if (form) {
  let sent = false;
  let changed = false;
  let waits = 0;

  const keep = () => {
    if (sent || !changed) return;
    changed = false;
    navigator.sendBeacon(form.dataset.kept, new URLSearchParams(new FormData(form)));
  };
  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(waits);
    waits = setTimeout(keep, 2000);
  });
  form.addEventListener("submit", () => { sent = true; });

  // Of a row's fields only those that what is chosen asks for are shown, and what is written stays.
  const fit = (row, opens) => {
    const chosen = row.querySelector("select[name^=move_]").value;
    const fields = row.querySelector(".row-fields");
    fields.querySelectorAll("[data-for]").forEach((one) => {
      const asked = one.dataset.for.split("|").includes(chosen);
      one.hidden = !asked && !one.querySelector("input, select").value;
    });
    if (opens && fields.querySelectorAll("[data-for]:not([hidden])").length > 1) fields.open = true;
  };
  form.querySelectorAll("[data-row]").forEach((row) => {
    fit(row, false);
    row.querySelector("select[name^=move_]").addEventListener("change", () => fit(row, true));
  });
  window.addEventListener("pageshow", () => { sent = false; });

  const look = async () => {
    if (document.visibilityState === "hidden" || sent) return;
    const answer = await fetch(form.dataset.others, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = now.getElementById("registrerat");
    const here = document.getElementById("registrerat");
    if (told && here && told.textContent !== here.textContent) here.replaceWith(told);
    form.querySelectorAll("[data-row]").forEach((row) => {
      const same = now.querySelector(`[data-row="${row.dataset.row}"]`);
      const stale = !same || same.dataset.version !== row.dataset.version;
      row.querySelector(".meanwhile").hidden = !stale;
    });
  };
  setInterval(look, 20000);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
    else look();
  });
}
