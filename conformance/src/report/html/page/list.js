"use strict";
// The list of scenarios: filters, search, pages. Its whole state stands in the address.

const PER_PAGE = 100;
const FILTERS = ["verdict", "area", "requirement", "broken", "profile", "wallet", "seed", "scenario", "q"];

const haystacks = new Map();

// What a search looks into.
function haystack(one) {
  const key = lang + one.place;
  if (!haystacks.has(key)) {
    const message = one.message === null ? "" : said(one.message);
    const words = [one.id, scenarioName(one.scenario), one.scenario[2], one.scenario[3], message,
      one.broken.map(requirementId).join(" ")];
    haystacks.set(key, words.join("\n").toLowerCase());
  }
  return haystacks.get(key);
}

// The cases that a state asks for, in the order of the plan.
function fitting(state) {
  const verdict = OUTCOME[state.verdict];
  const area = run.areas.findIndex((one) => one[0] === state.area);
  const requirement = run.requirements.findIndex((one) => one[0] === state.requirement);
  const profile = run.profiles.findIndex((one) => one[0] === state.profile);
  const wallet = run.wallets.findIndex((one) => one[0] === state.wallet);
  const words = (state.q || "").toLowerCase().split(/\s+/).filter(Boolean);
  return cases.filter((one) => {
    const about = state.broken ? one.broken : [...scenarioRequirements(one.scenario), ...one.broken];
    return (!state.verdict || one.verdict === verdict)
      && (!state.area || about.some((place) => requirementArea(place) === area))
      && (!state.requirement || about.includes(requirement))
      && (!state.broken || one.broken.length > 0)
      && (!state.profile || one.profile === profile)
      && (!state.wallet || one.wallet === wallet)
      && (!state.seed || String(one.seed) === state.seed)
      && (!state.scenario || scenarioId(one.scenario) === state.scenario)
      && words.every((part) => haystack(one).includes(part));
  });
}

const filtersOf = (state) => Object.fromEntries(FILTERS.map((name) => [name, state[name]]));

function drawList(state) {
  const found = fitting(state);
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
  const page = Math.min(Math.max(1, Number(state.page) || 1), pages);
  const shown = found.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  const count = found.length + " / " + cases.length;
  byId("scenarios").replaceChildren(
    el("h2", {}, word("scenarios")),
    filterForm(state),
    el("p", { class: "count", role: "status" }, count),
    found.length ? listTable(shown) : el("p", {}, word("nothing_fits")),
    pages > 1 ? pager(state, page, pages) : "");
}

function filterForm(state) {
  const change = (name, value) => go({ ...filtersOf(state), [name]: value });
  const select = (name, label, options) => options.length < 2 && !state[name] ? null :
    el("label", {}, word(label) + " ",
      el("select", { name, onchange: (event) => change(name, event.target.value) },
        el("option", { value: "" }, word("any")),
        options.map(([value, text]) => el("option", { value, selected: state[name] === value }, text))));
  const used = new Set(cases.map((one) => one.verdict));
  const judged = run.judgements.map(([place]) => place);
  const areas = run.areas.filter((_, number) => judged.some((place) => requirementArea(place) === number));
  const seeds = [...new Set(cases.map((one) => one.seed))];
  const search = el("input", { type: "search", name: "q", value: state.q, placeholder: word("search_hint") });
  search.addEventListener("input", () => {
    clearTimeout(search.waiting);
    search.waiting = setTimeout(() => change("q", search.value), 200);
  });
  const broken = el("input", { type: "checkbox", name: "broken", checked: Boolean(state.broken),
    onchange: (event) => change("broken", event.target.checked ? "1" : "") });
  const isFiltered = FILTERS.some((name) => state[name]);
  return el("form", { class: "filters", onsubmit: (event) => event.preventDefault() },
    el("label", {}, word("search") + " ", search),
    select("verdict", "formats.verdict", run.outcomes.map(([name, glyph], number) => [name, glyph + " " + verdictWord(number)])
      .filter((_, number) => used.has(number))),
    select("area", "report.area", areas.map(([id, en, zh]) => [id, id + " " + pick([en, zh])])),
    select("requirement", "formats.requirement", judged.map((place) => [requirementId(place), requirementId(place)])),
    el("label", {}, broken, " " + word("only_broken")),
    select("profile", "profile", run.profiles.map(([id, en, zh]) => [id, id + " " + pick([en, zh])])),
    select("wallet", "timeline.wallet", run.wallets.map(([id, en, zh]) => [id, pick([en, zh])])),
    select("seed", "formats.seed", seeds.length > 200 ? [] : seeds.map((seed) => [String(seed), String(seed)])),
    state.scenario ? el("span", { class: "tag" }, state.scenario) : null,
    isFiltered ? el("a", { href: "#", class: "clear" }, "✕ " + word("clear")) : null);
}

function listTable(shown) {
  const rows = shown.map((one) =>
    el("tr", {},
      el("td", {}, badge(one.verdict)),
      el("td", {},
        el("a", { href: address({ case: one.id }), class: "name" }, scenarioName(one.scenario)),
        el("div", { class: "id" }, one.id),
        one.message === null ? "" : el("div", { class: "why" }, said(one.message))),
      el("td", {}, (one.broken.length ? one.broken : scenarioRequirements(one.scenario)).map(requirementTag)),
      el("td", { class: "number" }, clock(one.ms * 1000))));
  const heads = [word("formats.verdict"), word("scenarios"), word("requirements"), [word("simulated")]];
  return el("div", { class: "wide" }, table(heads, rows, { class: "list" }));
}

function pager(state, page, pages) {
  const to = (number, name, text) => number < 1 || number > pages
    ? el("span", { class: "off" }, text)
    : el("a", { href: address({ ...filtersOf(state), page: number }), rel: name }, text);
  return el("nav", { class: "pager", "aria-label": word("page") },
    to(page - 1, "prev", "← " + word("previous")),
    el("span", {}, page + " / " + pages),
    to(page + 1, "next", word("next") + " →"));
}
