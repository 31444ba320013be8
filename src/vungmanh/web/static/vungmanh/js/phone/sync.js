// Sending and fetching. Whatever goes wrong, every item stays in the outbox until the answer for it
// is stored; then the next ones go. docs/house/phones.md says what each answer means.

import { app, changed, isOpen, refreshRows } from "./app.js";
import { momentHere } from "./dates.js";
import { newPhone } from "./device.js";
import { keep } from "./drafts.js";
import { isOwner } from "./locks.js";
import { fold } from "./outbox.js";
import { isDone, isOpen as isWaiting } from "./replay.js";
import { sendAll } from "./sending.js";
import { setMeta } from "./store.js";
import { ask, Trouble } from "./talk.js";

const BUNDLE = "du-lieu/";
const SEND = "gui/";
const DEPOSIT = "gui-giu/";

let token = null;

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

// What can be put right by ourselves: a token that has aged, a device id that is another account's.
const MEND = {
  csrf: () => fetchBundle(),
  "phone-of-another": () => newPhone(app.lock, app.key),
};

const inSession = async () => {
  const fresh = !token;
  if (fresh) await fetchBundle();
  const send = () => sendAll(SEND, { "X-CSRFToken": token });
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
  if (app.rows.some(isWaiting)) await sendAll(DEPOSIT);
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
let onEnded = () => {};

// Called when a session ends while names are on the screen: somebody signed out elsewhere.
export const whenEnded = (work) => { onEnded = work; };

// Talk to the server once; true when it was reached. Never throws: what went wrong is in app.contact.
export const contact = () => {
  running = running || talk().finally(() => { running = null; });
  return running;
};

const talk = async () => {
  if (!isOpen() || !app.writer) return false;
  const { lock, signed } = app;
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
  if (signed === "in" && app.signed === "out" && isOpen()) onEnded();
  return app.contact.ok;
};

export const tokenNow = () => token;
