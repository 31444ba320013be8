// The form of a meeting's record: what a meeting not held does not need is put away; whoever is not
// marked yet can be marked present at once; leaving with something unsaved asks first.

const form = document.querySelector("[data-vungmanh-record]");

function fold() {
  const chosen = form.querySelector("[name=outcome]:checked");
  const away = chosen !== null && chosen.value === "not_held";
  for (const part of form.querySelectorAll("[data-vungmanh-held]")) part.hidden = away;
  const reason = form.querySelector("[name=not_held_reason]");
  if (reason) reason.closest(".field").hidden = !away;
}

function unmarked() {
  return [...form.querySelectorAll("[data-vungmanh-roll] fieldset")].filter(
    (one) => one.querySelector("input[type=radio]:checked") === null,
  );
}

// A reason is asked only of whoever is marked absent.
function askReasons() {
  for (const one of form.querySelectorAll("[data-vungmanh-roll] fieldset")) {
    const marked = one.querySelector("input[type=radio]:checked");
    const absent = marked !== null && ["excused", "unexcused"].includes(marked.value);
    one.querySelector("input[type=text]").hidden = !absent;
  }
}

function offerRest() {
  const button = form.querySelector("[data-vungmanh-rest]");
  if (button) button.hidden = unmarked().length === 0;
}

if (form) {
  let touched = false;
  fold();
  offerRest();
  askReasons();
  form.addEventListener("change", () => {
    touched = true;
    fold();
    offerRest();
    askReasons();
  });
  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-vungmanh-rest]")) return;
    for (const one of unmarked()) one.querySelector("input[value=present]").checked = true;
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => {
    if (touched) event.preventDefault();
  });
}
