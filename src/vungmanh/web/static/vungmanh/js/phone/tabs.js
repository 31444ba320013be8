// Only one window writes and sends; the others read. When it closes, the next takes over by itself.

export const takeTurn = (onTurn, onWait) => {
  let mine = false;
  navigator.locks.request("vungmanh-phone", () => {
    mine = true;
    onTurn();
    return new Promise(() => {}); // held as long as the window lives
  });
  // The answer is a turn of its own: a lock that is free comes within a moment.
  navigator.locks.query().then(({ held }) => {
    if (!mine && held.some((one) => one.name === "vungmanh-phone")) onWait();
  });
};
