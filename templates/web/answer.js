// Counts what is answered and how long a text is, and keeps what is filled in when she leaves. The
// page works without this.
"use strict";
const form = document.querySelector("form[data-answers]");
if (form) {
  const button = form.querySelector(".send button");
  const words = button.textContent;
  const all = form.querySelector("[name=alla]");
  const questions = [...form.querySelectorAll("fieldset.question:not(.all)")];
  let sent = false;
  let changed = false;

  const isAnswered = (question) => {
    if (question.querySelector("[type=radio]:checked")) return true;
    if (all && all.checked && question.querySelector("[name^=shown_]")) return true;
    const filled = [...question.querySelectorAll("textarea, select, input:not([type])")];
    return filled.some((field) => field.value.trim());
  };
  const count = () => {
    const answered = questions.filter(isAnswered).length;
    button.textContent = answered ? `${words}, ${answered} av ${questions.length}` : words;
  };
  const measure = (field) => {
    const most = Number(field.dataset.most);
    const told = document.getElementById(`${field.id}-langd`);
    const over = field.value.length - most;
    told.textContent = field.value.length > most * 0.8 ? `${field.value.length} av ${most} tecken` : "";
    if (over > 0) told.textContent += `, ${over} för många`;
    told.classList.toggle("late", over > 0);
  };
  const keep = () => {
    if (sent || !changed) return;
    changed = false;
    navigator.sendBeacon(form.dataset.answers, new URLSearchParams(new FormData(form)));
  };

  form.addEventListener("input", (event) => {
    changed = true;
    count();
    if (event.target.dataset.most) measure(event.target);
  });
  form.addEventListener("submit", () => { sent = true; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
  window.addEventListener("pageshow", () => { sent = false; count(); });
  form.querySelectorAll("[data-most]").forEach(measure);
  count();
}
