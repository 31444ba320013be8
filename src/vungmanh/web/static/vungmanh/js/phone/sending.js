// One contact's worth of sending: every open row is asked about once, and those the server held
// once more when something they may have waited for was accepted.

import { app, refreshRows } from "./app.js";
import { momentHere } from "./dates.js";
import { phoneOf } from "./device.js";
import { store } from "./outbox.js";
import { isDone, isOpen, nextBatch, settle } from "./replay.js";
import { ask } from "./talk.js";

const TOO_MUCH = [400, 413];

const size = (row) => JSON.stringify(row.item).length * 2;

const sendBatch = async (path, batch, headers) => {
  const phone = await phoneOf(app.lock, app.key);
  const body = {
    ...phone, clock: momentHere(), outbox: app.rows.filter((row) => !isDone(row)).length,
    items: batch.map((row) => row.item),
  };
  const answer = await ask(path, { body, headers });
  app.clock = { off: answer.clock_off, message: answer.clock_message };
  const settled = settle(batch, answer.items);
  await store(app.lock, app.key, settled);
  await refreshRows();
  return settled;
};

// The rows that `may` be sent, each once. What is too much is halved; one that cannot go even alone
// stays, and the others go.
const sendRound = async (path, headers, may) => {
  const asked = new Set();
  const settled = [];
  let most;
  let stuck = null;
  for (;;) {
    const batch = nextBatch(app.rows.filter((row) => may(row) && !asked.has(row.id)), size, most);
    if (!batch.length) break;
    try {
      settled.push(...(await sendBatch(path, batch, headers)));
      batch.forEach((row) => asked.add(row.id));
    } catch (error) {
      if (!TOO_MUCH.includes(error.status)) throw error;
      most = Math.max(1, Math.floor(batch.length / 2));
      if (batch.length > 1) continue;
      asked.add(batch[0].id);
      stuck = error;
    }
  }
  if (stuck) throw stuck;
  return settled;
};

const isHeld = (row) => row.state === "held";

// True when there was something to send.
export const sendAll = async (path, headers = {}) => {
  if (!app.rows.some(isOpen)) {
    await sendBatch(path, [], headers); // makes the phone known to the server, and its clock to us
    return false;
  }
  const settled = await sendRound(path, headers, () => true);
  const freed = settled.some(({ state }) => state === "accepted");
  if (freed && app.rows.some(isHeld)) await sendRound(path, headers, isHeld);
  return true;
};
