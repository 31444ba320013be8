// What is sent next, and what an answer does to a row: pure, so that any order of events can be tried.
// docs/house/phones.md is the contract.

export const MOST_ITEMS = 200;
const MOST_BYTES = 1500000; // the server reads 2 MB

// States of a row. `waiting`: not yet answered, or asked again with the next sending.
export const OPEN = ["waiting", "held", "kept"];
const ASK = ["refused", "conflict"]; // a person must look
const DONE = ["accepted", "replaced"];

export const isOpen = (row) => OPEN.includes(row.state);
export const needsPerson = (row) => ASK.includes(row.state);
export const isDone = (row) => DONE.includes(row.state);

// The rows of the next sending in the order made; `size` tells the bytes of one.
export const nextBatch = (rows, size, most = MOST_ITEMS) => {
  const batch = [];
  let bytes = 0;
  for (const row of rows.filter(isOpen)) {
    const more = size(row);
    if (batch.length && (batch.length >= most || bytes + more > MOST_BYTES)) break;
    batch.push(row);
    bytes += more;
  }
  return batch;
};

const AFTER = {
  accepted: "accepted",
  superseded: "accepted",
  refused: "refused",
  conflict: "conflict",
  held: "held",
  kept: "kept",
};

// The state that an answer leads to. An answer nobody knows leaves the row where it is.
export const stateAfter = (row, answer) => {
  if (isDone(row)) return row.state;
  const said = answer.answer === "known" ? answer.then : answer.answer;
  return AFTER[said] || row.state;
};

// Each row with its answer, by id; rows that the server said nothing of are left out.
export const settle = (rows, answers) => {
  const byId = new Map(answers.map((one) => [one.id, one]));
  return rows
    .filter((row) => byId.has(row.id))
    .map((row) => ({ row, answer: byId.get(row.id), state: stateAfter(row, byId.get(row.id)) }));
};

// The id that the next item about a subject comes after: the last one made here and not given up.
export const lastAbout = (rows, subject) => {
  const same = rows.filter((row) => row.subject === subject && row.state !== "replaced");
  return same.length ? same[same.length - 1].id : null;
};

// How long to wait before trying again by oneself, in milliseconds.
export const pause = (failures) => Math.min(15000 * 2 ** Math.max(0, failures - 1), 300000);
