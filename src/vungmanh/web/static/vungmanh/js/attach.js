// A form marked data-vungmanh-attach says at once that a file is too large, before an hour of sending.

const tooLarge = (form) =>
  [...form.querySelectorAll("input[type=file]")].some((input) =>
    [...input.files].some((file) => {
      const most = file.type === "application/pdf" ? form.dataset.pdf : form.dataset.photo;
      return file.size > Number(most);
    }),
  );

const check = (form) => {
  const place = form.querySelector("[data-vungmanh-attach-problem]");
  const found = tooLarge(form);
  place.textContent = found ? form.dataset.tooLarge : "";
  place.hidden = !found;
  return !found;
};

const formOf = (event) => event.target.closest && event.target.closest("[data-vungmanh-attach]");

document.addEventListener("change", (event) => {
  const form = formOf(event);
  if (form) check(form);
});
const stop = (event) => {
  const form = formOf(event);
  if (form && !check(form)) event.preventDefault();
};
document.addEventListener("submit", stop);
document.addEventListener("htmx:beforeRequest", stop);
