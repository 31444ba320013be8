// This phone: lock, PIN, what it keeps; and leaving it.

import { app, refreshRows, unsent } from "./app.js";
import { fill, onPage, say, show, tell } from "./dom.js";
import { changePin, isPin, olderLocks, unlock } from "./locks.js";
import { close, leave } from "./lockbox.js";
import { openSealed } from "./file.js";
import { countOf, moveTo, rowsOf, takeIn } from "./outbox.js";
import { contact } from "./sync.js";
import { signOut } from "./session.js";
import { lockPage } from "./page_lock.js";

const EASY = /^(\d)\1{5}$|^123456$|^654321$|^112233$|^000001$/;

// What is wrong with a new PIN, or nothing.
export const pinProblem = (pin, again) => {
  if (!isPin(pin)) return say("pin-six");
  if (EASY.test(pin)) return say("pin-easy");
  return pin === again ? "" : say("pin-differ");
};

export const refusalText = ({ wait, left }) =>
  wait ? say("pin-wait", { n: Math.ceil(wait / 1000) }) : say("pin-wrong", { n: left });

const value = (id) => document.getElementById(id).value;

const change = async (form) => {
  const place = form.querySelector(".err");
  const fresh = value("pin-new");
  const problem = pinProblem(fresh, fresh);
  place.textContent = problem;
  if (problem) return;
  const tried = await unlock(app.lock, value("pin-old"));
  if (!tried.key) {
    place.textContent = refusalText(tried);
    return;
  }
  await changePin(app.lock, value("pin-old"), fresh);
  form.reset();
  tell(say("pin-changed"));
};

const recover = async (form) => {
  const pin = value("pin-past");
  const place = form.querySelector(".err");
  for (const lock of await olderLocks(app.lock)) {
    const tried = await unlock(lock, pin);
    if (!tried.key) {
      place.textContent = refusalText(tried);
      continue;
    }
    const rows = await rowsOf(lock, tried.key);
    await moveTo(app.lock, app.key, rows);
    await refreshRows();
    tell(say("pin-recovered", { n: rows.length }));
    contact();
    await devicePage();
    return;
  }
};

const recoverFile = async (form) => {
  const place = form.querySelector(".err");
  const [file] = form.querySelector("input[type=file]").files;
  const copy = file ? await file.text().then(JSON.parse).catch(() => null) : null;
  if (!copy || copy.format !== "vungmanh-phone-sealed") {
    place.textContent = say("file-not-sealed");
    return;
  }
  const rows = await openSealed(copy, value("pin-file"));
  place.textContent = rows ? "" : say("pin-of-file");
  if (!rows) return;
  const n = await takeIn(app.lock, app.key, rows);
  await refreshRows();
  tell(say("pin-recovered", { n }));
  contact();
};

const FORMS = { "change-pin": change, recover, file: recoverFile };

const clockText = () => {
  if (!app.clock || app.clock.off === null) return say("clock-unknown");
  const minutes = Math.round(Math.abs(app.clock.off) / 60);
  return minutes < 2 ? say("clock-good") : say("clock-off", { n: minutes });
};

const persisted = async () => (navigator.storage && navigator.storage.persisted ? navigator.storage.persisted() : false);

export const devicePage = async () => {
  const n = await countOf(app.lock);
  let older = 0;
  for (const lock of await olderLocks(app.lock)) older += await countOf(lock);
  show(fill("device", {
    finding: n ? say("device-finding", { n }) : say("device-clear"), lead: say("device-lead"), older,
    persist: say((await persisted()) ? "persist-yes" : "persist-no"), clock: clockText(),
  }));
  onPage({
    onclick: (event) => {
      if (!event.target.closest("[data-act=lock]")) return;
      close();
      tell(say("locked"));
      lockPage();
    },
    onsubmit: (event) => {
      event.preventDefault();
      FORMS[event.target.dataset.form](event.target);
    },
  });
};

const away = async () => {
  const told = await signOut();
  await leave();
  show(fill("left", { open: await unsent(), pending: !told, login: document.body.dataset.login }));
};

export const leavePage = async () => {
  const n = await countOf(app.lock);
  show(fill("leave", {
    finding: n ? say("leave-finding", { n }) : say("leave-clear"), open: n,
    lead: n ? say("leave-warn") : say("leave-plain"),
  }));
  onPage({ onclick: (event) => {
    const pressed = event.target.closest("[data-act]");
    if (pressed && pressed.dataset.act === "send") contact().then(leavePage);
    if (pressed && pressed.dataset.act === "leave") away();
  } });
};
