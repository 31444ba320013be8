// A form over a flat dictionary: reads what a control says, writes what is known, shows what is
// wrong at its field. Empty is null: nothing was said.

import { fill, say } from "./dom.js";

const COUNTS = ["present", "present_official", "excused", "unexcused", "exempt_present", "speakers", "criticism_minutes", "vote_for", "vote_against", "percent"];
const YES_NO = ["superior_present", "withheld", "attended", "by_plan"];

export const isCount = (name) => COUNTS.includes(name);
export const isYesNo = (name) => YES_NO.includes(name);

// The value of a control as it is kept. What is no number stays as it was typed, to be corrected.
export const typed = (name, text) => {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (isYesNo(name)) return trimmed === "true";
  if (isCount(name)) return /^\d{1,6}$/.test(trimmed) ? Number(trimmed) : trimmed;
  return text;
};

const shown = (value) => (value === null || value === undefined ? "" : String(value));

// Put a dictionary into the controls of a form; a control under the finger is left alone.
export const paint = (form, values, except = null) => {
  for (const control of form.elements) {
    if (!control.name || control === except || control.dataset.loose !== undefined) continue;
    if (!(control.name in values) && control.type === "radio") { control.checked = false; continue; }
    const text = shown(values[control.name]);
    if (control.type === "radio") control.checked = control.value === text;
    else if (control.value !== text) control.value = text === "none" ? "" : text;
  }
};

// Show what depends on an answer: data-when names the answer that a part belongs to.
export const reveal = (form, answer) => {
  for (const part of form.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== answer;
};

// A step up or down; from nothing, the first step is one, or none.
export const stepped = (value, step) => Math.max(0, (typeof value === "number" ? value : step < 0 ? 1 : 0) + step);

const clear = (form) => {
  for (const one of form.querySelectorAll(".bad[data-at]")) one.classList.remove("bad");
  for (const one of form.querySelectorAll(".err[data-made]")) one.remove();
  for (const one of form.querySelectorAll("[aria-invalid]")) {
    one.removeAttribute("aria-invalid");
    one.removeAttribute("aria-describedby");
  }
};

const mark = (form, field, message) => {
  const place = [...form.querySelectorAll("[data-at]")].find((one) => one.dataset.at === field);
  if (!place) return;
  const fold = place.closest("details");
  if (fold) fold.open = true;
  place.classList.add("bad");
  const line = document.createElement("p");
  Object.assign(line, { className: "err", id: `err-${field}`, textContent: message });
  line.dataset.made = "";
  place.append(line);
  const control = place.querySelector("input, textarea");
  if (!control) return;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", line.id);
};

// `found`: [field, sentence]. Says all of them above the form too, and goes there.
export const showProblems = (form, found) => {
  clear(form);
  const box = document.getElementById("problems");
  box.replaceChildren(...found.map(([field, message]) => fill("problem", { field, message })));
  box.hidden = !found.length;
  for (const [field, message] of found) mark(form, field, message);
  if (found.length) box.focus();
};

// From a sentence above to its field.
export const goTo = (form, field) => {
  const place = [...form.querySelectorAll("[data-at]")].find((one) => one.dataset.at === field);
  const control = place && place.querySelector("input, textarea, select");
  if (control) control.focus();
  if (place) place.scrollIntoView({ block: "center" });
};

// Counts that are no number.
export const wrongCounts = (values) =>
  Object.keys(values).filter((name) => isCount(name) && typeof values[name] === "string").map((name) => [name, say("p-number")]);
