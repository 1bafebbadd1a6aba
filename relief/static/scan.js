// A scanner writes where the cursor stands: what was typed comes back marked, so that the next card takes its place.
(() => {
  "use strict";
  for (const field of document.querySelectorAll("input[data-scanned]")) {
    field.addEventListener("focus", () => field.select());
    if (field.value) field.focus();
    if (document.activeElement === field) field.select();
  }
})();
