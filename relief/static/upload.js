// A file that is too large is said at once: on a slow line it would be sent for minutes, only to be refused.
(() => {
  "use strict";
  for (const field of document.querySelectorAll("input[data-most-bytes]")) {
    field.addEventListener("change", () => {
      const isTooLarge = [...field.files].some((file) => file.size > Number(field.dataset.mostBytes));
      field.setCustomValidity(isTooLarge ? field.dataset.tooLarge : "");
      field.reportValidity();
    });
  }
})();
