//! `results.json`: what came of a run, for programs. The form is a contract, described in
//! `docs/results.schema.json`; it changes only with a new schema number.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use counterproof_scenarios::practices::Ways;
use counterproof_scenarios::requirements::Requirement;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::evidence::end::ExpectationEnd;
use crate::evidence::header::LivePace;
use crate::evidence::{
    CaseEvidence, Outcome, PracticeEnd, Reporter, RunEnd, RunHeader, RunVerdict,
};

/// Name of the file.
pub const FILE: &str = "results.json";

/// The schema that the file follows.
pub const SCHEMA: &str = "counterproof/results/1";

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Results {
    /// The schema: `counterproof/results/1`.
    pub schema: String,
    /// What was tested with.
    pub suite: SuiteId,
    /// What was tested; null where no terminal came to saying so.
    pub terminal: Option<TerminalId>,
    /// Name of the dialect that the acquirer spoke.
    pub dialect: String,
    /// Seed of all chance: the first, where there were several.
    pub seed: u64,
    /// The clock.
    pub pace: Pace,
    /// How fast and how exact that was; absent unless it was the wall's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<LivePace>,
    /// The verdict of the run.
    pub verdict: RunVerdict,
    /// The verdict on each requirement that the run was about, by its id.
    pub requirements: BTreeMap<String, RequirementResult>,
    /// Every case, in the order of the plan.
    pub scenarios: Vec<ScenarioResult>,
    /// How many cases ended how.
    pub counts: ResultCounts,
    /// What the terminal was seen to do where the sources disagree, by the names of docs/practices.md;
    /// absent where no case came to such a point.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub practices: BTreeMap<String, PracticeEnd>,
    /// The failures that were expected; absent where no file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expectations: Option<ExpectationsResult>,
}

/// What was tested with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SuiteId {
    /// Version of the program.
    pub version: String,
    /// Digest of the feature files: `sha256:` and hexadecimal digits.
    pub digest: String,
}

/// What was tested, as the terminal says itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TerminalId {
    /// Product.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Version.
    pub version: String,
    /// Digest of the build.
    pub build: String,
    /// What it can do, as in the terminal protocol.
    #[cfg_attr(test, schemars(with = "serde_json::Map<String, Value>"))]
    pub capabilities: Value,
}

/// The clock of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Pace {
    /// Simulated time.
    Virtual,
    /// The clock on the wall.
    Wall,
}

/// The verdict on a requirement or on a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ResultVerdict {
    /// Everything held.
    Pass,
    /// Only requirements of level S were broken.
    Warning,
    /// A requirement of level M was broken.
    Fail,
    /// What was broken is what an expectations file expects to be broken.
    ExpectedFailure,
    /// The terminal does not claim what it needs.
    NotApplicable,
    /// A fault was armed and never fired, or the run did not come to it.
    Inconclusive,
    /// The terminal's adapter or the suite broke.
    Error,
}

/// What came of a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequirementResult {
    /// What a breach means.
    pub level: ResultLevel,
    /// The verdict.
    pub verdict: ResultVerdict,
    /// How many cases checked it.
    pub scenarios: usize,
    /// Ids of the cases that broke it.
    pub failed: Vec<String>,
}

/// What a breach of a requirement means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ResultLevel {
    /// It fails certification.
    Must,
    /// It is a warning.
    Should,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScenarioResult {
    /// Stable id: scenario, row of the matrix, seed.
    pub id: String,
    /// The requirements that it is about.
    pub requirements: Vec<String>,
    /// The verdict.
    pub verdict: ResultVerdict,
    /// Every requirement that it saw violated, by its own assertions or by the checkers that are
    /// always on.
    pub broken: Vec<String>,
    /// Why it is not a pass, in the language of the run; empty for a pass. Secrets are masked.
    pub message: String,
    /// File and line of the step that noticed, else of the scenario.
    pub place: String,
    /// What it was seen to do where the sources disagree; absent where it did not come to such a point.
    #[serde(default, skip_serializing_if = "Ways::is_empty")]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Vec<String>>"))]
    pub practices: Ways,
    /// Digest of everything that happened: `sha256:` and hexadecimal digits; null for a case that
    /// did not run.
    pub record_digest: Option<String>,
    /// Length of the simulated time in milliseconds.
    pub virtual_ms: u64,
    /// At how many points the power was cut, or at how many places storage was damaged, each in a run of
    /// its own; null for a case that is one run.
    pub points: Option<u32>,
    /// The command that runs exactly this case again; one that failed at some points, at the one
    /// that the message is about.
    pub replay: String,
}

/// The failures that were expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpectationsResult {
    /// Digest of the file: `sha256:` and hexadecimal digits.
    pub digest: String,
    /// Its entries, in their order.
    pub entries: Vec<ExpectationResult>,
}

/// A failure that was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpectationResult {
    /// The requirement that is broken.
    pub requirement: String,
    /// In which scenarios: an id or a pattern; absent for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// Under which radio profile; absent for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Why it is known and borne with.
    pub reason: String,
    /// Where it is followed up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The last day on which it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// What became of it.
    pub state: ExpectationEnd,
}

/// How many cases ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResultCounts {
    /// Everything held.
    pub pass: usize,
    /// A requirement of level M was broken.
    pub fail: usize,
    /// Only requirements of level S were broken.
    pub warning: usize,
    /// Broken as expected.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub expected_failure: usize,
    /// The terminal does not claim what they need.
    pub not_applicable: usize,
    /// Undecided.
    pub inconclusive: usize,
    /// Broken off.
    pub error: usize,
}

/// `results.json` in the making.
#[derive(Debug)]
pub struct ResultsFile {
    path: PathBuf,
    lang: Lang,
    header: Option<RunHeader>,
    scenarios: Vec<ScenarioResult>,
    /// The places of the cases in the plan, for the end to name them by.
    places: Vec<usize>,
}

impl ResultsFile {
    /// The file at `path`, with its messages in `lang`.
    pub const fn new(path: PathBuf, lang: Lang) -> Self {
        Self {
            path,
            lang,
            header: None,
            scenarios: Vec::new(),
            places: Vec::new(),
        }
    }

    fn results(&mut self, header: RunHeader, end: &RunEnd) -> Results {
        let id = |place: &usize| {
            let index = self.places.binary_search(place).ok()?;
            Some(self.scenarios[index].id.clone())
        };
        let requirements = end.requirements.iter().map(|(requirement, end)| {
            let result = RequirementResult {
                level: requirement.level().into(),
                verdict: end.outcome.into(),
                scenarios: end.scenarios,
                failed: end.failed.iter().filter_map(id).collect(),
            };
            (requirement.id().to_owned(), result)
        });
        let counts = &end.counts;
        let states = end.expectations.iter();
        Results {
            schema: SCHEMA.to_owned(),
            suite: SuiteId {
                version: header.version,
                digest: header.suite.to_string(),
            },
            terminal: header.terminal.map(|identity| TerminalId {
                name: identity.name.into(),
                vendor: identity.vendor.into(),
                version: identity.version.into(),
                build: identity.build.into(),
                capabilities: serde_json::to_value(&identity.capabilities)
                    .expect("capabilities are JSON"),
            }),
            dialect: header.dialect,
            seed: header.seed,
            pace: if header.live.is_some() {
                Pace::Wall
            } else {
                Pace::Virtual
            },
            live: header.live,
            verdict: end.verdict,
            requirements: requirements.collect(),
            scenarios: std::mem::take(&mut self.scenarios),
            counts: ResultCounts {
                pass: counts.pass,
                fail: counts.fail,
                warning: counts.warning,
                expected_failure: counts.expected_failure,
                not_applicable: counts.not_applicable,
                inconclusive: counts.inconclusive + counts.not_run,
                error: counts.error,
            },
            practices: end
                .practices
                .iter()
                .map(|(practice, end)| (practice.id().to_owned(), end.clone()))
                .collect(),
            expectations: header.expectations.map(|file| {
                let entries = file.entries.into_iter().zip(states);
                let entries = entries.map(|(entry, state)| ExpectationResult {
                    requirement: entry.requirement.id().to_owned(),
                    scenario: entry.scenario,
                    profile: entry.profile,
                    reason: entry.reason,
                    link: entry.link,
                    expires: entry.expires,
                    state: *state,
                });
                ExpectationsResult {
                    digest: file.digest.to_string(),
                    entries: entries.collect(),
                }
            }),
        }
    }
}

impl Reporter for ResultsFile {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.header = Some(header.clone());
        Ok(())
    }

    fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        let message = match case.verdict {
            Some(_) => case.message.get(self.lang).to_owned(),
            None => crate::texts::report::stopped(self.lang),
        };
        self.places.push(case.place);
        self.scenarios.push(ScenarioResult {
            id: case.id.clone(),
            requirements: ids(&case.scenario.requirements),
            verdict: case.outcome().into(),
            broken: ids(&case.broken),
            message,
            place: case.place_in_file(),
            practices: case.ways.clone(),
            record_digest: case.record_digest.map(|digest| digest.to_string()),
            virtual_ms: case.took.as_millis(),
            points: case.points.as_ref().map(|points| points.count),
            replay: case.replay.clone(),
        });
        Ok(())
    }

    fn end(&mut self, end: &RunEnd) -> io::Result<()> {
        let Some(header) = self.header.take() else {
            return Ok(());
        };
        let results = self.results(header, end);
        let mut file = BufWriter::new(File::create(&self.path)?);
        serde_json::to_writer_pretty(&mut file, &results)?;
        file.write_all(b"\n")?;
        file.flush()
    }
}

impl From<Outcome> for ResultVerdict {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Self::Pass,
            Outcome::Warning => Self::Warning,
            Outcome::Fail => Self::Fail,
            Outcome::ExpectedFailure => Self::ExpectedFailure,
            Outcome::NotApplicable => Self::NotApplicable,
            Outcome::Inconclusive | Outcome::NotRun => Self::Inconclusive,
            Outcome::Error => Self::Error,
        }
    }
}

impl From<counterproof_scenarios::requirements::Level> for ResultLevel {
    fn from(level: counterproof_scenarios::requirements::Level) -> Self {
        match level {
            counterproof_scenarios::requirements::Level::Must => Self::Must,
            counterproof_scenarios::requirements::Level::Should => Self::Should,
        }
    }
}

fn ids(requirements: &[Requirement]) -> Vec<String> {
    requirements
        .iter()
        .map(|requirement| requirement.id().to_owned())
        .collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks like this")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE_SCHEMA=1 cargo test -p counterproof` writes the file anew.
    #[test]
    fn the_published_schema_is_that_of_the_types() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/results.schema.json");
        let schema = schemars::schema_for!(Results);
        let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, &schema).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), schema);
    }
}
