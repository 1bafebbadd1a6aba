// Typing a tally sheet in with the keyboard alone: Enter goes on, arrows go up and down, and what is typed is saved by itself.
// All that there is to say of a line is said by the server; without this file the two buttons below do the same.
(() => {
  "use strict";
  const WAIT = 700;
  const LONGEST = 30000;
  const form = document.getElementById("paper");
  const said = document.getElementById("paper-said");
  const conflict = document.getElementById("paper-conflict");
  if (!form || !window.fetch) return;
  const rows = [...form.querySelectorAll("tbody tr")];
  const look = form.querySelector("button[value=look]");
  const states = JSON.parse(form.dataset.states);
  let timer = 0;
  let saving = false;
  let unsaved = false;
  let stopped = false;
  let afterwards = null;
  let wait = WAIT;

  const fields = (row) => [...row.querySelectorAll("td > input")];

  function focus(field) {
    if (!field) return;
    field.focus();
    field.select?.();
  }

  function goOn(field) {
    const row = field.closest("tr");
    const own = fields(row);
    const place = own.indexOf(field);
    if (place === 0 && !field.value.trim()) return focus(form.querySelector("tfoot input") ?? look);
    if (place + 1 < own.length) return focus(own[place + 1]);
    save();
    const next = rows[rows.indexOf(row) + 1];
    focus(next ? fields(next)[0] : form.querySelector("tfoot input"));
  }

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (field.tagName !== "INPUT" || field.type === "checkbox" || event.isComposing) return;
    const row = field.closest("tbody tr");
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (row) return goOn(field);
      const all = [...form.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), button")];
      return focus(all[all.indexOf(field) + 1]);
    }
    if (row && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const other = rows[rows.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
      if (other) {
        event.preventDefault();
        focus(fields(other)[fields(row).indexOf(field)]);
      }
    }
  });

  form.addEventListener("focusin", (event) => {
    if (event.target.closest("tbody td")) event.target.select?.(); // typing again replaces what stood there
  });
  if (document.activeElement?.closest("#paper tbody td")) document.activeElement.select?.(); // focused before we listened
  form.addEventListener("input", () => later(WAIT));
  form.addEventListener("change", () => later(0));
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
    unsaved = false;
    if (saving) { // its answer brings the version that this form must name
      event.preventDefault();
      afterwards = event.submitter;
    }
    stopped = !saving;
  });

  function later(milliseconds) {
    unsaved = true;
    form.setAttribute("aria-busy", "true");
    window.clearTimeout(timer);
    timer = window.setTimeout(save, milliseconds);
  }

  async function save() {
    window.clearTimeout(timer);
    if (stopped || !unsaved) return;
    if (saving) return later(WAIT);
    saving = true;
    unsaved = false;
    const sent = new FormData(form);
    say(form.dataset.saving);
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } });
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (answer.redirected || answer.status === 401 || answer.status === 403) return window.location.reload();
      const told = await answer.json();
      if (!answer.ok) return refuse(answer.status, told.message ?? told.error?.message ?? "");
      wait = WAIT;
      conflict.hidden = true;
      form.elements.version.value = told.version;
      for (const [place, line] of Object.entries(told.lines)) show(place, line, sent);
      say(form.dataset.saved);
    } catch {
      wait = Math.min(wait * 2, LONGEST);
      say(form.dataset.unsaved);
      later(wait);
    } finally {
      saving = false;
      if (!unsaved) form.removeAttribute("aria-busy");
      if (afterwards && !stopped) form.requestSubmit(afterwards);
      afterwards = null;
    }
  }

  function refuse(status, message) {
    if (status === 409) stopped = true; // somebody else typed here: nothing of theirs is written over
    unsaved = status !== 409;
    conflict.textContent = message;
    conflict.hidden = false;
    say("");
  }

  function say(words) {
    if (said.textContent !== words) said.textContent = words;
  }

  // What was spelled out comes back into its field, unless somebody has typed there meanwhile.
  function spell(name, value, sent) {
    const field = form.elements[name];
    if (field && field.value === sent.get(name) && field !== document.activeElement) field.value = value;
  }

  function show(place, line, sent) {
    const row = document.getElementById(`line-${place}`);
    spell(`number-${place}`, line.number, sent);
    spell(`signs-${place}`, line.signs, sent);
    for (const field of fields(row).slice(2)) spell(field.name, line.given[field.dataset.item] ?? "", sent);
    row.dataset.state = line.state;
    row.querySelector(".tally-state").textContent = states[line.state] ?? "";
    row.querySelector("label.choice").hidden = !line.ask;
    row.querySelector("ul").replaceChildren(...line.remarks.map((remark) => {
      const each = document.createElement("li");
      each.textContent = remark.words;
      if (remark.stops) each.className = "problem";
      return each;
    }));
  }
})();
