// A record that is not written here: handed in, of another, or seen from a second window.

import { app, isSecretary } from "./app.js";
import { fill, knows, say, show } from "./dom.js";
import { shownValue } from "./values.js";
import { standOf } from "./months.js";

const stateOf = (month) => {
  const stand = standOf(month);
  if (stand === "here") return say("status-filed-here");
  if (stand === "excused") return say("state-excused", { why: month.excused });
  if (month.state && knows(`state-${month.state}`)) return say(`state-${month.state}`);
  return stand === "reported" ? say("state-reported") : say("reader-only");
};

const SHOWN = (value) => value !== null && value !== undefined && value !== "";

export const readPage = (unit, month, title, facts) => {
  const fields = app.bundle.fields.filter((field) => SHOWN(facts[field.name]) && field.kind !== "roll");
  const lead = isSecretary(unit)
    ? say("meeting-read", { unit: unit.name, state: stateOf(month) })
    : `${unit.name}. ${stateOf(month)}`;
  show(fill("read", {
    title, lead, facts: fields.map((field) => fill("fact", { name: field.label, value: shownValue(field.name, facts[field.name]) })),
  }));
};

export const unknownPage = () => show(fill("unknown"));
