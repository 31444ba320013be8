// Menus made of <details data-vungmanh-menu>: one open at a time, closed by Escape or a click beside.
// The navigation of a phone opens by its address (#places) and needs no script; Escape closes it too.

const openMenus = () => document.querySelectorAll("details[data-vungmanh-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (location.hash === "#places") location.hash = "#main";
});

// An error summary takes the focus, so that it is read first.
document.querySelector("[data-vungmanh-focus]")?.focus();
