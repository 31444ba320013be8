// When an htmx request fails, say so in words and stay: nothing may fail in silence.

const place = document.querySelector("[data-vungmanh-trouble]");

const say = (text) => {
  place.textContent = text;
  place.hidden = false;
};

document.addEventListener("htmx:sendError", () => say(place.dataset.lost));
document.addEventListener("htmx:timeout", () => say(place.dataset.lost));
document.addEventListener("htmx:responseError", (event) => {
  // Signed out meanwhile, or a coded refusal: the server's own sentence when it sent one.
  const sentence = event.detail.xhr.getResponseHeader("X-Vungmanh-Message");
  say(sentence ? decodeURIComponent(sentence) : place.dataset.refused);
});
document.addEventListener("htmx:beforeRequest", () => {
  place.hidden = true;
});
