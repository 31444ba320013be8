// What is known of a meeting or a task: what the server said, and over it what was made here and is
// not yet in what the server said. Pure.

const WRITES = ["meeting.write", "task.report", "visit.record"];
const STANDS = ["waiting", "held", "kept", "accepted"];

const standing = (rows, subject) =>
  rows.filter((row) => row.subject === subject && STANDS.includes(row.state) && !row.folded);

// Facts of a subject as this phone knows them.
export const known = (facts, rows, subject) => {
  const all = { ...facts };
  for (const row of standing(rows, subject)) {
    if (WRITES.includes(row.item.kind)) Object.assign(all, row.item.body.set);
  }
  return all;
};

// Whether it was handed in here and the server has not yet said so.
export const isFiled = (rows, subject) => {
  const acts = standing(rows, subject).map((row) => row.item.kind);
  return acts.lastIndexOf("meeting.file") > acts.lastIndexOf("meeting.write");
};

// Points given here that the server does not show yet; null: none.
export const scored = (rows, subject) => {
  const sheets = standing(rows, subject).filter((row) => row.item.kind === "sheet.score");
  return sheets.length ? sheets[sheets.length - 1].item.body.scores : null;
};

const same = (a, b) => JSON.stringify(a === undefined ? null : a) === JSON.stringify(b === undefined ? null : b);

// {set, was} of what differs between what one saw and what one wrote; null when nothing does.
export const differences = (was, now) => {
  const names = [...new Set([...Object.keys(was), ...Object.keys(now)])].filter((name) => !same(was[name], now[name]));
  if (!names.length) return null;
  const pick = (from) => Object.fromEntries(names.map((name) => [name, from[name] === undefined ? null : from[name]]));
  return { set: pick(now), was: pick(was) };
};

// --- the roll -------------------------------------------------------------------------------

const EXPECTED = ["official", "probationary"];

export const isExpected = (member) => EXPECTED.includes(member.status);

// Counts as a roll by name adds up: {present, present_official, excused, unexcused, left}.
export const tally = (members, roll) => {
  const marked = (mark, of = members) => of.filter((one) => (roll[one.id] || {}).status === mark).length;
  const expected = members.filter(isExpected);
  return {
    present: marked("present", expected),
    present_official: marked("present", expected.filter((one) => one.status === "official")),
    excused: marked("excused", expected),
    unexcused: marked("unexcused", expected),
    exempt_present: marked("present", members.filter((one) => one.status === "exempt")),
    left: expected.filter((one) => !roll[one.id]).length,
  };
};

// --- what cannot be right, told before it is sent ----------------------------------------------
// The server judges again, with what it knows. Each: [field, word, values].

export const problems = (facts, { month, last, today, expected }) => {
  const found = [];
  const no = (field, word, values = {}) => found.push([field, word, values]);
  if (!facts.outcome) return [["outcome", "p-outcome", {}]];
  if (facts.outcome === "not_held") {
    if (!facts.not_held_reason) no("not_held_reason", "p-reason");
    return found;
  }
  if (!facts.held_on) no("held_on", "p-day");
  else if (facts.held_on.slice(0, 7) < month.slice(0, 7) || facts.held_on.slice(0, 7) > last.slice(0, 7)) no("held_on", "p-month");
  else if (facts.held_on > today) no("held_on", "p-future");
  const { present, excused, unexcused, present_official: official, speakers } = facts;
  const most = expected === null ? null : expected + (facts.exempt_present || 0);
  if (present === null || present === undefined) no("present", "p-present");
  else if (most !== null && present > most) no("present", "p-members", { n: present, most });
  else if (most !== null && present + (excused || 0) + (unexcused || 0) > most) no("excused", "p-sum", { n: present + (excused || 0) + (unexcused || 0), most });
  if (official > present) no("present_official", "p-official");
  if (speakers > present) no("speakers", "p-speakers");
  return found;
};
