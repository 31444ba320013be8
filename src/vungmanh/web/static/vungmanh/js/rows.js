// Ranked lists: a link marked data-vungmanh-open opens its row in place, and closes it again.
// Arrow keys move between the rows of the list; Enter opens, as on any link.

const HANDLE = "[data-vungmanh-open]";

const detailOf = (handle) => {
  const next = handle.closest("tr").nextElementSibling;
  return next?.matches("tr.detail") ? next : null;
};

const show = (handle, isOpen) => {
  handle.setAttribute("aria-expanded", String(isOpen));
  handle.closest("tr").toggleAttribute("data-open", isOpen);
};

// The row is open already: close it and ask the server nothing.
document.addEventListener("htmx:beforeRequest", (event) => {
  const handle = event.target;
  if (!handle.matches(HANDLE) || handle.getAttribute("aria-expanded") !== "true") return;
  event.preventDefault();
  detailOf(handle)?.remove();
  show(handle, false);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const handle = event.detail.elt;
  if (handle.matches(HANDLE) && event.detail.successful) show(handle, true);
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target.closest?.("tr");
  if (!step || !row || !event.target.matches("a, button")) return;
  const handles = [...row.closest("table").querySelectorAll(HANDLE)];
  const here = handles.indexOf(row.querySelector(HANDLE));
  if (here < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  handles[Math.min(Math.max(here + step, 0), handles.length - 1)].focus();
});
