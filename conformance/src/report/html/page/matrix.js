"use strict";
// Scenarios against one axis of the matrix, where there is more than one value on it.

const AXES = {
  profile: { word: "profile", of: (one) => one.profile, name: (value) => run.profiles[value][0] },
  wallet: { word: "timeline.wallet", of: (one) => one.wallet, name: (value) => run.wallets[value][0] },
  seed: { word: "formats.seed", of: (one) => one.seed, name: String },
};

// With more cases than these the table is drawn only for who opens it.
const FEW = 2000;

let axis = null;

const valuesOf = (name) =>
  [...new Set(cases.map(AXES[name].of).filter((value) => value !== null))].sort((a, b) => a - b);

function drawMatrix(wanted) {
  const axes = Object.keys(AXES).filter((name) => valuesOf(name).length > 1);
  const section = byId("matrix");
  section.hidden = axes.length === 0;
  if (section.hidden) return;
  if (!axes.includes(axis)) axis = axes[0];
  const choice = el("select", { onchange: (event) => { axis = event.target.value; drawMatrix(true); } },
    axes.map((name) => el("option", { value: name, selected: name === axis }, word(AXES[name].word))));
  const isOpen = wanted ?? cases.length <= FEW;
  const place = el("div", { class: "wide" });
  const fill = () => { if (!place.firstChild) place.append(matrixTable()); };
  const folder = el("details", { class: "folder", open: isOpen },
    el("summary", {}, el("h2", {}, word("matrix"))),
    el("p", {}, el("label", {}, word("columns") + " ", choice)), place);
  folder.addEventListener("toggle", fill);
  if (isOpen) fill();
  section.replaceChildren(folder);
}

function matrixTable() {
  const { of, name } = AXES[axis];
  const values = valuesOf(axis);
  const rows = new Map();
  for (const one of cases) {
    if (of(one) === null) continue;
    const id = scenarioId(one.scenario);
    if (!rows.has(id)) rows.set(id, new Map());
    const cells = rows.get(id);
    if (!cells.has(of(one))) cells.set(of(one), []);
    cells.get(of(one)).push(one);
  }
  const lines = [...rows].filter(([, cells]) => cells.size > 1).map(([id, cells]) =>
    el("tr", {},
      el("th", { scope: "row" }, el("a", { href: address({ scenario: id }) }, id)),
      values.map((value) => el("td", {}, matrixCell(id, name(value), cells.get(value))))));
  return table([word("scenarios"), ...values.map(name)], lines, { class: "matrix" });
}

// The gravest verdict of a cell, and of how many it holds.
function matrixCell(id, value, there) {
  if (!there) return "";
  const verdict = gravest(there.map((one) => one.verdict));
  const same = there.filter((one) => one.verdict === verdict).length;
  const text = same === there.length ? "" : " " + same + "/" + there.length;
  const what = value + ": " + verdictWord(verdict) + text;
  const target = there.length === 1
    ? address({ case: there[0].id })
    : address({ scenario: id, [axis]: value });
  return el("a", { href: target, title: what, "aria-label": what, class: "verdict " + run.outcomes[verdict][0] },
    verdictGlyph(verdict) + text);
}
