// A form marked data-vungmanh-wait says that work is under way once it takes longer than a second.

const DELAY = 1000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-vungmanh-wait]")) return;
  const sign = form.querySelector("[data-vungmanh-waiting]");
  if (!sign) return;
  setTimeout(() => {
    // Another listener may have stopped the form from being sent.
    if (!event.defaultPrevented) sign.hidden = false;
  }, DELAY);
});

// Coming back by the browser's button shows the page as it was left: not waiting.
window.addEventListener("pageshow", () => {
  for (const sign of document.querySelectorAll("[data-vungmanh-waiting]")) sign.hidden = true;
});
