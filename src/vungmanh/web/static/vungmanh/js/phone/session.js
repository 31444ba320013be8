// Signing out. Without a network the server is told at the next opening of the page.

import { app } from "./app.js";
import { ask } from "./talk.js";
import { getMeta, setMeta } from "./store.js";

const post = async (token) => {
  const body = new URLSearchParams({ csrfmiddlewaretoken: token });
  const response = await fetch(document.body.dataset.logout, { method: "POST", body, credentials: "same-origin" });
  return response.ok;
};

const attempt = async (owner) => {
  const { csrf, user } = await ask("du-lieu/");
  return owner && owner !== user.id ? true : post(csrf);
};

// True when the server knows of it.
export const signOut = async () => {
  const owner = app.bundle ? app.bundle.user.id : "";
  try {
    const done = await attempt(owner);
    await setMeta("leaving", done ? null : { owner });
    return done;
  } catch (error) {
    const gone = error.code === "signed-out";
    await setMeta("leaving", gone ? null : { owner });
    return gone;
  }
};

// A sign-out that is still owed; whoever opens the lock again has come back and owes nothing.
export const payLeaving = async () => {
  const leaving = await getMeta("leaving");
  if (!leaving) return;
  try {
    if (await attempt(leaving.owner)) await setMeta("leaving", null);
  } catch (error) {
    if (error.code === "signed-out") await setMeta("leaving", null);
  }
};

export const cameBack = () => setMeta("leaving", null);
