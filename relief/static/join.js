// While join codes are shown: tells when a phone has joined with one, so that nobody has to ask "did it work?".
(() => {
  "use strict";
  const EVERY = 3000;
  const list = document.getElementById("codes");
  const said = document.getElementById("codes-said");
  if (!list || !window.fetch) return;

  function show(code) {
    const place = document.getElementById(`code-${code.id}`);
    if (!place) return;
    const words = place.querySelector("[data-words]");
    if (words.textContent !== code.words) words.textContent = code.words;
    if (place.dataset.state === code.state) return;
    place.dataset.state = code.state;
    said.textContent = `${place.dataset.label}: ${code.words}`;
  }

  async function go() {
    let open = true;
    try {
      if (!document.hidden) {
        const answer = await fetch(list.dataset.address, { cache: "no-store" });
        if (answer.ok && !answer.redirected) {
          const { codes } = await answer.json();
          codes.forEach(show);
          open = codes.some((code) => code.state === "open");
        }
      }
    } catch {
      // No network for a moment: the codes stay as they are.
    }
    if (open) window.setTimeout(go, EVERY);
  }
  window.setTimeout(go, EVERY);
})();
