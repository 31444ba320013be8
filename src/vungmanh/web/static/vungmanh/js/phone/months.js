// The months a cell has to record. The list of the server ends with the day it was fetched; months
// that came since are known by the calendar, so that a phone works on for months without a network.

import { app, factsOf } from "./app.js";
import { today } from "./dates.js";
import { isFiled } from "./facts.js";
import { meetingId } from "./ids.js";

const HANDED_IN = ["filed", "confirmed", "sealed"];
const MOST_AHEAD = 12;

const next = (month) => {
  const [year, number] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
};

const ahead = (unit) => {
  const regular = unit.months.filter((one) => one.kind === "regular").map((one) => one.month).sort();
  if (!regular.length) return [];
  const now = today().slice(0, 7);
  const found = [];
  for (let month = next(regular[regular.length - 1]); month <= now && found.length < MOST_AHEAD; month = next(month)) {
    found.push(month);
  }
  return found;
};

// Every month of a unit up to now, the newest first.
export const monthsOf = async (unit) => {
  const now = today().slice(0, 7);
  const { sheet = null } = unit.months.filter((one) => one.kind === "regular" && one.sheet).sort((a, b) => (a.month < b.month ? 1 : -1))[0] || {};
  const made = await Promise.all(ahead(unit).map(async (month) => ({
    kind: "regular", month, due_by: "", meeting: await meetingId(unit.id, "regular", month),
    state: null, revision: 0, facts: {}, excused: "", reported: null, sheet, scores: null,
  })));
  return [...unit.months.filter((one) => one.month <= now), ...made]
    .sort((a, b) => (a.month < b.month ? 1 : a.month > b.month ? -1 : 0));
};

export const findMonth = async (unit, kind, month) =>
  (await monthsOf(unit)).find((one) => one.kind === kind && one.month === month) || null;

// Where a month stands as this phone knows it: filed, here (filed on this phone), excused,
// reported (known from elsewhere), open.
export const standOf = (month) => {
  if (isFiled(app.rows, month.meeting)) return "here";
  if (month.state === "returned") return "open";
  if (HANDED_IN.includes(month.state)) return "filed";
  if (month.state) return "open";
  if (month.excused) return "excused";
  return month.reported ? "reported" : "open";
};

export const isWritten = (month) => Object.values(factsOf(month.meeting, month.facts)).some((one) => one !== null);
