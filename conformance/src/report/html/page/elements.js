"use strict";
// Elements made by hand. Text becomes text and nothing else, whoever wrote it.

function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null));
  return element;
}

const byId = (id) => document.getElementById(id);

// A verdict: glyph and word; the colour comes on top.
const badge = (number, text) =>
  el("span", { class: "verdict " + run.outcomes[number][0] },
    el("span", { class: "glyph", "aria-hidden": "true" }, verdictGlyph(number)), " ",
    text ?? verdictWord(number));

// The address of a state of the page.
function address(state) {
  const entries = Object.entries(state).filter(([, value]) => value !== "" && value !== undefined);
  return "#" + new URLSearchParams(entries).toString();
}

const caseLink = (one, text) => el("a", { href: address({ case: one.id }) }, text ?? one.id);

// A requirement's id, with its sentence for who points at it.
const requirementTag = (place) =>
  el("span", { class: "tag", title: pick(requirementSentence(place)) }, requirementId(place));

// A head in brackets stands over numbers.
function table(heads, rows, attributes) {
  const cell = (head) => el("th", { scope: "col", class: Array.isArray(head) ? "number" : null }, head);
  return el("table", attributes,
    el("thead", {}, el("tr", {}, heads.map(cell))),
    el("tbody", {}, rows));
}

// A button that puts a text on the clipboard, also where a page from disk may not.
function copyButton(text) {
  const button = el("button", { type: "button", class: "copy" }, word("copy"));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = el("textarea", { class: "offstage" });
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    button.textContent = "✓ " + word("copied");
    setTimeout(() => { button.textContent = word("copy"); }, 2000);
  });
  return button;
}
