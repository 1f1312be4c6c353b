"use strict";
// What the page knows at once, and the details that it unpacks when they are asked for.

const run = JSON.parse(document.getElementById("index").textContent);

// Names for the places in a row of the list.
const cases = run.cases.map((row, place) => ({
  place,
  scenario: run.scenarios[row[0]],
  id: run.scenarios[row[0]][0] + row[1],
  row: row[1],
  profile: row[2],
  wallet: row[3],
  seed: row[4],
  verdict: row[5],
  broken: row[6],
  ms: row[7],
  chunk: row[8],
  at: row[9],
  message: row[10],
}));
const caseOf = new Map(cases.map((one) => [one.id, one]));

const scenarioId = (scenario) => scenario[0];
const scenarioName = (scenario) => scenario[1];
const scenarioPlace = (scenario) => scenario[3] + ":" + scenario[4];
const scenarioRequirements = (scenario) => scenario[5];

const requirementId = (place) => run.requirements[place][0];
const requirementArea = (place) => run.requirements[place][1];
const requirementLevel = (place) => run.requirements[place][2];
const requirementSentence = (place) => run.requirements[place][3];
const requirementCause = (place) => run.requirements[place][4];
const requirementRemedy = (place) => run.requirements[place][5];
const requirementReason = (place) => run.requirements[place][6];
const requirementCashier = (place) => run.requirements[place][7];
const requirementPage = (place) => run.requirements[place][8];

// The numbers of outcomes, by their names.
const OUTCOME = Object.fromEntries(run.outcomes.map(([name], number) => [name, number]));
// From harmless to grave, for a cell that stands for several.
const GRAVITY = ["notApplicable", "pass", "notRun", "inconclusive", "expectedFailure", "warning", "error", "fail"];
const gravest = (outcomes) =>
  outcomes.reduce((a, b) =>
    GRAVITY.indexOf(run.outcomes[b][0]) > GRAVITY.indexOf(run.outcomes[a][0]) ? b : a);

// How many unpacked chunks are kept.
const KEPT = 6;
const unpacked = new Map();

function chunk(number) {
  const known = unpacked.get(number);
  if (known) return known;
  if (unpacked.size >= KEPT) unpacked.delete(unpacked.keys().next().value);
  const fresh = unpack(number);
  unpacked.set(number, fresh);
  return fresh;
}

async function unpack(number) {
  const text = document.getElementById("chunk" + number).textContent;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// The details of a case.
const details = async (one) => (await chunk(one.chunk))[one.at];
