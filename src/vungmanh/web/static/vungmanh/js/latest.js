// A wide table whose latest years stand at the end opens at that end: [data-vungmanh-latest].

for (const box of document.querySelectorAll("[data-vungmanh-latest]")) {
  box.scrollLeft = box.scrollWidth;
}
