// The pages of the phone by their address after #, and what goes on beside them.

import { app, changed, isOpen, onChange, units } from "./app.js";
import { banner } from "./banners.js";
import { fill, say, show, tell, turnPage } from "./dom.js";
import { fix } from "./fix.js";
import { install } from "./install.js";
import { close, watchQuiet } from "./lockbox.js";
import { cellPage } from "./page_cell.js";
import { devicePage, leavePage } from "./page_device.js";
import { homePage } from "./page_home.js";
import { comeIn, forgotPage, lockPage, whenOpen } from "./page_lock.js";
import { meetingPage } from "./page_meeting.js";
import { outboxPage } from "./page_outbox.js";
import { sheetPage } from "./page_sheet.js";
import { givePage, reportPage } from "./page_task.js";
import { visitPage } from "./page_visit.js";
import { payLeaving } from "./session.js";
import { contact, whenEnded } from "./sync.js";
import { isDone, isOpen as isWaiting, pause } from "./replay.js";
import { takeTurn } from "./tabs.js";
import { leaveTrace } from "./trace.js";

const PAGES = {
  viec: homePage, "chi-bo": cellPage, "cho-gui": outboxPage, "may-nay": devicePage, "dang-xuat": leavePage,
  hop: meetingPage, cham: sheetPage, "giao-viec": givePage, "bao-viec": reportPage, "di-co-so": visitPage, sua: fix,
};
const OUTSIDE = { "quen-ma": forgotPage, "nguoi-khac": () => comeIn({ fresh: true }) };

const place = () => window.location.hash.slice(1).split("/").map(decodeURIComponent);

const markBar = (name) => {
  for (const link of document.querySelectorAll("#bar a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
};

const route = async () => {
  const [name, ...rest] = place();
  markBar(name);
  if (!isOpen()) return (OUTSIDE[name] || lockPage)();
  return (PAGES[name] || homePage)(rest);
};

const drawTop = () => {
  const open = isOpen();
  document.getElementById("bar").hidden = !open;
  const who = document.getElementById("who");
  const state = document.getElementById("state");
  state.replaceChildren();
  state.setAttribute("aria-busy", String(Boolean(app.talking)));
  state.dataset.contact = (app.contact && app.contact.at) || "";
  if (!open) {
    who.replaceChildren(fill("who-closed"));
    return;
  }
  const all = units();
  const unit = all.length === 1 ? all[0].name : say("several-units", { n: all.length });
  who.replaceChildren(fill("who", { role: app.bundle ? say(`role-${app.bundle.role}`) : "", unit }));
  const n = app.rows.filter((row) => !isDone(row)).length;
  state.append(fill("state", { text: say("o-chip", { n }) }));
};

const drawBanners = () => {
  const { dataset } = document.body;
  banner("reader", app.reader);
  banner("signed-out", isOpen() && app.signed === "out", { login: dataset.login });
  banner("other", isOpen() && app.signed === "other", { logout: dataset.logout });
  banner("clock", isOpen() && app.clock && app.clock.message, { message: (app.clock || {}).message });
};

// --- sending by itself -----------------------------------------------------------------------------

const HELD_PAUSE = 300000; // the server has it: no hurry to ask again
let [failures, timer] = [0, null];
let [joined, hurried] = [false, false];

const onNetwork = () => {
  joined = Boolean(app.talking);
  failures = 0;
  again();
};

const again = async () => {
  clearTimeout(timer);
  if (!isOpen() || !app.writer) return;
  const before = app.got;
  const good = await contact();
  failures = good ? 0 : failures + 1;
  const { wait = 0 } = app.contact || {};
  const asks = app.rows.some((row) => row.state === "waiting");
  // The network came while we failed without it, or something was made while the rest was sent.
  const atOnce = good ? asks && !hurried : joined;
  [joined, hurried] = [false, good && atOnce];
  if (atOnce) timer = setTimeout(again, 0);
  else if (!good || asks) timer = setTimeout(again, Math.max(wait, pause(failures)));
  else if (app.rows.some(isWaiting)) timer = setTimeout(again, HELD_PAUSE);
  if (app.got !== before && place()[0] === "viec" && isOpen()) await homePage();
};

let waiting = 0;
onChange(() => {
  drawTop();
  drawBanners();
  if (app.writer) leaveTrace();
  const now = app.rows.filter((row) => row.state === "waiting").length;
  if (now > waiting && !app.talking) again();
  waiting = now;
});

// --- beginning -------------------------------------------------------------------------------------

const able = () => window.indexedDB && navigator.locks && window.crypto.subtle && window.crypto.randomUUID;

const quiet = () => {
  close();
  tell(say("locked"));
  return lockPage();
};

const begin = async () => {
  takeTurn(
    () => {
      const late = app.reader;
      Object.assign(app, { writer: true, reader: false });
      if (late) tell(say("turn"));
      changed();
      if (isOpen()) { route(); again(); }
    },
    () => { app.reader = true; changed(); });
  whenOpen(async () => {
    if (["", "quen-ma", "nguoi-khac"].includes(place()[0])) window.history.replaceState(null, "", "#viec");
    changed();
    await route();
    again();
  });
  window.addEventListener("hashchange", () => { turnPage(); route(); });
  window.addEventListener("online", onNetwork);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  watchQuiet(quiet);
  whenEnded(quiet);
  await payLeaving();
  await route();
};

if (!window.isSecureContext) show(fill("insecure"));
else if (!able()) show(fill("unsupported"));
else begin();
install();
