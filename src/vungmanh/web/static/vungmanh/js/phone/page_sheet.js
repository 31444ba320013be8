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
import { asAnswers, decimal, isBlank, readAnswers, typedRows } from "./points.js";

const band = (code, points, shown) => fill("band", { code, points, shown });

const bandsOf = ({ code, bands, may_not_apply: mayNot }) => [
  ...(bands || []).map((points) => band(code, points, decimal(points))),
  ...(mayNot ? [band(code, "none", say("not-here"))] : []),
];

const row = (criterion) => {
  const { code, text, why, typed } = criterion;
  const max = criterion.max === null ? "" : say("sheet-max", { n: decimal(criterion.max) });
  if (!typed) return fill("row-computed", { text, why: why || say("computed") });
  if (criterion.bands) return fill("row-bands", { code, text, max, bands: bandsOf(criterion), many: criterion.bands.length > 5 ? "tall" : "" });
  return fill("row-points", { code, text, max, bands: bandsOf({ ...criterion, bands: [] }), may_not: criterion.may_not_apply });
};

const veto = ({ code, text }) => fill("row-bands", {
  code, text, max: "", many: "", bands: [band(code, "true", say("yes")), band(code, "false", say("no"))],
});

const rowsOf = (sheet) => {
  let group = "";
  const rows = [];
  for (const criterion of sheet.criteria) {
    if (criterion.group && criterion.group !== group) rows.push(fill("row-group", { title: criterion.group }));
    group = criterion.group;
    rows.push(row(criterion));
  }
  if ((sheet.vetoes || []).length) rows.push(fill("row-group", { title: say("sheet-vetoes") }), ...sheet.vetoes.map(veto));
  return rows;
};

const paintTally = (form, sheet, values) => {
  const asked = typedRows(sheet);
  const done = asked.filter(({ code }) => !isBlank(values[code])).length;
  form.querySelector(".tally").textContent = say("sheet-tally", { done, all: asked.length });
};

const sentences = (found) => found.map(([code, most]) => [code, most === null ? say("p-number") : say("p-points", { n: decimal(most) })]);

const submit = async (unit, month, sheet, form, draft, editor, name) => {
  const { scores, wrong } = readAnswers(sheet, draft.values);
  const found = sentences(wrong);
  const [first] = typedRows(sheet);
  if (!found.length && first && !Object.keys(scores).length) found.push([first.code, say("p-scores")]);
  showProblems(form, found);
  if (found.length || !app.writer) return;
  await editor.finish();
  const body = { scorer: isSecretary(unit) ? "self" : "superior", sheet: month.sheet, scores, was: draft.was };
  const label = say("l-sheet.score", { month: monthText(month.month) });
  const item = { kind: "sheet.score", subject: month.meeting, body, label };
  await add(app.lock, app.key, [item], { drop: name, replaces: draft.fixes });
  await refreshRows();
  tell(say("queued"));
  window.location.hash = "#viec";
};

export const sheetPage = async ([unitId, kind, slug]) => {
  const unit = unitOf(unitId);
  const month = unit && (await findMonth(unit, kind, slug));
  const sheet = month && app.bundle.sheets[month.sheet];
  if (!sheet) return unknownPage();
  const was = scored(app.rows, month.meeting) || month.scores || null;
  const name = draftName("sheet", month.meeting);
  const draft = await begin(name, asAnswers(was));
  if (draft.was === undefined) draft.was = was;
  show(fill("sheet", {
    title: say("sheet-title", { month: monthText(slug) }), lead: say("sheet-lead", { unit: unit.name, sheet: sheet.title }),
    blind: say(isSecretary(unit) ? "sheet-self" : "sheet-superior"), rows: rowsOf(sheet),
  }));
  const form = find("form");
  const editor = edit(form, name, draft, { onChange: () => paintTally(form, sheet, draft.values) });
  paintTally(form, sheet, draft.values);
  if (draft.problems) showProblems(form, draft.problems);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(unit, month, sheet, form, draft, editor, name);
  });
  return undefined;
};
