//! What came of one case, with everything that a report may want to tell of it.

use std::sync::Arc;

use counterproof_scenarios::case::{Case, Scenario, Varied};
use counterproof_scenarios::practices::Ways;
use counterproof_scenarios::requirements::{Level, Requirement};
use counterproof_scenarios::verdict::{Breach, CaseResult, FaultUse, Sentence, Verdict};
use counterproof_sim::capture::Capture;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::record::Record;
use counterproof_sim::secrets::{self, Secrets};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Wallet;
use serde::{Deserialize, Serialize};

use super::{Digest, Outcome};

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseEvidence {
    /// Its place in the whole plan, all shards together, from 0.
    pub place: usize,
    /// Stable id: scenario, row of the matrix, seed.
    pub id: String,
    /// The scenario.
    pub scenario: Arc<ScenarioText>,
    /// Radio profile of the row, where the matrix has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The customer's wallet of the row, where the matrix has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallet: Option<Wallet>,
    /// Seed.
    pub seed: u64,
    /// What the judge says; `None` where the run did not come to it.
    pub verdict: Option<Verdict>,
    /// Every requirement that was seen violated, in the order of the catalogue.
    pub broken: Vec<Requirement>,
    /// Those among them that the expectations file expects to be broken here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<Requirement>,
    /// Everything that should have been otherwise, first noticed first.
    pub breaches: Vec<Breach>,
    /// Why it is not a pass; empty for a pass.
    pub message: Sentence,
    /// The faults and what became of them.
    pub faults: Vec<FaultUse>,
    /// What the terminal was seen to do where the sources disagree.
    #[serde(default, skip_serializing_if = "Ways::is_empty")]
    pub ways: Ways,
    /// Digest of everything that happened, in all its runs, before anything was masked; `None` where
    /// nothing ran or nobody asked for it.
    pub record_digest: Option<Digest>,
    /// Its points, where it is a case of many runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<CasePoints>,
    /// When the simulated time began; `None` where nothing ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<Time>,
    /// Length of the simulated time.
    pub took: Span,
    /// The command that runs exactly this case again.
    pub replay: String,
    /// What the terminal wrote to standard error meanwhile.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stderr: String,
    /// Everything that happened, secrets masked unless the header says otherwise; `None` where
    /// nothing ran, or the record was not kept.
    pub record: Option<Arc<Record>>,
    /// What went over the links, secrets masked likewise; `None` where nobody asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<Arc<Capture>>,
}

/// The points at which a case of many runs cut the power, or the places at which it damaged the
/// storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePoints {
    /// What was varied.
    pub varied: Varied,
    /// How many there are.
    pub count: u32,
    /// Those whose runs did not pass, from 1.
    pub failed: Vec<u32>,
    /// The one that breaches, message, record and replay are about; none where all passed.
    pub shown: Option<u32>,
}

/// A scenario as it is written, shared by its cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioText {
    /// `area/slug`, stable.
    pub id: String,
    /// The scenario's name, as the file has it.
    pub title: String,
    /// The feature's name.
    pub feature: String,
    /// The file, as shown to people.
    pub path: String,
    /// Line of the scenario, or of its row of examples.
    pub line: u32,
    /// The language of the file: `en`, `zh-CN`.
    pub language: String,
    /// All tags, with their `@`.
    pub tags: Vec<String>,
    /// The requirements among the tags.
    pub requirements: Vec<Requirement>,
    /// Its steps, backgrounds first.
    pub steps: Vec<StepText>,
}

/// A step as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepText {
    /// Its line.
    pub line: u32,
    /// Keyword and text.
    pub text: String,
    /// How many bytes of it are the keyword, with the blank behind it.
    pub keyword: usize,
}

/// What of a result becomes evidence.
#[derive(Clone, Copy, Debug)]
pub struct Keep<'a> {
    /// Whether somebody asks for digests of records.
    pub digest: bool,
    /// Whether the records of passed cases are kept too.
    pub passed_records: bool,
    /// Whether payment codes stay in clear.
    pub show_codes: bool,
    /// The dialect of the messages.
    pub dialect: &'a Dialect,
}

impl ScenarioText {
    /// Of a scenario of the suite, secrets masked in its steps unless they may be shown.
    pub fn of(scenario: &Scenario, show_codes: bool) -> Self {
        Self {
            id: scenario.id.clone(),
            title: scenario.name.clone(),
            feature: scenario.feature.clone(),
            path: scenario.path.to_string(),
            line: scenario.line,
            language: scenario.language.clone(),
            tags: scenario.tags.clone(),
            requirements: scenario.requirements.clone(),
            steps: scenario
                .steps
                .iter()
                .map(|step| StepText {
                    line: step.line,
                    text: if show_codes {
                        step.text.clone()
                    } else {
                        secrets::mask(&step.text).into_owned()
                    },
                    keyword: step.keyword,
                })
                .collect(),
        }
    }
}

impl StepText {
    /// The keyword, with the blank behind it, and the text.
    pub fn parts(&self) -> (&str, &str) {
        self.text
            .split_at_checked(self.keyword)
            .unwrap_or(("", &self.text))
    }
}

impl CaseEvidence {
    /// A case that the run has not come to.
    pub fn not_run(place: usize, case: &Case, scenario: Arc<ScenarioText>, replay: String) -> Self {
        Self {
            place,
            id: case.id.to_string(),
            scenario,
            profile: case.profile.map(|profile| profile.name.clone()),
            wallet: case.wallet,
            seed: case.seed,
            verdict: None,
            broken: Vec::new(),
            expected: Vec::new(),
            breaches: Vec::new(),
            message: Sentence::default(),
            faults: Vec::new(),
            ways: Ways::default(),
            record_digest: None,
            points: None,
            began: None,
            took: Span::ZERO,
            replay,
            stderr: String::new(),
            record: None,
            capture: None,
        }
    }

    /// The same case with its result, secrets masked.
    #[must_use]
    pub fn with(self, result: CaseResult, keep: Keep<'_>) -> Self {
        let ran = !result.record.entries().is_empty();
        let wanted = ran && (keep.passed_records || result.verdict != Verdict::Pass);
        let digest = (ran && keep.digest).then(|| Digest(result.digest()));
        let mut evidence = Self {
            verdict: Some(result.verdict),
            broken: result.broken,
            breaches: result.breaches,
            message: result.message,
            faults: result.faults,
            ways: result.ways,
            record_digest: digest,
            points: result.points.map(|points| CasePoints {
                varied: points.varied,
                count: points.count,
                failed: points.failed,
                shown: points.shown,
            }),
            began: result.record.entries().first().map(|entry| entry.at),
            took: result.took,
            stderr: result.stderr,
            ..self
        };
        if keep.show_codes {
            evidence.record = wanted.then_some(result.record);
            evidence.capture = result.capture;
            return evidence;
        }
        let has_texts = !(evidence.breaches.is_empty() && evidence.stderr.is_empty());
        if wanted || has_texts || result.capture.is_some() {
            let secrets = result.record.secrets(keep.dialect);
            evidence.mask(&secrets);
            evidence.capture = result.capture.map(|capture| {
                let mut capture = Arc::unwrap_or_clone(capture);
                capture.mask(&secrets, keep.dialect);
                Arc::new(capture)
            });
            evidence.record = wanted.then(|| {
                let mut record = Arc::unwrap_or_clone(result.record);
                record.mask(&secrets, keep.dialect);
                Arc::new(record)
            });
        }
        evidence
    }

    /// The same case decided without a run, for a reason known before.
    #[must_use]
    pub fn decided(self, verdict: Verdict, message: Sentence) -> Self {
        Self {
            verdict: Some(verdict),
            message,
            ..self
        }
    }

    fn mask(&mut self, secrets: &Secrets) {
        let mask = |text: &mut String| {
            if let std::borrow::Cow::Owned(masked) = secrets.mask(text) {
                *text = masked;
            }
        };
        let sentence = |sentence: &mut Sentence| {
            mask(&mut sentence.en);
            mask(&mut sentence.zh);
        };
        sentence(&mut self.message);
        mask(&mut self.stderr);
        for breach in &mut self.breaches {
            sentence(&mut breach.expected);
            sentence(&mut breach.seen);
        }
    }

    /// What came of it.
    pub fn outcome(&self) -> Outcome {
        let Some(verdict) = self.verdict else {
            return Outcome::NotRun;
        };
        let is_breach = matches!(verdict, Verdict::Fail | Verdict::Warning);
        // A breach of nothing that has a name cannot have been expected.
        let is_nameless = self.breaches.iter().any(|b| b.requirements.is_empty());
        if !is_breach || is_nameless || self.expected.is_empty() {
            return verdict.into();
        }
        let unexpected = self.broken.iter().filter(|r| !self.expected.contains(r));
        let worst = unexpected.map(|requirement| requirement.level()).min();
        match worst {
            Some(Level::Must) => Outcome::Fail,
            Some(Level::Should) => Outcome::Warning,
            None => Outcome::ExpectedFailure,
        }
    }

    /// The line of the step that noticed first, else of the scenario.
    pub fn line(&self) -> u32 {
        let noticed = self.breaches.iter().find_map(|breach| breach.line);
        noticed.unwrap_or(self.scenario.line)
    }

    /// File and line of the step that noticed, else of the scenario.
    pub fn place_in_file(&self) -> String {
        format!("{}:{}", self.scenario.path, self.line())
    }

    /// The step on this line.
    pub fn step_at(&self, line: u32) -> Option<&str> {
        let step = self.scenario.steps.iter().find(|step| step.line == line)?;
        Some(&step.text)
    }

    /// The broken requirement that says most about the cause: one that the scenario is about, else
    /// the first. Its [`Requirement::help`] has the likely cause and the remedy.
    pub fn main_requirement(&self) -> Option<Requirement> {
        let tagged = self.scenario.requirements.iter();
        let mut tagged = tagged.filter(|requirement| self.broken.contains(requirement));
        tagged.next().or(self.broken.first()).copied()
    }
}
