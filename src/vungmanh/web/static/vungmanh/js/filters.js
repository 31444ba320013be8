// Choosing in a list marked data-vungmanh-autosubmit sends its form, as its button would.
// A form marked data-vungmanh-filters sends whenever any of its lists changes.

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("[data-vungmanh-autosubmit], form[data-vungmanh-filters] select")) return;
  field.form.requestSubmit();
});

// A form is sent once: a second tap on a slow line must not file the same thing twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.vungmanhSent) {
    event.preventDefault();
    return;
  }
  form.dataset.vungmanhSent = "1";
  setTimeout(() => delete form.dataset.vungmanhSent, 8000); // a download leaves the page standing
});

const release = () => {
  for (const form of document.querySelectorAll("form[data-vungmanh-sent]")) {
    delete form.dataset.vungmanhSent;
  }
};
document.addEventListener("htmx:afterRequest", release);
window.addEventListener("pageshow", release);
