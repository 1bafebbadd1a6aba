// Files that are too large are said at once: on a slow line they would be sent for minutes, only to be refused.
(() => {
  "use strict";
  const fields = [...document.querySelectorAll("input[data-most-bytes]")];
  const sizes = (some) => some.flatMap((field) => [...field.files]).map((file) => file.size);
  const wrongOf = (field, beside) => {
    const { mostBytes, tooLarge, mostTogether, tooLargeTogether } = field.dataset;
    if (sizes([field]).some((size) => size > Number(mostBytes))) return tooLarge;
    const together = sizes(beside).reduce((sum, size) => sum + size, 0);
    return field.files.length > 0 && mostTogether && together > Number(mostTogether) ? tooLargeTogether : "";
  };
  for (const chosen of fields) {
    chosen.addEventListener("change", () => {
      const beside = fields.filter((field) => field.form === chosen.form);
      for (const field of beside) field.setCustomValidity(wrongOf(field, beside));
      chosen.reportValidity();
    });
  }
})();
