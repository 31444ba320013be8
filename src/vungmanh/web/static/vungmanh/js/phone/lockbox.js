// Opening and closing what is stored: by PIN, after ten quiet minutes, at logout.

import { app, changed, forget, isOpen, refreshRows } from "./app.js";
import { recall } from "./drafts.js";
import { makeLock, unlock } from "./locks.js";
import { getMeta, remove } from "./store.js";

const QUIET = 600000;
let last = Date.now();

const load = async () => {
  const kept = await recall("bundle");
  if (kept) Object.assign(app, kept);
  const at = await getMeta(`contact:${app.lock.id}`);
  app.contact = at ? { at, ok: true, code: "", message: "" } : null;
  last = Date.now();
  await refreshRows();
};

// {} when open, else what `unlock` says of a wrong PIN.
export const enter = async (lock, pin) => {
  const { key, ...refusal } = await unlock(lock, pin);
  if (!key) return refusal;
  Object.assign(app, { lock, key });
  await load();
  return {};
};

export const create = async (user, pin) => enter(await makeLock(user, pin), pin);

export const close = () => {
  forget();
  changed();
};

// The lists go with the person; what is not yet sent stays, sealed.
export const leave = async () => {
  const { lock } = app;
  await remove("sealed", [lock.id, "bundle"]);
  close();
};

export const watchQuiet = (onQuiet) => {
  const check = () => {
    if (isOpen() && Date.now() - last >= QUIET) onQuiet();
  };
  const touched = () => {
    check(); // a phone that slept ran no timer
    last = Date.now();
  };
  for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, touched, true);
  document.addEventListener("visibilitychange", check);
  setInterval(check, 5000);
};
