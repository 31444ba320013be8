// The part of the record that says who came: by counts, or name by name where names are switched on.
// Nothing is filled in beforehand; counts of a roll follow from its marks.

import { expected } from "./app.js";
import { fill, find, say } from "./dom.js";
import { isExpected, tally } from "./facts.js";
import { statusWord } from "./page_cell.js";

const ON_ROLL = [...["official", "probationary"], "exempt", "temporary_in"];

export const byName = (unit) => unit.names_on && unit.roll.length > 0;

const onRoll = (unit) => unit.roll.filter((one) => ON_ROLL.includes(one.status));

const row = (member) => {
  const name = isExpected(member) || member.status === "temporary_in" ? "name-row" : "name-row-exempt";
  return fill(name, { id: member.id, name: member.name, status: member.status === "official" ? "" : statusWord(member.status) });
};

const namesPart = (unit) => {
  const others = unit.roll.filter((one) => !ON_ROLL.includes(one.status));
  const list = others.map((one) => `${one.name} (${statusWord(one.status).toLowerCase()})`).join(", ");
  return fill("names", { rows: onRoll(unit).map(row), others: others.length ? say("others-away", { list }) : "" });
};

const countsPart = (unit) => fill("counts", {
  all: expected(unit) || "", asks_official: unit.members.probationary, exempt: unit.members.exempt,
});

export const peoplePart = (unit) => (byName(unit) ? namesPart(unit) : countsPart(unit));

// --- what follows from what ----------------------------------------------------------------------

const COUNTED = ["present", "present_official", "excused", "unexcused", "exempt_present"];

const fromRoll = (unit, values) => {
  const roll = values.roll || {};
  const sums = tally(unit.roll, roll);
  const begun = Object.keys(roll).length > 0;
  for (const name of COUNTED) values[name] = begun ? sums[name] : null;
  if (!unit.roll.some((one) => one.status === "exempt")) values.exempt_present = null;
};

// Where everybody is official, those present are; with nobody missing, nobody is absent.
const fromCounts = (unit, values, changed) => {
  const most = expected(unit);
  if (changed === "present" && !unit.members.probationary) values.present_official = typeof values.present === "number" ? values.present : null;
  if (changed === "present" && most !== null && values.present === most) {
    Object.assign(values, { excused: 0, unexcused: 0 });
    if (unit.members.probationary) values.present_official = unit.members.official;
  }
};

export const derive = (unit, values, changed) => {
  if (byName(unit)) fromRoll(unit, values);
  else fromCounts(unit, values, changed);
};

const mark = (values, id, status) => {
  const roll = { ...(values.roll || {}) };
  const { reason } = roll[id] || {};
  roll[id] = status === "excused" && reason ? { status, reason } : { status };
  values.roll = roll;
};

// A control of the roll was used; true when it was one.
export const rollChanged = (values, target) => {
  if (target.type === "radio" && target.name.startsWith("roll-")) mark(values, target.name.slice(5), target.value);
  else if (target.dataset.reason !== undefined && (values.roll || {})[target.dataset.reason]) {
    const id = target.dataset.reason;
    const reason = target.value.trim();
    values.roll = { ...values.roll, [id]: { status: values.roll[id].status, ...(reason ? { reason } : {}) } };
  } else return false;
  return true;
};

export const peopleAct = (unit, values, act) => {
  if (act === "all-present") {
    values.present = expected(unit);
    fromCounts(unit, values, "present");
    return "present";
  }
  for (const one of unit.roll.filter(isExpected)) if (!(values.roll || {})[one.id]) mark(values, one.id, "present");
  return "roll";
};

// --- as it stands --------------------------------------------------------------------------------

const paintRoll = (unit, form, values) => {
  for (const line of form.querySelectorAll("[data-member]")) {
    const said = (values.roll || {})[line.dataset.member] || {};
    for (const one of line.querySelectorAll("input[type=radio]")) one.checked = one.value === said.status;
    const why = line.querySelector(".reason");
    if (why) why.hidden = said.status !== "excused";
    const text = line.querySelector("[data-reason]");
    if (text && document.activeElement !== text) text.value = said.reason || "";
  }
  const { left } = tally(unit.roll, values.roll || {});
  const rest = find("#rest");
  rest.hidden = left === 0;
  rest.textContent = say("rest", { n: left });
};

const word = (value) => (value === null || value === undefined ? say("not-said") : value);

export const paintPeople = (unit, form, values) => {
  const { present, excused, unexcused } = values;
  const place = form.querySelector(".tally");
  if (byName(unit)) {
    paintRoll(unit, form, values);
    const sums = tally(unit.roll, values.roll || {});
    place.textContent = say("tally-names", sums);
  } else {
    const most = expected(unit);
    place.textContent = say("tally-counts", {
      present: word(present), excused: word(excused), unexcused: word(unexcused), most: most === null ? say("unknown") : most,
    });
  }
};
