// What is personal is stored sealed: AES-GCM under a key that only the PIN opens.
// A record of a lock holds salt, number of turns and the wrapped key; the PIN itself is kept nowhere.

export const TURNS = 600000; // PBKDF2-SHA-256

const subtle = () => window.crypto.subtle;
const random = (size) => window.crypto.getRandomValues(new Uint8Array(size));
const utf8 = (text) => new TextEncoder().encode(text);

const keyOfPin = async (pin, salt, turns) => {
  const raw = await subtle().importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
  return subtle().deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: turns },
    raw,
    { name: "AES-GCM", length: 256 },
    false,
    ["wrapKey", "unwrapKey"],
  );
};

const wrap = async (key, pin) => {
  const salt = random(16);
  const iv = random(12);
  const outer = await keyOfPin(pin, salt, TURNS);
  const wrapped = await subtle().wrapKey("raw", key, outer, { name: "AES-GCM", iv });
  return { salt, turns: TURNS, iv, wrapped: new Uint8Array(wrapped) };
};

const unwrap = async (lock, pin, extractable) => {
  const outer = await keyOfPin(pin, lock.salt, lock.turns);
  const how = { name: "AES-GCM", iv: lock.iv };
  const uses = ["encrypt", "decrypt"];
  return subtle().unwrapKey("raw", lock.wrapped, outer, how, "AES-GCM", extractable, uses);
};

// A new key under a PIN, as it is stored.
export const newLock = async (pin) => {
  const made = await subtle().generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  return wrap(made, pin);
};

// The key, or null when the PIN is another.
export const openLock = async (lock, pin) => {
  try {
    return await unwrap(lock, pin, false);
  } catch (error) {
    if (error.name === "OperationError") return null;
    throw error;
  }
};

// The same key under a new PIN; what is sealed stays as it is. The old PIN must be right.
export const changeLock = async (lock, oldPin, newPin) => wrap(await unwrap(lock, oldPin, true), newPin);

// `place` binds a sealed value to where it lies: it opens nowhere else.
export const seal = async (key, place, value) => {
  const iv = random(12);
  const how = { name: "AES-GCM", iv, additionalData: utf8(place) };
  const data = await subtle().encrypt(how, key, utf8(JSON.stringify(value)));
  return { iv, data: new Uint8Array(data) };
};

export const unseal = async (key, place, sealed) => {
  const how = { name: "AES-GCM", iv: sealed.iv, additionalData: utf8(place) };
  const data = await subtle().decrypt(how, key, sealed.data);
  return JSON.parse(new TextDecoder().decode(data));
};

// The SHA-256 of a text in hex: an owner is told apart without being named.
export const fingerprint = async (text) => {
  const digest = await subtle().digest("SHA-256", utf8(text));
  return [...new Uint8Array(digest)].map((one) => one.toString(16).padStart(2, "0")).join("");
};

// Bytes as text, for files; in pieces, for a call takes only so many arguments.
export const base64 = (data) => {
  let text = "";
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return btoa(text);
};
export const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
