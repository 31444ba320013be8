// Who belongs to the cell, by number or, where names are switched on, by name; what is on the agenda.

import { app, units } from "./app.js";
import { momentText } from "./dates.js";
import { fill, knows, say, show } from "./dom.js";

const membersOf = (unit) => {
  const counted = Object.entries(unit.members).filter(([status, n]) => n && knows(`members-${status}`));
  if (!counted.length) return say("members-unknown");
  return say("members-are", { list: counted.map(([status, n]) => say(`members-${status}`, { n })).join(", ") });
};

export const statusWord = (status) => (knows(`status-of-${status}`) ? say(`status-of-${status}`) : "");

const memberLine = (member) => fill("member", { name: member.name, status: statusWord(member.status) });

const part = (unit) => fill("cell-unit", {
  name: unit.name, members: membersOf(unit), names: unit.names_on, roll: unit.roll.map(memberLine),
  agenda: (unit.agenda || []).length, items: (unit.agenda || []).map((text) => fill("item", { text })),
});

export const cellPage = () => {
  const all = units();
  const finding = all.length === 1 ? all[0].name : say("cell-finding", { n: all.length });
  const lead = app.got ? say("home-lead", { when: momentText(app.got) }) : say("home-no-lists");
  show(fill("cell", { finding, lead, units: all.map(part) }));
};
