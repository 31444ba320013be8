// A long form marked data-vungmanh-progress counts what is answered as it is answered, in each part
// and in all; leaving with something unsaved asks first.

const form = document.querySelector("form[data-vungmanh-progress]");
const ASKED = "[data-vungmanh-asked]";

function isSaid(one) {
  const chosen = one.querySelector("input[type=radio]:checked");
  const typed = one.querySelector("input[type=text]");
  return Boolean((chosen && chosen.value) || (typed && typed.value.trim()));
}

const saidIn = (place) => String([...place.querySelectorAll(ASKED)].filter(isSaid).length);

function count() {
  form.querySelector("[data-vungmanh-done]").textContent = saidIn(form);
  for (const part of form.querySelectorAll("details.rated-part")) {
    const number = part.querySelector("[data-vungmanh-part]");
    if (number) number.textContent = saidIn(part);
  }
}

if (form && form.querySelector("[data-vungmanh-done]")) {
  let touched = false;
  const sign = form.querySelector("[data-vungmanh-unsaved]");
  const change = () => {
    touched = true;
    if (sign) sign.hidden = false;
    count();
  };
  form.addEventListener("input", change);
  form.addEventListener("change", change);
  form.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => {
    if (touched) event.preventDefault();
  });
  // A link to a part that is folded opens it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".to-do a[href^='#']");
    const target = link && document.querySelector(link.getAttribute("href"));
    const part = target && [...target.parentElement.querySelectorAll("details.rated-part")]
      .filter((one) => target.contains(one) || target.compareDocumentPosition(one) & 4)
      .find((one) => [...one.querySelectorAll(ASKED)].some((row) => !isSaid(row)));
    if (part) part.open = true;
  });
}
