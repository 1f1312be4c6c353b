"use strict";
// What the address says is what is shown.

function stateOf(hash) {
  const text = hash.slice(1);
  const state = Object.fromEntries(new URLSearchParams(text));
  if (text.startsWith("case=") && !caseOf.has(state.case)) {
    // An id that somebody pasted as it is, signs and all.
    const plain = text.slice("case=".length);
    try { state.case = decodeURIComponent(plain); } catch { state.case = plain; }
  }
  return state;
}

// Goes to a state; in place where only the filters of the list change.
function go(state) {
  history.replaceState(null, "", address(state));
  draw();
}

let listed = {};

function draw() {
  const state = stateOf(location.hash);
  const isCase = state.case !== undefined;
  byId("overview").hidden = isCase;
  byId("case").hidden = !isCase;
  if (isCase) {
    drawCase(state.case, listed);
    return;
  }
  document.title = [word(RUN_WORDS[run.verdict][0]), run.terminal?.name, "counterproof"].filter(Boolean).join(" – ");
  listed = filtersOf(state);
  const active = document.activeElement;
  const again = byId("scenarios").contains(active) ? [active.name, active.selectionStart] : null;
  drawList(state);
  if (again?.[0]) {
    const field = byId("scenarios").querySelector(`[name="${again[0]}"]`);
    field?.focus({ preventScroll: true });
    if (field?.type === "search") field.setSelectionRange(again[1], again[1]);
  }
}

// All of it, in the language that is chosen.
function drawAll() {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = word(element.dataset.word);
  }
  drawVerdict();
  drawIdentity();
  drawRequirements();
  drawMatrix();
  draw();
}

const isFilter = (state) => FILTERS.some((name) => state[name]) || state.page;

addEventListener("hashchange", () => {
  draw();
  const state = stateOf(location.hash);
  if (state.case !== undefined) scrollTo(0, 0);
  else if (isFilter(state)) byId("scenarios").scrollIntoView();
});

byId("language").addEventListener("click", () => {
  lang = lang === "zh" ? "en" : "zh";
  kept.set("lang", lang);
  drawAll();
});

const root = document.documentElement;
if (["light", "dark"].includes(kept.get("theme"))) root.dataset.theme = kept.get("theme");
byId("theme").addEventListener("click", () => {
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  kept.set("theme", root.dataset.theme);
});

byId("print").addEventListener("click", () => print());

// Paper cannot be opened: everything that is folded is printed unfolded.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});

drawAll();
