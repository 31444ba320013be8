// A trace beside the database: how much was not yet sent, and when. It holds nothing of anybody, and
// tells, when the database is gone, that it was wiped and what was lost with it.

import { unsent } from "./app.js";
import { momentHere, momentText } from "./dates.js";
import { readAll } from "./store.js";

const NAME = "vungmanh-phone";

export const leaveTrace = async () => {
  if (!(await readAll("locks")).length) return; // wiped just now: what was, stays told
  const open = await unsent();
  try {
    window.localStorage.setItem(NAME, JSON.stringify({ open, at: momentHere() }));
  } catch (error) {
    // A browser that keeps nothing here still keeps the database.
  }
};

// {open, when} of the last time, or null.
export const trace = () => {
  try {
    const { open, at } = JSON.parse(window.localStorage.getItem(NAME));
    return { open, when: momentText(at) };
  } catch (error) {
    return null;
  }
};
