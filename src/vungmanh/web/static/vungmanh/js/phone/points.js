// Points as they are typed and as they are sent: exact texts ("4.5", "1/3"), "none" where a line
// does not apply, true or false for a veto. Pure.

export const decimal = (text) => String(text).replace(".", ",");

export const isBlank = (value) => value === null || value === undefined || String(value).trim() === "";

export const typedRows = (sheet) => sheet.criteria.filter((one) => one.typed);

const number = (text) => {
  const [above, below = "1"] = String(text).split("/");
  return Number(above) / Number(below);
};

const EXACT = /^\d{1,4}(\.\d{1,3})?$/;

const answerOf = (criterion, value) => {
  const text = String(value).trim().replace(",", ".");
  if (text === "none" || (criterion.bands || []).includes(text)) return { text };
  if (!EXACT.test(text)) return { wrong: [criterion.code, criterion.max] };
  if (criterion.max !== null && number(text) > number(criterion.max)) return { wrong: [criterion.code, criterion.max] };
  return { text };
};

// {scores, wrong: [[code, most]]} of what was typed; blanks are left out.
export const readAnswers = (sheet, values) => {
  const scores = {};
  const wrong = [];
  for (const criterion of typedRows(sheet)) {
    if (isBlank(values[criterion.code])) continue;
    const { text, wrong: one } = answerOf(criterion, values[criterion.code]);
    if (one) wrong.push(one);
    else scores[criterion.code] = text;
  }
  for (const { code } of sheet.vetoes || []) {
    if (!isBlank(values[code])) scores[code] = values[code] === "true";
  }
  return { scores, wrong };
};

// What was sent, as the controls of the form have it.
export const asAnswers = (scores) =>
  Object.fromEntries(Object.entries(scores || {}).map(([code, said]) => [code, String(said)]));
