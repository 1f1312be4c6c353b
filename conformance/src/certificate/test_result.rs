//! The same result for programs that know in-toto and not us: the standard predicate `test-result`,
//! version 0.1, in an envelope of its own. The tests it names are requirements. It says nothing that
//! does not follow from the certificate.

use counterproof_scenarios::requirements::Requirement;
use counterproof_sim::terminal::hex;
use serde::{Deserialize, Serialize};

use super::statement::{Certificate, STATEMENT_TYPE, Statement, Subject, TestResult};
use crate::evidence::{Digest, Outcome};

/// The type of the predicate.
pub const PREDICATE_TYPE: &str = "https://in-toto.io/attestation/test-result/v0.1";

/// What the predicate says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestResults {
    /// Whether the terminal conforms.
    pub result: TestResult,
    /// What it was tested with.
    pub configuration: Vec<Subject>,
    /// Requirements that hold.
    pub passed_tests: Vec<Requirement>,
    /// Requirements of level S that do not hold.
    pub warned_tests: Vec<Requirement>,
    /// Requirements that do not hold, or of which it is not known.
    pub failed_tests: Vec<Requirement>,
}

/// The statement that follows from a certificate.
pub fn statement(certificate: &Certificate) -> Statement<TestResults> {
    let of = |wanted: &dyn Fn(Requirement, Outcome) -> bool| {
        let all = certificate.requirements.iter();
        let fitting = all.filter(|(requirement, judged)| wanted(**requirement, judged.outcome));
        fitting.map(|(requirement, _)| *requirement).collect()
    };
    let is_warned = |requirement: Requirement, outcome| {
        let is_must = requirement.level() == counterproof_scenarios::requirements::Level::Must;
        !is_must && matches!(outcome, Outcome::Warning | Outcome::ExpectedFailure)
    };
    let is_known = |outcome| matches!(outcome, Outcome::Pass | Outcome::NotApplicable);
    let descriptor = |name: String, Digest(bytes): Digest| Subject {
        name,
        digest: [("sha256".to_owned(), hex(&bytes))].into(),
    };
    let suite = &certificate.suite;
    let profile = &certificate.profile;
    let dialect = &certificate.dialect;
    Statement {
        kind: STATEMENT_TYPE.to_owned(),
        subject: certificate.subjects(),
        predicate_type: PREDICATE_TYPE.to_owned(),
        predicate: TestResults {
            result: certificate.result,
            configuration: vec![
                descriptor(format!("counterproof {}", suite.name), suite.digest),
                descriptor(format!("profile {}", profile.name), profile.digest),
                descriptor(format!("dialect {}", dialect.name), dialect.digest),
                descriptor("plan".to_owned(), certificate.plan.digest),
            ],
            passed_tests: of(&|_, outcome| outcome == Outcome::Pass),
            warned_tests: of(&is_warned),
            failed_tests: of(&|requirement, outcome| {
                !is_known(outcome) && !is_warned(requirement, outcome)
            }),
        },
    }
}
