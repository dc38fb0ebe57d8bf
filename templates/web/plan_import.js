// A file can be dropped on the form, and the form says that it is being read. Works without this.
"use strict";
for (const form of document.querySelectorAll("form[data-reading]")) {
  const file = form.querySelector("input[type=file]");
  const zone = form.querySelector("[data-drop]");
  form.addEventListener("submit", () => {
    const said = form.querySelector("[role=status]");
    if (said) said.textContent = form.dataset.reading;
  });
  if (!file || !zone) continue;
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) file.files = event.dataTransfer.files;
  });
}
