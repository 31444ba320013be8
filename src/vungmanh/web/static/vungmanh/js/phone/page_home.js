// What is mine to do: the months to record or to score, the tasks that are open.

import { app, findTask, isSecretary, units } from "./app.js";
import { dayText, momentText, monthText, today } from "./dates.js";
import { draftName, draftNames } from "./drafts.js";
import { fill, say, show } from "./dom.js";
import { factsOf } from "./app.js";
import { scored } from "./facts.js";
import { typedRows } from "./points.js";
import { isWritten, monthsOf, standOf } from "./months.js";
import { visitsPart } from "./page_visit.js";

const SHOWN = 3; // three lines, not thirty

const titleOf = (month) => say(`month-${month.kind}`, { month: monthText(month.month) });

// Red is for what can still be done in time.
const isSoon = (day) => day >= today() && day <= today(new Date(Date.now() + 3 * 86400000));

const dueOf = (day) => {
  if (!day) return { due: "", soon: "" };
  return { due: say(day < today() ? "late" : "due", { day: dayText(day) }), soon: isSoon(day) ? "soon" : "" };
};

const statusOf = (month, drafts) => {
  if (drafts.includes(draftName("meeting", month.meeting))) return say("status-draft");
  if (month.state === "returned") return say("status-returned");
  if (app.rows.some((row) => row.subject === month.meeting && row.state === "waiting")) return say("status-queued");
  return isWritten(month) ? say("status-written") : "";
};

const duty = (unit, month, drafts) => {
  const status = statusOf(month, drafts);
  return fill("duty", {
    title: titleOf(month), status, ...dueOf(month.due_by), act: say(status ? "act-continue" : "act-begin"),
    main: status ? "main-act" : "", href: `#hop/${unit.id}/${month.kind}/${month.month}`,
  });
};

const doneStatus = (month, stand) => {
  if (stand === "here") return say("status-filed-here");
  if (stand === "excused") return say("state-excused", { why: month.excused });
  return stand === "reported" ? say("state-reported") : say(`state-${month.state}`);
};

const done = (unit, month) => fill("done", {
  title: titleOf(month), status: doneStatus(month, standOf(month)), href: `#hop/${unit.id}/${month.kind}/${month.month}`,
});

const pointsOf = (month) => scored(app.rows, month.meeting) || month.scores;

const toScore = (unit, month) => {
  const given = pointsOf(month);
  const sheet = app.bundle.sheets[month.sheet];
  const all = sheet ? typedRows(sheet).length : 0;
  const here = scored(app.rows, month.meeting) !== null;
  const status = !given ? "" : here ? say("status-score-here") : say("status-scored", { done: Object.keys(given).length, all });
  return fill("duty", {
    title: titleOf(month), status, due: "", soon: "", main: given ? "" : "main-act",
    act: say(given ? "act-rescore" : "act-score"), href: `#cham/${unit.id}/${month.kind}/${month.month}`,
  });
};

const taskLine = (unit) => (task) => {
  const facts = factsOf(task.id, task.facts);
  const queued = app.rows.some((row) => row.subject === task.id && row.state === "waiting");
  const carried = task.carried ? say("task-carried", { n: task.carried }) : "";
  const given = findTask(task.id) === null;
  return fill("task-line", {
    title: task.title, due: say("task-due", { owner: task.owner, day: dayText(task.due_on) }),
    soon: isSoon(task.due_on) ? "soon" : "", status: queued ? say(given ? "task-given-here" : "task-queued") : facts.note || carried,
    href: isSecretary(unit) ? `#bao-viec/${task.id}` : "",
  });
};

// Tasks of a unit that are open as this phone knows them, with those given here.
export const tasksOf = (unit) => {
  const given = app.rows
    .filter((row) => row.item.kind === "task.give" && row.item.body.unit === unit.id && !row.folded)
    .filter((row) => ["waiting", "held", "kept", "accepted"].includes(row.state) && findTask(row.subject) === null)
    .map((row) => ({ id: row.subject, carried: 0, facts: {}, state: "open", ...row.item.body }));
  return [...unit.tasks, ...given].filter((task) => (factsOf(task.id, { state: task.state, ...task.facts }).state || "open") === "open");
};

const tasksPart = (unit) => {
  const tasks = tasksOf(unit);
  const lines = tasks.length ? tasks.map(taskLine(unit)) : fill("nothing", { text: say("task-none") });
  return fill("open-tasks", { n: tasks.length, tasks: lines, may_give: isSecretary(unit), unit: unit.id });
};

const unitPart = (unit, months, drafts) => {
  const open = months.filter((month) => standOf(month) === "open");
  const mine = isSecretary(unit);
  const closed = months.filter((month) => standOf(month) !== "open");
  const duties = mine ? open : months.filter((month) => month.sheet && !pointsOf(month)); // attended, filed or not
  const line = mine ? (month) => duty(unit, month, drafts) : (month) => toScore(unit, month);
  const scoring = mine ? closed.filter((month) => month.sheet && !pointsOf(month)).slice(0, 1).map((month) => toScore(unit, month)) : [];
  const rest = mine ? closed : months.filter((month) => pointsOf(month));
  const shown = mine ? SHOWN : duties.length; // sheets are there for the last months only
  const part = fill("unit", {
    name: unit.name, duties: [...scoring, ...duties.slice(0, shown).map(line)], older: Math.max(0, duties.length - shown),
    olds: duties.slice(shown).map(line), done: rest.length ? say(mine ? "done-filed" : "done-scored", { n: rest.length }) : "", dones: rest.map((month) => (mine ? done(unit, month) : toScore(unit, month))),
  });
  const count = mine ? duties.length : duties.filter((month) => standOf(month) !== "open").length;
  return { count, nodes: [part, ...(mine ? [] : [visitsPart(unit)]), tasksPart(unit)] };
};

export const homePage = async () => {
  if (!app.bundle) {
    show(fill("home", { finding: say("home-empty"), lead: say("home-no-lists") }));
    return;
  }
  const drafts = await draftNames();
  const parts = [];
  for (const unit of units()) parts.push({ unit, ...unitPart(unit, await monthsOf(unit), drafts) });
  const sum = (own) => parts.filter(({ unit }) => isSecretary(unit) === own).reduce((n, part) => n + part.count, 0);
  const said = [];
  if (parts.some(({ unit }) => isSecretary(unit))) said.push(sum(true) ? say("home-due", { n: sum(true) }) : say("home-clear"));
  if (parts.some(({ unit }) => !isSecretary(unit))) said.push(sum(false) ? say("home-score", { n: sum(false) }) : say("home-scored"));
  show(fill("home", {
    finding: said.join(" ") || say("home-empty"), lead: say("home-lead", { when: momentText(app.got) }),
    units: parts.flatMap((part) => part.nodes),
  }));
};
