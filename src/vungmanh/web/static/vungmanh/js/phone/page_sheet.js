// Scoring a meeting. A blank is not said, never zero; what the other side gave is not on this phone.

import { app, isSecretary, refreshRows, unitOf } from "./app.js";
import { monthText } from "./dates.js";
import { draftName } from "./drafts.js";
import { fill, find, say, show, tell } from "./dom.js";
import { begin, edit } from "./editor.js";
import { scored } from "./facts.js";
import { showProblems } from "./form.js";
import { findMonth } from "./months.js";
import { add } from "./outbox.js";
import { unknownPage } from "./page_read.js";

const decimal = (number) => String(number).replace(".", ",");

const row = (criterion) => {
  const { code, text } = criterion;
  const max = criterion.max === null ? "" : say("sheet-max", { n: decimal(criterion.max) });
  const bands = (criterion.bands || []).map((points) => fill("band", { code, points, shown: decimal(points) }));
  return bands.length ? fill("row-bands", { code, text, max, bands }) : fill("row-points", { code, text, max });
};

const pointsOf = (text) => (text === null || text === undefined || text === "" ? null : Number(String(text).replace(",", ".")));

const read = (sheet, values) => {
  const scores = {};
  const found = [];
  for (const { code, max } of sheet.criteria) {
    const points = pointsOf(values[code]);
    if (points === null) continue;
    if (Number.isNaN(points) || points < 0 || (max !== null && points > max)) found.push([code, max === null ? say("p-number") : say("p-points", { n: decimal(max) })]);
    else scores[code] = points;
  }
  return { scores, found };
};

const asText = (scores) => Object.fromEntries(Object.entries(scores || {}).map(([code, points]) => [code, String(points)]));

const paintTally = (form, sheet, values) => {
  const done = sheet.criteria.filter(({ code }) => pointsOf(values[code]) !== null).length;
  form.querySelector(".tally").textContent = say("sheet-tally", { done, all: sheet.criteria.length });
};

export const sheetPage = async ([unitId, kind, slug]) => {
  const unit = unitOf(unitId);
  const month = unit && (await findMonth(unit, kind, slug));
  const sheet = month && app.bundle.sheets[month.sheet];
  if (!sheet) return unknownPage();
  const scorer = isSecretary(unit) ? "self" : "superior";
  const was = scored(app.rows, month.meeting) || month.scores || null;
  const name = draftName("sheet", month.meeting);
  const draft = await begin(name, asText(was));
  if (draft.was === undefined) draft.was = was;
  const title = say("sheet-title", { month: monthText(slug) });
  const lead = say("sheet-lead", { unit: unit.name, sheet: sheet.title });
  show(fill("sheet", { title, lead, blind: say(`sheet-${scorer}`), rows: sheet.criteria.map(row) }));
  const form = find("form");
  const editor = edit(form, name, draft, { onChange: () => paintTally(form, sheet, draft.values) });
  paintTally(form, sheet, draft.values);
  if (draft.problems) showProblems(form, draft.problems);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { scores, found } = read(sheet, draft.values);
    if (!found.length && !Object.keys(scores).length) found.push([sheet.criteria[0].code, say("p-scores")]);
    showProblems(form, found);
    if (found.length || !app.writer) return;
    await editor.finish();
    const body = { scorer, sheet: month.sheet, scores, was: draft.was };
    const label = say("l-sheet.score", { month: monthText(slug) });
    await add(app.lock, app.key, [{ kind: "sheet.score", subject: month.meeting, body, label }], { drop: name, replaces: draft.fixes });
    await refreshRows();
    tell(say("queued"));
    window.location.hash = "#viec";
  });
  return undefined;
};
