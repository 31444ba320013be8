// The service worker keeps the shell. A new one waits; the page says so, and takes it when asked.

import { actOfBanner, banner } from "./banners.js";

const offer = (registration) => {
  const { waiting } = registration;
  if (waiting && navigator.serviceWorker.controller) banner("update", true);
};

export const install = async () => {
  if (!navigator.serviceWorker) return;
  const { worker } = document.body.dataset;
  const registration = await navigator.serviceWorker.register(worker).catch(() => null);
  if (!registration) return; // no network: the one that is there goes on
  let asked = false;
  offer(registration);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    if (installing) installing.addEventListener("statechange", () => offer(registration));
  });
  actOfBanner("update", () => {
    asked = true;
    if (registration.waiting) registration.waiting.postMessage("use-it");
  });
  // Only the window that asked is loaded anew: another may be in the middle of a sentence.
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (asked) window.location.reload();
  });
};
