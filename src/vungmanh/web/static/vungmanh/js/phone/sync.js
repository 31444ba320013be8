// Sending and fetching. Whatever goes wrong, every item stays in the outbox until the answer for it
// is stored; then the next ones go. docs/house/phones.md says what each answer means.

import { app, changed, isOpen, refreshRows } from "./app.js";
import { momentHere } from "./dates.js";
import { keep } from "./drafts.js";
import { fold, store } from "./outbox.js";
import { isOwner } from "./locks.js";
import { isDone, isOpen as isWaiting, nextBatch, settle } from "./replay.js";
import { ask, Trouble } from "./talk.js";
import { newPhone, phoneOf } from "./device.js";
import { setMeta } from "./store.js";

const BUNDLE = "du-lieu/";
const SEND = "gui/";
const DEPOSIT = "gui-giu/";

let token = null;

const size = (row) => JSON.stringify(row.item).length * 2;

const fetchBundle = async () => {
  const seqs = app.rows.filter(isDone).map((row) => row.seq);
  const { lock } = app;
  const bundle = await ask(BUNDLE);
  token = bundle.csrf;
  delete bundle.csrf;
  if (!(await isOwner(lock, bundle.user.id))) throw new Trouble("other-user");
  app.signed = "in";
  if (app.lock !== lock) return; // locked meanwhile
  const got = momentHere();
  await keep("bundle", { bundle, got });
  await fold(lock, seqs);
  Object.assign(app, { bundle, got });
};

const sendBatch = async (path, batch, headers) => {
  const phone = await phoneOf(app.lock, app.key);
  const body = {
    ...phone, clock: momentHere(), outbox: app.rows.filter((row) => !isDone(row)).length,
    items: batch.map((row) => row.item),
  };
  const answer = await ask(path, { body, headers });
  if (answer.clock_off !== undefined) app.clock = { off: answer.clock_off, message: answer.clock_message };
  await store(app.lock, app.key, settle(batch, answer.items));
  await refreshRows();
};

const TOO_MUCH = [400, 413];

// One sending after the other until each open row was asked about once. What is too much is halved;
// one that cannot go even alone stays, and the others go.
const sendAll = async (path, headers) => {
  const asked = new Set();
  let most;
  let stuck = null;
  for (;;) {
    const batch = nextBatch(app.rows.filter((row) => !asked.has(row.id)), size, most);
    if (stuck && !batch.length) throw stuck;
    if (asked.size && !batch.length) return true;
    try {
      await sendBatch(path, batch, headers()); // an empty one makes the phone known, and its clock
      if (!batch.length) return false;
      batch.forEach((row) => asked.add(row.id));
    } catch (error) {
      if (!TOO_MUCH.includes(error.status)) throw error;
      most = Math.max(1, Math.floor(batch.length / 2));
      if (batch.length === 1) {
        asked.add(batch[0].id);
        stuck = error;
      }
    }
  }
};

// What can be put right by ourselves: a token that has aged, a device id that is another account's.
const MEND = {
  csrf: () => fetchBundle(),
  "phone-of-another": () => newPhone(app.lock, app.key),
};

const inSession = async () => {
  const fresh = !token;
  if (fresh) await fetchBundle();
  const send = () => sendAll(SEND, () => ({ "X-CSRFToken": token }));
  let sent;
  try {
    sent = await send();
  } catch (error) {
    if (!MEND[error.code]) throw error;
    await MEND[error.code]();
    sent = await send();
  }
  if (sent || !fresh) await fetchBundle();
};

// Signed out: what was made is put into the server's keeping until one signs in again.
const deposit = async () => {
  app.signed = "out";
  token = null;
  if (app.rows.some(isWaiting)) await sendAll(DEPOSIT, () => ({}));
};

const exchange = async () => {
  try {
    await inSession();
  } catch (error) {
    if (error.code === "other-user") app.signed = "other";
    if (error.code !== "signed-out") throw error;
    await deposit();
  }
};

let running = null;

// Talk to the server once; true when it was reached. Never throws: what went wrong is in app.contact.
export const contact = () => {
  running = running || talk().finally(() => { running = null; });
  return running;
};

const talk = async () => {
  if (!isOpen() || !app.writer) return false;
  const { lock } = app;
  app.talking = true;
  changed();
  try {
    await exchange();
    app.contact = { at: momentHere(), ok: true, code: app.signed === "out" ? "signed-out" : "", message: "" };
    await setMeta(`contact:${lock.id}`, app.contact.at);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    const last = app.contact && app.contact.at;
    app.contact = { at: last, ok: false, code: error.code, message: error.message, wait: error.wait };
  } finally {
    app.talking = false;
    await refreshRows();
  }
  return app.contact.ok;
};

export const tokenNow = () => token;
