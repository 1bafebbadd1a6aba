// Keeps the board fresh: asks every two seconds, and the server answers "not changed" by the ETag before any query.
// All figures are drawn by the server; this file only puts the new piece in the place of the old one.
(() => {
  "use strict";
  const EVERY = 2000;
  const LONGEST = 60000;
  const board = document.getElementById("board");
  const said = document.getElementById("board-said");
  const offline = document.getElementById("board-offline");
  if (!board || !window.fetch) return;
  let mark = board.dataset.mark;
  let wait = EVERY;

  function show(html) {
    const open = new Set([...board.querySelectorAll("details[open]")].map((each) => each.id));
    const focused = document.activeElement && board.contains(document.activeElement) ? document.activeElement : null;
    const place = focused ? [...board.querySelectorAll("summary, [tabindex]")].indexOf(focused) : -1;
    board.innerHTML = html;
    for (const each of board.querySelectorAll("details")) each.open = open.has(each.id);
    if (place >= 0) board.querySelectorAll("summary, [tabindex]")[place]?.focus({ preventScroll: true });
    const sentence = board.firstElementChild?.dataset.said ?? "";
    if (said.textContent !== sentence) said.textContent = sentence;
  }

  async function refresh() {
    const answer = await fetch(board.dataset.address, { headers: { "If-None-Match": mark }, cache: "no-store" });
    if (answer.status === 401 || answer.status === 403 || answer.redirected) return window.location.reload();
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      mark = answer.headers.get("ETag") ?? "";
      show(html);
    }
    wait = EVERY;
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
})();
