// A number and a slider that say the same: [data-vungmanh-pair]. The number is what is sent.
// Choosing another threshold starts from its own number: [data-vungmanh-retry] drops the old one.

document.addEventListener("input", (event) => {
  const pair = event.target.closest("[data-vungmanh-pair]");
  if (!pair) return;
  for (const field of pair.querySelectorAll("input")) {
    if (field !== event.target) field.value = event.target.value;
  }
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-vungmanh-retry]")) return;
  const number = event.target.form.querySelector("[name=so]");
  if (number) number.disabled = true;
  event.target.form.submit();
});
