// The outbox in a file, for the day no sending works. docs/house/phones.md has the format.

import { base64, bytes, openLock, unseal } from "./seal.js";
import { momentHere, today } from "./dates.js";
import { readAll } from "./store.js";

const TURNS = 310000;
const utf8 = (text) => new TextEncoder().encode(text);
const { subtle } = window.crypto || {};

const hex = (data) => [...new Uint8Array(data)].map((one) => one.toString(16).padStart(2, "0")).join("");

const proofOf = async (text, keyHex) => {
  const raw = await subtle.digest("SHA-256", utf8(keyHex));
  const key = await subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(await subtle.sign("HMAC", key, utf8(text)));
};

export const plainCopy = async (rows, phone, user) => {
  const items = JSON.stringify(rows.map((row) => row.item));
  return {
    format: "vungmanh-phone", version: 1, device: phone.device, saved_at: momentHere(), user,
    items, proof: await proofOf(items, phone.key),
  };
};

export const lockedCopy = async (plain, password) => {
  const salt = window.crypto.getRandomValues(new Uint8Array(16));
  const iv = window.crypto.getRandomValues(new Uint8Array(12));
  const raw = await subtle.importKey("raw", utf8(password.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: TURNS };
  const key = await subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const data = await subtle.encrypt({ name: "AES-GCM", iv }, key, utf8(JSON.stringify(plain)));
  return {
    format: "vungmanh-phone-locked", version: 1, saved_at: plain.saved_at, iterations: TURNS,
    salt: base64(salt), iv: base64(iv), data: base64(new Uint8Array(data)),
  };
};

// What cannot be opened any more, as it lies here: the PIN opens it, should it be remembered.
export const sealedCopy = async (lock) => {
  const rows = (await readAll("outbox")).filter((row) => row.lock === lock.id);
  const packed = (sealed) => ({ iv: base64(sealed.iv), data: base64(sealed.data) });
  const { salt, turns, iv, wrapped } = lock.inner;
  return {
    format: "vungmanh-phone-sealed", version: 1, saved_at: momentHere(), lock: lock.id, turns,
    salt: base64(salt), iv: base64(iv), wrapped: base64(wrapped),
    rows: rows.map((row) => ({ id: row.id, seq: row.seq, state: row.state, ...packed(row.sealed) })),
  };
};

// The rows of such a file under their PIN: [{id, state, item, label, answer}], or null for another PIN.
export const openSealed = async (copy, pin) => {
  const inner = { salt: bytes(copy.salt), turns: copy.turns, iv: bytes(copy.iv), wrapped: bytes(copy.wrapped) };
  const key = await openLock(inner, pin);
  if (!key) return null;
  return Promise.all(copy.rows.map(async ({ id, state, iv, data }) => ({
    id, state, ...(await unseal(key, `${copy.lock}:outbox:${id}`, { iv: bytes(iv), data: bytes(data) })),
  })));
};

export const download = (copy) => {
  const link = document.createElement("a");
  const blob = new Blob([JSON.stringify(copy)], { type: "application/json" });
  link.href = URL.createObjectURL(blob);
  link.download = `vung-manh-${today()}.json`;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};
