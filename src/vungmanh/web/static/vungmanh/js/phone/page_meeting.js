// The record of one meeting: what is written goes into a draft at every change, and into the outbox
// when it is handed in.

import { app, expected, factsOf, isSecretary, refreshRows, unitOf } from "./app.js";
import { dayText, lastDay, minutesBetween, minutesLater, monthText, today } from "./dates.js";
import { draftName } from "./drafts.js";
import { fill, find, say, show, tell } from "./dom.js";
import { begin, edit } from "./editor.js";
import { differences, problems } from "./facts.js";
import { reveal, showProblems, wrongCounts } from "./form.js";
import { findMonth, standOf } from "./months.js";
import { add } from "./outbox.js";
import { derive, paintPeople, peopleAct, peoplePart, rollChanged } from "./people.js";
import { readPage, unknownPage } from "./page_read.js";
import { tasksOf } from "./page_home.js";

const taskLine = (task) => fill("item", { text: `${task.title}. ${say("task-due", { owner: task.owner, day: dayText(task.due_on) })}` });

// What was announced, where it was: offered to be taken over by one touch, never filled in.
const plannedOf = (month) => {
  const plan = month.plan || {};
  return plan.planned_on ? [dayText(plan.planned_on), plan.planned_at, plan.place].filter(Boolean).join(", ") : "";
};

const build = (unit, month, title) => {
  const tasks = tasksOf(unit);
  const last = month.last_month ? lastDay(month.last_month) : lastDay(month.month);
  show(fill("meeting", {
    title, lead: say("meeting-lead", { unit: unit.name }), first: `${(month.first_month || month.month).slice(0, 7)}-01`,
    last: last < today() ? last : today(), planned: plannedOf(month), people: peoplePart(unit), tasks: tasks.length, lines: tasks.map(taskLine),
  }));
};

const times = (values, changed) => {
  if (changed === "starts-pick") values.starts = values["starts-pick"];
  if (["minutes", "starts", "starts-pick"].includes(changed) && values.minutes && values.starts) {
    values.ends = minutesLater(values.starts, Number(values.minutes));
  }
  if (changed === "ends") values.minutes = null;
  if (values.starts && values.ends) values.minutes = String(minutesBetween(values.starts, values.ends));
  values["starts-pick"] = values.starts || null;
};

const LOOSE = ["minutes", "starts-pick"];
const only = (values) => Object.fromEntries(Object.entries(values).filter(([name]) => !LOOSE.includes(name) && !name.startsWith("roll-")));

const judge = (unit, month, values) => {
  const last = month.last_month || month.month;
  const setting = { month: month.first_month || month.month, last, today: today(), expected: expected(unit) };
  const found = problems(values, setting).map(([field, word, gaps]) => [field, say(word, gaps)]);
  return [...wrongCounts(values), ...found];
};

// What is queued: the record when it differs from what was known, and the filing.
const itemsOf = (unit, month, draft, filing) => {
  const where = { unit: unit.id, kind: month.kind, month: month.month.slice(0, 7) };
  const changes = differences(draft.base, only(draft.values));
  const item = (kind, body) => ({
    kind, subject: month.meeting, body: { ...where, ...body }, label: say(`l-${kind}`, { month: monthText(month.month) }),
  });
  return [...(changes ? [item("meeting.write", changes)] : []), ...(filing ? [item("meeting.file", {})] : [])];
};

const submit = async (unit, month, name, draft, form, editor, filing) => {
  const values = only(draft.values);
  const found = filing ? judge(unit, month, values) : wrongCounts(values);
  showProblems(form, found);
  if (found.length) return;
  const items = itemsOf(unit, month, draft, filing);
  if (!items.length) { tell(say("nothing-new")); return; }
  await editor.finish();
  await add(app.lock, app.key, items, { drop: name, replaces: draft.fixes });
  await refreshRows();
  tell(say("queued"));
  window.location.hash = "#viec";
};

export const meetingPage = async ([unitId, kind, slug]) => {
  const unit = unitOf(unitId);
  const month = unit && (await findMonth(unit, kind, slug));
  if (!month) return unknownPage();
  const title = say(`month-${kind}`, { month: monthText(slug) });
  const base = factsOf(month.meeting, month.facts);
  const name = draftName("meeting", month.meeting);
  const draft = await begin(name, base);
  const readOnly = !isSecretary(unit) || !app.writer || (standOf(month) !== "open" && !draft.fixes);
  if (readOnly) return readPage(unit, month, title, base);
  build(unit, month, title);
  const form = find("form");
  const { values } = draft;
  const paintAll = (changed) => {
    times(values, changed);
    derive(unit, values, changed);
    reveal(form, values.outcome);
    paintPeople(unit, form, values);
  };
  times(values, null);
  const editor = edit(form, name, draft, {
    onChange: paintAll,
    onAct: (act, touch) => {
      if (act === "write") submit(unit, month, name, draft, form, editor, false);
      else if (act === "as-planned") asPlanned(month, values, touch);
      else touch(peopleAct(unit, values, act));
    },
  });
  const people = (event) => { if (rollChanged(values, event.target)) editor.touch("roll", event.target); };
  form.addEventListener("change", people);
  form.addEventListener("input", people);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(unit, month, name, draft, form, editor, true);
  });
  reveal(form, values.outcome);
  paintPeople(unit, form, values);
  if (draft.problems) showProblems(form, draft.problems);
  return undefined;
};

const asPlanned = ({ plan }, values, touch) => {
  Object.assign(values, { held_on: plan.planned_on, starts: plan.planned_at || values.starts, place: plan.place || values.place });
  touch("starts");
};
