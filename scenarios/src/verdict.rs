//! What comes of a scenario: breaches, verdict, evidence. Made by the runner from the record;
//! read by every report.

use std::sync::Arc;

use counterproof_sim::capture::Capture;
use counterproof_sim::fault::{Fault, FaultId};
use counterproof_sim::record::Record;
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Lang;
use serde::{Deserialize, Serialize};

use crate::case::Varied;
use crate::practices::Ways;
use crate::requirements::Requirement;

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Sentence {
    /// A sentence in both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            zh: zh.into(),
        }
    }

    /// In `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// The verdict on one scenario (architecture: "Verdicts").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Everything held.
    Pass,
    /// Only requirements of level S were broken.
    Warning,
    /// A requirement of level M was broken.
    Fail,
    /// The terminal does not claim what the scenario needs.
    NotApplicable,
    /// A fault was armed and never fired, or an operator gave up.
    Inconclusive,
    /// The terminal's adapter or the suite broke.
    Error,
}

/// One thing that should have been otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// Which requirements it breaks.
    pub requirements: Vec<Requirement>,
    /// What was expected.
    pub expected: Sentence,
    /// What was seen.
    pub seen: Sentence,
    /// When it showed; `None` for what never came.
    pub at: Option<Time>,
    /// Index of the record's entry that shows it.
    pub entry: Option<usize>,
    /// Line of the step that noticed; `None` for the always-on checkers.
    pub line: Option<u32>,
}

/// A fault of the scenario and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultUse {
    /// Its number in the record.
    pub id: FaultId,
    /// What it is.
    pub fault: Fault,
    /// How often it fired.
    pub fired: u32,
    /// When it first fired.
    pub first: Option<Time>,
}

/// The points at which a case of many runs cut the power, or the places at which it damaged the
/// storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Points {
    /// Which of the two.
    pub varied: Varied,
    /// How many.
    pub count: u32,
    /// Those whose runs did not pass, from 1.
    pub failed: Vec<u32>,
    /// The one that breaches, message and record are about: the first of the gravest; none where all
    /// passed.
    pub shown: Option<u32>,
    /// SHA-256 over the digests of the records of all runs: the one without a cut or damage, then point
    /// by point.
    pub digest: [u8; 32],
}

/// What came of one case.
#[derive(Debug)]
pub struct CaseResult {
    /// Which case: index in the plan that was run.
    pub case: usize,
    /// The verdict.
    pub verdict: Verdict,
    /// Every requirement that was seen violated, in the order of the catalogue, each once.
    pub broken: Vec<Requirement>,
    /// Everything that should have been otherwise, first noticed first.
    pub breaches: Vec<Breach>,
    /// One sentence: why it is not a pass; empty for a pass.
    pub message: Sentence,
    /// The faults and what became of them.
    pub faults: Vec<FaultUse>,
    /// Everything that happened; of a case of many runs, in the one that the rest is about.
    pub record: Arc<Record>,
    /// Length of the simulated time.
    pub took: Span,
    /// What the terminal's process wrote to standard error meanwhile.
    pub stderr: String,
    /// The points of a case of many runs.
    pub points: Option<Points>,
    /// What the terminal was seen to do where the sources disagree, in all its runs.
    pub ways: Ways,
    /// What went over the links, where it was asked for.
    pub capture: Option<Arc<Capture>>,
    /// Whether another run may judge otherwise.
    pub certainty: Certainty,
}

/// Whether another run of the same case may judge otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It comes out the same: time is virtual.
    Certain,
    /// The terminal keeps its own time: what is held against it is to be seen twice.
    Once,
    /// Besides, this machine was too slow, or all that is held against the terminal crossed with what it
    /// was told: that says nothing yet.
    Open,
}

impl CaseResult {
    /// SHA-256 of everything that happened.
    pub fn digest(&self) -> [u8; 32] {
        match &self.points {
            Some(points) => points.digest,
            None => self.record.digest(),
        }
    }
}
