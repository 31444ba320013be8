// The door: a PIN for who has been here, a new one for who comes with the network for the first time.

import { app, isOpen } from "./app.js";
import { momentHere } from "./dates.js";
import { fill, find, knows, onPage, say, show } from "./dom.js";
import { keep } from "./drafts.js";
import { download, sealedCopy } from "./file.js";
import { allLocks, isPin, lockOf } from "./locks.js";
import { create, enter } from "./lockbox.js";
import { countOf } from "./outbox.js";
import { pinProblem, refusalText } from "./page_device.js";
import { cameBack } from "./session.js";
import { ask } from "./talk.js";
import { trace } from "./trace.js";

let onOpen = () => {};
let chosen = null; // the lock to be opened

export const whenOpen = (work) => { onOpen = work; };

const opened = async () => {
  await cameBack();
  await onOpen();
};

const busy = (form, on) => { form.querySelector("button:not([type])").disabled = on; };

const tryPin = async (form) => {
  const place = document.getElementById("pin-err");
  const pin = document.getElementById("pin").value;
  const picked = form.elements.lock ? form.elements.lock.value : "";
  const locks = await allLocks();
  const lock = locks.find((one) => one.id === picked) || chosen;
  place.textContent = isPin(pin) ? "" : say("pin-six");
  if (!isPin(pin)) return;
  busy(form, true);
  const refusal = await enter(lock, pin);
  busy(form, false);
  document.getElementById("pin") && (document.getElementById("pin").value = "");
  if (isOpen()) await opened();
  else place.textContent = refusalText(refusal);
};

const choices = (locks) => locks.map((one, index) => fill("pin-choice", { id: one.id, n: index + 1 }));

// Locks of people, the newest of each: a PIN that was given up is no door.
const doors = async () => {
  const newest = new Map((await allLocks()).map((one) => [one.owner, one]));
  return [...newest.values()];
};

export const pinPage = async (lock) => {
  const locks = await doors();
  chosen = lock || locks[locks.length - 1];
  show(fill("pin", { open: await countOf(null), several: locks.length > 1, choices: choices(locks) }));
  const form = find("form");
  if (form.elements.lock && form.elements.lock.length) form.elements.lock.value = chosen.id;
  form.onsubmit = (event) => {
    event.preventDefault();
    tryPin(form);
  };
  document.getElementById("pin").focus();
};

const newPinPage = async (bundle) => {
  const mine = await lockOf(bundle.user.id);
  const number = (await doors()).length + (mine ? 0 : 1);
  show(fill("new-pin", { number: number > 1 ? number : "" }));
  const form = find("form");
  form.onsubmit = async (event) => {
    event.preventDefault();
    const [first, second] = ["pin-1", "pin-2"].map((id) => document.getElementById(id).value);
    const problem = pinProblem(first, second);
    document.getElementById("new-pin-err").textContent = problem;
    if (problem) return;
    busy(form, true);
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    await create(bundle.user.id, first);
    const { csrf, ...kept } = bundle;
    Object.assign(app, { bundle: kept, got: momentHere(), signed: "in" });
    await keep("bundle", { bundle: kept, got: app.got });
    await opened();
  };
};

const REASONS = { "not-allowed": "first-not-allowed" };

const firstPage = async (error) => {
  const lost = trace();
  const out = error.code === "signed-out";
  const word = REASONS[error.code] || (knows(`c-${error.code}`) ? `c-${error.code}` : "first-offline");
  const others = (await allLocks()).length > 0;
  const gone = lost && !others;
  show(fill("first", {
    out, others, message: out ? "" : say(word), login: document.body.dataset.login,
    lost: gone && lost.open > 0, cleared: gone && !lost.open, when: gone ? lost.when : "", n: gone ? lost.open : "",
  }));
  const again = find("[data-act=again]");
  if (again) again.onclick = () => comeIn({ fresh: others });
};

// Who comes with a session: their lock, or a new PIN. `renew`: the old PIN is given up.
export const comeIn = async ({ fresh = false, renew = false } = {}) => {
  try {
    const bundle = await ask("du-lieu/");
    const lock = renew ? null : await lockOf(bundle.user.id);
    await (lock && !fresh ? pinPage(lock) : lock ? pinPage(lock) : newPinPage(bundle));
  } catch (error) {
    await firstPage(error);
  }
};

export const forgotPage = async () => {
  const lock = chosen || (await allLocks()).pop();
  const open = await countOf(lock);
  show(fill("forgot", { open }));
  onPage({ onclick: async (event) => {
    const pressed = event.target.closest("[data-act]");
    if (!pressed) return;
    if (pressed.dataset.act === "save-sealed") download(await sealedCopy(lock));
    else await comeIn({ renew: true });
  } });
};

export const lockPage = async () => {
  const locks = await allLocks();
  if (locks.length) await pinPage(chosen && locks.find((one) => one.id === chosen.id));
  else await comeIn();
};
