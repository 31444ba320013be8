// The locks of this phone: one for each person who set a PIN. Five wrong PINs, and one has to wait,
// each time twice as long; nothing is ever wiped for a wrong PIN.

import { changeLock, fingerprint, newLock, openLock } from "./seal.js";
import { getMeta, put, read, readAll, setMeta } from "./store.js";
import { newId } from "./ids.js";

const FREE_TRIES = 5;
const FIRST_WAIT = 30000;
const LONGEST_WAIT = 3600000;

export const isPin = (text) => /^\d{6}$/.test(text);

export const deviceId = async () => {
  const known = await getMeta("device");
  if (known) return known;
  const made = newId();
  await setMeta("device", made);
  return made;
};

const ownerOf = async (user) => fingerprint(`${await deviceId()}:${user}`);

export const allLocks = async () => (await readAll("locks")).sort((a, b) => a.made - b.made);

// The lock that a person opens: the newest of theirs; of any person while nobody is known.
export const lockOf = async (user) => {
  const locks = await allLocks();
  if (!user) return locks[locks.length - 1] || null;
  const owner = await ownerOf(user);
  return locks.filter((one) => one.owner === owner).pop() || null;
};

// Locks of the same person whose PIN was given up.
export const olderLocks = async (lock) =>
  (await allLocks()).filter((one) => one.owner === lock.owner && one.made < lock.made);

export const makeLock = async (user, pin) => {
  const inner = await newLock(pin);
  const lock = { id: newId(), owner: await ownerOf(user), made: Date.now(), tries: 0, until: 0, inner };
  await put("locks", lock);
  return lock;
};

export const isOwner = async (lock, user) => lock.owner === (await ownerOf(user));

const waitAfter = (tries) =>
  tries < FREE_TRIES ? 0 : Math.min(FIRST_WAIT * 2 ** (tries - FREE_TRIES), LONGEST_WAIT);

// Milliseconds still to wait. A clock put back makes no wait longer than it was.
export const waiting = (lock, now = Date.now()) =>
  Math.max(0, Math.min(lock.until - now, waitAfter(lock.tries)));

// {key} or {wait}; the wrong try is stored before the PIN is looked at.
export const unlock = async (lock, pin) => {
  const known = await read("locks", lock.id);
  const wait = waiting(known);
  if (wait) return { wait };
  const tries = known.tries + 1;
  const tried = { ...known, tries, until: Date.now() + waitAfter(tries) };
  await put("locks", tried);
  const key = await openLock(known.inner, pin);
  if (!key) return { wait: waiting(tried), left: Math.max(0, FREE_TRIES - tries) };
  await put("locks", { ...known, tries: 0, until: 0 });
  return { key };
};

export const changePin = async (lock, oldPin, newPin) => {
  const known = await read("locks", lock.id);
  await put("locks", { ...known, inner: await changeLock(known.inner, oldPin, newPin) });
};
