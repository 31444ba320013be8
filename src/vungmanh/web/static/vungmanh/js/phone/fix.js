// A refused item goes back into the form it came from: what was typed is there, the sentence of the
// server stands at its field, and what is sent then is a new item that takes the place of the old.

import { app, factsOf, findMeeting, findTask, findVisit, unitOf } from "./app.js";
import { draftName, keep } from "./drafts.js";
import { asAnswers } from "./points.js";

const ofMeeting = (row) => {
  const { unit, kind, month } = row.item.body;
  const there = findMeeting(row.subject);
  const base = factsOf(row.subject, there ? there.month.facts : {});
  return {
    page: `#hop/${unit}/${kind}/${month}`, name: draftName("meeting", row.subject),
    draft: { base, values: { ...base, ...(row.item.body.set || {}) } },
  };
};

const ofReport = (row) => {
  const there = findTask(row.subject);
  const base = factsOf(row.subject, there ? { state: there.task.state, ...there.task.facts } : {});
  return {
    page: `#bao-viec/${row.subject}`, name: draftName("report", row.subject),
    draft: { base, begun: true, values: { ...base, ...row.item.body.set } },
  };
};

const ofGift = (row) => ({
  page: `#giao-viec/${row.item.body.unit}`, name: draftName("give", row.item.body.unit),
  draft: { base: {}, values: { ...row.item.body, id: row.subject } },
});

const ofSheet = (row) => {
  const there = findMeeting(row.subject);
  if (!there) return null;
  const { unit, month } = there;
  return {
    page: `#cham/${unit.id}/${month.kind}/${month.month}`, name: draftName("sheet", row.subject),
    draft: { base: {}, was: month.scores, values: asAnswers(row.item.body.scores) },
  };
};

// A visit that the server does not know yet goes back into the empty form, another into its own.
const ofVisit = (row) => {
  const { unit, on, set } = row.item.body;
  const there = findVisit(unitOf(unit), row.subject);
  const base = there ? factsOf(row.subject, there.facts) : { id: row.subject };
  return {
    page: there ? `#di-co-so/${unit}/${row.subject}` : `#di-co-so/${unit}`, name: draftName("visit", there ? row.subject : unit),
    draft: { base, begun: true, values: { ...base, ...set, ...(there ? {} : { on }) } },
  };
};

const HOW = { "meeting.write": ofMeeting, "meeting.file": ofMeeting, "task.report": ofReport, "task.give": ofGift, "sheet.score": ofSheet, "visit.record": ofVisit };

export const fixPage = (row) => {
  const how = app.bundle && HOW[row.item.kind];
  if (!how) return null;
  const where = row.item.body.unit;
  return where && !unitOf(where) ? null : how(row);
};

export const fix = async ([seq]) => {
  const row = app.rows.find((one) => one.seq === Number(seq));
  const place = row && fixPage(row);
  if (!place) {
    window.location.hash = "#cho-gui";
    return;
  }
  const { field, message, problems: all } = row.answer || {};
  const told = (all || []).length ? all : [{ field, message }];
  const problems = message ? told.map((one) => [one.field || "outcome", one.message]) : null;
  await keep(place.name, { ...place.draft, fixes: row.id, problems });
  window.location.replace(place.page);
};
