//! The words for what came of a case, of a requirement and of a run. A case has the verdict of its
//! judge and, beyond it, two outcomes that no judge knows: a failure that was expected, and a case that
//! the run did not come to.

use counterproof_scenarios::verdict::Verdict;
use serde::{Deserialize, Serialize};

use crate::exit::Exit;

/// What came of a case or of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
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
    /// A fault was armed and never fired, or an operator gave up.
    Inconclusive,
    /// The terminal's adapter or the suite broke.
    Error,
    /// The run did not come to it.
    NotRun,
}

/// The verdict of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RunVerdict {
    /// Every requirement of level M that could be tested holds.
    Conformant,
    /// Requirements are broken, and all of that was expected.
    AsExpected,
    /// One was broken.
    NotConformant,
    /// None was broken but as expected, and an expected failure did not fail.
    Stale,
    /// None was broken, but something could not be decided, or was not come to.
    Incomplete,
    /// None was broken, but the terminal's adapter or the suite broke.
    Error,
}

impl Outcome {
    /// Every outcome, in the order in which they are counted.
    pub const ALL: [Self; 8] = [
        Self::Pass,
        Self::Warning,
        Self::Fail,
        Self::ExpectedFailure,
        Self::NotApplicable,
        Self::Inconclusive,
        Self::Error,
        Self::NotRun,
    ];

    /// The gravest of the outcomes of a requirement is the outcome of it.
    pub const fn weight(self) -> u8 {
        match self {
            Self::NotApplicable => 0,
            Self::Pass => 1,
            Self::NotRun => 2,
            Self::Inconclusive => 3,
            Self::Error => 4,
            Self::ExpectedFailure => 5,
            Self::Warning => 6,
            Self::Fail => 7,
        }
    }
}

impl From<Verdict> for Outcome {
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

impl RunVerdict {
    /// How the program ends after such a run.
    pub const fn exit(self) -> Exit {
        match self {
            Self::Conformant | Self::AsExpected => Exit::Conformant,
            Self::NotConformant => Exit::NotConformant,
            Self::Stale => Exit::Stale,
            Self::Incomplete => Exit::Incomplete,
            Self::Error => Exit::Broken,
        }
    }
}
