"use strict";
// The sequence of a case: lanes, arrows, faults, and messages that open to their fields.

const LANES = ["timeline.cashier", "lane_phone", "timeline.scanner", "timeline.terminal",
  "timeline.link", "timeline.acquirer", "timeline.wallet"];
const KINDS = ["step", "plain", "message", "lost", "ready", "fault", "money", "outcome", "gap"];
const MORE = ["message", "screen", "receipt"];
const GLYPHS = { lost: "✗ ", fault: "⚡ ", ready: "◦ ", money: "¥ ", outcome: "● ", gap: "⋯ " };
// From this many microseconds on the axis says how long nothing happened.
const PAUSE = 1e6;

// The rows of a case with names for their places, and the time since the beginning.
function rowsOf(view) {
  let at = 0;
  return view.rows.map(([after, kind, from, to, text, more, place], number) => {
    at += after;
    return { number, at, after, kind: KINDS[kind], from, to, text, more: MORE[more], place };
  });
}

function sequence(view, onChoose) {
  const rows = rowsOf(view);
  const marked = new Set(view.breaches.map((breach) => breach.row));
  const head = el("div", { class: "lanes", "aria-hidden": "true" },
    LANES.map((name) => el("span", {}, word(name))));
  const lines = rows.flatMap((row) => {
    const line = drawRow(view, row, marked.has(row.number));
    const choose = () => onChoose(row);
    line.addEventListener("focusin", choose);
    line.addEventListener("click", choose);
    const pause = row.after >= PAUSE ? [drawPause(row.after)] : [];
    return [...pause, line];
  });
  const body = el("div", { class: "rows" }, lines);
  body.addEventListener("keydown", walk);
  const first = body.querySelector(".row");
  if (first) first.tabIndex = 0;
  return el("div", { class: "sequence" }, head, body);
}

// Arrow keys go from row to row.
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target.closest(".row");
  if (!step || !row) return;
  const all = [...event.currentTarget.querySelectorAll(".row")];
  const next = all[all.indexOf(row) + step];
  if (next) {
    event.preventDefault();
    next.tabIndex = 0;
    next.focus();
  }
}

// A stretch of time in which nothing happened, longer where it lasted longer.
function drawPause(micros) {
  const height = Math.min(4, 1.2 + Math.log10(micros / PAUSE) * 0.8);
  return el("div", { class: "pause", style: "height:" + height.toFixed(2) + "em" },
    el("span", {}, "+ " + clock(micros)));
}

function labelOf(view, row) {
  const glyph = GLYPHS[row.kind] || "";
  if (row.more !== "message") return glyph + said(row.text);
  const extra = said(row.text);
  const title = said(view.messages[row.place].title) + (extra ? " (" + extra + " " + word("pieces") + ")" : "");
  return glyph + title + (row.kind === "lost" ? " – " + word("never_arrives") : "");
}

function drawRow(view, row, isMarked) {
  const label = el("span", { class: "label" },
    el("span", { class: "text" }, (row.more ? "▸ " : "") + labelOf(view, row),
      isMarked ? el("strong", { class: "mark" }, " ◀ " + word("noticed_here")) : null));
  const lanes = el("div", { class: "space" }, label);
  place(lanes, label, row);
  const line = el("div", { class: "row " + row.kind + (isMarked ? " marked" : ""), tabindex: -1, "data-row": row.number },
    el("span", { class: "time" }, clock(row.at)), lanes);
  if (row.more) {
    line.setAttribute("role", "button");
    line.setAttribute("aria-expanded", "false");
    const toggle = () => toggleRow(view, row, line);
    line.addEventListener("click", (event) => {
      if (!event.target.closest(".opened") && !String(getSelection())) toggle();
    });
    line.addEventListener("keydown", (event) => {
      if (event.target === line && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        toggle();
      }
    });
  }
  return line;
}

// Puts label and arrow between their lanes. Each lane is two columns wide, so that a column line
// runs down its middle; labels begin on the side that has more room.
function place(lanes, label, row) {
  const middle = (lane) => 2 * lane + 2;
  if (row.kind === "step" || row.kind === "gap") {
    label.style.gridColumn = "1 / -1";
    return;
  }
  const [left, right] = [Math.min(row.from, row.to), Math.max(row.from, row.to)];
  const onLeft = left + right < LANES.length;
  label.style.gridColumn = onLeft ? middle(left) + " / -1" : "1 / " + middle(right);
  label.classList.add(onLeft ? "from-left" : "from-right");
  if (left === right) {
    label.classList.add("note");
    return;
  }
  const arrow = el("span", { class: "arrow " + (row.from < row.to ? "to-right" : "to-left") });
  arrow.style.gridColumn = middle(left) + " / " + middle(right);
  lanes.append(arrow);
}

function toggleRow(view, row, line, wanted) {
  const isOpen = line.getAttribute("aria-expanded") === "true";
  if (wanted === isOpen) return;
  line.setAttribute("aria-expanded", String(!isOpen));
  if (isOpen) {
    line.querySelector(".opened").remove();
    return;
  }
  const content = {
    message: () => drawMessage(view.messages[row.place]),
    screen: () => drawScreen(view.screens[row.place]),
    receipt: () => drawReceipt(view.receipts[row.place]),
  }[row.more]();
  line.append(el("div", { class: "opened" }, content));
}

function drawScreen(screen) {
  return el("div", { class: "screen" },
    el("pre", {}, screen.lines.join("\n") || " "),
    screen.problem === undefined ? null : el("p", {}, said(screen.problem)));
}

const drawReceipt = (receipt) =>
  el("figure", { class: "receipt" }, el("figcaption", {}, said(receipt.copy)), el("pre", {}, receipt.lines.join("\n")));

// Control characters are nothing to look at.
const visible = (text) => text.replace(/[\u0000-\u001f\u007f]/g, "·");

// A message: its fields, and its bytes with the places of the fields.
function drawMessage(message) {
  const dump = drawBytes(message);
  const light = (on, offset, length) => {
    for (const byte of dump.querySelectorAll("[data-at]")) {
      const at = Number(byte.dataset.at);
      if (at >= offset && at < offset + length) byte.classList.toggle("lit", on);
    }
  };
  const row = (number, name, offset, length, value) =>
    el("tr", {
      tabindex: 0,
      onmouseenter: () => light(true, offset, length), onmouseleave: () => light(false, offset, length),
      onfocus: () => light(true, offset, length), onblur: () => light(false, offset, length),
    },
      el("td", {}, number), el("td", {}, name), el("td", { class: "number" }, String(offset)),
      el("td", { class: "number" }, String(length)), el("td", { class: "value" }, visible(value)));
  const head = run.preamble.map(([name, offset, length]) =>
    row("", word(name), offset, length, message.hex.slice(2 * offset, 2 * (offset + length))));
  const fields = message.fields.map(([number, offset, length, value]) =>
    row("DE" + number, run.fields[number] ? pick(run.fields[number]) : "", offset, length, value));
  const names = [word("field"), "", [word("offset")], [word("length")], word("value")];
  return el("div", { class: "message-view" },
    table(names, [...head, ...fields], { class: "fields" }),
    el("div", {}, el("h4", {}, word("bytes") + " (" + message.hex.length / 2 + ")"), dump));
}

// Sixteen bytes a line: offset, hexadecimal digits, characters.
function drawBytes(message) {
  const bytes = message.hex.match(/../g) || [];
  const dump = el("pre", { class: "bytes" });
  for (let start = 0; start < bytes.length; start += 16) {
    const line = bytes.slice(start, start + 16);
    dump.append(start.toString(16).padStart(4, "0") + "  ");
    line.forEach((byte, at) => dump.append(el("span", { "data-at": start + at }, byte), " "));
    const letters = line.map((byte) => {
      const code = parseInt(byte, 16);
      return byte === "**" ? "*" : code >= 32 && code < 127 ? String.fromCharCode(code) : "·";
    });
    dump.append(" ".repeat(3 * (16 - line.length)) + " " + letters.join("") + "\n");
  }
  return dump;
}
