// Comfort for staff who work by keyboard. Every page also works without this file.
"use strict";
(() => {
  const typing = (el) => el && (el.matches("input, textarea, select") || el.isContentEditable);
  const rows = () => [...document.querySelectorAll("tr[data-href]")];
  let chosen = -1;
  const choose = (step) => {
    const all = rows();
    if (!all.length) return;
    all[chosen]?.classList.remove("chosen");
    chosen = Math.min(all.length - 1, Math.max(0, chosen + step));
    all[chosen].classList.add("chosen");
    all[chosen].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(document.activeElement)) {
      document.activeElement.blur();
      return;
    }
    if (typing(document.activeElement)) return;
    if (event.key === "/") {
      const find = document.querySelector("[data-find]");
      if (find) { event.preventDefault(); find.focus(); find.select?.(); }
    } else if (event.key === "j") choose(1);
    else if (event.key === "k") choose(-1);
    else if (event.key === "Enter" && chosen >= 0 && document.activeElement === document.body) {
      location.assign(rows()[chosen].dataset.href);
    } else if (event.key === "?") location.assign(document.body.dataset.keys);
    else {
      const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (target) { event.preventDefault(); target.focus(); if (target.matches("button, a, summary")) target.click(); }
    }
  });
  // A row is a target as large as it looks; its link stays the real thing.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (row && !event.target.closest("a, button, input, label, select") && !getSelection().toString()) {
      location.assign(row.dataset.href);
    }
  });
  // A second click on a button that is already at work must not send the form twice.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && !event.target.hasAttribute("hx-post")) setTimeout(() => { button.disabled = true; }, 0);
  });
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("button:disabled")) button.disabled = false;
  });
})();
