"use strict";
// The two languages. Every text comes from the tables of the page; nothing is written here.

// What the reader chose on earlier pages, where the browser keeps it for files.
const kept = {
  get(name) {
    try { return localStorage.getItem("counterproof." + name); } catch { return null; }
  },
  set(name, value) {
    try { localStorage.setItem("counterproof." + name, value); } catch { /* not kept then */ }
  },
};

let lang = kept.get("lang") === "en" || kept.get("lang") === "zh" ? kept.get("lang") : run.lang;

// The one of English and Chinese that is read now.
const pick = (pair) => pair[lang === "zh" ? 1 : 0];

// A word of the page's own table, or `table.name` of another.
function word(name) {
  const [table, key] = name.includes(".") ? name.split(".") : ["page", name];
  return pick(run.words[table][key]);
}

// Something said: a text, the number of a phrase, a phrase with its arguments, or a row of these.
function said(what) {
  if (typeof what === "string") return what;
  if (typeof what === "number") return pick(run.phrases[what]);
  const [first, ...rest] = what;
  if (first === -1) return rest.map(said).filter(Boolean).join(" ");
  return pick(run.phrases[first]).replace(/\{(\d+)\}/g, (_, place) => said(rest[place]));
}

// The word for an outcome, from its name in other files: `notRun` is `not_run`.
const snake = (name) => name.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());
const verdictWord = (number) => word("formats." + snake(run.outcomes[number][0]));
const verdictGlyph = (number) => run.outcomes[number][1];

// Simulated time since the beginning, from microseconds.
function clock(micros) {
  const seconds = (micros / 1e6) % 60;
  const minutes = Math.floor(micros / 6e7) % 60;
  const hours = Math.floor(micros / 3.6e9);
  const two = (n) => String(n).padStart(2, "0");
  if (!hours && !minutes) return seconds.toFixed(3) + " s";
  const rest = two(minutes) + ":" + seconds.toFixed(3).padStart(6, "0");
  return hours ? hours + ":" + rest : rest;
}
