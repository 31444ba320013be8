// Giving a task, and telling how one stands.

import { app, factsOf, findTask, isSecretary, refreshRows, unitOf } from "./app.js";
import { dayText, today } from "./dates.js";
import { draftName } from "./drafts.js";
import { fill, find, say, show, tell } from "./dom.js";
import { begin, edit } from "./editor.js";
import { differences } from "./facts.js";
import { reveal, showProblems } from "./form.js";
import { newId } from "./ids.js";
import { add } from "./outbox.js";
import { tasksOf } from "./page_home.js";
import { unknownPage } from "./page_read.js";

export const home = async (text) => {
  await refreshRows();
  tell(text);
  window.location.hash = "#viec";
};

export const missing = (values, names) => names.filter((name) => !values[name]).map((name) => [name, say(`p-${name}`)]);

export const onSubmit = (form, work) => form.addEventListener("submit", (event) => {
  event.preventDefault();
  work();
});

const GIVEN = ["title", "output", "owner", "due_on"];

export const givePage = async ([unitId]) => {
  const unit = unitOf(unitId);
  if (!unit || !isSecretary(unit)) return unknownPage();
  const name = draftName("give", unit.id);
  const draft = await begin(name, { id: newId() }); // the id is made with the draft, once
  const owners = unit.roll.map((one) => fill("owner", { name: one.name }));
  show(fill("give", { unit: unit.name, today: today(), owners }));
  const form = find("form");
  const editor = edit(form, name, draft);
  onSubmit(form, async () => {
    const found = missing(draft.values, GIVEN);
    showProblems(form, found);
    if (found.length || !app.writer) return;
    const { id, title, output, owner, due_on } = draft.values;
    const body = { unit: unit.id, title, owner, due_on, output, meeting: null };
    await editor.finish();
    const items = [{ kind: "task.give", subject: id, body, label: say("l-task.give", { title }) }];
    await add(app.lock, app.key, items, { drop: name, replaces: draft.fixes });
    await home(say("queued"));
  });
  return undefined;
};

const NEEDED = { open: ["state"], done: ["state", "done_on", "proof"] };

const locate = (id) => {
  const known = findTask(id);
  if (known) return known;
  for (const unit of app.bundle ? app.bundle.units : []) {
    const task = tasksOf(unit).find((one) => one.id === id);
    if (task) return { unit, task };
  }
  return null;
};

export const reportPage = async ([id]) => {
  const found = locate(id);
  if (!found || !isSecretary(found.unit)) return unknownPage();
  const { task } = found;
  const name = draftName("report", id);
  const base = factsOf(id, { state: task.state, ...task.facts });
  const draft = await begin(name, base);
  if (!draft.begun) Object.assign(draft, { begun: true, values: { ...draft.values, state: null } }); // to be said anew
  const lead = say("task-due", { owner: task.owner, day: dayText(task.due_on) });
  show(fill("report", { title: task.title, lead, today: today(), output: task.output || base.output || "" }));
  const form = find("form");
  const editor = edit(form, name, draft, { onChange: () => reveal(form, draft.values.state) });
  reveal(form, draft.values.state);
  if (draft.problems) showProblems(form, draft.problems);
  onSubmit(form, async () => {
    const lacking = missing(draft.values, NEEDED[draft.values.state] || ["state"]);
    showProblems(form, lacking);
    if (lacking.length || !app.writer) return;
    const changes = differences(draft.base, draft.values);
    await editor.finish();
    if (!changes) {
      await editor.forget();
      await home(say("nothing-new"));
      return;
    }
    const items = [{ kind: "task.report", subject: id, body: changes, label: say("l-task.report", { title: task.title }) }];
    await add(app.lock, app.key, items, { drop: name, replaces: draft.fixes });
    await home(say("queued"));
  });
  return undefined;
};
