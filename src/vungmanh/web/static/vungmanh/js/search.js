// The search box: "/" brings you there; arrows walk the suggestions, Enter follows one, Escape closes.

const box = document.querySelector("[data-vungmanh-search]");
const list = box && document.getElementById(box.getAttribute("aria-controls"));

const options = () => [...list.querySelectorAll("[role=option]")];

const choose = (option) => {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    box.removeAttribute("aria-activedescendant");
  }
};

const close = () => {
  list.replaceChildren();
  box.setAttribute("aria-expanded", "false");
  choose(null);
};

const move = (step) => {
  const all = options();
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (all.length) choose(all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length]);
};

if (box) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!box.offsetParent) return; // hidden on a phone
    event.preventDefault();
    box.focus();
    box.select();
  });

  box.addEventListener("keydown", (event) => {
    const chosen = list.querySelector('[aria-selected="true"]');
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      chosen.click();
    } else if (event.key === "Escape" && options().length) {
      event.preventDefault(); // the browser would empty the box; a second Escape still does
      box.dispatchEvent(new Event("htmx:abort"));
      close();
    }
  });

  list.addEventListener("htmx:afterSwap", () => {
    box.setAttribute("aria-expanded", String(options().length > 0));
    choose(null);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[role=search]")) close();
  });
}
