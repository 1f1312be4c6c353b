//! What is known after the last case.

use std::collections::BTreeMap;

use counterproof_scenarios::requirements::Requirement;
use counterproof_sim::vocabulary::{Practice, Way};
use serde::{Deserialize, Serialize};

use super::{Outcome, RunVerdict};

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunEnd {
    /// The verdict of the run.
    pub verdict: RunVerdict,
    /// How many cases ended how.
    pub counts: Counts,
    /// What came of each requirement that the run was about.
    pub requirements: BTreeMap<Requirement, RequirementEnd>,
    /// What the terminal was seen to do where the sources disagree: practices that no case came to are
    /// not there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub practices: BTreeMap<Practice, PracticeEnd>,
    /// What became of the entries of the expectations file, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<ExpectationEnd>,
}

/// What came of a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequirementEnd {
    /// The gravest that any case says about it.
    pub outcome: Outcome,
    /// How many cases checked it.
    pub scenarios: usize,
    /// Places in the plan of the cases that broke it, expected or not.
    pub failed: Vec<usize>,
}

/// What the terminal was seen to do on a point on which the sources disagree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PracticeEnd {
    /// What is accepted.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub accepted: Vec<Way>,
    /// What was seen, each way with the number of cases that show it.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, usize>"))]
    pub seen: BTreeMap<Way, usize>,
}

impl PracticeEnd {
    /// What was seen, how often, and whether it is accepted.
    pub fn seen(&self) -> impl Iterator<Item = (Way, usize, bool)> + '_ {
        let seen = self.seen.iter();
        seen.map(|(way, cases)| (*way, *cases, self.accepted.contains(way)))
    }
}

/// What became of an entry of the expectations file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ExpectationEnd {
    /// A case failed as it says.
    Met,
    /// Cases that it speaks of ran, and none failed as it says.
    Stale,
    /// No case that it speaks of was decided.
    NotTried,
    /// Its day is over: it counts no more.
    Expired,
}

/// How many cases ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Everything held.
    pub pass: usize,
    /// Only requirements of level S were broken.
    pub warning: usize,
    /// A requirement of level M was broken.
    pub fail: usize,
    /// Broken as expected.
    pub expected_failure: usize,
    /// The terminal does not claim what they need.
    pub not_applicable: usize,
    /// Undecided.
    pub inconclusive: usize,
    /// Broken off.
    pub error: usize,
    /// Not come to.
    pub not_run: usize,
}

impl Counts {
    /// How many ended so.
    pub const fn of(&self, outcome: Outcome) -> usize {
        match outcome {
            Outcome::Pass => self.pass,
            Outcome::Warning => self.warning,
            Outcome::Fail => self.fail,
            Outcome::ExpectedFailure => self.expected_failure,
            Outcome::NotApplicable => self.not_applicable,
            Outcome::Inconclusive => self.inconclusive,
            Outcome::Error => self.error,
            Outcome::NotRun => self.not_run,
        }
    }

    /// One more that ended so.
    pub const fn add(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Pass => &mut self.pass,
            Outcome::Warning => &mut self.warning,
            Outcome::Fail => &mut self.fail,
            Outcome::ExpectedFailure => &mut self.expected_failure,
            Outcome::NotApplicable => &mut self.not_applicable,
            Outcome::Inconclusive => &mut self.inconclusive,
            Outcome::Error => &mut self.error,
            Outcome::NotRun => &mut self.not_run,
        };
        *count += 1;
    }

    /// All cases.
    pub fn total(&self) -> usize {
        Outcome::ALL.iter().map(|outcome| self.of(*outcome)).sum()
    }

    /// The verdict of a run that ended like this: a broken requirement outweighs what broke on the
    /// way, that an expectation that is stale, and that what could not be decided.
    pub const fn verdict(&self, is_stale: bool) -> RunVerdict {
        if self.fail > 0 {
            RunVerdict::NotConformant
        } else if self.error > 0 {
            RunVerdict::Error
        } else if is_stale {
            RunVerdict::Stale
        } else if self.inconclusive > 0
            || self.not_run > 0
            || self.pass + self.warning + self.expected_failure == 0
        {
            RunVerdict::Incomplete
        } else if self.expected_failure > 0 {
            RunVerdict::AsExpected
        } else {
            RunVerdict::Conformant
        }
    }
}
