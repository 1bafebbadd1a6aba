// Keeps a piece of a page fresh (the board, the list of phones): asks again and again, and the server answers "not changed" by
// the ETag. All words and figures come from the server; this file only puts the new piece in the place of the old one.
//   <div id="NAME" data-live="address" data-mark="ETag" data-every="seconds">, with NAME-said for screen readers and NAME-offline.
(() => {
  "use strict";
  const LONGEST = 60000;
  const FOCUSABLE = "a[href], button, summary, [tabindex]";
  if (!window.fetch) return;

  function keepFresh(live) {
    const said = document.getElementById(`${live.id}-said`);
    const offline = document.getElementById(`${live.id}-offline`);
    const every = Number(live.dataset.every) * 1000;
    let mark = live.dataset.mark ?? "";
    let wait = every;

    function show(html) {
      const open = new Set([...live.querySelectorAll("details[open]")].map((each) => each.id));
      const focused = document.activeElement && live.contains(document.activeElement) ? document.activeElement : null;
      const place = focused ? [...live.querySelectorAll(FOCUSABLE)].indexOf(focused) : -1;
      live.innerHTML = html;
      for (const each of live.querySelectorAll("details")) each.open = open.has(each.id);
      if (place >= 0) live.querySelectorAll(FOCUSABLE)[place]?.focus({ preventScroll: true });
      const sentence = live.firstElementChild?.dataset.said ?? "";
      if (said.textContent !== sentence) said.textContent = sentence;
    }

    async function refresh() {
      const answer = await fetch(live.dataset.live, { headers: { "If-None-Match": mark }, cache: "no-store" });
      if (answer.status === 401 || answer.status === 403 || answer.redirected) return window.location.reload();
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(String(answer.status));
        const html = await answer.text();
        mark = answer.headers.get("ETag") ?? "";
        show(html);
      }
      wait = every;
      offline.hidden = true;
    }

    async function go() {
      if (!document.hidden) {
        try {
          await refresh();
        } catch {
          offline.hidden = false;
          wait = Math.min(wait * 2, LONGEST);
        }
      }
      window.setTimeout(go, wait);
    }
    window.setTimeout(go, wait);
  }

  for (const live of document.querySelectorAll("[data-live]")) keepFresh(live);
})();
