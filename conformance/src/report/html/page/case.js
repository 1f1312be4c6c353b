"use strict";
// One scenario: verdict, what was wrong and why, how to see it again, the sequence, the till.

let drawing = 0;

async function drawCase(id, filters) {
  const main = byId("case");
  const one = caseOf.get(id);
  const back = el("a", { href: address(filters) }, "↑ " + word("back"));
  if (!one) {
    main.replaceChildren(el("nav", {}, back), el("p", { role: "alert" }, word("no_such_case") + " " + id));
    return;
  }
  const turn = ++drawing;
  document.title = verdictGlyph(one.verdict) + " " + scenarioName(one.scenario) + " – counterproof";
  main.replaceChildren(...caseHead(one, filters, back), el("p", { class: "loading" }, word("loading")));
  let view;
  try {
    view = await details(one);
  } catch (error) {
    if (turn === drawing) main.append(el("p", { role: "alert" }, word("unreadable") + " (" + error.message + ")"));
  }
  if (turn !== drawing) return;
  main.querySelector(".loading").remove();
  if (view) main.append(...caseBody(one, view));
  main.focus({ preventScroll: true });
}

function caseHead(one, filters, back) {
  const around = fitting(filters);
  const at = around.indexOf(one);
  const to = (other, text) => (other ? caseLink(other, text) : el("span", { class: "off" }, text));
  const profile = one.profile === null ? null : run.profiles[one.profile];
  const wallet = one.wallet === null ? null : run.wallets[one.wallet];
  const about = one.broken.length ? one.broken : scenarioRequirements(one.scenario);
  return [
    el("nav", { class: "around" }, back,
      to(around[at - 1], "← " + word("previous_case")), to(around[at + 1], word("next_case") + " →")),
    el("h1", {}, badge(one.verdict), " ", scenarioName(one.scenario)),
    el("p", { class: "id" }, one.id, " · ", scenarioPlace(one.scenario)),
    el("p", {}, about.map(requirementTag), " ",
      [profile && word("profile") + ": " + profile[0] + " " + pick([profile[1], profile[2]]),
        wallet && word("timeline.wallet") + ": " + pick([wallet[1], wallet[2]]),
        word("formats.seed") + " " + one.seed,
        word("simulated") + " " + clock(one.ms * 1000)].filter(Boolean).join(" · ")),
  ];
}

function caseBody(one, view) {
  const shown = { screen: null };
  const till = el("aside", { class: "till" });
  const diagram = sequence(view, (row) => showScreen(till, view, shown, row.number));
  showScreen(till, view, shown, Infinity);
  till.append(el("h3", {}, word("receipts")), ...(view.receipts.length
    ? view.receipts.map(drawReceipt) : [el("p", { class: "faint" }, word("no_receipt"))]));
  const toggleAll = (wanted) => () => {
    for (const line of diagram.querySelectorAll(".row[aria-expanded]")) {
      const row = rowsOf(view)[Number(line.dataset.row)];
      if (row.more === "message") toggleRow(view, row, line, wanted);
    }
  };
  const happened = view.rows.length === 0 ? [el("p", {}, word("not_run"))] : [
    el("h2", {}, word("sequence")),
    el("p", { class: "faint screen-only" }, word("sequence_hint"), " ",
      el("button", { type: "button", onclick: toggleAll(true) }, word("open_all")), " ",
      el("button", { type: "button", onclick: toggleAll(false) }, word("close_all"))),
    el("div", { class: "happened" }, diagram, till),
    el("h2", {}, word("ledger_title")), ledgerTable(view.ledger),
  ];
  return [
    ...breachList(one, view, diagram),
    ...faultList(view.faults),
    el("h2", {}, word("replay_title")),
    el("p", { class: "replay" }, el("code", {}, view.replay), " ", copyButton(view.replay)),
    ...happened,
    ...(view.stderr ? [el("h2", {}, word("stderr_title")), el("pre", { class: "stderr" }, view.stderr)] : []),
    view.digest ? el("p", { class: "faint" }, word("record_digest"), ": ", el("code", {}, view.digest)) : "",
  ];
}

// What the cashier read at a row: the last screen up to there.
function showScreen(till, view, shown, number) {
  let place = null;
  for (const row of view.rows.slice(0, number + 1)) {
    if (MORE[row[5]] === "screen") place = row[6];
  }
  if (till.firstChild && shown.screen === place) return;
  shown.screen = place;
  const drawn = el("div", { class: "now" }, el("h3", {}, word("screen")),
    place === null ? el("p", { class: "faint" }, word("screen_blank")) : drawScreen(view.screens[place]));
  if (till.firstChild) till.firstChild.replaceWith(drawn);
  else till.append(drawn);
}

function breachList(one, view, diagram) {
  const list = view.breaches.map((breach) =>
    el("li", {},
      el("p", {}, breach.requirements.map((place) =>
        [requirementTag(place), view.expected?.includes(place) ? "x " + word("formats.expected_failure") + " " : ""])),
      el("dl", {},
        el("dt", {}, word("report.expected")), el("dd", {}, said(breach.expected)),
        el("dt", {}, word("report.seen")), el("dd", {}, said(breach.seen))),
      breach.row === undefined ? null : el("button", { type: "button", class: "screen-only",
        onclick: () => reveal(diagram, breach.row) }, word("show_in_sequence"))));
  const help = one.broken.map((place) =>
    el("li", {},
      el("p", {}, requirementTag(place), " ", el("strong", {}, pick(requirementSentence(place)))),
      el("dl", {},
        el("dt", {}, word("report.why")), el("dd", {}, pick(requirementReason(place))),
        el("dt", {}, word("report.cause")), el("dd", {}, pick(requirementCause(place))),
        el("dt", {}, word("report.remedy")), el("dd", {}, pick(requirementRemedy(place))),
        el("dt", {}, word("report.cashier")), el("dd", {}, pick(requirementCashier(place))),
        el("dt", {}, word("report.more")), el("dd", {}, el("code", {}, pick(requirementPage(place)))))));
  if (!list.length) {
    return [el("p", {}, one.message === null ? word("all_held") : said(one.message))];
  }
  return [el("h2", {}, word("breaches")),
    el("ol", { class: "breaches" }, list), el("ul", { class: "help" }, help)];
}

function reveal(diagram, number) {
  const line = diagram.querySelector(`[data-row="${number}"]`);
  line.tabIndex = 0;
  line.focus({ preventScroll: true });
  line.scrollIntoView({ block: "center" });
}

function faultList(faults) {
  if (!faults.length) return [];
  const rows = faults.map((fault) =>
    el("tr", {}, el("td", {}, "⚡ " + said(fault.what)),
      el("td", { class: "number" }, fault.fired ? fault.fired + "×" : word("never")),
      el("td", { class: "number" }, fault.first === undefined ? "" : clock(fault.first))));
  return [el("h2", {}, word("faults_title")),
    table([word("report.faults"), [word("times_fired")], [word("first_at")]], rows)];
}

// The ledger, and what is left of each payment.
function ledgerTable(ledger) {
  if (!ledger.length) return el("p", {}, word("no_money"));
  const fen = (amount) => Math.round(Number(amount) * 100);
  const left = new Map();
  for (const movement of ledger) {
    const sign = movement.credit.startsWith("merchant/") ? 1 : -1;
    left.set(movement.payment, (left.get(movement.payment) || 0) + sign * fen(movement.amount));
  }
  const rows = ledger.map((m) =>
    el("tr", {}, el("td", { class: "number" }, clock(m.at)), el("td", {}, said(m.what)), el("td", {}, m.stan),
      el("td", {}, m.payment), el("td", {}, m.debit), el("td", {}, m.credit),
      el("td", { class: "number" }, m.amount)));
  const sums = [...left].map(([payment, sum]) =>
    el("tr", { class: "sum" }, el("td", { colspan: 6 }, word("kept") + " " + payment),
      el("td", { class: "number" }, (sum / 100).toFixed(2))));
  const heads = ["kind", "stan", "payment_of", "debit", "credit"].map(word);
  return el("div", { class: "wide" },
    table([[word("when")], ...heads, [word("amount")]], [...rows, ...sums]));
}
