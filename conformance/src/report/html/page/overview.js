"use strict";
// The first screen: who was tested with what, and what holds, area by area.

// The verdict of the run: its word, and the verdict of a case that looks like it.
const RUN_WORDS = {
  "conformant": ["report.conformant", "pass"],
  "not-conformant": ["report.not_conformant", "fail"],
  "as-expected": ["report.as_expected", "expectedFailure"],
  "stale": ["report.stale", "fail"],
  "incomplete": ["report.incomplete", "inconclusive"],
  "error": ["report.error", "error"],
};

function drawVerdict() {
  const [name, like] = RUN_WORDS[run.verdict];
  byId("verdict").replaceChildren(badge(OUTCOME[like], word(name)));
}

function drawIdentity() {
  const counts = new Array(run.outcomes.length).fill(0);
  for (const one of cases) counts[one.verdict] += 1;
  const seeds = [...new Set(cases.map((one) => one.seed))];
  const facts = [];
  const fact = (name, ...value) => facts.push(el("dt", {}, word(name)), el("dd", {}, value));
  const terminal = run.terminal;
  if (terminal) {
    fact("formats.terminal", terminal.name + " " + terminal.version);
    if (terminal.vendor) fact("vendor", terminal.vendor);
    if (terminal.build) fact("build", el("code", {}, terminal.build));
    fact("capabilities", claims(terminal.capabilities));
  } else {
    fact("formats.terminal", word("no_terminal"));
  }
  fact("formats.suite", "counterproof " + run.version + " ", el("code", {}, run.suite),
    run.features ? " " + run.features : "");
  fact("dialect", run.dialect);
  fact("formats.mode", run.mode);
  fact("seeds", seeds.length > 8 ? seeds[0] + " … " + seeds[seeds.length - 1] : seeds.join(", "));
  const names = (list) => list.map(([id, en, zh]) => en ? id + " (" + pick([en, zh]) + ")" : id).join(", ");
  if (run.profiles.length) fact("formats.profiles", names(run.profiles));
  if (run.wallets.length) fact("formats.wallets", run.wallets.map(([, en, zh]) => pick([en, zh])).join(", "));
  const tallies = counts.map((count, number) =>
    count ? el("a", { href: address({ verdict: run.outcomes[number][0] }), class: "tally" },
      badge(number), " ", String(count)) : null);
  const part = run.shard ? word("formats.shard") + " " + run.shard + " (" + cases.length + " / " + run.planned + ")" : "";
  fact("cases_run", part || String(cases.length), " ", tallies);
  byId("identity").replaceChildren(el("h1", {}, word("title")), el("dl", {}, facts));
}

// What a terminal claims, in the words of the protocol.
function claims(capabilities) {
  const claimed = Object.entries(capabilities).filter(([, value]) => value !== false);
  return claimed
    .map(([name, value]) => {
      if (value === true) return name;
      return name + ": " + (Array.isArray(value) ? value.join(" ") : String(value));
    })
    .join(" · ");
}

function drawRequirements() {
  const judged = new Map(run.judgements.map((one) => [one[0], one]));
  const areas = run.areas.map((area, number) => {
    const places = run.requirements.map((_, place) => place)
      .filter((place) => requirementArea(place) === number);
    const verdicts = places.map((place) => judged.get(place)?.[1]);
    if (verdicts.every((verdict) => verdict === undefined)) return null;
    const holds = verdicts.every((v) => v === undefined || v === OUTCOME.pass || v === OUTCOME.notApplicable);
    const strip = places.map((place, at) => {
      const verdict = verdicts[at];
      const name = verdict === undefined ? "uncovered" : run.outcomes[verdict][0];
      const glyph = verdict === undefined ? "·" : verdictGlyph(verdict);
      const what = verdict === undefined ? word("not_covered") : verdictWord(verdict);
      return el("span", { class: "glyph " + name, title: requirementId(place) + " " + what }, glyph);
    });
    return el("details", { class: "area", open: !holds },
      el("summary", {},
        el("span", { class: "area-id" }, area[0]), " ",
        el("span", { class: "area-name" }, pick([area[1], area[2]])), " ",
        el("span", { class: "strip" }, strip)),
      requirementTable(places, judged));
  });
  byId("requirements").replaceChildren(
    el("h2", {}, word("requirements")), ...areas.filter(Boolean),
    el("p", { class: "legend" }, word("report.legend"), "  ", word("report.legend_expected")),
    ...practices(), ...expectations());
}

// What the terminal was seen to do where the sources disagree.
function practices() {
  if (!run.practices.length) return [];
  const rows = run.practices.map(([name, situation, ways]) =>
    el("tr", {},
      el("td", {}, pick(name), el("div", { class: "why" }, pick(situation))),
      el("td", {}, ways.map(([way, says, count, accepted]) =>
        el("div", {}, pick(way) + " (" + count + ")", accepted ? "" : " · " + word("report.not_accepted"),
          el("div", { class: "why" }, says ? pick(says) : ""))))));
  return [el("h2", {}, word("report.practices")),
    el("div", { class: "wide" }, table([word("formats.practice"), word("formats.seen")], rows))];
}

// The failures that were expected, and what became of each entry.
function expectations() {
  if (!run.expectations) return [];
  const rows = run.expectations.entries.map((entry, number) =>
    el("tr", {},
      el("td", {}, el("a", { href: address({ requirement: entry.requirement, broken: "1" }) }, entry.requirement)),
      el("td", {}, [entry.scenario || "*", entry.profile ? "@" + entry.profile : ""].join(" ")),
      el("td", {}, entry.reason, entry.link ? el("div", { class: "id" }, entry.link) : ""),
      el("td", {}, entry.expires || ""),
      el("td", {}, word("formats." + snake(run.states[number])))));
  const heads = [word("formats.requirement"), word("scenarios"), word("formats.reason"), word("formats.until"), word("formats.verdict")];
  return [el("h2", {}, word("formats.expected_failures")),
    el("p", { class: "id" }, run.expectations.file + " " + run.expectations.digest),
    el("div", { class: "wide" }, table(heads, rows))];
}

function requirementTable(places, judged) {
  const rows = places.map((place) => {
    const judgement = judged.get(place);
    const id = requirementId(place);
    const failed = judgement ? judgement[3] : [];
    const links = failed.slice(0, 3).map((number) => el("li", {}, caseLink(cases[number])));
    if (failed.length > links.length) {
      const all = address({ requirement: id, broken: "1" });
      links.push(el("li", {}, el("a", { href: all }, word("all_of_them") + " (" + failed.length + ")")));
    }
    return el("tr", {},
      el("td", {}, el("a", { href: address({ requirement: id }) }, id)),
      el("td", {}, pick(requirementLevel(place))),
      el("td", {}, pick(requirementSentence(place)), el("div", { class: "why" }, pick(requirementReason(place)))),
      el("td", {}, judgement
        ? badge(judgement[1])
        : el("span", { class: "verdict uncovered" }, "· " + word("not_covered"))),
      el("td", { class: "number" }, judgement ? String(judgement[2]) : ""),
      el("td", {}, links.length ? el("ul", {}, links) : ""));
  });
  const heads = [word("formats.requirement"), word("level"), word("demands"), word("formats.verdict"),
    [word("formats.scenarios")], word("failed_in")];
  return el("div", { class: "wide" }, table(heads, rows));
}
