// What was made on this phone and is not yet proven to be with the server. A row leaves only after
// the answer for it is stored; a row that is stuck stops no other.

import { isDone, isOpen, lastAbout, needsPerson } from "./replay.js";
import { seal, unseal } from "./seal.js";
import { together, read, readAll } from "./store.js";
import { momentHere } from "./dates.js";
import { newId } from "./ids.js";

export const FORM = 1;
const KEPT_AFTER = 30; // how many of those that arrived are still shown

const place = (lock, id) => `${lock.id}:outbox:${id}`;

// Rows of a lock, opened, oldest first: {seq, id, state, item, label, answer, told}.
export const rowsOf = async (lock, key) => {
  const rows = (await readAll("outbox")).filter((row) => row.lock === lock.id);
  return Promise.all(rows.map(async (row) => {
    const inner = await unseal(key, place(lock, row.id), row.sealed);
    return { seq: row.seq, id: row.id, state: row.state, folded: row.folded, subject: inner.item.subject, ...inner };
  }));
};

// How many rows are not yet with the server: told without opening anything.
export const countOf = async (lock) =>
  (await readAll("outbox")).filter((row) => (!lock || row.lock === lock.id) && !isDone(row)).length;

// Items are made one after the other, so that each knows the one before it.
let line = Promise.resolve();
const inLine = (work) => {
  const next = line.then(work, work);
  line = next.catch(() => undefined);
  return next;
};

// Put what a person made into the outbox, all of it or nothing; with it `also(stores)` is done: the
// draft goes when its item has come. `replaces`: a row that this one corrects.
export const add = (lock, key, made, { drop = null, replaces = null } = {}) => inLine(async () => {
  const before = await rowsOf(lock, key);
  const now = momentHere();
  const rows = [];
  for (const { kind, subject, body, label, settles, why } of made) {
    const after = settles || lastAbout([...before, ...rows], subject);
    const item = { id: newId(), kind, subject, after, made_at: now, form: FORM, body };
    if (settles) Object.assign(item, { settles, why: why || "" });
    rows.push({ id: item.id, subject, item, label, answer: null });
  }
  const sealed = await Promise.all(rows.map(async ({ id, item, label, answer }) => ({
    id, lock: lock.id, state: "waiting", folded: false,
    sealed: await seal(key, place(lock, id), { item, label, answer }),
  })));
  const gone = before.filter((row) => row.id === replaces || isOvertaken(row, rows));
  await together(["outbox", "sealed"], (outbox, drafts) => {
    for (const row of sealed) outbox.add(row);
    if (drop) drafts.delete([lock.id, drop]);
    for (const old of gone) restate(outbox, old.seq, "replaced");
  });
  return rows.map((row) => row.item);
});

// A refused act is settled by doing the same again; refused values only by who corrects them.
const WHOLE = ["meeting.file", "sheet.score", "task.give"];

const isOvertaken = (old, rows) => old.state === "refused" && WHOLE.includes(old.item.kind)
  && rows.some((row) => row.subject === old.subject && row.item.kind === old.item.kind);

const restate = (outbox, seq, state) => {
  outbox.get(seq).onsuccess = (event) => outbox.put({ ...event.target.result, state });
};

// Store what the server answered; only then is a row as the answer says.
export const store = async (lock, key, settled) => {
  const sealed = await Promise.all(settled.map(async ({ row, answer }) =>
    seal(key, place(lock, row.id), { item: row.item, label: row.label, answer })));
  await together(["outbox"], (outbox) => {
    settled.forEach(({ row, state }, index) => {
      outbox.put({ seq: row.seq, id: row.id, lock: lock.id, state, folded: row.folded, sealed: sealed[index] });
      if (state === "accepted" && row.item.settles) replaceById(outbox, row.item.settles);
    });
  });
};

const replaceById = (outbox, id) => {
  outbox.index("id").getKey(id).onsuccess = (event) => {
    if (event.target.result !== undefined) restate(outbox, event.target.result, "replaced");
  };
};

// A newer answer of the server holds what was accepted before it: rows now stand for nothing more.
// The last ones stay to be looked at.
export const fold = async (lock, seqs) => {
  const rows = (await readAll("outbox")).filter((row) => row.lock === lock.id && isDone(row));
  const gone = rows.slice(0, Math.max(0, rows.length - KEPT_AFTER));
  await together(["outbox"], (outbox) => {
    for (const row of rows) {
      if (gone.includes(row)) outbox.delete(row.seq);
      else if (seqs.includes(row.seq)) outbox.put({ ...row, folded: true });
    }
  });
};

// A refused item that a person gives up: it is with the server and written nowhere.
export const giveUp = async (row) => {
  const stored = await read("outbox", row.seq);
  await together(["outbox"], (outbox) => { outbox.put({ ...stored, state: "replaced" }); });
};

export const counts = (rows) => ({
  open: rows.filter(isOpen).length,
  ask: rows.filter(needsPerson).length,
});

// Rows of a lock whose PIN was given up go under the lock in use. They keep their ids: what the
// server has already is known to it.
export const moveTo = async (lock, key, rows) => {
  const sealed = await Promise.all(rows.map(({ id, item, label, answer }) =>
    seal(key, place(lock, id), { item, label, answer })));
  await together(["outbox"], (outbox) => {
    rows.forEach(({ seq, id, state, folded }, index) => {
      outbox.put({ seq, id, lock: lock.id, state, folded, sealed: sealed[index] });
    });
  });
};

// Rows of a file, those that are not here yet: an id is here once.
export const takeIn = async (lock, key, rows) => {
  const here = new Set((await readAll("outbox")).map((row) => row.id));
  const fresh = rows.filter((row) => !here.has(row.id));
  const sealed = await Promise.all(fresh.map(async ({ id, state, item, label, answer }) => ({
    id, lock: lock.id, state, folded: false, sealed: await seal(key, place(lock, id), { item, label, answer }),
  })));
  await together(["outbox"], (outbox) => { for (const row of sealed) outbox.add(row); });
  return fresh.length;
};
