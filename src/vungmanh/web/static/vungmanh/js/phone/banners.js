// Lines above the page that stay while something is so: another window writes, signed out, a clock
// that is wrong, a new version.

import { fill } from "./dom.js";

const standing = new Map();

export const banner = (name, on, values = {}) => {
  if (!on) standing.delete(name);
  else standing.set(name, values);
  const place = document.getElementById("banners");
  place.replaceChildren(...[...standing].map(([one, what]) => fill(`banner-${one}`, what)));
};

export const actOfBanner = (name, act) => {
  document.getElementById("banners").addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-act]");
    if (pressed && pressed.dataset.act === name) act();
  });
};
