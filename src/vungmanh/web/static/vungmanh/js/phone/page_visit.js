// An overseer's visit to a cell: attended, found, agreed, put right. Made here with its id, sent like
// a meeting; the day is what it is, so it is never among the values that are compared.

import { app, factsOf, findVisit, isSecretary, unitOf } from "./app.js";
import { dayText, today } from "./dates.js";
import { draftName } from "./drafts.js";
import { fill, find, say, show } from "./dom.js";
import { begin, edit } from "./editor.js";
import { differences } from "./facts.js";
import { showProblems } from "./form.js";
import { newId } from "./ids.js";
import { add } from "./outbox.js";
import { unknownPage } from "./page_read.js";
import { home, missing, onSubmit } from "./page_task.js";

const STANDS = ["waiting", "held", "kept", "accepted"];

const isVisit = (row) => row.item.kind === "visit.record" && STANDS.includes(row.state) && !row.folded;

// The last visits as this phone knows them, with those made here.
const visitsOf = (unit) => {
  const made = app.rows
    .filter((row) => isVisit(row) && row.item.body.unit === unit.id && !findVisit(unit, row.subject))
    .map((row) => ({ id: row.subject, on: row.item.body.on, facts: {} }));
  const fresh = made.filter((one, index) => made.findIndex((other) => other.id === one.id) === index);
  return { fresh, all: [...fresh.reverse(), ...(unit.visits || [])] };
};

const attended = (one) => factsOf(one.id, one.facts).attended;

const line = (unit) => (one) => {
  const queued = app.rows.some((row) => row.subject === one.id && row.state === "waiting");
  const status = queued ? say("visit-queued") : say(attended(one) ? "visit-attended" : "visit-not-attended");
  return fill("visit-line", { unit: unit.id, id: one.id, day: dayText(one.on), status });
};

export const visitsPart = (unit) => {
  const { fresh, all } = visitsOf(unit);
  const n = (unit.attended || 0) + fresh.filter((one) => attended(one) && one.on.slice(0, 4) === today().slice(0, 4)).length;
  return fill("visits", { unit: unit.id, name: unit.name, n, visits: all.map(line(unit)) });
};

const sayable = ({ id, on, ...said }) => said;

const problems = (values) => {
  const found = missing(values, ["on"]);
  if (values.on && values.on > today()) found.push(["on", say("p-ahead")]);
  return values.attended === true || values.attended === false ? found : [...found, ...missing({}, ["attended"])];
};

export const visitPage = async ([unitId, id]) => {
  const unit = unitOf(unitId);
  const known = unit && id ? visitsOf(unit).all.find((one) => one.id === id) : null;
  if (!unit || isSecretary(unit) || (id && !known)) return unknownPage();
  const name = draftName("visit", id || unit.id);
  const draft = await begin(name, known ? factsOf(id, known.facts) : { id: newId() });
  if (!draft.begun) Object.assign(draft, { begun: true, values: { ...draft.values, on: known ? known.on : today() } });
  const title = known ? say("visit-of", { day: dayText(known.on) }) : say("visit-new");
  show(fill("visit", { title, unit: unit.name, today: today(), fresh: !known }));
  const form = find("form");
  const editor = edit(form, name, draft);
  if (draft.problems) showProblems(form, draft.problems);
  onSubmit(form, async () => {
    const on = known ? known.on : draft.values.on;
    const lacking = problems({ ...draft.values, on });
    showProblems(form, lacking);
    if (lacking.length || !app.writer) return;
    const changes = differences(sayable(draft.base), sayable(draft.values));
    await editor.finish();
    if (!changes) {
      await editor.forget();
      await home(say("nothing-new"));
      return;
    }
    const label = say("l-visit.record", { unit: unit.name, day: dayText(on) });
    const items = [{ kind: "visit.record", subject: id || draft.values.id, body: { unit: unit.id, on, ...changes }, label }];
    await add(app.lock, app.key, items, { drop: name, replaces: draft.fixes });
    await home(say("queued"));
  });
  return undefined;
};
