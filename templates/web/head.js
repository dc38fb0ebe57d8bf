// "/" leads to the search field, and Escape shuts the places that have opened under a room.
// All of it works without this file.
"use strict";

const field = document.getElementById("q");
const rooms = document.querySelector(".rooms");

function isWriting(element) {
  return element.matches("input, textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (pressed) => {
  const alone = !pressed.ctrlKey && !pressed.metaKey && !pressed.altKey;
  if (field && pressed.key === "/" && alone && !isWriting(pressed.target)) {
    pressed.preventDefault();
    field.focus();
    field.select();
  }
  if (rooms && pressed.key === "Escape") {
    rooms.classList.add("shut");
  }
});

if (rooms) {
  for (const again of ["mouseleave", "focusout"]) {
    rooms.addEventListener(again, () => rooms.classList.remove("shut"));
  }
}
