// What is open on this phone now. Nothing of it is kept when it is locked.

import { known } from "./facts.js";
import { countOf, rowsOf } from "./outbox.js";

export const app = {
  lock: null, // the record of the lock, and the key while it is open
  key: null,
  bundle: null, // the last answer of the server
  got: null, // when it came, by this phone's clock
  rows: [], // the outbox, opened
  writer: false, // another window may be the one that writes
  signed: "unknown", // in, out, other, unknown (no contact yet)
  contact: null, // {at, ok, message}
  clock: null, // {off, message}
};

export const isOpen = () => app.key !== null;

export const forget = () => Object.assign(app, { lock: null, key: null, bundle: null, got: null, rows: [] });

const listeners = [];
export const onChange = (listener) => listeners.push(listener);
export const changed = () => listeners.forEach((one) => one());

export const refreshRows = async () => {
  if (isOpen()) app.rows = await rowsOf(app.lock, app.key);
  changed();
};

export const unsent = () => countOf(null);

// --- what the bundle holds, found by id -----------------------------------------------------------

export const units = () => (app.bundle ? app.bundle.units : []);
export const unitOf = (id) => units().find((one) => one.id === id) || null;
export const isSecretary = (unit) => unit.role === "cell_secretary";

export const monthOf = (unit, kind, month) =>
  unit.months.find((one) => one.kind === kind && one.month === month) || null;

export const findMeeting = (id) => {
  for (const unit of units()) {
    const month = unit.months.find((one) => one.meeting === id);
    if (month) return { unit, month };
  }
  return null;
};

export const findTask = (id) => {
  for (const unit of units()) {
    const task = unit.tasks.find((one) => one.id === id);
    if (task) return { unit, task };
  }
  return null;
};

// A visit that the server knows of.
export const findVisit = (unit, id) => ((unit && unit.visits) || []).find((one) => one.id === id) || null;

export const factsOf = (subject, facts) => known(facts || {}, app.rows, subject);

// How many are expected to come; null where the register says nothing.
export const expected = (unit) => {
  const { official, probationary } = unit.members;
  if (official === undefined && probationary === undefined) return null;
  return (official || 0) + (probationary || 0);
};
