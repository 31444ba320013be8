// A value as a person reads it.

import { dayText } from "./dates.js";
import { knows, say } from "./dom.js";

const DAYS = ["held_on", "due_on", "done_on"];

export const shownValue = (name, value) => {
  if (value === null || value === undefined || value === "") return say("o-empty");
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  if (typeof value === "object") return say("v-people", { n: Object.keys(value).length });
  if (DAYS.includes(name)) return dayText(value);
  return knows(`v-${value}`) ? say(`v-${value}`) : String(value);
};
