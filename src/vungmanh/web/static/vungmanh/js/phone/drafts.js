// What is being written, stored at every change: closing, locking or a flat battery lose nothing.
// A draft keeps what was known when it was begun: that is what the server compares with.

import { app } from "./app.js";
import { seal, unseal } from "./seal.js";
import { put, read, readAll, remove } from "./store.js";

const place = (lock, name) => `${lock.id}:${name}`;

export const draftName = (kind, subject) => `draft:${kind}:${subject}`;

const store = async (lock, key, name, value) => {
  const sealed = await seal(key, place(lock, name), value);
  await put("sealed", { lock: lock.id, name, sealed });
};

export const keep = (name, value) => store(app.lock, app.key, name, value);

export const recall = async (name) => {
  const row = await read("sealed", [app.lock.id, name]);
  return row ? unseal(app.key, place(app.lock, name), row.sealed) : null;
};

export const drop = (name, lock = app.lock) => remove("sealed", [lock.id, name]);

export const draftNames = async () =>
  (await readAll("sealed"))
    .filter((row) => row.lock === app.lock.id && row.name.startsWith("draft:"))
    .map((row) => row.name);

// Save the newest value; changes during a save wait for it and are saved together after it.
export const saver = (name, onError) => {
  let next = null;
  let running = null;
  const run = async () => {
    while (next) {
      const { lock, key, value } = next;
      next = null;
      await store(lock, key, name, value);
    }
  };
  const save = (value) => {
    next = { lock: app.lock, key: app.key, value };
    if (!running) running = run().catch(onError).finally(() => { running = null; });
    return running;
  };
  // Nothing is saved any more: what was written has become an item.
  save.stop = async () => { next = null; await running; };
  return save;
};
