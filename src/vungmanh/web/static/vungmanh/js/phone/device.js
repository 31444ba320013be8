// Who this phone is to the server: an id and a key for each lock, made once, sealed with the rest.

import { seal, unseal } from "./seal.js";
import { put, read } from "./store.js";
import { newId } from "./ids.js";

const place = (lock) => `${lock.id}:device`;

const hex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");

const store = async (lock, key, phone) => {
  await put("sealed", { lock: lock.id, name: "device", sealed: await seal(key, place(lock), phone) });
  return phone;
};

export const newPhone = (lock, key) =>
  store(lock, key, { device: newId(), key: hex(window.crypto.getRandomValues(new Uint8Array(32))), name: "" });

export const phoneOf = async (lock, key) => {
  const row = await read("sealed", [lock.id, "device"]);
  return row ? unseal(key, place(lock), row.sealed) : newPhone(lock, key);
};

export const namePhone = async (lock, key, name) =>
  store(lock, key, { ...(await phoneOf(lock, key)), name });
