// What is not yet proven to be with the server, each thing with where it stands and what to do.

import { app, onChange, refreshRows } from "./app.js";
import { momentText } from "./dates.js";
import { phoneOf } from "./device.js";
import { fill, knows, onPage, say, show, tell } from "./dom.js";
import { download, lockedCopy, plainCopy } from "./file.js";
import { add, giveUp } from "./outbox.js";
import { isDone, isOpen, needsPerson } from "./replay.js";
import { shownValue } from "./values.js";
import { fixPage } from "./fix.js";
import { contact } from "./sync.js";

const labelOf = (name) => {
  const field = app.bundle && app.bundle.fields.find((one) => one.name === name);
  if (field) return field.label;
  return knows(`f-${name}`) ? say(`f-${name}`) : name;
};

const statusOf = (row) => {
  if (row.state !== "waiting") return (row.answer && row.answer.message) || say(`o-${row.state}`);
  return say("o-waiting", { when: momentText(row.item.made_at) });
};

const plain = (row) => fill("row", { label: row.label, status: statusOf(row) });

const refused = (row) => fill("row-refused", {
  label: row.label, message: (row.answer && row.answer.message) || "", seq: row.seq, href: fixPage(row) ? `#sua/${row.seq}` : "",
});

const conflictField = (row) => ([name, { mine, theirs }]) => fill("conflict-field", {
  name, seq: row.seq, title: labelOf(name), mine: shownValue(name, mine), theirs: shownValue(name, theirs),
});

const conflict = (row) => fill("row-conflict", {
  label: row.label, seq: row.seq, fields: Object.entries(row.answer.conflict || {}).map(conflictField(row)),
});

const ask = (row) => (row.state === "conflict" && row.item.body.set ? conflict(row) : refused(row));

export const contactText = () => {
  if (app.talking) return say("c-talking");
  return app.contact && app.contact.at ? say("c-last", { when: momentText(app.contact.at) }) : say("c-never");
};

export const troubleText = () => {
  const { contact: last } = app;
  if (!last || !last.code) return "";
  if (last.wait) return say("c-wait");
  return knows(`c-${last.code}`) ? say(`c-${last.code}`) : last.message;
};

const settle = async (row, form) => {
  const names = Object.entries(row.answer.conflict);
  const chosen = names.map(([name]) => form.elements[`${row.seq}-${name}`].value);
  form.querySelector(".err").textContent = chosen.every(Boolean) ? "" : say("o-choose");
  if (!chosen.every(Boolean)) return;
  const set = Object.fromEntries(names.map(([name, both], index) => [name, both[chosen[index]]]));
  const was = Object.fromEntries(names.map(([name, both]) => [name, both.theirs]));
  const { kind, subject, body } = row.item;
  const item = { kind, subject, body: { ...body, set, was }, label: row.label, settles: row.id, why: form.elements.why.value };
  await add(app.lock, app.key, [item], { replaces: row.id });
  await refreshRows();
  tell(say("queued"));
  outboxPage(); // the choice is made: nobody's hand is on the form any more
  contact();
};

const saveCopy = async (form) => {
  const password = form.querySelector("input").value;
  const rows = app.rows.filter((row) => !isDone(row));
  const copy = await plainCopy(rows, await phoneOf(app.lock, app.key), app.bundle ? app.bundle.user.name : "");
  download(password ? await lockedCopy(copy, password) : copy);
  tell(say("o-copied"));
};

const rowOf = (element) => app.rows.find((row) => row.seq === Number(element.dataset.seq));

const onClick = async (event) => {
  const pressed = event.target.closest("[data-act]");
  if (!pressed) return;
  if (pressed.dataset.act === "send") contact();
  if (pressed.dataset.act === "give-up") {
    await giveUp(rowOf(pressed));
    await refreshRows();
    tell(say("o-gave-up"));
  }
};

const onSubmit = (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.form === "copy") saveCopy(form);
  if (form.dataset.form === "conflict") settle(rowOf(form), form);
};

const draw = () => {
  const asks = app.rows.filter(needsPerson);
  const opens = app.rows.filter(isOpen);
  const dones = app.rows.filter(isDone).reverse();
  const left = asks.length + opens.length;
  show(fill("outbox", {
    finding: left ? say("o-some", { n: left }) : say("o-none"), contact: contactText(), trouble: troubleText(), writer: app.writer,
    n_ask: asks.length, asks: asks.map(ask), n_open: opens.length, opens: opens.map(plain),
    n_done: dones.length, dones: dones.map(plain),
  }));
  onPage({ onclick: onClick, onsubmit: onSubmit });
};

let seen = "";
// Drawn anew when a row moved, not under the hand of somebody who is choosing.
const sign = () => JSON.stringify([app.rows.map((row) => [row.seq, row.state]), app.talking, app.contact]);

onChange(() => {
  if (window.location.hash !== "#cho-gui" || !app.key || sign() === seen) return;
  if (document.activeElement && document.activeElement.closest("form[data-form]")) return;
  seen = sign();
  draw();
});

export const outboxPage = () => {
  seen = sign();
  draw();
};
