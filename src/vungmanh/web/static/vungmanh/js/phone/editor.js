// A form that keeps its draft: every change is stored sealed before anything else happens with it.

import { app } from "./app.js";
import { drop, recall, saver } from "./drafts.js";
import { find, say } from "./dom.js";
import { goTo, paint, stepped, typed } from "./form.js";
import { momentText } from "./dates.js";
import { banner } from "./banners.js";

// Open a draft, or begin one over what is known: {base, values, fixes}.
export const begin = async (name, base) => (await recall(name)) || { base, values: { ...base }, fixes: null };

const tellSaved = (good) => {
  const place = find("#saved");
  if (place) place.textContent = good ? say("saved", { when: momentText(new Date().toISOString()) }) : say("not-saved");
  banner("storage", !good);
};

// Bind a form to a draft. `onChange(name)` may change other values before they are painted.
export const edit = (form, name, draft, { onChange = () => {}, onAct = () => {} } = {}) => {
  const failed = () => tellSaved(false);
  const save = saver(name, failed);
  const { values } = draft;

  const touch = (changed, except = null) => {
    onChange(changed);
    paint(form, values, except);
    if (!app.writer) return;
    save(draft).then(() => tellSaved(true), failed);
  };

  form.addEventListener("input", (event) => {
    const { target } = event;
    if (!target.name || target.type === "radio") return;
    values[target.name] = typed(target.name, target.value);
    touch(target.name, target);
  });
  form.addEventListener("change", (event) => {
    const { target } = event;
    if (target.type !== "radio" || target.dataset.loose !== undefined) return;
    values[target.name] = typed(target.name, target.value);
    touch(target.name, target);
  });
  form.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    const act = event.target.closest("[data-act]");
    const go = event.target.closest("[data-go]");
    if (step) {
      values[step.dataset.of] = stepped(values[step.dataset.of], Number(step.dataset.step));
      touch(step.dataset.of);
    } else if (act && act.type === "button") onAct(act.dataset.act, touch);
    else if (go) goTo(form, go.dataset.go);
  });

  paint(form, values);
  return {
    touch,
    // What is written became an item; `add` drops the draft in the same breath.
    finish: () => save.stop(),
    forget: async () => { await save.stop(); await drop(name); },
  };
};
