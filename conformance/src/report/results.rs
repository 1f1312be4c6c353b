//! `results.json`: what came of a run, for programs. The form is a contract, described in
//! `docs/results.schema.json`; it changes only with a new schema number.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::verdict::Verdict;
use counterproof_sim::vocabulary::Lang;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::mask::mask;
use super::place;
use crate::run::replay::Replay;
use crate::run::summary::{Finished, RunVerdict, Summary};

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
    /// Seed of all chance: the first, where there were several.
    pub seed: u64,
    /// The clock.
    pub pace: Pace,
    /// The verdict of the run.
    pub verdict: RunVerdict,
    /// The verdict on each requirement that the run was about, by its id.
    pub requirements: BTreeMap<String, RequirementResult>,
    /// Every case, in the order of the plan.
    pub scenarios: Vec<ScenarioResult>,
    /// How many cases ended how.
    pub counts: Counts,
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
    /// Digest of everything that happened: `sha256:` and hexadecimal digits; null for a case that
    /// did not run.
    pub record_digest: Option<String>,
    /// Length of the simulated time in milliseconds.
    pub virtual_ms: u64,
    /// At how many points the power was cut, each in a run of its own; null for a case that is one
    /// run.
    pub points: Option<u32>,
    /// The command that runs exactly this case again; one that failed at some points, at the one
    /// that the message is about.
    pub replay: String,
}

/// How many cases ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Counts {
    /// Everything held.
    pub pass: usize,
    /// A requirement of level M was broken.
    pub fail: usize,
    /// Only requirements of level S were broken.
    pub warning: usize,
    /// The terminal does not claim what they need.
    pub not_applicable: usize,
    /// Undecided.
    pub inconclusive: usize,
    /// Broken off.
    pub error: usize,
}

impl Results {
    /// The results of a run, with its messages in `lang`.
    pub fn of(summary: &Summary, replay: &Replay, lang: Lang, show_codes: bool) -> Self {
        let mut counts = Counts::default();
        let scenarios = summary
            .cases
            .iter()
            .zip(&summary.results)
            .map(|(case, result)| {
                let requirements = ids(&case.scenario.requirements);
                let point = result.as_ref().and_then(Finished::point);
                let replay = replay.command(case, point);
                let id = case.id.to_string();
                let Some(finished) = result else {
                    counts.inconclusive += 1;
                    return ScenarioResult {
                        id,
                        requirements,
                        verdict: ResultVerdict::Inconclusive,
                        broken: Vec::new(),
                        message: crate::texts::report::stopped(lang),
                        place: format!("{}:{}", case.scenario.path, case.scenario.line),
                        record_digest: None,
                        virtual_ms: 0,
                        points: None,
                        replay,
                    };
                };
                *counts.of(finished.verdict) += 1;
                ScenarioResult {
                    id,
                    requirements,
                    verdict: finished.verdict.into(),
                    broken: ids(&finished.broken),
                    message: mask(finished.message.get(lang), show_codes),
                    place: place(case, finished),
                    record_digest: finished.digest.as_ref().map(digest),
                    virtual_ms: finished.took.as_millis(),
                    points: finished.points.as_ref().map(|points| points.cut),
                    replay,
                }
            });
        let scenarios = scenarios.collect();
        let requirements = summary
            .judgements()
            .into_iter()
            .map(|(requirement, judgement)| {
                let failed = judgement.failed.iter();
                let result = RequirementResult {
                    level: requirement.level().into(),
                    verdict: judgement.verdict.into(),
                    scenarios: judgement.scenarios,
                    failed: failed
                        .map(|place| summary.cases[*place].id.to_string())
                        .collect(),
                };
                (requirement.id().to_owned(), result)
            });
        Self {
            schema: SCHEMA.to_owned(),
            suite: SuiteId {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                digest: digest(&summary.suite),
            },
            terminal: summary.identity.as_ref().map(|identity| TerminalId {
                name: identity.name.to_string(),
                vendor: identity.vendor.to_string(),
                version: identity.version.to_string(),
                build: identity.build.to_string(),
                capabilities: serde_json::to_value(&identity.capabilities)
                    .expect("capabilities are JSON"),
            }),
            seed: summary.seed,
            pace: Pace::Virtual,
            verdict: summary.verdict(),
            requirements: requirements.collect(),
            scenarios,
            counts,
        }
    }

    /// The file.
    pub fn to_json(&self) -> String {
        let json = serde_json::to_string_pretty(self).expect("results are JSON");
        json + "\n"
    }
}

impl Counts {
    fn of(&mut self, verdict: Verdict) -> &mut usize {
        match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Warning => &mut self.warning,
            Verdict::Fail => &mut self.fail,
            Verdict::NotApplicable => &mut self.not_applicable,
            Verdict::Inconclusive => &mut self.inconclusive,
            Verdict::Error => &mut self.error,
        }
    }
}

impl From<Verdict> for ResultVerdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Warning => Self::Warning,
            Verdict::Fail => Self::Fail,
            Verdict::NotApplicable => Self::NotApplicable,
            Verdict::Inconclusive => Self::Inconclusive,
            Verdict::Error => Self::Error,
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

pub(super) fn digest(digest: &[u8; 32]) -> String {
    let mut text = String::from("sha256:");
    for byte in digest {
        let _ = write!(text, "{byte:02x}");
    }
    text
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
