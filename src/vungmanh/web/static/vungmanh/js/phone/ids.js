// Ids are made here, once, with the thing itself: two phones without a network make the same
// meeting (vungmanh.meetings.meeting_id), and everything else never twice.

const NAMESPACE = "7d1c9b1e6a0f5c539a5e0d7b6a1f2c40";

export const newId = () => window.crypto.randomUUID();

const spell = (bytes) => {
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
};

// RFC 9562 version 5: SHA-1 of the namespace and an ASCII name.
export const uuid5 = async (namespace, name) => {
  const space = namespace.replace(/-/g, "").match(/../g).map((pair) => parseInt(pair, 16));
  const text = new TextEncoder().encode(name);
  const whole = new Uint8Array([...space, ...text]);
  const digest = new Uint8Array(await window.crypto.subtle.digest("SHA-1", whole)).slice(0, 16);
  digest[6] = (digest[6] & 0x0f) | 0x50;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  return spell(digest);
};

export const meetingId = (unit, kind, month) =>
  uuid5(NAMESPACE, `${unit}:${kind}:${month.slice(0, 7)}`);
