//! What is certified: an in-toto statement about a terminal and the suite that it was tested with, with
//! a predicate of our own. What it says of the result follows from the rest of it.

use std::collections::BTreeMap;

use counterproof_scenarios::requirements::{Level, Requirement};
use counterproof_sim::terminal::{Identity, hex};
use counterproof_sim::vocabulary::Wallet;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::profile::Profile;
use super::seal::Seal;
use crate::day::Day;
use crate::evidence::header::product;
use crate::evidence::{Counts, Digest, Outcome, RunEnd, RunHeader, RunVerdict};

/// The type of an in-toto statement.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// The type of our predicate.
pub const PREDICATE_TYPE: &str = "urn:counterproof:certificate:v1";

/// An in-toto statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement<P> {
    /// What this is.
    #[serde(rename = "_type")]
    pub kind: String,
    /// What it is about.
    pub subject: Vec<Subject>,
    /// What `predicate` is.
    pub predicate_type: String,
    /// What is said.
    pub predicate: P,
}

/// Something that a statement is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its digest, in hexadecimal digits, by algorithm.
    pub digest: BTreeMap<String, String>,
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Certificate {
    /// Whether the terminal conforms.
    pub result: TestResult,
    /// How the run ended.
    pub verdict: RunVerdict,
    /// What had to run.
    pub profile: Named,
    /// Who was tested, as the terminal says itself.
    pub terminal: Identity,
    /// With what: version of the program, digest of the feature files.
    pub suite: Named,
    /// Dialect of the acquirer, and the digest of what it says.
    pub dialect: Named,
    /// First seed.
    pub seed: u64,
    /// How many seeds.
    pub seeds: u64,
    /// Radio profiles of the matrix.
    pub radio: Vec<String>,
    /// Wallets of the matrix.
    pub wallets: Vec<Wallet>,
    /// The scenarios that had to run.
    pub plan: PlanDigest,
    /// How many of them ended how.
    pub counts: Counts,
    /// What came of each requirement.
    pub requirements: BTreeMap<Requirement, Judged>,
    /// Digest of the file of known failures, where one was used.
    pub expectations: Option<Digest>,
    /// The evidence.
    pub evidence: Seal,
    /// The day on which it was issued.
    pub issued: Day,
    /// The last day on which it counts.
    pub expires: Day,
}

/// Something with a name or version, and the digest of what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Name or version.
    pub name: String,
    /// Digest.
    pub digest: Digest,
}

/// The scenarios that had to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanDigest {
    /// How many.
    pub cases: usize,
    /// Digest of their ids, a line each.
    pub digest: Digest,
}

/// What came of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// The gravest that any scenario says about it.
    pub outcome: Outcome,
    /// How many scenarios checked it.
    pub scenarios: usize,
    /// How many broke it.
    pub failed: usize,
}

/// Whether a terminal conforms, in the words of in-toto's `test-result`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TestResult {
    /// Everything that was tested holds.
    Passed,
    /// Requirements of level S do not hold.
    Warned,
    /// It does not conform, or it is not known to.
    Failed,
}

/// Why there is nothing to certify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncertifiable {
    /// No terminal came to saying who it is.
    NoTerminal,
    /// The run was stopped.
    Stopped,
}

impl Certificate {
    /// What is to be said of this run.
    ///
    /// # Errors
    /// When it was none.
    pub fn of(
        profile: &Profile,
        header: &RunHeader,
        end: &RunEnd,
        evidence: Seal,
        (issued, expires): (Day, Day),
    ) -> Result<Self, Uncertifiable> {
        let (Some(terminal), Some(dialect)) = (header.terminal.clone(), header.speaks()) else {
            return Err(Uncertifiable::NoTerminal);
        };
        if end.counts.not_run > 0 {
            return Err(Uncertifiable::Stopped);
        }
        let requirements = judged(end);
        Ok(Self {
            result: TestResult::of(end.verdict, &requirements, profile),
            verdict: end.verdict,
            profile: Named {
                name: profile.name.clone(),
                digest: profile.digest(),
            },
            terminal,
            suite: Named {
                name: header.version.clone(),
                digest: header.suite,
            },
            dialect: Named {
                name: dialect.name().to_owned(),
                digest: Digest(dialect.digest()),
            },
            seed: header.seed,
            seeds: header.seeds,
            radio: header.profiles.clone(),
            wallets: header.wallets.clone(),
            plan: PlanDigest {
                cases: header.planned,
                digest: header.plan,
            },
            counts: end.counts,
            requirements,
            expectations: header.expectations.as_ref().map(|file| file.digest),
            evidence,
            issued,
            expires,
        })
    }

    /// The statement with it.
    pub fn statement(self) -> Statement<Self> {
        Statement {
            kind: STATEMENT_TYPE.to_owned(),
            subject: self.subjects(),
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate: self,
        }
    }

    /// What it is about: the build of the terminal, and the suite.
    pub fn subjects(&self) -> Vec<Subject> {
        let subject = |name: String, Digest(bytes): Digest| Subject {
            name,
            digest: [("sha256".to_owned(), hex(&bytes))].into(),
        };
        let terminal = &self.terminal;
        vec![
            subject(product(terminal), build(terminal)),
            subject(
                format!("counterproof {}", self.suite.name),
                self.suite.digest,
            ),
        ]
    }
}

/// The digest of the terminal's build as it says itself; where that is none, the digest of what it
/// says.
fn build(terminal: &Identity) -> Digest {
    let said = terminal.build.trim();
    Digest::parse(said)
        .or_else(|| Digest::parse(&format!("sha256:{said}")))
        .unwrap_or_else(|| {
            let identity = (
                &terminal.vendor,
                &terminal.name,
                &terminal.version,
                &terminal.build,
            );
            let json = serde_json::to_vec(&identity).expect("texts are JSON");
            Digest(Sha256::digest(json).into())
        })
}

/// What a run says about each requirement.
pub fn judged(end: &RunEnd) -> BTreeMap<Requirement, Judged> {
    let judged = end.requirements.iter().map(|(requirement, end)| {
        let judged = Judged {
            outcome: end.outcome,
            scenarios: end.scenarios,
            failed: end.failed.len(),
        };
        (*requirement, judged)
    });
    judged.collect()
}

impl TestResult {
    /// As in-toto writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "PASSED",
            Self::Warned => "WARNED",
            Self::Failed => "FAILED",
        }
    }

    /// What follows from the verdicts. A requirement of level M that is broken is broken, expected or
    /// not: a file of known failures explains it and does not certify it.
    pub fn of(
        verdict: RunVerdict,
        requirements: &BTreeMap<Requirement, Judged>,
        profile: &Profile,
    ) -> Self {
        let mut result = match verdict {
            RunVerdict::Conformant | RunVerdict::AsExpected => Self::Passed,
            RunVerdict::NotConformant
            | RunVerdict::Stale
            | RunVerdict::Incomplete
            | RunVerdict::Error => return Self::Failed,
        };
        for (requirement, judged) in requirements {
            match (judged.outcome, requirement.level()) {
                (Outcome::Pass | Outcome::NotApplicable, _) => {}
                (Outcome::Warning | Outcome::ExpectedFailure, Level::Should) => {
                    result = Self::Warned;
                }
                _ => return Self::Failed,
            }
        }
        let is_decided = |requirement: &Requirement| {
            let judged = requirements.get(requirement);
            judged.is_some_and(|judged| judged.outcome != Outcome::NotApplicable)
        };
        if profile.decided.iter().all(is_decided) {
            result
        } else {
            Self::Failed
        }
    }
}
