// A form marked data-vungmanh-continue is the next step of work under way: it sends itself.

const form = document.querySelector("[data-vungmanh-continue]");
if (form) form.requestSubmit ? form.requestSubmit() : form.submit();
