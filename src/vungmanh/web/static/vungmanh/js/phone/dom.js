// Parts of the page are <template id="t-..."> of the server, in the language of the reader. `{name}`
// in a text or an attribute becomes a value; data-if and data-unless keep or drop an element;
// data-slot takes nodes.

const GAP = /\{(\w+)\}/g;

const filled = (text, values) => text.replace(GAP, (_, key) => {
  if (values[key] === undefined) throw new Error(`nothing to put into {${key}}`);
  return values[key];
});

const substitute = (node, values) => {
  if (node.nodeType === Node.TEXT_NODE) {
    if (node.data.includes("{")) node.data = filled(node.data, values);
    return;
  }
  for (const one of node.attributes) {
    if (one.value.includes("{")) one.value = filled(one.value, values);
  }
};

export const fill = (name, values = {}) => {
  const part = document.getElementById(`t-${name}`).content.cloneNode(true);
  for (const one of part.querySelectorAll("[data-if]")) if (!values[one.dataset.if]) one.remove();
  for (const one of part.querySelectorAll("[data-unless]")) if (values[one.dataset.unless]) one.remove();
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) substitute(walker.currentNode, values);
  for (const one of part.querySelectorAll("[data-slot]")) {
    const nodes = values[one.dataset.slot];
    if (nodes) one.append(...[].concat(nodes));
  }
  return part;
};

// A sentence or word that scripts say, from <template id="t-words">.
export const say = (key, values = {}) => {
  const word = document.getElementById("t-words").content.querySelector(`[data-word="${key}"]`);
  if (!word) throw new Error(`no word ${key}`);
  return filled(word.textContent, values);
};

export const knows = (key) =>
  document.getElementById("t-words").content.querySelector(`[data-word="${key}"]`) !== null;

const main = () => document.getElementById("main");

// Put a part on the page, name the page after its heading and bring the reader there.
export const show = (part) => {
  Object.assign(main(), { onclick: null, onsubmit: null }); // of the page before
  main().replaceChildren(part);
  const heading = main().querySelector("h1");
  document.title = `${heading.textContent} | ${document.body.dataset.name}`;
  window.scrollTo(0, 0);
  main().focus({ preventScroll: true });
};

// What is done on the page that is shown, until the next is.
export const onPage = (handlers) => Object.assign(main(), handlers);

export const find = (selector) => main().querySelector(selector);

// Said aloud, and left standing on this page and the one that it leads to.
let fresh = false;
export const tell = (text) => {
  const place = document.getElementById("told");
  place.textContent = text;
  place.hidden = !text;
  fresh = true;
};
export const turnPage = () => {
  if (!fresh) tell("");
  fresh = false;
};
